import { expect, test } from 'vitest';
import { declare } from '../../support/bench.ts';
import { CHALLENGE, openHub } from '../../support/hub.ts';
import { DAY, feedOf, openSubscriber } from '../../support/subscriber.ts';

test.for<[what: string, change: (subscriber: Awaited<ReturnType<typeof openSubscriber>>) => Promise<unknown>, anew: number]>([
  ['has left the configuration', ({ bench }) => bench.run([]), 0],
  [
    'is no longer to be subscribed to',
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
])('a source that %s is unsubscribed from on its path, and then forgotten', async ([, change, anew]) => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  await change(subscriber);
  const { mode, topic, callback } = hub.requests.find((one) => one['mode'] === 'unsubscribe') ?? {};
  expect({ mode, topic, callback }).toEqual({ mode: 'unsubscribe', topic: request['topic'], callback: request['callback'] });
  expect(hub.requests.filter((one) => one['mode'] === 'subscribe')).toHaveLength(1 + anew);
  // Later deliveries are refused, so that the hub may stop.
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

test('a hub that never confirms unsubscribing is given up after five requests', async () => {
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
