import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { addCallbackRoutes } from '../../../src/serve/routes/websub-callback.ts';
import { listen } from '../../../src/serve/http/listen.ts';
import { isSigned } from '../../../src/serve/http/signature.ts';
import { sign } from '../../support/hub.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Callbacks on a real port that record what reached them. */
async function start(bodyMs: number) {
  const taken: string[] = [];
  const app = new Hono();
  const callbacks = {
    maxBytes: 1000,
    find: async () => ({ secret: 'secret', isEnding: false }),
    verify: async () => true,
    deny: async () => true,
    take: async (_path: string, { bytes }: { readonly bytes: Uint8Array }) => {
      taken.push(Buffer.from(bytes).toString());
      return 'queued' as const;
    },
    hint: async () => void taken.push('hint'),
  };
  addCallbackRoutes(app, { callbacks, log }, bodyMs);
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  return { taken, port: Number(new URL(listening.url).port), [Symbol.asyncDispose]: listening.close };
}

/** Sends raw bytes; resolves with everything that comes back until the connection ends. */
function send(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (piece: string) => (said += piece));
    socket.on('error', quiet).on('close', () => resolve(said));
  });
}

test('a body that arrives too late is refused whole', async () => {
  await using server = await start(100);
  const head = 'POST /websub/callback/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n';
  expect(await send(server.port, `${head}only the beginning`)).toMatch(/^HTTP\/1\.1 408 /);
  expect(server.taken).toEqual([]);
});

test('a body that arrives in pieces is joined, and its signature covers exactly its bytes', async () => {
  await using server = await start(5000);
  const signature = sign('onetwo', 'secret');
  const head = `POST /websub/callback/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nX-Hub-Signature: ${signature}\r\n\r\n`;
  expect(await send(server.port, `${head}3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 202 /);
  expect(server.taken).toEqual(['onetwo']);
});

test('a body without end is cut off at the limit', async () => {
  await using server = await start(5000);
  const head = 'POST /websub/callback/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  expect(await send(server.port, `${head}5dc\r\n${'x'.repeat(1500)}\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
  expect(server.taken).toEqual([]);
});

// RFC 4231 §4.3, test case 2.
const jefe = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
test.for<[signature: string | undefined, isRight: boolean]>([
  [`sha256=${jefe}`, true],
  [`SHA256=${jefe.toUpperCase()}`, true],
  [` sha256=${jefe} `, true],
  [`sha256=${jefe.replace('5', '6')}`, false],
  [`sha1=${jefe}`, false],
  [`sha256= ${jefe}`, false],
  [jefe, false],
  ['sha256=', false],
  ['', false],
  [undefined, false],
])('the signature %j is right: %j', ([signature, isRight]) => {
  expect(isSigned(Buffer.from('what do ya want for nothing?'), signature, 'Jefe')).toBe(isRight);
});

test('a slow hub leaves room for those of other sources', async () => {
  await using server = await start(2000);
  const head = (path: string, length: number) =>
    `POST /websub/callback/${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n`;
  const slow = Array.from({ length: 8 }, () => send(server.port, `${head('slow', 100)}\r\nx`));
  const answers = await Promise.all(slow.slice(2).map((answer) => Promise.race([answer, setTimeout(1000, 'waits')])));
  expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 503'))).toHaveLength(6);
  const signed = `X-Hub-Signature: ${sign('one', 'secret')}\r\n\r\none`;
  expect(await send(server.port, head('other', 3) + signed)).toMatch(/^HTTP\/1\.1 202 /);
  expect((await Promise.all(slow.slice(0, 2))).map((answer) => answer.slice(9, 12))).toEqual(['408', '408']);
  expect(await send(server.port, head('slow', 3) + signed)).toMatch(/^HTTP\/1\.1 202 /);
});
