import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { codeOf, openFetcher, textOf } from '../../support/http-fetcher.ts';
import { startLoopback } from '../../support/loopback.ts';

const text = '<rss version="2.0"><channel><title>Ödland</title></channel></rss>'.repeat(40);
/** Bytes that are neither text nor encoded. */
const randomBytes = Buffer.from(Array.from({ length: 500 }, (_, n) => (n * 89 + 3) % 251));
const megabyte = Buffer.alloc(1 << 20, 'x');

test.each([
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['GZIP', gzipSync(text)],
  ['gzip', Buffer.concat([gzipSync(text.slice(0, 99)), gzipSync(text.slice(99))])],
  ['br', brotliCompressSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['identity', Buffer.from(text)],
  ['', Buffer.from(text)],
])('A14 undoes the content coding %s', async (coding, bytes) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  expect(textOf(await fetcher.ask(server.answer('/feed', 200, { 'content-encoding': coding }, bytes)))).toBe(text);
});

/** Returns the bytes of a feed in the chunks of an S3 client. */
function inChunks(bytes: Buffer, signature = `;chunk-signature=${'0a'.repeat(32)}`): Buffer {
  const pieces = [bytes.subarray(0, 100), bytes.subarray(100), Buffer.alloc(0)];
  return Buffer.concat(
    pieces.flatMap((piece) => [Buffer.from(`${piece.length.toString(16)}${signature}\r\n`), piece, Buffer.from('\r\n')]),
  );
}

test.each([
  ['aws-chunked', Buffer.from(text)],
  ['UTF-8', Buffer.from(text)],
  ['utf-8, identity', Buffer.from(`\ufeff\n${text}`)],
  ['none', Buffer.from(text, 'utf16le')],
  ['zstd', Buffer.from(text)],
  ['aws-chunked', gzipSync(text)],
  ['gzip, aws-chunked', gzipSync(text)],
  ['aws-chunked, gzip', gzipSync(text)],
  ['gzip, aws-chunked', Buffer.from(text)],
  ['aws-chunked', inChunks(Buffer.from(text))],
  ['aws-chunked', inChunks(Buffer.from(text), '')],
  ['gzip,aws-chunked', inChunks(gzipSync(text))],
  ['aws-chunked', inChunks(gzipSync(text))],
  ['gzip', Buffer.from(text)],
  ['x-gzip', Buffer.from('User-agent: *\n')],
  ['br', Buffer.from(text)],
  ['deflate', Buffer.from(text)],
  ['br', Buffer.from(`\ufeff  {"version": "https://jsonfeed.org/version/1.1"}`)],
  ['identity', gzipSync(text)],
  ['', gzipSync(text)],
  ['', gzipSync(gzipSync(text))],
  ['br', gzipSync(text)],
  ['deflate', gzipSync(text)],
  ['gzip', deflateSync(text)],
  ['gzip', gzipSync(gzipSync(text))],
  ['gzip, gzip', gzipSync(gzipSync(text))],
  ['gzip, gzip', gzipSync(text)],
  ['gzip, br', gzipSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
  ['br, gzip', gzipSync(brotliCompressSync(text))],
  ['deflate, utf-8', deflateRawSync(text)],
])('A14 trusts the bytes rather than the field for %s', async (coding, bytes) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const expected = await fetcher.ask(server.answer('/plain', 200, {}, peel(bytes)));
  expect(textOf(await fetcher.ask(server.answer('/feed', 200, { 'content-encoding': coding }, bytes)))).toBe(textOf(expected));
  // The first piece of these bodies does not show their coding.
  const url = server.on('/drops', (_, response) => {
    response.writeHead(200, { 'content-encoding': coding });
    response.write(bytes.subarray(0, 1), () => response.end(bytes.subarray(1)));
  });
  expect(textOf(await fetcher.ask(url))).toBe(textOf(expected));
});

/** Undoes all layers of a case above down to the text. */
function peel(bytes: Buffer): Buffer {
  const starts = ['<', '{', 'User', '\ufeff'].map((start) => Buffer.from(start));
  return starts.some((start) => bytes.subarray(0, start.length).equals(start)) ? bytes : Buffer.from(text);
}

test.each([
  ['an unknown coding', 'zstd', zstdCompressSync(text), 'fetch/encoding'],
  ['an unknown coding under a known one', 'zstd, gzip', gzipSync(zstdCompressSync(text)), 'fetch/encoding'],
  ['gzip that is none', 'gzip', randomBytes, 'fetch/encoding'],
  ['brotli that is none', 'br', Buffer.alloc(500, 0xff), 'fetch/encoding'],
  ['deflate that is none', 'deflate', Buffer.concat([Buffer.from([0x78, 0x9c]), randomBytes]), 'fetch/encoding'],
  ['gzip that nothing names, and that ends early', '', gzipSync(text).subarray(0, -12), 'fetch/truncated'],
  [
    'gzip that nothing names, with a wrong checksum',
    'identity',
    Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(8, 7)]),
    'fetch/encoding',
  ],
  [
    'gzip with a wrong checksum',
    'gzip',
    Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(4), gzipSync(text).subarray(-4)]),
    'fetch/encoding',
  ],
  ['gzip that ends early', 'gzip', gzipSync(text).subarray(0, -12), 'fetch/truncated'],
  ['brotli that ends early', 'br', brotliCompressSync(text).subarray(0, -12), 'fetch/truncated'],
  ['deflate that ends early', 'deflate', deflateSync(text).subarray(0, -12), 'fetch/truncated'],
])('A14 refuses %s', async (_, coding, bytes, code) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const result = await fetcher.ask(server.answer('/feed', 200, { 'content-encoding': coding, etag: '"a"' }, bytes));
  expect(result).toMatchObject({ kind: 'failed', gone: false, problem: { code }, hints: { status: 200 } });
});

test.each([
  ['gzip', gzipSync(Buffer.alloc(50 << 20))],
  ['br', brotliCompressSync(Buffer.alloc(50 << 20))],
  ['deflate', deflateSync(Buffer.alloc(50 << 20))],
  ['', gzipSync(Buffer.alloc(50 << 20))],
  ['gzip', gzipSync(gzipSync(Buffer.alloc(50 << 20)))],
  ['aws-chunked', gzipSync(Buffer.alloc(50 << 20))],
  ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50 << 20)))],
])('A14 stops inflating a bomb of 50 MiB in %s at the limit', async (coding, bytes) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ maxBytes: 100_000 });
  const before = process.memoryUsage().arrayBuffers;
  expect(codeOf(await fetcher.ask(server.answer('/feed', 200, { 'content-encoding': coding }, bytes)))).toBe('fetch/too-large');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
});

test('A14 accepts a body of exactly the limit, plain and inflated, and refuses one byte more', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ maxBytes: 1 << 20 });
  const more = Buffer.alloc((1 << 20) + 1, 'x');
  const gzip = { 'content-encoding': 'gzip' };
  expect(codeOf(await fetcher.ask(server.answer('/plain', 200, {}, megabyte)))).toBe('content');
  expect(codeOf(await fetcher.ask(server.answer('/gzip', 200, gzip, gzipSync(megabyte))))).toBe('content');
  expect(codeOf(await fetcher.ask(server.answer('/plain', 200, {}, more)))).toBe('fetch/too-large');
  expect(codeOf(await fetcher.ask(server.answer('/gzip', 200, gzip, gzipSync(more))))).toBe('fetch/too-large');
});

test('refuses a body whose Content-Length is over the limit before it comes', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.on('/feed', (_, response) => void response.writeHead(200, { 'content-length': 2_000_000 }).write('x'));
  expect(codeOf(await fetcher.ask(url))).toBe('fetch/too-large');
});

test('cuts an endless body at the limit and closes its connection', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ maxBytes: 300_000 });
  const closed = Promise.withResolvers<void>();
  const url = server.on('/feed', (_, response) => {
    const pour = () => {
      while (!response.destroyed && response.write(megabyte.subarray(0, 10_000)));
    };
    response.on('drain', pour).on('close', () => closed.resolve());
    pour();
  });
  expect(codeOf(await fetcher.ask(url))).toBe('fetch/too-large');
  await closed.promise;
});

test('the limits of a source override the general ones', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ maxBytes: 1000, timeoutMs: 60_000 });
  const url = server.answer('/feed', 200, {}, text);
  const silent = server.on('/silent', () => {});
  expect(codeOf(await fetcher.ask(url))).toBe('fetch/too-large');
  expect(codeOf(await fetcher.ask(url, { options: { maxBytes: 10_000 } }))).toBe('content');
  expect(await fetcher.ask(silent, { options: { timeoutMs: 50 } })).toMatchObject({
    problem: { code: 'fetch/timeout', message: expect.stringContaining('50 ms') },
  });
});

test.each([
  ['a Content-Length that is too large', 'content-length: 1000\r\n\r\nshort'],
  ['chunks without an end', 'transfer-encoding: chunked\r\n\r\n5\r\nshort\r\n'],
])('reports a truncated body with %s', async (_, rest) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.on('/feed', (request) => request.socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
  expect(await fetcher.ask(url)).toMatchObject({ kind: 'failed', problem: { code: 'fetch/truncated' }, hints: { status: 200 } });
});

test('says that a body was cut short by a reset', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher();
  const url = server.on('/feed', (request, response) => void response.write('short', () => request.socket.resetAndDestroy()));
  expect(codeOf(await fetcher.ask(url))).toMatch(/^fetch\/(truncated|network)$/);
});

test.each([['gzip'], ['identity']])('cuts a body that drips slowly in %s at the deadline', async (coding) => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ timeoutMs: 200 });
  const bytes = coding === 'gzip' ? gzipSync(text) : Buffer.from(text);
  let sent = 0;
  const url = server.on('/feed', (_, response) => {
    response.writeHead(200, { 'content-encoding': coding });
    const timer = setInterval(() => response.write(bytes.subarray(sent, ++sent)), 20);
    response.on('close', () => clearInterval(timer));
  });
  const start = performance.now();
  expect(codeOf(await fetcher.ask(url))).toBe('fetch/timeout');
  expect(performance.now() - start).toBeLessThan(1500);
  expect(sent).toBeGreaterThan(1);
});

test('one deadline covers all redirects', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ timeoutMs: 250 });
  for (const hop of [0, 1, 2, 3]) {
    server.on(`/${hop}`, (_, response) => void setTimeout(() => response.writeHead(302, { location: `/${hop + 1}` }).end(), 100));
  }
  server.answer('/4', 200, {}, text);
  expect(codeOf(await fetcher.ask(`${server.origin}/0`))).toBe('fetch/timeout');
  expect(server.requests.length).toBeLessThanOrEqual(3);
});

test('cuts a stalled TLS handshake at the deadline, and delays no other request', async () => {
  await using server = await startLoopback();
  let handshakes = 0;
  server.onConnection((socket) => {
    handshakes += 1;
    socket.pause();
  });
  const fetcher = openFetcher({ timeoutMs: 20_000 });
  const url = server.origin.replace('http:', 'https:');
  const start = performance.now();
  for (let round = 0; round < 3; round += 1) expect(codeOf(await fetcher.ask(url, { options: { timeoutMs: 60 } }))).toBe('fetch/timeout');
  await fetcher[Symbol.asyncDispose]();
  expect(handshakes).toBe(3);
  expect(performance.now() - start).toBeLessThan(2000);
});

test('A15 sends at most two requests at once to one host, and the others in order', async () => {
  await using server = await startLoopback();
  await using second = await startLoopback();
  await using fetcher = openFetcher();
  let open = 0;
  let most = 0;
  const urls = Array.from({ length: 8 }, (_, index) =>
    (index % 4 === 3 ? second : server).on(`/${index}`, (_request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        response.end(text);
      }, 20);
    }),
  );
  const results = await Promise.all(urls.map((url) => fetcher.ask(url)));
  expect(results.map(codeOf)).toEqual(urls.map(() => 'content'));
  expect(most).toBe(2);
  const arrivals = [...server.requests, ...second.requests].toSorted((a, b) => a.at - b.at).map((request) => Number(request.url.slice(1)));
  expect(arrivals.every((number, index) => Math.abs(number - index) <= 1)).toBe(true);
});

test('A15 does not count the wait for a busy host towards the deadline, and lets other hosts pass', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ perHost: 1, timeoutMs: 150 });
  const urls = [0, 1, 2, 3].map((index) => server.on(`/${index}`, (_, response) => void setTimeout(() => response.end(text), 80)));
  const waiting = Promise.all(urls.map((url) => fetcher.ask(url)));
  const other = fetcher.ask(server.answer('/other', 200, {}, text).replace('127.0.0.1', 'localhost'));
  const first = await Promise.race([waiting.then(() => 'waiting'), other.then(() => 'other')]);
  expect(first).toBe('other');
  expect((await waiting).map(codeOf)).toEqual(['content', 'content', 'content', 'content']);
});

test('A15 gives the turn back whatever the outcome of a request', async () => {
  await using server = await startLoopback();
  await using fetcher = openFetcher({ perHost: 1, timeoutMs: 100, maxBytes: 10_000 });
  const urls = [
    server.on('/hang-up', (request) => request.socket.destroy()),
    server.on('/silent', () => {}),
    server.answer('/large', 200, {}, megabyte),
    server.answer('/loop', 302, { location: '/loop' }),
    server.answer('/away', 302, { location: `http://localhost:${server.port}/feed` }),
    server.answer('/feed', 200, {}, text),
  ];
  const results = await Promise.all(urls.map((url) => fetcher.ask(url)));
  expect(results.map(codeOf).slice(0, 4)).toEqual(['fetch/network', 'fetch/timeout', 'fetch/too-large', 'fetch/redirect-loop']);
  expect(codeOf(results[5] ?? (await fetcher.ask('')))).toBe('content');
});
