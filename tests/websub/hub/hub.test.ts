import { expect, test } from 'vitest';
import { openHub, openSubscribed, TOPIC } from './own-hub.ts';
import { agree, sign, startSubscriber } from './hub-subscriber.ts';
import type { Received } from './hub-subscriber.ts';

const HOUR = 3_600_000;

test('WebSub hub: verifies a subscription with a random challenge, the topic and the lease, and keeps the query of the callback', async () => {
  await using bench = await openSubscribed();
  expect(bench.status).toBe(202);
  const other = bench.subscriber.on('/other');
  await bench.ask(bench.hub, { 'hub.callback': `${other}?a=%2F&b`, 'hub.lease_seconds': '7200' });
  await bench.work(bench.hub);
  const [first, second] = bench.subscriber.of('GET').map(({ query }) => query);
  expect(first).toMatchObject({ 'hub.mode': 'subscribe', 'hub.topic': TOPIC, 'hub.lease_seconds': '864000' });
  expect(second).toMatchObject({ a: '/', b: '', 'hub.mode': 'subscribe', 'hub.lease_seconds': '7200' });
  const challenges = [first, second].map((query) => query?.['hub.challenge'] ?? '');
  expect(challenges.every((challenge) => challenge.length >= 32)).toBe(true);
  expect(new Set(challenges).size).toBe(2);
  expect(await bench.bench.store.countHub()).toEqual({ subscriptions: 2, failing: 0, intents: 0 });
});

test.each<[name: string, answer: (received: Received) => [status: number, body: string]]>([
  ['another text', () => [200, 'what?']],
  ['nothing', () => [200, '']],
  ['404', ({ query }) => [404, query['hub.challenge'] ?? '']],
  ['500 again and again', ({ query }) => [500, query['hub.challenge'] ?? '']],
  ['a redirect', ({ query }) => [302, query['hub.challenge'] ?? '']],
])('WebSub hub: a callback that answers %s is not subscribed', async (_name, answer) => {
  await using bench = await openSubscribed({}, (received, response) => {
    const [status, body] = answer(received);
    response.writeHead(status, { location: '/callback?hub.challenge=x' }).end(body);
  });
  for (let hour = 0; hour < 5; hour++) {
    bench.later(HOUR);
    await bench.work(bench.hub);
  }
  expect(await bench.bench.store.countHub()).toEqual({ subscriptions: 0, failing: 0, intents: 0 });
  await bench.publish('two');
  await bench.work(bench.hub);
  expect(bench.subscriber.of('POST')).toEqual([]);
  expect(bench.subscriber.of('GET').length).toBeLessThanOrEqual(3);
});

test('WebSub hub: a callback that cannot be reached is asked again a little later', async () => {
  let isUp = false;
  await using bench = await openSubscribed({}, (received, response) => {
    if (isUp) agree(received, response);
    else response.destroy();
  });
  isUp = true;
  await bench.work(bench.hub);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 0, intents: 1 });
  bench.later(11_000);
  await bench.work(bench.hub);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 1, intents: 0 });
});

test('WebSub hub: unsubscribing is verified too; without confirmation the subscription stays', async () => {
  let agrees = false;
  await using bench = await openSubscribed({}, (received, response) => {
    if (received.query['hub.mode'] !== 'unsubscribe' || agrees) agree(received, response);
    else response.writeHead(404).end();
  });
  const unsubscribe = async () => {
    const { status } = await bench.ask(bench.hub, { 'hub.mode': 'unsubscribe', 'hub.callback': bench.callback });
    await bench.work(bench.hub);
    return status;
  };
  expect(await unsubscribe()).toBe(202);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 1, intents: 0 });
  agrees = true;
  expect(await unsubscribe()).toBe(202);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 0, intents: 0 });
  const question = bench.subscriber.of('GET').at(-1)?.query;
  expect(question).toMatchObject({ 'hub.mode': 'unsubscribe', 'hub.topic': TOPIC });
  expect(question).not.toHaveProperty('hub.lease_seconds');
});

test('WebSub hub: a lease ends; a renewed one continues with its new secret', async () => {
  await using bench = await openSubscribed({ 'hub.lease_seconds': '3600' });
  const other = bench.subscriber.on('/other');
  await bench.ask(bench.hub, { 'hub.callback': other, 'hub.lease_seconds': '3600', 'hub.secret': 'old' });
  await bench.work(bench.hub);
  bench.later(HOUR / 2);
  await bench.ask(bench.hub, { 'hub.callback': other, 'hub.lease_seconds': '3600', 'hub.secret': 'new' });
  await bench.work(bench.hub);
  await bench.publish('two', new Date(bench.bench.now.getTime() + HOUR * 0.75));
  await bench.work(bench.hub);
  const posts = bench.subscriber.of('POST');
  expect(posts.map(({ headers }) => headers['x-hub-signature'])).toEqual([sign('new', await bench.read())]);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 1 });
});

test('WebSub hub: a lease is neither shorter than five minutes nor longer than thirty days', async () => {
  await using bench = await openSubscribed({ 'hub.lease_seconds': '1' });
  await bench.ask(bench.hub, { 'hub.callback': bench.subscriber.on('/other'), 'hub.lease_seconds': '999999999999' });
  await bench.work(bench.hub);
  expect(bench.subscriber.of('GET').map(({ query }) => query['hub.lease_seconds'])).toEqual(['300', '2592000']);
});

test('WebSub hub: subscribers of a removed feed are told that their subscription was denied', async () => {
  await using bench = await openSubscribed();
  const tech = TOPIC.replace('/feed', '/feeds/tech');
  await bench.ask(bench.hub, { 'hub.callback': bench.subscriber.on('/tech'), 'hub.topic': tech });
  await bench.work(bench.hub);
  await bench.hub.close();
  await bench.work(bench.open(['all']));
  const last = bench.subscriber.received.at(-1);
  expect(last?.query).toMatchObject({ 'hub.mode': 'denied', 'hub.topic': tech });
  expect(last?.query['hub.reason']).toBeTruthy();
  expect(last?.query).not.toHaveProperty('hub.challenge');
  expect(await bench.bench.store.countHub()).toEqual({ subscriptions: 1, failing: 0, intents: 0 });
});

test('WebSub hub: unknown and private topics are refused alike', async () => {
  await using bench = await openSubscribed();
  const texts = new Set<string>();
  for (const path of [
    '/feeds/inner.atom',
    '/feeds/none.atom',
    '/feeds/inner.atom?token=s',
    '/feed.atom?',
    '/',
    '/feeds/tech/archive/1.atom',
  ]) {
    const answer = await bench.ask(bench.hub, { 'hub.callback': bench.callback, 'hub.topic': `https://planet.example.com${path}` });
    expect([path, answer.status]).toEqual([path, 404]);
    texts.add(answer.text);
  }
  expect(texts.size).toBe(1);
});

test('WebSub hub: private callbacks are refused: by address, by name and on our own site', async () => {
  await using bench = await openHub({ allow: [] });
  await using subscriber = await startSubscriber();
  await bench.publish('one');
  const hub = bench.open();
  subscriber.on('/callback');
  const at = (host: string) => bench.ask(hub, { 'hub.callback': `http://${host}/callback` });
  for (const host of [
    '127.0.0.1',
    `127.0.0.1:${subscriber.port}`,
    '10.0.0.1',
    '[::1]',
    '2130706433',
    '169.254.169.254',
    '[::ffff:10.0.0.1]',
  ])
    expect([host, (await at(host)).status]).toEqual([host, 403]);
  expect((await bench.ask(hub, { 'hub.callback': 'https://planet.example.com/websub' })).status).toBe(403);
  // A host name is accepted first: its address shows only when it is requested.
  expect((await at(`localhost:${subscriber.port}`)).status).toBe(202);
  await bench.work(hub);
  expect(subscriber.received).toEqual([]);
  expect(await bench.bench.store.countHub()).toEqual({ subscriptions: 0, failing: 0, intents: 0 });
});

test('WebSub hub: the log has neither secrets nor callbacks', async () => {
  await using bench = await openSubscribed({ 'hub.secret': 'geheim' });
  await bench.publish('two');
  await bench.work(bench.hub);
  const log = JSON.stringify(bench.bench.log);
  expect(log).toContain('"outcome":"delivered"');
  expect(log).not.toContain('geheim');
  expect(log).not.toContain('/callback');
});

test('WebSub hub: the limit of one client applies whatever host names its callbacks have', async () => {
  await using bench = await openHub();
  const hub = bench.open();
  const port = 9;
  const statuses: number[] = [];
  for (let n = 0; n < 130; n++) statuses.push((await bench.ask(hub, { 'hub.callback': `http://127.1.0.${n + 1}:${port}/${n}` })).status);
  expect(statuses.filter((status) => status === 202)).toHaveLength(60);
  expect(statuses.at(-1)).toBe(503);
});

test('WebSub hub: the host names of a wildcard domain share one limit', async () => {
  await using bench = await openHub();
  const hub = bench.open();
  const statuses: number[] = [];
  for (let n = 0; n < 70; n++) {
    const said = { mode: 'subscribe', topic: TOPIC, secret: null, leaseSeconds: null, client: `192.0.2.${n}` } as const;
    const answer = await hub.accept({ ...said, callback: `https://n${n}.${n % 7}.wild.co.uk/` });
    statuses.push(answer.kind === 'accepted' ? 202 : answer.status);
  }
  expect(statuses.filter((status) => status === 202)).toHaveLength(60);
  const other = { mode: 'subscribe', topic: TOPIC, secret: null, leaseSeconds: null, client: '192.0.2.9' } as const;
  expect(await hub.accept({ ...other, callback: 'https://tame.co.uk/' })).toEqual({ kind: 'accepted' });
});
