import { expect, test } from 'vitest';
import type { HubVerification } from '../../../src/model/hub.ts';
import { after, noon } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

const topic = 'https://planet.test/feed.atom';
const limits = {
  subscriptions: 100,
  subscriptionsPerHost: 100,
  subscriptionsPerClient: 100,
  subscriptionsPerSite: 100,
  subscriptionsPerAddress: 100,
  intents: 100,
  intentsPerHost: 100,
  intentsPerClient: 100,
  intentsPerSite: 100,
};
const intent = (n: number, said: Partial<HubVerification> = {}): HubVerification => ({
  id: String(n).padStart(64, '0'),
  mode: 'subscribe',
  topic,
  callback: `https://host-${n}.test/callback`,
  host: `host-${n}.test`,
  secret: null,
  leaseSeconds: 3600,
  seq: 5,
  attempts: 0,
  askedAt: noon,
  ...said,
});
const until = after(60_000);
const all = { now: noon, until, limit: 100, busy: [] as readonly string[] };
const problem = { code: 'fetch/refused', message: 'no \0 answer' };

/** Tests the intents, subscriptions and deliveries of the hub. */
export function testHub({ open }: StoreBench): void {
  const openSubscribed = async (count: number, said: Partial<HubVerification> = {}) => {
    const store = await open();
    for (let n = 1; n <= count; n++) {
      await store.saveHubIntent(intent(n, said), limits);
      await store.endHubIntent(intent(n, said), { kind: 'subscribed', expiresAt: after(3_600_000) });
    }
    return store;
  };
  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b);

  test('hub: one node has an intent until its claim ends; an intent can be postponed and ended', async () => {
    const store = await open();
    expect(await store.saveHubIntent(intent(1, { secret: 's' }), limits)).toBe('saved');
    expect(await store.claimHubIntents(after(-1), until, 10)).toEqual([]);
    expect(await store.claimHubIntents(noon, until, 10)).toEqual([intent(1, { secret: 's' })]);
    expect(await store.claimHubIntents(after(59_999), after(120_000), 10)).toEqual([]);
    expect(await store.claimHubIntents(until, after(120_000), 10)).toHaveLength(1);
    await store.postponeHubIntent(intent(1), after(200_000));
    expect(await store.claimHubIntents(after(199_999), after(300_000), 10)).toEqual([]);
    const [again] = await store.claimHubIntents(after(200_000), after(300_000), 10);
    expect(again?.attempts).toBe(1);
    await store.endHubIntent(intent(1), { kind: 'refused' });
    expect(await store.countHub()).toEqual({ subscriptions: 0, failing: 0, intents: 0 });
  });

  test('hub: the last request of a subscriber counts, also while the one before is being verified', async () => {
    const store = await open();
    await store.saveHubIntent(intent(1), limits);
    const [first] = await store.claimHubIntents(noon, until, 10);
    if (!first) throw new Error('no intent');
    await store.saveHubIntent(intent(1, { mode: 'unsubscribe', askedAt: after(1) }), limits);
    await store.endHubIntent(first, { kind: 'subscribed', expiresAt: after(3_600_000) });
    expect(await store.countHub()).toMatchObject({ subscriptions: 1, intents: 1 });
    await store.postponeHubIntent(first, after(500_000));
    const [second] = await store.claimHubIntents(after(1), until, 10);
    expect(second).toMatchObject({ mode: 'unsubscribe', attempts: 0 });
    await store.endHubIntent(second ?? first, { kind: 'unsubscribed' });
    expect(await store.countHub()).toMatchObject({ subscriptions: 0, intents: 0 });
  });

  test('hub: subscriptions and intents are limited in all and per host; existing ones stay', async () => {
    const store = await open();
    const few = { ...limits, subscriptions: 3, subscriptionsPerHost: 2, intents: 3, intentsPerHost: 2 };
    const ofOne = (n: number, said: Partial<HubVerification> = {}) =>
      intent(n, { callback: `https://one.test/${n}`, host: 'one.test', ...said });
    expect(await store.saveHubIntent(ofOne(1), few)).toBe('saved');
    expect(await store.saveHubIntent(ofOne(2), few)).toBe('saved');
    expect(await store.saveHubIntent(ofOne(3), few)).toBe('full');
    expect(await store.saveHubIntent(ofOne(2), few)).toBe('saved');
    expect(await store.saveHubIntent(intent(4), few)).toBe('saved');
    expect(await store.saveHubIntent(intent(5), few)).toBe('full');
    for (const one of [ofOne(1), ofOne(2), intent(4)]) await store.endHubIntent(one, { kind: 'subscribed', expiresAt: until });
    expect(await store.saveHubIntent(intent(6), few)).toBe('full');
    expect(await store.saveHubIntent(ofOne(1), few)).toBe('saved');
    expect(await store.saveHubIntent(ofOne(2, { mode: 'unsubscribe' }), few)).toBe('saved');
  });

  test('hub: subscriptions and intents are limited per client and per site, whatever the host names', async () => {
    const store = await open();
    const few = { ...limits, intentsPerClient: 2, intentsPerSite: 3 };
    const save = (n: number, client: string, site: string) => store.saveHubIntent(intent(n), few, { client, site });
    expect(await save(1, '192.0.2.1', 'one.test')).toBe('saved');
    expect(await save(2, '192.0.2.1', 'two.test')).toBe('saved');
    expect(await save(3, '192.0.2.1', 'three.test')).toBe('full');
    expect(await save(4, '192.0.2.2', 'one.test')).toBe('saved');
    expect(await save(5, '192.0.2.3', 'one.test')).toBe('saved');
    expect(await save(6, '192.0.2.4', 'one.test')).toBe('full');
    expect(await save(1, '192.0.2.1', 'one.test')).toBe('saved');
  });

  test('hub: a verified subscription counts against the limit, so that the last of simultaneous requests is refused', async () => {
    const store = await open();
    const few = { ...limits, subscriptionsPerClient: 2, subscriptionsPerAddress: 2 };
    const verify = async (n: number, client: string, address: string) => {
      expect(await store.saveHubIntent(intent(n), few, { client, site: `host-${n}.test` })).toBe('saved');
      return async () => store.endHubIntent(intent(n), { kind: 'subscribed', expiresAt: until }, { address, limits: few });
    };
    const asked = [await verify(1, 'a', '198.51.100.1'), await verify(2, 'a', '198.51.100.2'), await verify(3, 'a', '198.51.100.3')];
    const ends = [];
    for (const end of asked) ends.push(await end());
    expect(ends).toEqual(['ended', 'ended', 'full']);
    expect(await store.countHub()).toMatchObject({ subscriptions: 2, intents: 0 });
    // A new request is refused now, but an existing subscription may be renewed.
    expect(await store.saveHubIntent(intent(4), few, { client: 'a', site: 'host-4.test' })).toBe('full');
    expect(await (await verify(1, 'a', '198.51.100.1'))()).toBe('ended');
    expect(await (await verify(5, 'b', '198.51.100.1'))()).toBe('ended');
    expect(await (await verify(6, 'c', '198.51.100.1'))()).toBe('full');
  });

  test('hub: host names that later resolve to one address are ended beyond the limit of that address', async () => {
    const store = await open();
    const few = { ...limits, subscriptionsPerAddress: 2 };
    for (const n of [1, 2, 3, 4]) {
      await store.saveHubIntent(intent(n), few, { client: `c${n}`, site: `host-${n}.test` });
      await store.endHubIntent(intent(n), { kind: 'subscribed', expiresAt: until }, { address: `198.51.100.${n}`, limits: few });
    }
    const found = { address: '203.0.113.9', limits: few, at: noon };
    for (const n of [1, 2, 3, 4]) await store.saveHubResult(intent(n).id, { kind: 'delivered', seq: 6 }, found);
    expect(await store.countHub()).toMatchObject({ subscriptions: 2 });
  });

  test('hub: deliveries are due only for news; one node claims each, and healthy subscribers come first', async () => {
    const store = await openSubscribed(4);
    const claim = (seq: number, said: Partial<typeof all> = {}) => store.claimHubDeliveries([{ topic, seq }], { ...all, ...said });
    expect(await claim(5)).toEqual([]);
    expect(await store.claimHubDeliveries([], all)).toEqual([]);
    expect(await store.claimHubDeliveries([{ topic: 'https://planet.test/feed.rss', seq: 9 }], all)).toEqual([]);
    expect(idsOf(await claim(6))).toEqual([1, 2, 3, 4]);
    expect(await claim(6)).toEqual([]);
    const id = (n: number) => String(n).padStart(64, '0');
    await store.saveHubResult(id(1), { kind: 'delivered', seq: 6 });
    await store.saveHubResult(id(2), { kind: 'failed', at: noon, nextAt: after(1000), problem });
    await store.saveHubResult(id(3), { kind: 'ended' });
    await store.releaseHubDeliveries([id(4)], after(2000));
    await store.releaseHubDeliveries([], noon);
    expect(await store.countHub()).toMatchObject({ subscriptions: 3, failing: 1 });
    const due = await claim(7, { now: after(2000) });
    expect(due.map((one) => [Number(one.id), one.attempts, one.failingSince])).toEqual([
      [1, 0, null],
      [4, 0, null],
      [2, 1, noon],
    ]);
    await store.saveHubResult(id(2), { kind: 'failed', at: after(3000), nextAt: after(4000), problem });
    const [failing] = await claim(7, { now: after(4000) });
    expect(failing).toMatchObject({ attempts: 2, failingSince: noon });
    await store.saveHubResult(id(2), { kind: 'delivered', seq: 7 });
    expect(await store.countHub()).toMatchObject({ failing: 0 });
    expect(idsOf(await claim(8, { now: after(100_000), until: after(200_000), busy: ['host-1.test'], limit: 1 }))).toEqual([2]);
    expect(await claim(8, { now: after(100_000), busy: ['host-1.test', 'host-4.test'] })).toEqual([]);
    expect(await claim(8, { now: after(3_600_000), busy: [] })).toEqual([]);
  });

  test('hub: a renewed subscription keeps its delivery record and gets a new lease and secret', async () => {
    const store = await openSubscribed(1);
    await store.claimHubDeliveries([{ topic, seq: 9 }], all);
    await store.saveHubResult(intent(1).id, { kind: 'delivered', seq: 9 });
    const renewed = intent(1, { seq: 7, secret: 'new', askedAt: after(10) });
    await store.saveHubIntent(renewed, limits);
    await store.endHubIntent(renewed, { kind: 'subscribed', expiresAt: after(7_200_000) });
    const late = { ...all, now: after(5_000_000) };
    expect(await store.claimHubDeliveries([{ topic, seq: 9 }], late)).toEqual([]);
    expect(await store.claimHubDeliveries([{ topic, seq: 10 }], late)).toMatchObject([{ secret: 'new' }]);
  });

  test('hub: leases end, and subscriptions to unpublished topics are denied', async () => {
    const store = await openSubscribed(2);
    const gone = intent(3, { topic: 'https://planet.test/gone.atom' });
    await store.saveHubIntent(gone, limits);
    await store.endHubIntent(gone, { kind: 'subscribed', expiresAt: after(9_000_000) });
    expect(await store.endHubSubscriptions([topic, gone.topic], 'https://planet.test', { now: noon, endsLeases: true })).toBe(false);
    // A process that serves the store under another site URL ends no subscription.
    expect(
      await store.endHubSubscriptions(['http://localhost:8080/feed.atom'], 'http://localhost:8080', { now: noon, endsLeases: true }),
    ).toBe(false);
    expect(await store.countHub()).toMatchObject({ subscriptions: 3 });
    expect(await store.endHubSubscriptions([topic], 'https://planet.test', { now: noon, endsLeases: true })).toBe(true);
    expect(await store.claimHubIntents(noon, until, 10)).toMatchObject([{ mode: 'denied', topic: gone.topic, callback: gone.callback }]);
    expect(await store.endHubSubscriptions([topic], 'https://planet.test', { now: after(3_600_000), endsLeases: true })).toBe(true);
    expect(await store.countHub()).toMatchObject({ subscriptions: 0 });
  });

  test('hub: nodes that claim at the same time get different deliveries', async () => {
    const store = await openSubscribed(60);
    const others = await Promise.all(Array.from({ length: 3 }, () => open()));
    const taken: string[] = [];
    await Promise.all(
      [store, ...others].map(async (node) => {
        for (;;) {
          const claimed = await node.claimHubDeliveries([{ topic, seq: 6 }], { ...all, limit: 7 });
          if (claimed.length === 0) return;
          taken.push(...claimed.map(({ id }) => id));
        }
      }),
    );
    expect(taken).toHaveLength(60);
    expect(new Set(taken).size).toBe(60);
  });

  test('hub: one node announces each news to a foreign hub, and another one takes over when it is gone', async () => {
    const store = await open();
    const news = (seq: number) => ({ topic, seq });
    expect(await store.claimAnnouncement(news(3), noon, until)).toBe(true);
    expect(await store.claimAnnouncement(news(3), after(1), until)).toBe(false);
    expect(await store.claimAnnouncement(news(3), until, after(120_000))).toBe(true);
    await store.saveAnnounced(news(3));
    expect(await store.claimAnnouncement(news(3), after(500_000), after(600_000))).toBe(false);
    expect(await store.claimAnnouncement(news(4), after(1), until)).toBe(true);
    await store.saveAnnounced(news(3));
    expect(await store.claimAnnouncement(news(4), until, after(120_000))).toBe(true);
  });
}
