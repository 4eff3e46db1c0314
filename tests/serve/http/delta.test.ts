import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Document } from '../../../src/model/feed.ts';
import { makeAtom, makeRepresentation, makeServer, MODIFIED } from '../made-server.ts';

const whole = '<feed><e5/><e3/><e4/><e1/></feed>';
const versions = { now: 5, four: 4, three: 3, two: 2, one: 1, none: 0 };
const atom = makeAtom([5, 3, 4, 1], versions);

async function ask(headers: Record<string, string>, document: Document = atom, method = 'GET'): Promise<Response> {
  return makeServer({ readDocument: async () => document }).request('/feed.atom', { method, headers });
}

async function check(headers: Record<string, string>, status: number, body: string): Promise<void> {
  const response = await ask(headers);
  expect([response.status, await response.text()]).toEqual([status, body]);
}

test.each<[string, number, string]>([
  ['"four"', 226, '<feed><e5/></feed>'],
  ['"three"', 226, '<feed><e5/><e4/></feed>'],
  ['"two"', 226, '<feed><e5/><e3/><e4/></feed>'],
  ['"none"', 226, whole],
  ['W/"four"', 226, '<feed><e5/></feed>'],
  ['"four-gz"', 226, '<feed><e5/></feed>'],
  ['W/"four-br"', 226, '<feed><e5/></feed>'],
  ['"one", "stranger", "four", "two"', 226, '<feed><e5/></feed>'],
  ['"now"', 304, ''],
  ['"now-br"', 304, ''],
  ['"four", "now"', 304, ''],
  ['*', 304, ''],
  ['"stranger"', 200, whole],
  ['four', 200, whole],
  ['"four-xx"', 200, whole],
  ['"FOUR"', 200, whole],
])('B4 answers A-IM: feed with If-None-Match %s with %i %s', (match, status, body) =>
  check({ 'a-im': 'feed', 'if-none-match': match }, status, body),
);

test.each([
  ['feed', 226],
  ['FEED', 226],
  ['feed, gzip', 226],
  ['vcdiff;q=1, feed;q=0.5', 226],
  ['feed;q=0', 200],
  ['feed;q=0.000, gzip', 200],
  ['gzip', 200],
  ['feeds', 200],
  ['', 200],
])('B4 answers A-IM: %s of a client with a known version with %i', async (accepted, status) => {
  expect((await ask({ 'a-im': accepted, 'if-none-match': '"four"' })).status).toBe(status);
});

test.each([
  ['rss2email/3.13.1 (https://github.com/rss2email/rss2email)', 200],
  ['RSS2Email', 200],
  ['feedparser/6.0.10 +https://github.com/kurtmckee/feedparser/', 200],
  ['lemon24-reader/3 feedparser/6', 226],
  ['a reader (like rss2email)', 226],
])('B4 answers %s, which asks for a delta, with %i in a form that it can read', async (agent, status) => {
  expect((await ask({ 'a-im': 'feed', 'if-none-match': '"four"', 'user-agent': agent })).status).toBe(status);
});

test('B4 sends the whole to clients that name no version or do not ask for a delta', async () => {
  await check({ 'a-im': 'feed' }, 200, whole);
  await check({ 'if-none-match': '"four"' }, 200, whole);
  await check({ 'a-im': 'feed', 'if-modified-since': 'Sun, 04 Jan 2026 16:00:00 GMT' }, 200, whole);
  await check({ 'a-im': 'feed', 'if-modified-since': MODIFIED }, 304, '');
});

test('B4 sends the whole when there are no parts or no history', async () => {
  const headers = { 'a-im': 'feed', 'if-none-match': '"four"' };
  expect((await ask(headers, makeAtom([], versions))).status).toBe(200);
  const plain = await ask(headers, { ...makeRepresentation('x'), slug: 'all', format: 'rss', history: null });
  expect([plain.status, plain.headers.get('vary')]).toEqual([200, 'Accept-Encoding']);
});

test('B4 sends an empty feed when the change is in no part', async () => {
  const response = await ask({ 'a-im': 'feed', 'if-none-match': '"before"' }, makeAtom([5], { now: 5, before: 5 }));
  expect([response.status, await response.text()]).toEqual([226, '<feed></feed>']);
});

test('B4 keeps a delta out of caches and names its base and the new version', async () => {
  const { status, headers } = await ask({ 'a-im': 'feed', 'if-none-match': '"stranger", W/"four-gz"' });
  expect(status).toBe(226);
  expect(Object.fromEntries(headers)).toMatchObject({
    im: 'feed',
    'delta-base': '"four-gz"',
    etag: '"now"',
    'cache-control': 'no-store, im',
    'content-type': 'application/atom+xml; charset=utf-8',
    'content-length': '18',
    'last-modified': MODIFIED,
    vary: 'A-IM, Accept-Encoding',
  });
  expect(headers.get('content-encoding')).toBeNull();
});

test.each<[string, string, (bytes: Uint8Array) => Uint8Array]>([
  ['gzip', '"now-gz"', gunzipSync],
  ['br', '"now-br"', brotliDecompressSync],
])('B4 sends a delta in %s, with the tag %s of that form', async (coding, etag, decode) => {
  const response = await ask({ 'a-im': 'feed', 'if-none-match': '"three"', 'accept-encoding': coding });
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([response.status, response.headers.get('content-encoding'), response.headers.get('etag')]).toEqual([226, coding, etag]);
  expect(response.headers.get('content-length')).toBe(String(bytes.length));
  expect(Buffer.from(decode(bytes)).toString()).toBe('<feed><e5/><e4/></feed>');
});

test('B4 answers HEAD with the headers of the delta and no body', async () => {
  const asked = { 'a-im': 'feed', 'if-none-match': '"four"', 'accept-encoding': 'gzip' };
  const head = await ask(asked, atom, 'HEAD');
  expect([head.status, ...head.headers]).toEqual([226, ...(await ask(asked)).headers]);
  expect(await head.text()).toBe('');
});

test('B4 says on every answer of a feed with deltas that it depends on A-IM', async () => {
  for (const headers of [{}, { 'if-none-match': '"now"' }, { 'a-im': 'feed', 'if-none-match': '"four"' }])
    expect((await ask(headers)).headers.get('vary')).toBe('A-IM, Accept-Encoding');
});

test('B4 knows versions whose tag ends like the suffix of a coding, and takes the older of two that match', async () => {
  const document = makeAtom([5, 4, 3], { now: 5, 'x-gz': 4, x: 3, 'y-br': 4 });
  const get = async (tag: string) => (await ask({ 'a-im': 'feed', 'if-none-match': `"${tag}"` }, document)).text();
  expect(await get('y-br')).toBe('<feed><e5/></feed>');
  expect(await get('y-br-gz')).toBe('<feed><e5/></feed>');
  expect(await get('x-gz')).toBe('<feed><e5/><e4/></feed>');
  expect(await get('y')).toBe('<feed><e5/><e4/><e3/></feed>');
});

test('B4 gives each of many clients the delta of its own version, again and again', async () => {
  const seqs = Array.from({ length: 100 }, (_, n) => 100 - n);
  const document = makeAtom(seqs, { now: 100, ...Object.fromEntries(seqs.map((seq) => [`v${seq - 1}`, seq - 1])) });
  const app = makeServer({ readDocument: async () => document });
  const headers = (seq: number) => ({ 'a-im': 'feed', 'if-none-match': `"v${seq}"` });
  for (const seq of [...seqs.keys(), ...seqs.keys()]) {
    const newer = seqs.filter((n) => n > seq).map((n) => `<e${n}/>`);
    expect(await (await app.request('/feed.atom', { headers: headers(seq) })).text()).toBe(`<feed>${newer.join('')}</feed>`);
  }
});

test('B4 counts versions separately for each document', async () => {
  const headers = { 'a-im': 'feed', 'if-none-match': '"now"' };
  expect((await ask(headers)).status).toBe(304);
  const next = makeAtom([6, 5, 3, 4, 1], { ...versions, next: 6 }, { tag: 'next' });
  expect(await (await ask(headers, next)).text()).toBe('<feed><e6/></feed>');
});

test('B4 makes deltas of private feeds too', async () => {
  const app = makeServer({ readDocument: async () => atom });
  const headers = { 'a-im': 'feed', 'if-none-match': '"four"' };
  const response = await app.request('/feeds/inner.atom?token=secret', { headers });
  expect([response.status, response.headers.get('cache-control')]).toEqual([226, 'no-store, im']);
  expect((await app.request('/feeds/inner.atom', { headers })).status).toBe(401);
});
