import { brotliCompressSync, gzipSync } from 'node:zlib';
import { drip, head, pour, repeat, type Script, smallFeed, whenAsked } from './hostile.ts';

/** One way in which a server breaks or abuses HTTP, and the expected result of the fetcher. */
export interface HostileAnswer {
  readonly name: string;
  readonly script: Script;
  /** Code of the problem, or `content` when the answer can be read all the same. */
  readonly expected: RegExp;
  readonly scheme?: 'https';
}

const feed = smallFeed();
const megabyte = 'x'.repeat(1 << 20);
const members = gzipSync(Buffer.alloc(10 << 20));
const bomb = brotliCompressSync(Buffer.alloc(100 << 20));

const network = /^fetch\/network$/;
const protocol = /^fetch\/protocol$/;
const late = /^fetch\/timeout$/;
const tooLarge = /^fetch\/too-large$/;
const truncated = /^fetch\/truncated$/;

/** Answers a request with these bytes, all at once, and ends. */
const say = (text: string | Uint8Array): Script => whenAsked((socket) => void socket.end(text));
/** Answers with these bytes and leaves the connection open. */
const sayAndWait = (text: string): Script => whenAsked((socket) => void socket.write(text));
const stream = (start: string, pieces: () => Iterable<string | Uint8Array>): Script =>
  whenAsked((socket) => {
    socket.write(start);
    void pour(socket, pieces());
  });
const slowly = (start: string, pieces: () => Iterable<string>): Script =>
  whenAsked((socket) => {
    socket.write(start);
    drip(socket, pieces(), 10);
  });

/** Bodies without end, or different from what their fields say. */
const bodies: readonly HostileAnswer[] = [
  { name: 'an endless body', expected: tooLarge, script: stream(head(), () => repeat(megabyte)) },
  {
    name: 'an endless chunked body',
    expected: tooLarge,
    script: stream(head(['transfer-encoding: chunked']), () => repeat(`100000\r\n${megabyte}\r\n`)),
  },
  {
    name: 'an endless body of one-byte chunks',
    // On a busy machine the time ends before the number of pieces does.
    expected: /^fetch\/(?:pieces|timeout)$/,
    script: stream(head(['transfer-encoding: chunked']), () => repeat('1\r\nx\r\n'.repeat(10_000))),
  },
  { name: 'a body that drips', expected: late, script: slowly(head(), () => repeat('<')) },
  { name: 'a body without an end on an open connection', expected: late, script: sayAndWait(head() + feed) },
  {
    name: 'a gzip bomb of 10 GB',
    expected: tooLarge,
    script: stream(head(['content-encoding: gzip']), () => repeat(members, 1000)),
  },
  { name: 'a brotli bomb of 100 MB', expected: tooLarge, script: stream(head(['content-encoding: br']), () => [bomb]) },
  {
    name: 'a gzip inside a gzip',
    expected: /^content$/,
    script: stream(head(['content-encoding: gzip, gzip']), () => [gzipSync(gzipSync(feed))]),
  },
  {
    name: 'a hundred gzips inside each other',
    expected: /^fetch\/encoding$/,
    script: stream(head([`content-encoding: ${Array.from({ length: 100 }, () => 'gzip').join(', ')}`]), () => [gzipSync(feed)]),
  },
  {
    name: 'a gzip bomb inside a gzip that nothing names',
    expected: tooLarge,
    script: stream(head([]), () => [gzipSync(gzipSync(Buffer.alloc(100_000_000)))]),
  },
  {
    name: 'endless empty gzip members',
    expected: /^fetch\/(too-large|timeout)$/,
    script: stream(head(['content-encoding: gzip']), () => repeat(Buffer.concat([...repeat(gzipSync(''), 3000)]))),
  },
  { name: 'a Content-Length that is too long', expected: truncated, script: say(head(['content-length: 5000']) + feed) },
  { name: 'a Content-Length that is too short', expected: /^content$/, script: say(head(['content-length: 60']) + feed) },
  {
    name: 'two Content-Lengths',
    expected: protocol,
    script: say(head(['content-length: 10', 'content-length: 60']) + feed),
  },
  { name: 'a negative Content-Length', expected: protocol, script: say(head(['content-length: -1']) + feed) },
  {
    name: 'a reset in mid-body',
    expected: /^fetch\/(truncated|network)$/,
    script: whenAsked((socket) => void socket.write(head(['content-length: 5000']) + feed, () => socket.resetAndDestroy())),
  },
  {
    name: 'chunks that are cut short',
    expected: truncated,
    script: say(`${head(['transfer-encoding: chunked'])}1000\r\n${feed}`),
  },
  ...['zz', '-5', 'ffffffffffffffffff', '', '5 5'].map((size) => ({
    name: `a chunk of size "${size}"`,
    expected: truncated,
    script: say(`${head(['transfer-encoding: chunked'])}5\r\n<rss \r\n${size}\r\n${feed}\r\n0\r\n\r\n`),
  })),
  {
    name: 'endless trailers',
    expected: truncated,
    script: stream(`${head(['transfer-encoding: chunked'])}5\r\n<rss \r\n0\r\n`, () => repeat('x-trailer: y\r\n'.repeat(1000))),
  },
];

/** Heads that break HTTP's grammar or have no end. */
const heads: readonly HostileAnswer[] = [
  { name: 'silence', expected: late, script: () => {} },
  { name: 'silence after the request', expected: late, script: whenAsked(() => {}) },
  { name: 'a close at once', expected: network, script: (socket) => void socket.end() },
  { name: 'a reset at once', expected: network, script: (socket) => void socket.resetAndDestroy() },
  { name: 'a close after the request', expected: network, script: whenAsked((socket) => void socket.end()) },
  { name: 'a head that drips', expected: late, script: slowly('HTTP/1.1 200 OK\r\nx-slow: ', () => repeat('y')) },
  { name: 'a head of 1 MB in one field', expected: protocol, script: say(head([`x-large: ${megabyte}`]) + feed) },
  { name: 'a head of 10,000 fields', expected: protocol, script: say(head([...repeat('x: y', 10_000)]) + feed) },
  { name: 'an endless head', expected: protocol, script: stream('HTTP/1.1 200 OK\r\n', () => repeat('x: y\r\n'.repeat(1000))) },
  { name: 'an endless status line', expected: /^fetch\/(protocol|timeout)$/, script: stream('HTTP/1.1 200 ', () => repeat(megabyte)) },
  { name: 'a NUL in a field', expected: protocol, script: say(head(['x-nul: a\0b']) + feed) },
  { name: 'a field without a colon', expected: protocol, script: say(head(['what is this']) + feed) },
  { name: 'a field with a space before its colon', expected: protocol, script: say(head(['x-space : y']) + feed) },
  { name: 'Latin-1 in a field', expected: /^content$/, script: say(Buffer.from(head(['x-name: \xff\xe9']) + feed, 'latin1')) },
  { name: 'a status line without a status', expected: protocol, script: say(`HTTP/1.1 OK\r\n\r\n${feed}`) },
  { name: 'a status of four digits', expected: protocol, script: say(head([], '2000 OK') + feed) },
  { name: 'status 999', expected: /^fetch\/status$/, script: say(head([], '999 Denied') + feed) },
  { name: 'status 000', expected: protocol, script: say(head([], '000 Nothing') + feed) },
  { name: 'HTTP/0.9', expected: protocol, script: say(feed) },
  { name: 'HTTP/3.7', expected: protocol, script: say(`HTTP/3.7 200 OK\r\nconnection: close\r\n\r\n${feed}`) },
  { name: 'another protocol', expected: protocol, script: (socket) => void socket.write('220 mail.test ESMTP\r\n') },
  { name: 'random bytes', expected: protocol, script: say(Buffer.from([...repeat(0x9d, 5000)])) },
  { name: 'endless random bytes', expected: protocol, script: (socket) => void pour(socket, repeat(Buffer.alloc(65_536, 0x9d))) },
  {
    name: '100,000 early hints',
    expected: protocol,
    script: stream('', function* () {
      yield* repeat('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100), 1000);
      yield head() + feed;
    }),
  },
  {
    name: 'a few early hints',
    expected: /^content$/,
    script: say(`${'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(3)}${head()}${feed}`),
  },
  { name: 'endless early hints', expected: protocol, script: stream('', () => repeat('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100))) },
  { name: 'a 100 that nobody asked for', expected: protocol, script: say(`HTTP/1.1 100 Continue\r\n\r\n${head()}${feed}`) },
  {
    name: 'an upgrade that nobody asked for',
    expected: protocol,
    script: say('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
  },
];

/** Statuses that bring no feed, and servers that do not speak TLS. */
const rest: readonly HostileAnswer[] = [
  ...['204 No Content', '205 Reset Content', '206 Partial Content', '226 IM Used', '304 Not Modified', '300 Multiple Choices'].map(
    (status) => ({
      name: `status ${status} in answer to a first request`,
      expected: /^fetch\/status$/,
      script: say(head([], status)),
    }),
  ),
  ...['301 Moved', '302 Found', '307 Temporary', '308 Permanent'].map((status) => ({
    name: `status ${status} without a Location`,
    expected: /^fetch\/redirect-refused$/,
    script: say(head([], status)),
  })),
  {
    name: 'a redirect to itself',
    expected: /^fetch\/redirect-loop$/,
    script: whenAsked((socket, path) => void socket.end(head([`location: ${path}`], '302 Found'))),
  },
  {
    name: 'redirects without end',
    expected: /^fetch\/redirect-loop$/,
    script: whenAsked((socket, path) => void socket.end(head([`location: ${path}/on`], '302 Found'))),
  },
  {
    name: 'a redirect with an endless body',
    expected: /^fetch\/redirect-loop$/,
    script: whenAsked((socket, path) => {
      socket.write(head([`location: ${path}/on`], '302 Found'));
      void pour(socket, repeat(megabyte));
    }),
  },
  {
    name: 'a redirect with a body that drips',
    expected: late,
    script: whenAsked((socket, path) => {
      socket.write(head([`location: ${path}/on`], '302 Found'));
      drip(socket, repeat('x'), 10);
    }),
  },
  { name: 'an error with an endless body', expected: /^fetch\/status$/, script: stream(head([], '500 Oops'), () => repeat(megabyte)) },
  {
    name: 'plain HTTP where TLS is asked for',
    scheme: 'https',
    expected: /^fetch\/tls$/,
    script: (socket) => void socket.on('data', () => socket.end(head() + feed)),
  },
  {
    name: 'random bytes where TLS is asked for',
    scheme: 'https',
    expected: /^fetch\/tls$/,
    script: (socket) => void pour(socket, repeat(Buffer.alloc(65_536, 0x9d), 10)),
  },
  {
    name: 'a close where TLS is asked for',
    scheme: 'https',
    expected: /^fetch\/(tls|network)$/,
    script: (socket) => void socket.on('data', () => socket.end()),
  },
  { name: 'silence where TLS is asked for', scheme: 'https', expected: late, script: (socket) => void socket.resume() },
];

/** All hostile answers. */
export const hostileAnswers: readonly HostileAnswer[] = [...bodies, ...heads, ...rest];
