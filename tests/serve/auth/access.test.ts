import { expect, test } from 'vitest';
import { site, toFeed } from '../../support/story.ts';
import { makeServer } from '../made-server.ts';

const feeds = [
  toFeed({ slug: 'inner', title: 'Inner circle', isDefault: false, private: true, token: 'a token' }),
  toFeed({ slug: 'locked', isDefault: false, private: true }),
];

async function check(path: string, status: number, headers: Record<string, string | RegExp> = {}, init: RequestInit = {}): Promise<void> {
  const response = await makeServer({ feeds }).request(path, init);
  expect([path, response.status]).toEqual([path, status]);
  for (const [name, expected] of Object.entries(headers)) expect(response.headers.get(name)).toMatch(expected);
}

const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });

test.each<[string, RequestInit, number]>([
  ['', {}, 401],
  ['?token=', {}, 401],
  ['?token=wrong', {}, 401],
  ['?token=a%20token%00', {}, 401],
  ['?token=a%20token', {}, 200],
  ['', basic('anyone:a token'), 200],
  ['', basic(':a token'), 200],
  ['?token=wrong', basic('anyone:a token'), 200],
  ['?token=a%20token', basic('anyone:wrong'), 200],
  ['', basic('a token'), 200],
  ['', basic('a token:'), 401],
  ['', basic('anyone:wrong'), 401],
  ['', { headers: { authorization: 'Bearer a token' } }, 401],
  ['', { headers: { authorization: 'Basic' } }, 401],
])('answers a private feed asked with %j %j with %i', async (query, init, status) => {
  for (const path of ['/feeds/inner.atom', '/feeds/inner.rss', '/feeds/inner.json', '/feeds/inner/'])
    await check(path + query, status, { 'cache-control': status === 200 ? /^private, / : 'no-store' }, init);
});

test('answers nobody for a private feed that has no token', async () => {
  for (const query of ['', '?token=', '?token=null', '?token=undefined'])
    for (const path of ['/feeds/locked.atom', '/feeds/locked/', '/feeds/locked/archive/1.atom']) await check(path + query, 401);
  await check('/feeds/locked.atom', 401, {}, basic(':'));
});

test("asks for a private feed's password with the safe characters of its title", async () => {
  const ask = async (title: string) =>
    (await makeServer({ feeds, site: { ...site, title } }).request('/feeds/inner.atom?token=x')).headers.get('www-authenticate');
  expect(await ask('Brackwater Planet')).toBe('Basic realm="Brackwater Planet", charset="UTF-8"');
  expect(await ask('Café "Ü\\"\r\n')).toBe('Basic realm="Cafe U", charset="UTF-8"');
  expect(await ask('Планета')).toBe('Basic realm="Newsfold", charset="UTF-8"');
  const response = await makeServer({ feeds }).request('/feeds/inner.atom?token=x');
  const text = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(text.length).toBeLessThan(200);
  expect(text).not.toContain('Inner');
});
