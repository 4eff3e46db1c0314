import { expect, test } from 'vitest';
import type { Representation } from '../../../src/model/feed.ts';
import { makeRepresentation, makeServer, MODIFIED as modified } from '../made-server.ts';

const made = makeRepresentation('plain', {
  gzip: Buffer.from('gzipped'),
  brotli: Buffer.from('brotlied'),
  tag: 'abc',
});

async function ask(
  headers: Record<string, string>,
  said: Partial<Representation> = {},
  method = 'GET',
  path = '/feed.atom',
): Promise<Response> {
  const readDocument = async () => ({ ...made, ...said, slug: 'all', format: 'atom' as const, history: null });
  return makeServer({ readDocument }).request(path, { method, headers });
}

async function check(headers: Record<string, string>, status: number): Promise<void> {
  expect((await ask(headers)).status).toBe(status);
}

test.each<[Record<string, string>, number]>([
  [{}, 200],
  [{ 'if-none-match': '"abc"' }, 304],
  [{ 'if-none-match': 'W/"abc"' }, 304],
  [{ 'if-none-match': '"abc-gz"' }, 304],
  [{ 'if-none-match': 'W/"abc-br"' }, 304],
  [{ 'if-none-match': '"x", W/"y","abc-gz"' }, 304],
  [{ 'if-none-match': '"a,b", "abc"' }, 304],
  [{ 'if-none-match': ' * ' }, 304],
  [{ 'if-none-match': '"abcd"' }, 200],
  [{ 'if-none-match': '"ABC"' }, 200],
  [{ 'if-none-match': '"abc-xx"' }, 200],
  [{ 'if-none-match': '"abc-gz-br"' }, 200],
  [{ 'if-none-match': 'abc' }, 200],
  [{ 'if-none-match': '"*"' }, 200],
  [{ 'if-none-match': '' }, 200],
  [{ 'if-none-match': '"abc"', 'accept-encoding': 'gzip' }, 304],
  [{ 'if-none-match': '"abc-gz"', 'accept-encoding': 'br' }, 304],
])('B1 answers If-None-Match %j with %i', check);

test.each<[Record<string, string>, number]>([
  [{ 'if-modified-since': modified }, 304],
  [{ 'if-modified-since': 'Mon, 05 Jan 2026 16:00:01 GMT' }, 304],
  [{ 'if-modified-since': 'Mon, 05 Jan 2026 15:59:59 GMT' }, 200],
  [{ 'if-modified-since': 'Monday, 05-Jan-26 16:00:00 GMT' }, 304],
  [{ 'if-modified-since': 'Monday, 05-Jan-26 15:59:59 GMT' }, 200],
  [{ 'if-modified-since': 'Mon Jan  5 16:00:00 2026' }, 304],
  [{ 'if-modified-since': 'Mon Jan  5 15:59:59 2026' }, 200],
  [{ 'if-modified-since': 'Mon Jan 15 00:00:00 2026' }, 304],
  // A year of two digits lies at most 50 years ahead of the clock, which shows 2026.
  [{ 'if-modified-since': 'Sunday, 05-Jan-76 16:00:00 GMT' }, 304],
  [{ 'if-modified-since': 'Wednesday, 05-Jan-77 16:00:00 GMT' }, 200],
  [{ 'if-modified-since': 'Thu, 31 Dec 2026 23:59:60 GMT' }, 304],
  [{ 'if-modified-since': 'whenever' }, 200],
  [{ 'if-modified-since': '' }, 200],
  [{ 'if-modified-since': '2027-01-05T16:00:00Z' }, 200],
  [{ 'if-modified-since': 'Mon, 30 Feb 2026 16:00:00 GMT' }, 200],
  [{ 'if-modified-since': 'Mon, 05 Abc 2026 16:00:00 GMT' }, 200],
  [{ 'if-modified-since': 'Mon, 05 Jan 2026 24:00:00 GMT' }, 200],
  [{ 'if-modified-since': 'Mon, 05 Jan 2026 16:00:00 CET' }, 200],
  [{ 'if-modified-since': `${modified}, ${modified}` }, 200],
  [{ 'if-modified-since': modified, 'if-none-match': '"x"' }, 200],
  [{ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT', 'if-none-match': '"abc"' }, 304],
])('B1 answers If-Modified-Since, over which If-None-Match wins, %j with %i', check);

test('B1 knows a tag that itself ends like the suffix of a coding', async () => {
  expect((await ask({ 'if-none-match': '"abc-gz"' }, { tag: 'abc-gz' })).status).toBe(304);
  expect((await ask({ 'if-none-match': '"abc-gz-br"' }, { tag: 'abc-gz' })).status).toBe(304);
  expect((await ask({ 'if-none-match': '"abc"' }, { tag: 'abc-gz' })).status).toBe(200);
});

test.each([
  ['gzip', 'gzip', '"abc-gz"', 'gzipped'],
  ['br', 'br', '"abc-br"', 'brotlied'],
  ['gzip, deflate, br', 'br', '"abc-br"', 'brotlied'],
  ['GZIP', 'gzip', '"abc-gz"', 'gzipped'],
  ['x-gzip', 'gzip', '"abc-gz"', 'gzipped'],
  ['br;q=0.5, gzip;q=0.8', 'gzip', '"abc-gz"', 'gzipped'],
  ['br;q=0, gzip', 'gzip', '"abc-gz"', 'gzipped'],
  ['*', 'br', '"abc-br"', 'brotlied'],
  ['br;q=0, *', 'gzip', '"abc-gz"', 'gzipped'],
  ['gzip;q=0', null, '"abc"', 'plain'],
  ['gzip;q=0.000', null, '"abc"', 'plain'],
  ['*;q=0, identity;q=0.1', null, '"abc"', 'plain'],
  ['identity;q=0, gzip;q=0.1', 'gzip', '"abc-gz"', 'gzipped'],
  ['identity;q=0, *', 'br', '"abc-br"', 'brotlied'],
  // Invalid weights count as if they were absent.
  ['br;q=x, gzip;q=0.9', 'br', '"abc-br"', 'brotlied'],
  ['br;q=, gzip;q=0.9', 'br', '"abc-br"', 'brotlied'],
  ['br;q=-1, gzip;q=0.9', 'br', '"abc-br"', 'brotlied'],
  ['br;q=7, gzip', 'br', '"abc-br"', 'brotlied'],
  ['br;q=.2, gzip;q=0.9', 'gzip', '"abc-gz"', 'gzipped'],
  ['identity', null, '"abc"', 'plain'],
  ['identity, gzip;q=0.5', null, '"abc"', 'plain'],
  ['deflate, zstd', null, '"abc"', 'plain'],
  ['', null, '"abc"', 'plain'],
])('B3 answers Accept-Encoding %j in %j, B1 with the tag %s of that form', async (accepted, coding, etag, body) => {
  const response = await ask({ 'accept-encoding': accepted });
  expect(response.headers.get('content-encoding')).toBe(coding);
  expect(response.headers.get('etag')).toBe(etag);
  expect(response.headers.get('content-length')).toBe(String(body.length));
  expect(await response.text()).toBe(body);
});

test('B1 sends a strong tag and Last-Modified to the second', async () => {
  const { headers } = await ask({});
  expect(headers.get('etag')).toBe('"abc"');
  expect(headers.get('last-modified')).toBe(modified);
});

test('B2 sends Cache-Control and Vary, and repeats ETag, Cache-Control and Vary with 304', async () => {
  for (const coding of ['', 'gzip', 'br']) {
    const full = await ask({ 'accept-encoding': coding });
    const fresh = await ask({ 'accept-encoding': coding, 'if-none-match': '"abc"' });
    expect(full.headers.get('cache-control')).toBe('public, max-age=300');
    expect(full.headers.get('vary')).toBe('Accept-Encoding');
    for (const name of ['etag', 'cache-control', 'vary', 'last-modified']) expect(fresh.headers.get(name)).toBe(full.headers.get(name));
    for (const name of ['content-type', 'content-length', 'content-encoding']) expect(fresh.headers.get(name)).toBeNull();
    expect(await fresh.text()).toBe('');
  }
});

test('B3 answers HEAD with the headers of GET and no body', async () => {
  const head = await ask({ 'accept-encoding': 'gzip' }, {}, 'HEAD');
  expect([...head.headers]).toEqual([...(await ask({ 'accept-encoding': 'gzip' })).headers]);
  expect(await head.text()).toBe('');
  expect((await ask({ 'if-none-match': '"abc"' }, {}, 'HEAD')).status).toBe(304);
});

test('B2 keeps private documents out of shared caches', async () => {
  const { headers } = await ask({}, {}, 'GET', '/feeds/inner.atom?token=secret');
  expect(headers.get('cache-control')).toBe('private, max-age=300');
});

test('B3 answers a Range with the whole, and says that ranges are not supported', async () => {
  const response = await ask({ range: 'bytes=1-2' });
  expect([response.status, await response.text(), response.headers.get('accept-ranges')]).toEqual([200, 'plain', 'none']);
  expect(response.headers.get('content-range')).toBeNull();
});
