import { expect, test } from 'vitest';
import { makeServer } from '../made-server.ts';

async function check(path: string, status: number, headers: Record<string, string | RegExp> = {}, init: RequestInit = {}): Promise<void> {
  const response = await makeServer().request(path, init);
  expect([path, response.status]).toEqual([path, status]);
  for (const [name, expected] of Object.entries(headers)) expect(response.headers.get(name)).toMatch(expected);
}

test.each([
  '/feeds/%00.atom',
  '/feeds/%zz.atom',
  '/feeds/%zz/',
  '/feed.atom%',
  '/%c3%28',
  '/stories/%ff/',
  '/%00?q=1',
  '/feeds/inner.atom%00?token=secret',
])('answers 400 to %s', (path) =>
  check(path, 400, { 'content-type': /^text\/html/, 'content-security-policy': /default-src 'none'/, 'x-content-type-options': 'nosniff' }),
);

test.each(['/api/v1/stories/%ff', '/api/v1/stories?'.padEnd(2001, 'x')])('tells programs by a problem what is wrong with %.20s', (path) =>
  check(path, path.length > 2000 ? 414 : 400, { 'content-type': /^application\/problem\+json/, 'access-control-allow-origin': /^\*$/ }),
);

test('answers an odd query as if it were absent', async () => {
  for (const query of ['?%zz', '?%00', '?=', '?&&', '?x=%c3%28']) await check(`/feed.atom${query}`, 200);
});

test('answers 414 to an address of more than 2,000 characters', async () => {
  const toPath = (length: number) => '/feed.atom?'.padEnd(length, 'x');
  await check(toPath(2000), 200);
  await check(toPath(2001), 414, { 'content-type': /^text\/html/, 'content-security-policy': /default-src 'none'/ });
  await check('/'.padEnd(5000, 'x'), 414);
  await check(toPath(2001), 414, {}, { method: 'POST' });
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])('answers %s with 405 and what is allowed', async (method) => {
  for (const path of ['/', '/feeds/tech/', '/healthz', '/nothing']) await check(path, 405, { allow: /^GET, HEAD$/ }, { method });
  for (const path of ['/feed.atom', '/feeds/tech.atom', '/feeds/tech/archive/1.atom', '/sources.opml'])
    await check(path, 405, { allow: /^GET, HEAD, OPTIONS$/ }, { method });
});

test('answers OPTIONS of pages with 405', async () => {
  for (const path of ['/', '/feeds/tech/', '/healthz', '/nothing']) await check(path, 405, { allow: /^GET, HEAD$/ }, { method: 'OPTIONS' });
});
