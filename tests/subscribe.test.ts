import { expect, test } from 'vitest';
import { keepSubscriptions } from '../src/subscribe.ts';
import { createHttpClient } from '../src/ingest/http.ts';
import { declare } from './support/bench.ts';
import { CHALLENGE, openHub } from './support/hub.ts';
import { DAY, feedOf, HOUR, openSubscriber } from './support/subscriber.ts';

const noticeOf = async ({ bench }: Awaited<ReturnType<typeof openSubscriber>>) => (await bench.store.readSources())[0]?.poll.notice ?? null;

test('a source that names a hub is subscribed to, with a path and a secret that nobody can guess', async () => {
  await using subscriber = await openSubscriber();
  const { hub, topic, bench } = subscriber;
  await subscriber.run();
  const [request = {}, ...others] = hub.requests;
  expect(others).toEqual([]);
  expect(request).toMatchObject({ mode: 'subscribe', topic, lease_seconds: '864000' });
  expect(request['callback']).toMatch(new RegExp(`^${bench.push.siteUrl}/websub/callback/[A-Za-z0-9_-]{43}$`));
  expect(request['secret']).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(request['callback']).not.toContain(request['secret']);
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'asked', expiresAt: null }]);
  expect(await hub.askBack(request)).toEqual({ status: 200, type: expect.stringMatching(/^text\/plain\b/) as string, text: CHALLENGE });
  expect(await subscriber.subscriptions()).toMatchObject([
    { state: 'active', attempts: 0, expiresAt: new Date(bench.now.getTime() + 10 * DAY) },
  ]);
  await subscriber.run();
  expect(hub.requests).toHaveLength(1);
});

test('each source has a path and a secret of its own', async () => {
  await using subscriber = await openSubscriber();
  const { server, hub, bench, sources } = subscriber;
  const link = (name: string) => ({ link: `<${hub.url}>; rel=hub, <${server.origin}/${name}>; rel=self` });
  const others = ['b', 'c'].map((id) => declare('feed', server.answer(`/${id}`, 200, link(id), feedOf(1)), { id }));
  await bench.run([...sources, ...others]);
  expect(hub.requests).toHaveLength(3);
  for (const name of ['callback', 'secret', 'topic']) expect(new Set(hub.requests.map((request) => request[name])).size).toBe(3);
});

test('a hub that asks back before it answers is believed', async () => {
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
])('a question with %s is told no, and changes nothing', async ([, otherwise]) => {
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

test('nothing is confirmed on a path that was asked for nothing yet', async () => {
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
  ['1', 1 / 12],
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

test('a lease is renewed before it ends, on the same path, and the old one goes on until the new one is verified', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  const first = await subscriber.subscribe();
  const until = (await subscriber.subscriptions())[0]?.expiresAt;
  subscriber.pass(6 * DAY);
  await subscriber.run();
  expect(hub.requests).toHaveLength(1);
  subscriber.pass(DAY);
  await subscriber.run();
  expect(hub.requests).toEqual([first, first]);
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'active', expiresAt: until }]);
  await hub.askBack(first);
  expect(await subscriber.subscriptions()).toMatchObject([
    { state: 'active', expiresAt: new Date(subscriber.bench.now.getTime() + 10 * DAY), attempts: 0 },
  ]);
});

test('a lease that ends unrenewed means polling as before at once, and being subscribed anew', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  await subscriber.subscribe({ lease_seconds: '3600' });
  hub.answers = (_request, response) => response.writeHead(500).end();
  subscriber.pass(HOUR + 60_000);
  await subscriber.run();
  expect(hub.requests).toHaveLength(2);
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'asked', expiresAt: null, attempts: 1 }]);
  expect((await bench.store.readWaiting(bench.now)).get('a')).toMatchObject({ aliveUntil: null, pollAskedAt: bench.now });
  await subscriber.run();
  expect((await bench.store.readPolls('a', 9)).map(({ reason }) => reason)).toEqual(['rhythm', 'rhythm']);
});

test('a hub that cannot be asked is asked again after an hour, doubled up to a day; the owner is told and nothing else changes', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  hub.answers = (_request, response) => response.writeHead(503).end();
  const waits: number[] = [];
  for (let n = 0; n < 7; n++) {
    await subscriber.run();
    const [subscription] = await subscriber.subscriptions();
    waits.push(((subscription?.nextAt.getTime() ?? 0) - bench.now.getTime()) / HOUR);
    bench.now = subscription?.nextAt ?? bench.now;
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 24, 24]);
  expect(hub.requests).toHaveLength(7);
  const notice = await noticeOf(subscriber);
  expect(notice).toMatchObject({
    code: 'push/hub',
    message: expect.stringMatching(/hub http:\S+\/hub answers with status 503; it is polled as before/) as string,
  });
  for (const { path, secret } of await subscriber.subscriptions()) {
    expect(JSON.stringify([notice, bench.log])).not.toContain(path);
    expect(JSON.stringify([notice, bench.log])).not.toContain(secret);
  }
  hub.answers = (_request, response) => response.writeHead(202).end();
  await subscriber.subscribe();
  expect(await noticeOf(subscriber)).toBeNull();
});

test('a hub that takes the subscription and never asks back is told to the owner', async () => {
  await using subscriber = await openSubscriber();
  await subscriber.run();
  expect(await noticeOf(subscriber)).toBeNull();
  subscriber.pass(HOUR);
  await subscriber.run();
  expect(await noticeOf(subscriber)).toMatchObject({ code: 'push/unverified' });
});

test('of several hubs the first that works is taken, https before http', async () => {
  await using subscriber = await openSubscriber();
  const { server, hub, topic } = subscriber;
  const broken = openHub(server, '/broken');
  broken.answers = (_request, response) => response.writeHead(404).end();
  const links = [broken.url, hub.url].map((url) => `<${url}>; rel=hub`).join(', ');
  server.answer('/feed', 200, { link: `${links}, <${topic}>; rel=self` }, feedOf(1));
  await subscriber.run();
  expect(broken.requests).toHaveLength(1);
  expect(hub.requests).toHaveLength(1);
  expect(broken.requests[0]?.['callback']).not.toBe(hub.requests[0]?.['callback']);
  expect(await subscriber.subscriptions()).toMatchObject([{ hub: hub.url, state: 'asked' }]);
});

test('redirects 307 and 308 are followed three times, and others are no answer', async () => {
  await using subscriber = await openSubscriber();
  const { server, hub } = subscriber;
  const redirect = (from: string, status: number, to: string) => {
    openHub(server, from).answers = (_request, response) => response.writeHead(status, { location: to }).end();
  };
  const target = openHub(server, '/target');
  redirect('/two', 308, '/three');
  redirect('/three', 307, target.url);
  hub.answers = (_request, response) => response.writeHead(307, { location: '/two' }).end();
  await subscriber.run();
  expect(target.requests).toEqual(hub.requests);
  redirect('/three', 307, '/four');
  redirect('/four', 307, target.url);
  subscriber.pass(HOUR);
  await subscriber.run();
  expect(target.requests).toHaveLength(1);
  expect(await noticeOf(subscriber)).toMatchObject({ message: expect.stringContaining('redirects more than 3 times') as string });
  for (const [status, location, said] of [
    [302, target.url, 'status 302'],
    [307, 'http://hub.other.test/', 'no secret may be sent'],
    [308, 'ftp://hub.test/', 'redirects to no web address'],
    [307, `${subscriber.bench.push.siteUrl}/websub`, 'redirects to our own'],
  ] as const) {
    hub.answers = (_request, response) => response.writeHead(status, { location }).end();
    subscriber.pass(DAY);
    await subscriber.run();
    expect(await noticeOf(subscriber)).toMatchObject({ message: expect.stringContaining(said) as string });
  }
  expect(target.requests).toHaveLength(1);
});

test('a hub that refuses is told to the owner, in its own words without what is secret, and asked again after a day', async () => {
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
  // Whoever was refused cannot be confirmed.
  expect(await hub.askBack(request)).toMatchObject({ status: 404 });
  subscriber.pass(DAY - 1000);
  await subscriber.run();
  expect(hub.requests).toHaveLength(1);
  subscriber.pass(1000);
  await subscriber.subscribe();
  expect(hub.requests).toHaveLength(2);
  expect(await subscriber.subscriptions()).toMatchObject([{ state: 'active' }]);
});

test.for<[what: string, change: (subscriber: Awaited<ReturnType<typeof openSubscriber>>) => Promise<unknown>, anew: number]>([
  ['has left the configuration', ({ bench }) => bench.run([]), 0],
  [
    'is not to be subscribed to any more',
    (subscriber) => {
      subscriber.bench.push = { ...subscriber.bench.push, isOn: false };
      return subscriber.run();
    },
    0,
  ],
  ['has become private', ({ bench, topic }) => bench.run([declare('feed', topic, { id: 'a', intervalMs: null, private: true })]), 0],
  [
    'has credentials now',
    ({ bench, topic }) => {
      const request = { headers: { 'x-key': 'k' }, auth: null, userAgent: null, timeoutMs: null, maxBytes: null };
      return bench.run([declare('feed', topic, { id: 'a', intervalMs: null, request })]);
    },
    0,
  ],
  [
    'has another topic',
    (subscriber) => {
      const { server, hub } = subscriber;
      server.answer('/feed', 200, { link: `<${hub.url}>; rel=hub, <${server.origin}/other>; rel=self` }, feedOf(1));
      subscriber.pass(DAY);
      return subscriber.run();
    },
    1,
  ],
  [
    'has another hub',
    (subscriber) => {
      const { server, topic } = subscriber;
      const other = openHub(server, '/other-hub');
      server.answer('/feed', 304, { link: `<${other.url}>; rel=hub, <${topic}>; rel=self` });
      subscriber.pass(DAY);
      return subscriber.run();
    },
    0,
  ],
  [
    'names no hub any more',
    (subscriber) => {
      subscriber.server.answer('/feed', 200, {}, feedOf(1, 2));
      subscriber.pass(DAY);
      return subscriber.run();
    },
    0,
  ],
])('a source that %s is unsubscribed from on the old path, and then forgotten', async ([, change, anew]) => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  await change(subscriber);
  const { mode, topic, callback } = hub.requests.find((one) => one['mode'] === 'unsubscribe') ?? {};
  expect({ mode, topic, callback }).toEqual({ mode: 'unsubscribe', topic: request['topic'], callback: request['callback'] });
  expect(hub.requests.filter((one) => one['mode'] === 'subscribe')).toHaveLength(1 + anew);
  // What still comes is not taken, and the hub may stop.
  expect(await hub.push(request, feedOf(9))).toMatchObject({ status: 410 });
  expect(await hub.askBack({ ...request, mode: 'subscribe' })).toMatchObject({ status: 404 });
  const leaving = { ...request, mode: 'unsubscribe' };
  for (let n = 0; n < 2; n++) expect(await hub.askBack(leaving, { lease_seconds: null })).toMatchObject({ status: 200, text: CHALLENGE });
  const path = request['callback']?.slice(-43) ?? '';
  expect(await bench.store.readSubscription(path)).toMatchObject({ state: 'left' });
  subscriber.pass(DAY);
  await bench.run([]);
  expect(await bench.store.readSubscription(path)).toBeNull();
});

test('a hub that never answers to an end is left alone after five requests', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  await subscriber.subscribe();
  hub.answers = (_request, response) => response.writeHead(500).end();
  for (let n = 0; n < 7; n++) {
    await bench.run([]);
    subscriber.pass(DAY);
  }
  expect(hub.requests.filter(({ mode }) => mode === 'unsubscribe')).toHaveLength(5);
  expect(await subscriber.subscriptions()).toEqual([]);
});

test('neither a hub of ours nor a feed of ours is subscribed to, nor a source that is private', async () => {
  await using subscriber = await openSubscriber();
  const { server, hub, bench, topic } = subscriber;
  const own = `<${bench.push.siteUrl}/websub>; rel=hub`;
  const sources = [
    declare('feed', server.answer('/own-hub', 200, { link: own }, feedOf(1)), { id: 'own-hub' }),
    declare(
      'feed',
      server.answer('/own-feed', 200, { link: `<${hub.url}>; rel=hub, <https://fold.test/feed.atom>; rel=self` }, feedOf(1)),
      {
        id: 'own-feed',
      },
    ),
    declare('feed', topic, { id: 'private', private: true }),
    declare('feed', server.answer('/auth', 200, { link: `<${hub.url}>; rel=hub` }, feedOf(1)), {
      id: 'auth',
      request: { headers: {}, auth: { user: 'u', password: 'p' }, userAgent: null, timeoutMs: null, maxBytes: null },
    }),
  ];
  await bench.run(sources);
  expect(hub.requests).toEqual([]);
  expect(await subscriber.subscriptions()).toEqual([]);
});

test('over plain http no secret is sent, and what comes is a hint to poll', async () => {
  await using subscriber = await openSubscriber();
  const { bench, hub } = subscriber;
  // As if the hub were not in a network of ours.
  bench.push = { ...bench.push, allowPrivateAddresses: [] };
  const request = await subscriber.subscribe();
  expect(request).not.toHaveProperty('secret');
  expect(await hub.push(request, feedOf(2))).toMatchObject({ status: 202 });
  const waiting = (await bench.store.readWaiting(bench.now)).get('a');
  expect(waiting).toMatchObject({ documents: 0, pollAskedAt: bench.now });
});

test('many that ask at once ask each hub once', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench, sources } = subscriber;
  await subscriber.run();
  subscriber.pass(HOUR);
  const limits = { userAgent: 'test', proxy: null, noProxy: [], allowPrivateAddresses: ['127.0.0.0/8'] };
  const http = createHttpClient(limits);
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const parts = { store: bench.store, clock: { now: () => bench.now }, log, http };
  const settings = { declarations: sources, ownUrls: new Set<string>(), push: bench.push };
  await Promise.all(Array.from({ length: 5 }, () => keepSubscriptions({ ...parts, settings })));
  await http.close();
  expect(hub.requests).toHaveLength(2);
  expect(await subscriber.subscriptions()).toHaveLength(1);
});

test('fifty sources of one hub are asked for two at a time', async () => {
  await using subscriber = await openSubscriber();
  const { server, hub, bench } = subscriber;
  let [now, most] = [0, 0];
  hub.answers = (_request, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.writeHead(202).end();
    }, 5);
  };
  const sources = Array.from({ length: 50 }, (_, n) => {
    const link = `<${hub.url}>; rel=hub, <${server.origin}/s${n}>; rel=self`;
    return declare('feed', server.answer(`/s${n}`, 200, { link }, feedOf(n)), { id: `s${n}` });
  });
  await bench.run(sources);
  expect(hub.requests).toHaveLength(50);
  expect(most).toBe(2);
});

test('while a subscription is alive its source is polled every four hours, and afterwards as before', async () => {
  await using subscriber = await openSubscriber();
  const { bench } = subscriber;
  const nextIn = async () => (((await bench.store.readSources())[0]?.poll.nextPollAt?.getTime() ?? 0) - bench.now.getTime()) / HOUR;
  await subscriber.subscribe();
  expect(await nextIn()).toBeLessThan(1.2);
  subscriber.pass(2 * HOUR);
  await subscriber.run();
  expect(await nextIn()).toBeGreaterThanOrEqual(4);
  expect(await nextIn()).toBeLessThan(4.5);
  expect((await bench.store.readPolls('a', 1))[0]?.reason).toBe('push');
});
