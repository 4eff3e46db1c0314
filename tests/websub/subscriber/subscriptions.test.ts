import { expect, test } from 'vitest';
import { askHub } from '../../../src/websub/subscriber/hub-client.ts';
import type { HttpClient } from '../../../src/ports/http.ts';
import { maintainSubscriptions } from '../../../src/websub/subscriber/subscriptions.ts';
import { createHttpClient } from '../../../src/ingest/http/http-client.ts';
import { declare } from '../../support/bench.ts';
import { loopbackSettings } from '../../support/http-fetcher.ts';
import { CHALLENGE, openHub } from '../../support/hub.ts';
import { DAY, feedOf, HOUR, noticeOf, openSubscriber } from '../../support/subscriber.ts';

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
  const http = createHttpClient(loopbackSettings);
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const context = { store: bench.store, clock: { now: () => bench.now }, log, http };
  const settings = { declarations: sources, ownUrls: new Set<string>(), push: bench.push };
  await Promise.all(Array.from({ length: 5 }, () => maintainSubscriptions({ ...context, settings })));
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

test("a stranger's feed leads to no hub in the owner's network, by no redirect either", async () => {
  await using subscriber = await openSubscriber();
  const { server, hub, bench } = subscriber;
  const http = createHttpClient(loopbackSettings);
  // A source elsewhere, as its documents would have left it.
  await bench.store.bindSources([declare('feed', 'https://stranger.example/feed', { id: 's' })], bench.now);
  const [status] = await bench.store.readSources();
  if (!status) throw new Error('no source');
  const push = { hubs: [`http://localhost:${server.port}/hub`], topic: 'https://stranger.example/feed' };
  await bench.store.recordPoll('s', {
    state: { ...status.poll, hubOffer: push },
    description: null,
    at: bench.now,
    status: 200,
    outcome: 'content',
    sentEtag: null,
    sentLastModified: null,
    bytes: 1,
    movedAddress: null,
    reason: 'rhythm',
    hold: null,
  });
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const context = { store: bench.store, clock: { now: () => bench.now }, log, http };
  await maintainSubscriptions({ ...context, settings: { declarations: [], ownUrls: new Set(), push: bench.push } });
  await http.close();
  expect(hub.requests).toEqual([]);
  expect((await bench.store.readSources())[0]?.poll.notice).toMatchObject({
    code: 'push/hub',
    message: expect.stringContaining('not a public address') as string,
  });
});

test("a stranger's hub that stands beside its feed leads into the owner's network by no redirect", async () => {
  await using subscriber = await openSubscriber();
  const { server, hub, bench } = subscriber;
  const real = createHttpClient({ userAgent: 'test', proxy: null, noProxy: [], allowPrivateAddresses: ['127.0.0.0/8'] });
  for (const [name, location] of [
    ['localhost', `http://localhost:${server.port}/hub`],
    ['address', hub.url],
  ] as const) {
    const hubUrl = `https://${name}.example/hub`;
    // A host that is not there to be asked.
    const http: HttpClient = {
      ...real,
      send: async (request) =>
        request.url === hubUrl
          ? {
              kind: 'answer',
              status: 307,
              header: (field) => (field === 'location' ? location : null),
              body: new Uint8Array(),
              address: null,
            }
          : real.send(request),
    };
    const subscription = { hub: hubUrl, topic: 'https://x.example/feed', callback: 'https://me.example/c', secret: null };
    const mayBeInner = (hostname: string) => hostname === `${name}.example`;
    const request = { mode: 'subscribe', subscription, isOwnHub: () => false, allow: ['127.0.0.0/8'], mayBeInner } as const;
    expect(await askHub(http, request)).toContain('not a public address');
    expect(await askHub(http, { ...request, subscription: { ...subscription, secret: 's' } })).toContain('no secret may be sent');
  }
  await real.close();
  expect(hub.requests).toEqual([]);
  expect(await bench.store.readSubscriptions()).toEqual([]);
});
