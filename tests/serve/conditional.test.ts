import { expect, test } from 'vitest';
import type { Document } from '../../src/model/feed.ts';
import { answer } from '../../src/serve/conditional.ts';

const modified = 'Mon, 05 Jan 2026 16:00:00 GMT';
const document: Document = {
  slug: 'all',
  format: 'atom',
  contentType: 'application/atom+xml; charset=utf-8',
  bytes: Buffer.from('plain'),
  gzip: Buffer.from('gzipped'),
  brotli: Buffer.from('brotlied'),
  tag: 'abc',
  lastModified: new Date(modified),
};

function ask(headers: Record<string, string>, said: Partial<Document> = {}, method = 'GET'): Response {
  return answer(new Request('http://localhost/feed.atom', { method, headers }), { ...document, ...said }, 300, { isPrivate: false });
}

function check(headers: Record<string, string>, status: number): void {
  expect(ask(headers).status).toBe(status);
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
  [{ 'if-modified-since': 'whenever' }, 200],
  [{ 'if-modified-since': modified, 'if-none-match': '"x"' }, 200],
  [{ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT', 'if-none-match': '"abc"' }, 304],
])('B1 answers If-Modified-Since, over which If-None-Match wins, %j with %i', check);

test('B1 knows a tag that itself ends like the suffix of a coding', () => {
  expect(ask({ 'if-none-match': '"abc-gz"' }, { tag: 'abc-gz' }).status).toBe(304);
  expect(ask({ 'if-none-match': '"abc-gz-br"' }, { tag: 'abc-gz' }).status).toBe(304);
  expect(ask({ 'if-none-match': '"abc"' }, { tag: 'abc-gz' }).status).toBe(200);
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
  ['*;q=0', null, '"abc"', 'plain'],
  ['identity', null, '"abc"', 'plain'],
  ['identity, gzip;q=0.5', null, '"abc"', 'plain'],
  ['deflate, zstd', null, '"abc"', 'plain'],
  ['', null, '"abc"', 'plain'],
])('B3 answers Accept-Encoding %j in %j, B1 with the tag %s of that form', async (accepted, coding, etag, body) => {
  const response = ask({ 'accept-encoding': accepted });
  expect(response.headers.get('content-encoding')).toBe(coding);
  expect(response.headers.get('etag')).toBe(etag);
  expect(response.headers.get('content-length')).toBe(String(body.length));
  expect(await response.text()).toBe(body);
});

test('B1 sends a strong tag and Last-Modified to the second', () => {
  const { headers } = ask({});
  expect(headers.get('etag')).toBe('"abc"');
  expect(headers.get('last-modified')).toBe(modified);
});

test('B2 sends Cache-Control and Vary, and repeats ETag, Cache-Control and Vary with 304', async () => {
  for (const coding of ['', 'gzip', 'br']) {
    const full = ask({ 'accept-encoding': coding });
    const fresh = ask({ 'accept-encoding': coding, 'if-none-match': '"abc"' });
    expect(full.headers.get('cache-control')).toBe('public, max-age=300');
    expect(full.headers.get('vary')).toBe('Accept-Encoding');
    for (const name of ['etag', 'cache-control', 'vary', 'last-modified']) expect(fresh.headers.get(name)).toBe(full.headers.get(name));
    for (const name of ['content-type', 'content-length', 'content-encoding']) expect(fresh.headers.get(name)).toBeNull();
    expect(await fresh.text()).toBe('');
  }
});

test('B3 answers HEAD with the headers of GET and no body', async () => {
  const head = ask({ 'accept-encoding': 'gzip' }, {}, 'HEAD');
  expect([...head.headers]).toEqual([...ask({ 'accept-encoding': 'gzip' }).headers]);
  expect(await head.text()).toBe('');
  expect(ask({ 'if-none-match': '"abc"' }, {}, 'HEAD').status).toBe(304);
});

test('B2 keeps private documents out of shared caches', () => {
  const response = answer(new Request('http://localhost/feed.atom'), document, 300, { isPrivate: true });
  expect(response.headers.get('cache-control')).toBe('private, max-age=300');
});
