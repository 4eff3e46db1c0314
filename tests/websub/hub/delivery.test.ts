import { expect, test } from 'vitest';
import { openHub, openSubscribed, TOPIC } from './own-hub.ts';
import { agree, sign, startSubscriber } from './hub-subscriber.ts';

const HOUR = 3_600_000;

test('WebSub hub: delivers the bytes of the topic with its type, its links and a signature', async () => {
  await using bench = await openSubscribed({ 'hub.secret': 'geheim' });
  for (const format of ['rss', 'json'])
    await bench.ask(bench.hub, { 'hub.callback': bench.subscriber.on(`/${format}`), 'hub.topic': TOPIC.replace('atom', format) });
  await bench.work(bench.hub);
  expect(bench.subscriber.of('POST')).toEqual([]);
  await bench.publish('two');
  await bench.work(bench.hub);
  const posts = bench.subscriber.of('POST');
  expect(posts).toHaveLength(3);
  for (const format of ['atom', 'rss', 'json'] as const) {
    const body = await bench.read(format);
    const found = posts.find((post) => post.body === body);
    expect(found?.headers).toMatchObject({
      'content-type': `application/${format === 'json' ? 'feed+json' : `${format}+xml`}; charset=utf-8`,
      link: `<https://planet.example.com/websub>; rel="hub", <${TOPIC.replace('atom', format)}>; rel="self"`,
      'user-agent': 'Newsfold/test',
    });
    expect(found?.headers['x-hub-signature']).toBe(format === 'atom' ? sign('geheim', body) : undefined);
  }
});

test('WebSub hub: delivers a new entry, a newer updated and a tombstone, and nothing else', async () => {
  await using bench = await openSubscribed();
  const { store } = bench.bench;
  const count = () => bench.subscriber.of('POST').length;
  await bench.work(bench.hub);
  expect(count()).toBe(0);
  await bench.publish('two');
  await bench.work(bench.hub);
  expect(count()).toBe(1);
  await bench.work(bench.hub);
  const [story] = await store.readStories({ order: 'published', offset: 0, limit: 1 });
  await store.hide(story?.key ?? '', true, bench.bench.now);
  await bench.publish('three');
  await bench.work(bench.hub);
  expect(count()).toBe(2);
  expect(bench.subscriber.of('POST').at(-1)?.body).toContain('<at:deleted-entry');
});

test('WebSub hub: news between the request and its verification is delivered', async () => {
  await using subscriber = await startSubscriber();
  await using bench = await openHub();
  await bench.publish('one');
  const hub = bench.open();
  await bench.ask(hub, { 'hub.callback': subscriber.on('/callback') });
  await bench.publish('two');
  await bench.work(hub);
  expect(subscriber.of('POST').map(({ body }) => body)).toEqual([await bench.read()]);
});

test('WebSub hub: retries a failing callback with growing waits, then delivers the newest document', async () => {
  let status = 500;
  await using bench = await openSubscribed({}, ({ query, method }, response) => {
    response.writeHead(method === 'GET' ? 200 : status).end(query['hub.challenge'] ?? '');
  });
  await bench.publish('two');
  const posts = () => bench.subscriber.of('POST');
  const tried: number[] = [];
  for (let second = 0; second < 8 * 3600; second += 5) {
    const before = posts().length;
    await bench.work(bench.hub, second === 0);
    if (posts().length > before) tried.push(second);
    bench.later(tried.length > 3 ? 300_000 : 5000);
    if (tried.length > 3) second += 295;
  }
  expect(tried.slice(0, 4)).toEqual([0, 10, 70, 370]);
  expect(tried.length).toBeLessThanOrEqual(7);
  status = 204;
  await bench.publish('three', new Date(bench.bench.now.getTime() + 7 * HOUR));
  await bench.work(bench.hub);
  expect(posts().at(-1)?.body).toBe(await bench.read());
  const count = posts().length;
  bench.later(24 * HOUR);
  await bench.work(bench.hub);
  expect(posts()).toHaveLength(count);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 1, failing: 0 });
});

test('WebSub hub: a subscriber that accepts nothing for three days is unsubscribed; Retry-After is respected', async () => {
  await using bench = await openSubscribed({ 'hub.lease_seconds': '2592000' }, ({ query, method }, response) => {
    response.writeHead(method === 'GET' ? 200 : 503, { 'retry-after': '7200' }).end(query['hub.challenge'] ?? '');
  });
  await bench.publish('two');
  await bench.work(bench.hub);
  bench.later(2 * HOUR - 2000);
  await bench.work(bench.hub);
  expect(bench.subscriber.of('POST')).toHaveLength(1);
  for (let hour = 0; hour < 80; hour++) {
    bench.later(HOUR);
    await bench.work(bench.hub);
  }
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 0, intents: 0 });
  expect(bench.subscriber.of('GET').at(-1)?.query).toMatchObject({ 'hub.mode': 'denied', 'hub.topic': TOPIC });
});

test('WebSub hub: days in which the hub itself was down do not count against a subscriber', async () => {
  let status = 503;
  await using bench = await openSubscribed({ 'hub.lease_seconds': '2592000' }, ({ query, method }, response) => {
    response.writeHead(method === 'GET' ? 200 : status).end(query['hub.challenge'] ?? '');
  });
  await bench.publish('two');
  await bench.work(bench.hub);
  bench.later(4 * 24 * HOUR);
  await bench.work(bench.hub);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 1, failing: 1 });
  status = 204;
  bench.later(HOUR);
  await bench.work(bench.hub);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 1, failing: 0 });
});

test('WebSub hub: 410 ends a subscription', async () => {
  await using bench = await openSubscribed({}, ({ query, method }, response) => {
    response.writeHead(method === 'GET' ? 200 : 410).end(query['hub.challenge'] ?? '');
  });
  await bench.publish('two');
  await bench.work(bench.hub);
  await bench.publish('three');
  await bench.work(bench.hub);
  expect(bench.subscriber.of('POST')).toHaveLength(1);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 0 });
});

test('WebSub hub: subscriptions survive a restart, and the news missed meanwhile is delivered', async () => {
  await using bench = await openSubscribed();
  await bench.hub.close();
  await bench.publish('two');
  expect(bench.subscriber.of('POST')).toEqual([]);
  await bench.work(bench.open());
  expect(bench.subscriber.of('POST').map(({ body }) => body)).toEqual([await bench.read()]);
});

test('WebSub hub: a hanging callback delays no other, and is cut off', async () => {
  await using bench = await openSubscribed();
  const hangs = bench.subscriber.on('/hangs', (received, response) => {
    if (received.method === 'GET') agree(received, response);
  });
  await bench.ask(bench.hub, { 'hub.callback': hangs });
  await bench.work(bench.hub);
  await bench.publish('two');
  await bench.hub.work(true);
  const posts = () => bench.subscriber.of('POST').length;
  // A hub that closes before the first answer has arrived would deliver once more.
  const isDelivered = () => bench.bench.log.some((line) => 'outcome' in line && line.outcome === 'delivered');
  for (let tries = 0; !(posts() === 2 && isDelivered()) && tries < 500; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(posts()).toBe(2);
  // Closing the hub interrupts the delivery at once, and it is due again.
  await bench.hub.close();
  bench.later(60_000);
  bench.subscriber.on('/hangs');
  await bench.work(bench.open());
  expect(posts()).toBe(3);
  expect(await bench.bench.store.countHub()).toMatchObject({ subscriptions: 2, failing: 0 });
});
