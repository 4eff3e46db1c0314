import { expect, test } from 'vitest';
import { makeServer } from '../made-server.ts';

async function check(name: string, accepted: string, status: number): Promise<void> {
  for (const path of ['/feed.atom', '/feed.json', '/feeds/tech/archive/1.atom', '/sources.opml']) {
    const response = await makeServer().request(path, { headers: { [name]: accepted } });
    expect([path, response.status]).toEqual([path, status]);
  }
}

test.each([
  ['*/*', 200],
  ['*', 200],
  ['', 200],
  [',', 200],
  ['application/*', 200],
  ['text/*', 200],
  ['application/atom+xml', 200],
  ['application/rss+xml, application/rdf+xml;q=0.8', 200],
  ['APPLICATION/ATOM+XML', 200],
  ['application/feed+json', 200],
  ['text/html,application/xhtml+xml,image/avif', 200],
  ['text/x-opml', 200],
  ['image/png, */*;q=0.1', 200],
  ['text/html, image/gif, *; q=.2', 200],
  ['application/xml;q=many', 200],
  ['image/png', 406],
  ['image/*, audio/mpeg', 406],
  ['application/pdf', 406],
  ['text/plain', 406],
  ['*/*;q=0', 406],
  ['application/atom+xml;q=0, image/png', 406],
])('B3 answers Accept %j with %i', (accepted, status) => check('accept', accepted, status));

test.each([
  ['identity;q=0', 406],
  ['identity;q=0.000, deflate', 406],
  ['*;q=0', 406],
  ['gzip;q=0, br;q=0, identity;q=0', 406],
  ['gzip;q=0, br;q=0, *;q=0', 406],
  ['gzip;q=0, br;q=0', 200],
  ['*;q=0, gzip', 200],
  ['*;q=0, identity', 200],
  ['zstd', 200],
  ['', 200],
])('B3 answers Accept-Encoding %j with %i', (accepted, status) => check('accept-encoding', accepted, status));

test('B3 names the available types in a 406, and keeps it out of caches', async () => {
  const response = await makeServer().request('/feed.atom', { headers: { accept: 'image/png', 'if-none-match': '"now"' } });
  expect([response.status, await response.text()]).toEqual([
    406,
    'Only application/atom+xml; charset=utf-8 is available here, plain or as br or gzip.\n',
  ]);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(response.headers.get('cache-control')).toBe('no-store');
});
