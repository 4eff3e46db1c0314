import { expect, test } from 'vitest';
import { declare } from '../../support/bench.ts';
import { DAY, HOUR, noticeOf, openSubscriber } from '../../support/subscriber.ts';

test("a verification before the hub's answer is accepted", async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  hub.answers = (request, response) => void hub.askBack(request).then(() => response.writeHead(204).end());
  await subscriber.run();
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'active', attempts: 0 }]);
});

test.for<[what: string, otherwise: Record<string, string | null>]>([
  ['another mode', { mode: 'unsubscribe' }],
  ['a mode that there is not', { mode: 'publish' }],
  ['no mode', { mode: null }],
  ['another topic', { topic: 'https://other.test/feed' }],
  ['no topic', { topic: null }],
  ['no challenge', { challenge: null }],
  ['a challenge of nothing', { challenge: '' }],
  ['a challenge that is no text', { challenge: 'a\r\nb\0c' }],
  ['a challenge without end', { challenge: 'x'.repeat(1001) }],
])('a verification with %s is denied and changes nothing', async ([, otherwise]) => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  await subscriber.run();
  const before = await subscriber.subscriptions();
  const said = await hub.askBack(hub.requests[0] ?? {}, otherwise);
  const stranger = await fetch(
    `${subscriber.bench.push.siteUrl}/websub/callback/${'x'.repeat(43)}?hub.mode=subscribe&hub.topic=x&hub.challenge=y`,
  );
  expect(said).toEqual({ status: 404, type: stranger.headers.get('content-type'), text: await stranger.text() });
  expect(await subscriber.subscriptions()).toEqual(before);
});

test('nothing is confirmed on a path without a request', async () => {
  await using subscriber = await openSubscriber();
  const { bench, topic } = subscriber;
  const path = 'p'.repeat(43);
  await subscriber.run();
  await bench.store.bindSources([...subscriber.sources, declare('feed', 'https://b.test/', { id: 'b' })], bench.now);
  const [made] = await subscriber.subscriptions();
  if (made) await bench.store.addSubscription({ ...made, sourceId: 'b', path, state: 'new', askedAt: null, version: 0 });
  const url = `${bench.push.siteUrl}/websub/callback/${path}?hub.mode=subscribe&hub.challenge=y&hub.topic=${encodeURIComponent(topic)}`;
  expect((await fetch(url)).status).toBe(404);
});

test.for<[said: string | null, hours: number]>([
  ['10', 10 / 3600],
  ['60', 1 / 60],
  ['86400', 24],
  ['999999999', 30 * 24],
  ['-5', 240],
  ['soon', 240],
  [null, 240],
])('a lease of %s seconds lasts %d hours', async ([lease_seconds, hours]) => {
  await using subscriber = await openSubscriber();
  await subscriber.subscribe({ lease_seconds });
  const [subscription] = await subscriber.subscriptions();
  const now = subscriber.bench.now.getTime();
  expect(((subscription?.expiresAt?.getTime() ?? 0) - now) / HOUR).toBeCloseTo(hours);
  const share = ((subscription?.nextAt.getTime() ?? 0) - now) / HOUR / hours;
  expect(share).toBeGreaterThan(0.6);
  expect(share).toBeLessThan(0.667);
});

test.each(['0', '1', '9'])(
  'a lease of %s seconds is useless: the source is polled as before, and the hub is asked again after a day',
  async (lease_seconds) => {
    await using subscriber = await openSubscriber();
    const { hub, bench } = subscriber;
    await subscriber.subscribe({ lease_seconds });
    expect(await subscriber.subscriptions()).toMatchObject([
      { state: 'denied', expiresAt: null, nextAt: new Date(bench.now.getTime() + DAY) },
    ]);
    expect(await noticeOf(subscriber)).toMatchObject({
      code: 'push/lease',
      message: expect.stringContaining(`a lease of ${lease_seconds} seconds`) as string,
    });
    for (let n = 0; n < 5; n++) {
      subscriber.pass(HOUR);
      await subscriber.run();
    }
    expect(hub.requests).toHaveLength(1);
    expect((await bench.store.readWaiting(bench.now)).get('a')?.aliveUntil ?? null).toBe(null);
    subscriber.pass(DAY);
    await subscriber.subscribe();
    expect(await subscriber.subscriptions()).toMatchObject([{ state: 'active' }]);
    expect(await noticeOf(subscriber)).toBe(null);
  },
);

test('a renewal without a usable lease ends the deliveries, and the source is polled at once', async () => {
  await using subscriber = await openSubscriber();
  const { bench } = subscriber;
  await subscriber.subscribe({ lease_seconds: '60' });
  subscriber.pass(45_000);
  await subscriber.subscribe({ lease_seconds: '0' });
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'denied' }]);
  expect((await bench.store.readWaiting(bench.now)).get('a')).toMatchObject({ pollAskedAt: bench.now });
});

test('a lease of a minute is renewed in time by the next run; an unrenewed one counts as ended', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  await subscriber.subscribe({ lease_seconds: '60' });
  subscriber.pass(30_000);
  await subscriber.run();
  expect(hub.requests).toHaveLength(1);
  subscriber.pass(15_000);
  await subscriber.run();
  expect(hub.requests).toHaveLength(2);
  subscriber.pass(16_000);
  expect((await bench.store.readWaiting(bench.now)).get('a')?.aliveUntil ?? null).toBe(null);
});

test('a hub that fails to renew is asked again after a minute at the earliest, and after an hour once the lease is over', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  await subscriber.subscribe({ lease_seconds: '300' });
  hub.answers = (_request, response) => response.writeHead(500).end();
  subscriber.pass(201_000);
  for (let n = 0; n < 60; n++) {
    await subscriber.run();
    subscriber.pass(60_000);
  }
  expect(hub.requests.length).toBeLessThan(6);
});

test("a hub's refusal is reported to the owner in its own words without secrets, and repeated after a day", async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  await subscriber.run();
  const reason = `no\u0007\nroom ${request['callback']} ${request['secret']}`;
  const denied = { mode: 'denied', challenge: null, lease_seconds: null };
  expect(await hub.askBack(request, { ...denied, reason, topic: 'https://other.test/' })).toMatchObject({ status: 404 });
  expect(await hub.askBack(request, { ...denied, reason })).toMatchObject({ status: 200, text: '' });
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'denied', expiresAt: null }]);
  expect(await noticeOf(subscriber)).toMatchObject({
    code: 'push/denied',
    message: expect.stringMatching(/refuses the subscription \(no room … …\); it is polled as before/) as string,
  });
  expect((await bench.store.readWaiting(bench.now)).get('a')).toMatchObject({ aliveUntil: null, pollAskedAt: bench.now });
  // A subscription that was refused cannot be confirmed.
  expect(await hub.askBack(request)).toMatchObject({ status: 404 });
  subscriber.pass(DAY - 1000);
  await subscriber.run();
  expect(hub.requests).toHaveLength(1);
  subscriber.pass(1000);
  await subscriber.subscribe();
  expect(hub.requests).toHaveLength(2);
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'active' }]);
});

test('a verification before the answer to a second attempt counts as one', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  await subscriber.run();
  subscriber.pass(HOUR);
  hub.answers = (request, response) => void hub.askBack(request).then(() => response.writeHead(202).end());
  await subscriber.run();
  expect(hub.requests).toHaveLength(2);
  expect(await noticeOf(subscriber)).toBeNull();
});

test('an end is confirmed after the hub was asked to unsubscribe, not before', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  const [active] = await subscriber.subscriptions();
  if (!active) throw new Error('no subscription');
  await bench.store.changeSubscription(active.path, active.version, { state: 'leaving', askedAt: null });
  const leaving = { ...request, mode: 'unsubscribe' };
  expect(await hub.askBack(leaving, { lease_seconds: null })).toMatchObject({ status: 404 });
  await bench.store.changeSubscription(active.path, active.version + 1, { askedAt: bench.now });
  expect(await hub.askBack(leaving, { lease_seconds: null })).toMatchObject({ status: 200 });
});

test('a verification whose answer nobody reads does not count', async () => {
  await using subscriber = await openSubscriber();
  await subscriber.run();
  const [request = {}] = subscriber.hub.requests;
  const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.topic': request['topic'] ?? '', 'hub.challenge': 'c' });
  expect((await fetch(`${request['callback']}?${query.toString()}`, { method: 'HEAD' })).status).toBe(404);
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'asked' }]);
});
