import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { listen } from '../../../src/serve/http/listen.ts';
import { makeRepresentation, makeServer } from '../made-server.ts';

const MIB = 1_048_576;
/** More bytes than the buffers of both sockets hold. */
const large = 64 * MIB;

type Timeouts = Parameters<typeof listen>[1]['timeouts'];

/** A server on loopback with a function that opens connections to it. */
async function start(app: Hono, timeouts: Timeouts = {}) {
  const server = await listen(app, { host: '127.0.0.1', port: 0, timeouts });
  const open = async (text: string): Promise<Socket> => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
  return { ...server, open };
}

/** Returns all that the server sends until the connection ends. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await once(socket, 'close');
  return text;
}

test.each([
  ['no HTTP', 'what is this\r\n\r\n', '400'],
  ['bytes of TLS', '\x16\x03\x01\x02\x00\x01', '400'],
  ['a header without a name', 'GET /feed.atom HTTP/1.1\r\nhost: x\r\n: x\r\n\r\n', '400'],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', '400'],
  ['no host', 'GET /feed.atom HTTP/1.1\r\nconnection: close\r\n\r\n', '400'],
  ['a target that is none', 'GET feed.atom HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', '400'],
  ['a head of 20 kB', `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
])('B3 answers %s with an error and goes on', async (_, sent, status) => {
  const server = await start(makeServer());
  const socket = await server.open(sent);
  expect(await readAll(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect((await fetch(`${server.url}/feed.atom`)).status).toBe(200);
  await server.close();
});

test('B5 ends a connection without a request', async () => {
  const server = await start(makeServer(), { headersMs: 100, requestMs: 100 });
  const [slow, silent] = await Promise.all([server.open('GET /feed.atom HTTP/1.1\r\nhost: x\r\n'), server.open('')]);
  const [answer] = await Promise.all([readAll(slow), readAll(silent)]);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  await server.close();
});

/** An app with a large answer. `asked` resolves when it is requested, `cut` when that client is
 *  cut off. */
function makeLarge(): { readonly app: Hono; readonly asked: Promise<void>; readonly cut: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: asked, resolve: hasAsked } = Promise.withResolvers<void>();
  const app = new Hono();
  app.get('/large', async (context) => {
    context.req.raw.signal.addEventListener('abort', () => resolve());
    hasAsked();
    return new Response(Buffer.alloc(large));
  });
  return { app, asked, cut: promise };
}

const askLarge = 'GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

test('B5 cuts off a client that does not read its answer', async () => {
  const { app, cut } = makeLarge();
  const server = await start(app, { idleMs: 100 });
  const socket = await server.open(askLarge);
  socket.pause();
  await expect(cut).resolves.toBeUndefined();
  socket.destroy();
  await server.close();
});

test('B5 sends a slow client its whole answer', async () => {
  const server = await start(makeLarge().app, { idleMs: 1000 });
  const socket = await server.open(askLarge);
  let length = 0;
  const startedAt = performance.now();
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    // The answer makes progress between the pauses, for twice as long as it may stand still.
    if (Math.floor(length / MIB) !== Math.floor((length + chunk.length) / MIB)) await pass(35);
    length += chunk.length;
  }
  expect(performance.now() - startedAt).toBeGreaterThan(2000);
  expect(length).toBeGreaterThan(large);
  await server.close();
});

test('B2 closes with its last answer, though the client would keep the connection', async () => {
  const { promise: asked, resolve: hasAsked } = Promise.withResolvers<void>();
  const { promise: ready, resolve: goOn } = Promise.withResolvers<void>();
  const app = makeServer({
    readDocument: async () => {
      hasAsked();
      await ready;
      return { ...makeRepresentation('late'), slug: 'all', format: 'atom', history: null };
    },
  });
  const server = await start(app);
  const socket = await server.open('GET /feed.atom HTTP/1.1\r\nhost: x\r\n\r\n');
  const idle = await server.open('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(idle, 'data');
  await asked;
  const closed = server.close();
  goOn();
  expect(await readAll(socket)).toMatch(/\r\n\r\nlate$/);
  await closed;
});

test('B2 closes when the answer under way is sent completely', async () => {
  const server = await start(makeLarge().app);
  const socket = await server.open(askLarge);
  let length = 0;
  const closing: Promise<void>[] = [];
  socket.once('data', () => closing.push(server.close()));
  socket.on('data', (chunk: Buffer) => (length += chunk.length));
  await once(socket, 'close');
  await Promise.all(closing);
  expect(length).toBeGreaterThan(large);
});

test('B5 closes within its grace period, though a client does not read', async () => {
  const { app, asked, cut } = makeLarge();
  const server = await start(app, { graceMs: 100 });
  const socket = await server.open(askLarge);
  socket.pause();
  await asked;
  await server.close();
  await expect(cut).resolves.toBeUndefined();
  socket.destroy();
});

test('B5 knows clients by the address of their socket', async () => {
  const server = await start(makeServer({ limitRequests: 1 }));
  const ask = async (forwarded: string) => (await fetch(`${server.url}/feed.atom`, { headers: { 'x-forwarded-for': forwarded } })).status;
  expect([await ask('192.0.2.1'), await ask('192.0.2.2')]).toEqual([200, 429]);
  await server.close();
});

test('B4 sends deltas, 304, HEAD and codings over a socket unchanged', async () => {
  const server = await start(makeServer());
  const ask = async (method: string, headers: string) => {
    const socket = await server.open(`${method} /feed.atom HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`);
    return readAll(socket);
  };
  expect(await ask('GET', '')).toMatch(/^HTTP\/1\.1 200 [\s\S]*content-length: 8\r\n[\s\S]*\r\n\r\nall\.atom$/i);
  expect(await ask('HEAD', '')).toMatch(/^HTTP\/1\.1 200 [\s\S]*content-length: 8\r\n[\s\S]*\r\n\r\n$/i);
  expect(await ask('GET', 'if-none-match: "now-br"\r\n')).toMatch(/^HTTP\/1\.1 304 [\s\S]*etag: "now"\r\n[\s\S]*\r\n\r\n$/i);
  expect(await ask('OPTIONS', '')).toMatch(/^HTTP\/1\.1 204 [\s\S]*allow: GET, HEAD, OPTIONS\r\n[\s\S]*\r\n\r\n$/i);
  await server.close();
});
