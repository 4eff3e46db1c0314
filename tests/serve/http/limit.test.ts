import type { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createLimiter } from '../../../src/serve/http/limit.ts';
import { makeClock, makeServer } from '../made-server.ts';

const feed = '/feed.atom';

function from(address: string): object {
  return { incoming: { socket: { remoteAddress: address } } };
}

async function check(app: Hono, expected: number, address = '192.0.2.1', headers: Record<string, string> = {}): Promise<void> {
  expect((await app.request(feed, { headers }, from(address))).status).toBe(expected);
}

test('B5 answers as many requests an hour as are allowed, then 429 with the time to wait', async () => {
  const app = makeServer({ limitRequests: 4, clock: makeClock() });
  for (let n = 0; n < 4; n++) await check(app, 200);
  const response = await app.request(feed, {}, from('192.0.2.1'));
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('900');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await response.text()).toBe('At most 4 requests an hour are answered. Ask again in 900 seconds.\n');
});

test.each([1, 3, 4, 7, 60, 1000])(
  'B5 answers a client that waits as long as it was asked to, at %i requests an hour',
  async (limitRequests) => {
    const clock = makeClock();
    const app = makeServer({ limitRequests, clock });
    for (let n = 0; n < limitRequests; n++) await check(app, 200);
    for (let n = 0; n < 5; n++) {
      const refused = await app.request(feed, {}, from('192.0.2.1'));
      const seconds = Number(refused.headers.get('retry-after'));
      // The wait was rounded up, and the remainder shortens the next one.
      expect(seconds).toBeGreaterThanOrEqual(Math.floor(3600 / limitRequests));
      expect(seconds).toBeLessThanOrEqual(Math.ceil(3600 / limitRequests));
      clock.pass(seconds - 1);
      await check(app, 429);
      clock.pass(1);
      await check(app, 200);
    }
  },
);

test('B5 counts no refused request, so that a client that keeps asking is answered in time', async () => {
  const clock = makeClock();
  const app = makeServer({ limitRequests: 2, clock });
  await check(app, 200);
  await check(app, 200);
  for (let n = 0; n < 29; n++) {
    clock.pass(60);
    await check(app, 429);
  }
  clock.pass(60);
  await check(app, 200);
});

test('B5 gives the whole hour back after an hour, and not more', async () => {
  const clock = makeClock();
  const app = makeServer({ limitRequests: 3, clock });
  for (let n = 0; n < 3; n++) await check(app, 200);
  clock.pass(100 * 3600);
  for (let n = 0; n < 3; n++) await check(app, 200);
  await check(app, 429);
});

test('B5 takes nothing away when the clock is set back', async () => {
  const clock = makeClock();
  const app = makeServer({ limitRequests: 2, clock });
  await check(app, 200);
  clock.pass(-7200);
  await check(app, 200);
  await check(app, 429);
  clock.pass(1800);
  await check(app, 200);
});

test('B5 limits documents, archives and OPML together; pages, searches and the API together; and nothing else', async () => {
  const app = makeServer({ limitRequests: 1 });
  await check(app, 200);
  for (const path of [feed, '/feeds/tech.rss', '/feeds/all/archive/1.atom', '/sources.opml', '/feeds/inner.atom'])
    expect((await app.request(path, {}, from('192.0.2.1'))).status).toBe(429);
  expect((await app.request(feed, { method: 'HEAD' }, from('192.0.2.1'))).status).toBe(429);
  expect((await app.request('/', {}, from('192.0.2.1'))).status).toBe(200);
  for (const path of ['/?q=ferry', '/feeds/tech/', '/stories/k/', '/sources/', '/api/v1/stories', '/api/v1/sources'])
    expect((await app.request(path, {}, from('192.0.2.1'))).status).toBe(429);
  expect((await app.request('/', {}, from('192.0.2.2'))).status).toBe(200);
  for (const path of ['/healthz', '/readyz', '/style.css', '/favicon.svg'])
    expect((await app.request(path, {}, from('192.0.2.1'))).status).toBe(200);
  const others: [string, number][] = [
    ['/feeds/old.atom', 301],
    ['/feeds/dead.atom', 410],
    ['/feeds/none.atom', 404],
  ];
  for (const [path, status] of others) expect((await app.request(path, {}, from('192.0.2.1'))).status).toBe(status);
  expect((await app.request(feed, { method: 'OPTIONS' }, from('192.0.2.1'))).status).toBe(204);
});

test('B5 limits nobody when it is off', async () => {
  const app = makeServer();
  for (let n = 0; n < 100; n++) await check(app, 200);
});

test.each([
  ['192.0.2.1', '192.0.2.2', false],
  ['192.0.2.1', '::ffff:192.0.2.1', true],
  ['::ffff:192.0.2.1', '::FFFF:192.0.2.1', true],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
  ['2001:db8::1', '2001:db8:0:0:ffff:1:2:3', true],
  ['2001:DB8:0:00a::1', '2001:db8:0:a:5::', true],
  ['2001:db8:0:1::1', '2001:db8:0:2::1', false],
  ['::1', '::2', true],
  ['::ffff:192.0.2.1', '::ffff:c000:201', true],
  ['1:2:3:4::', '1:2:3:4:5:6:7:8', true],
  ['1::', '1:0:0:0:5:6:7:8', true],
  ['fe80::1%eth0', 'fe80::2', true],
  ['64:ff9b::192.0.2.1', '64:ff9b::', true],
])('B5 counts %s and %s as one client: %s', async (one, other, isOne) => {
  const app = makeServer({ limitRequests: 1 });
  await check(app, 200, one);
  await check(app, isOne ? 429 : 200, other);
});

test.each([
  ['198.51.100.1', '198.51.100.1', true],
  ['198.51.100.1', '198.51.100.2', false],
  ['203.0.113.9, 198.51.100.1', '10.0.0.1,198.51.100.1', true],
  ['198.51.100.1, 203.0.113.9', '198.51.100.1, 203.0.113.8', false],
  ['198.51.100.1:4711', '198.51.100.1:815', true],
  ['[2001:db8::1]:4711', '2001:db8::2', true],
  ['[2001:db8::1]', '2001:db8:0:1::2', false],
  ['unknown', 'nonsense', true],
])('B5 counts X-Forwarded-For %s and %s behind a trusted proxy as one client: %s', async (one, other, isOne) => {
  const app = makeServer({ limitRequests: 1, trustProxy: true });
  await check(app, 200, '127.0.0.1', { 'x-forwarded-for': one });
  await check(app, isOne ? 429 : 200, '127.0.0.1', { 'x-forwarded-for': other });
});

test('B5 believes no X-Forwarded-For without a trusted proxy', async () => {
  const app = makeServer({ limitRequests: 1 });
  await check(app, 200, '192.0.2.1', { 'x-forwarded-for': '198.51.100.1' });
  await check(app, 429, '192.0.2.1', { 'x-forwarded-for': '198.51.100.2' });
});

test('B5 forgets the least recent of ten thousand clients', () => {
  const limiter = createLimiter(makeClock(), { perHour: 1 });
  const ask = (client: string) => limiter.ask(client) === null;
  expect([ask('first'), ask('second')]).toEqual([true, true]);
  for (let n = 0; n < 9_998; n++) ask(String(n));
  expect(ask('first')).toBe(false);
  ask('one more');
  expect([ask('first'), ask('second')]).toEqual([false, true]);
});
