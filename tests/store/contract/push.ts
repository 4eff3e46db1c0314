import { expect, test } from 'vitest';
import type { Subscription } from '../../../src/ports/store/subscriber.ts';
import { declare } from '../../support/bench.ts';
import { after, HOUR, noon, record, state } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

const subscription: Subscription = {
  path: 'p'.repeat(43),
  sourceId: 'a',
  hub: 'https://hub.test/',
  topic: 'https://a.test/feed',
  callback: 'https://us.test/websub/callback/p',
  secret: 'secret',
  state: 'new',
  askedAt: null,
  attempts: 0,
  nextAt: noon,
  expiresAt: null,
  version: 0,
};
const { path } = subscription;
const limits = { perSource: 3, total: 5, bytes: 1000 };
const document = { sourceId: 'a', topic: 'https://a.test/feed', contentType: 'text/xml', bytes: new Uint8Array([0, 255, 1]) };

/** Tests our subscriptions at hubs of sources, and the queue of delivered documents. */
export function testPushes({ open, openBound }: StoreBench): void {
  test('subscribable sources are configured, name a hub and are not gone', async () => {
    const store = await openBound();
    const push = { hubs: ['https://hub.test/', 'http://hub.test/2'], topic: 'https://a.test/é' };
    for (const [id, gone] of [
      ['a', false],
      ['b', true],
    ] as const)
      await store.recordPoll(id, { ...record, state: { ...state, gone, hubOffer: push } });
    const [a, b] = await store.readSources();
    expect([a?.poll.hubOffer, b?.poll.hubOffer]).toEqual([push, push]);
    expect(await store.readSubscribableSources()).toEqual([
      { sourceId: 'a', kind: a?.source.kind, address: a?.source.address, isPrivate: false, offer: push },
    ]);
    await store.recordPoll('a', { ...record, state: { ...state, gone: false, hubOffer: null } });
    expect(await store.readSubscribableSources()).toEqual([]);
    await store.recordPoll('a', { ...record, state: { ...state, gone: false, hubOffer: push } });
    await store.bindSources([], after(1));
    expect(await store.readSubscribableSources()).toEqual([]);
  });

  test('a source has one subscription that is not about to end, even when several are added at once', async () => {
    const store = await openBound();
    const made = Array.from({ length: 4 }, (_, n) => ({ ...subscription, path: String(n).repeat(43) }));
    expect((await Promise.all(made.map((one) => store.addSubscription(one)))).filter(Boolean)).toHaveLength(1);
    const [first] = await store.readSubscriptions();
    expect(await store.changeSubscription(first?.path ?? '', 0, { state: 'leaving' })).toBe(true);
    expect(await store.addSubscription(subscription)).toBe(true);
    expect(await store.addSubscription({ ...subscription, path: 'q'.repeat(43), sourceId: 'b' })).toBe(true);
    expect(await store.readSubscriptions()).toHaveLength(3);
    expect(await store.readSubscription(path)).toEqual(subscription);
    expect(await store.readSubscription('x')).toBeNull();
    expect(await store.readSubscription(`${path}\0`)).toEqual(subscription);
  });

  test('one of several simultaneous changes of a subscription wins, and unnamed fields stay', async () => {
    const store = await openBound();
    await store.addSubscription(subscription);
    const change = { state: 'asked', askedAt: after(1), attempts: 2, nextAt: after(HOUR), expiresAt: after(-5) } as const;
    const done = await Promise.all(Array.from({ length: 4 }, () => store.changeSubscription(path, 0, change)));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await store.readSubscription(path)).toEqual({ ...subscription, ...change, version: 1 });
    expect(await store.changeSubscription(path, 1, { expiresAt: null })).toBe(true);
    expect(await store.readSubscription(path)).toEqual({ ...subscription, ...change, expiresAt: null, version: 2 });
    expect(await store.forgetSubscription(path, 1)).toBe(false);
    expect(await store.forgetSubscription(path, 2)).toBe(true);
    expect(await store.readSubscriptions()).toEqual([]);
  });

  test('subscriptions come in the order of their next action, and follow a new id of their source', async () => {
    const store = await open();
    await store.bindSources([declare('feed', 'https://a.test/')], noon);
    const [source] = await store.readSources();
    await store.addSubscription({ ...subscription, sourceId: source?.source.id ?? '' });
    await store.bindSources([declare('feed', 'https://a.test/', { id: 'named' })], noon);
    expect(await store.readSubscriptions()).toMatchObject([{ sourceId: 'named' }]);
    for (const [n, name] of ['x', 'y'].entries()) {
      const active = (await store.readSubscriptions()).find(({ state: said }) => said === 'new');
      await store.changeSubscription(active?.path ?? '', 0, { state: 'leaving' });
      await store.addSubscription({ ...subscription, sourceId: 'named', path: name.repeat(43), nextAt: after(-1 - n) });
    }
    expect((await store.readSubscriptions()).map((one) => one.path[0])).toEqual(['y', 'x', 'p']);
  });

  test('documents come back byte for byte, oldest first, and leave the queue after they were read', async () => {
    const store = await openBound();
    const every = Uint8Array.from({ length: 256 }, (_, n) => n);
    expect(await store.queueDocument(document, noon, limits)).toBe('queued');
    expect(await store.queueDocument({ ...document, contentType: null, bytes: every }, noon, limits)).toBe('queued');
    expect(await store.queueDocument({ ...document, sourceId: 'b', bytes: new Uint8Array() }, noon, limits)).toBe('queued');
    const [first, second, ...more] = await store.readDelivered('a', 9);
    expect(more).toEqual([]);
    expect([first, second].map((one) => [one?.contentType, one?.topic, [...(one?.bytes ?? [])]])).toEqual([
      ['text/xml', document.topic, [0, 255, 1]],
      [null, document.topic, [...every]],
    ]);
    expect(await store.readDelivered('a', 1)).toHaveLength(1);
    expect((await store.readWaiting(noon)).get('a')).toEqual({ documents: 2, pollAskedAt: null, aliveUntil: null });
    await store.recordPoll('a', { ...record, state: { ...state, rhythm: { gapMs: 5, newestAt: noon } } });
    const before = (await store.readSources())[0]?.poll;
    // The number of another source's document is ignored.
    await store.recordDelivery('b', { documents: [first?.no ?? 0], at: after(5), hasNewEntry: false, newestAt: null });
    expect(await store.readDelivered('a', 9)).toHaveLength(2);
    await store.recordDelivery('a', { documents: [first?.no ?? 0], at: after(5), hasNewEntry: true, newestAt: after(-5) });
    expect((await store.readSources())[0]?.poll).toEqual({ ...before, lastEntryAt: after(5) });
    await store.recordDelivery('a', { documents: [second?.no ?? 0], at: after(6), hasNewEntry: false, newestAt: after(3) });
    expect((await store.readSources())[0]?.poll).toEqual({ ...before, lastEntryAt: after(5), rhythm: { gapMs: 5, newestAt: after(3) } });
    expect(await store.readDelivered('a', 9)).toEqual([]);
    expect([...(await store.readWaiting(noon)).keys()]).toEqual(['b']);
  });

  test('the queue of a source keeps the newest documents and requests a poll; the whole queue is limited in number and bytes', async () => {
    const store = await openBound();
    const queue = (sourceId: string, n: number, size = 1) =>
      store.queueDocument({ ...document, sourceId, bytes: new Uint8Array(size).fill(n) }, after(n), limits);
    for (let n = 0; n < 4; n++) expect(await queue('a', n)).toBe('queued');
    expect((await store.readDelivered('a', 9)).map(({ bytes }) => bytes[0])).toEqual([1, 2, 3]);
    expect((await store.readWaiting(noon)).get('a')).toMatchObject({ documents: 3, pollAskedAt: after(3) });
    for (let n = 0; n < 2; n++) expect(await queue('b', n)).toBe('queued');
    expect(await queue('b', 9)).toBe('full');
    // The source drops its own oldest document.
    expect(await queue('a', 4)).toBe('queued');
    expect(await queue('a', 5, 997)).toBe('full');
    expect((await store.readDelivered('a', 9)).map(({ bytes }) => bytes[0])).toEqual([2, 3, 4]);
    expect(await queue('a', 6, 996)).toBe('queued');
  });

  test('a poll of a source is requested once per interval, until it was polled', async () => {
    const store = await openBound();
    expect(await store.askForPoll('a', noon, HOUR)).toBe(true);
    expect(await store.askForPoll('a', after(HOUR - 1), HOUR)).toBe(false);
    expect((await store.readWaiting(noon)).get('a')).toEqual({ documents: 0, pollAskedAt: noon, aliveUntil: null });
    // Requested during that poll, so it is still due.
    await store.endPollRequest('a', after(-1));
    expect([...(await store.readWaiting(noon)).keys()]).toEqual(['a']);
    await store.endPollRequest('a', noon);
    expect([...(await store.readWaiting(noon)).keys()]).toEqual([]);
    expect(await store.askForPoll('a', after(HOUR - 1), HOUR)).toBe(false);
    expect(await store.askForPoll('a', after(HOUR), HOUR)).toBe(true);
    expect(await store.askForPoll('a', after(HOUR), 0)).toBe(true);
    expect((await store.readWaiting(noon)).get('a')?.pollAskedAt).toEqual(after(HOUR));
  });

  test('a lease counts from its verification to its end', async () => {
    const store = await openBound();
    await store.addSubscription({ ...subscription, state: 'active', expiresAt: after(HOUR) });
    expect((await store.readWaiting(after(HOUR - 1))).get('a')?.aliveUntil).toEqual(after(HOUR));
    expect((await store.readWaiting(after(HOUR))).get('a')).toBeUndefined();
    await store.changeSubscription(path, 0, { state: 'asked' });
    expect((await store.readWaiting(noon)).get('a')).toBeUndefined();
  });

  test('only the notice of a subscription is removed again; queues of removed sources go with a subscription', async () => {
    const store = await openBound();
    const noticeOf = async () => (await store.readSources())[0]?.poll.notice;
    await store.noteSubscription('a', { code: 'push/hub', message: 'no', at: noon });
    expect(await noticeOf()).toEqual({ code: 'push/hub', message: 'no', at: noon });
    await store.noteSubscription('a', null);
    expect(await noticeOf()).toBeNull();
    await store.recordPoll('a', record);
    await store.noteSubscription('a', null);
    expect(await noticeOf()).toEqual(state.notice);
    await store.addSubscription(subscription);
    for (const sourceId of ['a', 'b']) {
      await store.queueDocument({ ...document, sourceId }, noon, limits);
      await store.askForPoll(sourceId, noon, 0);
    }
    await store.bindSources([declare('feed', 'https://b.test/', { id: 'b' })], after(1));
    await store.forgetSubscription(path, 0);
    expect([...(await store.readWaiting(noon)).keys()]).toEqual(['b']);
  });
}
