import { expect, test } from 'vitest';
import { AGAIN_MS, announce } from '../../../src/websub/hub/announce.ts';
import { createHttpClient } from '../../../src/ingest/http/http-client.ts';
import { openWorkbench } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';

async function openAnnouncer() {
  const bench = await openWorkbench();
  const loopback = await startLoopback();
  const http = createHttpClient({ userAgent: 'Newsfold/test', proxy: null, noProxy: [], allowPrivateAddresses: ['127.0.0.0/8'] });
  const bodies: string[] = [];
  let status = 204;
  let refused = 'none';
  const hubUrl = loopback.on('/hub', (request, response) => {
    request.on('data', (piece: Buffer) => bodies.push(String(piece)));
    request.on('end', () => response.writeHead(bodies.at(-1)?.includes(refused) === true ? 400 : status).end());
  });
  const note = (fields: object) => void bench.log.push(fields);
  const log = { debug: note, info: note, warn: note, error: note };
  return {
    bench,
    bodies,
    loopback,
    answerWith: (next: number) => void (status = next),
    refuse: (topic: string) => void (refused = encodeURIComponent(topic)),
    announce: (...seqs: readonly number[]) =>
      announce(
        { store: bench.store, http, clock: { now: () => bench.now }, log, hubUrl },
        seqs.map((seq, index) => ({ topic: `https://planet.test/${index}.atom`, seq })),
      ),
    async [Symbol.asyncDispose]() {
      await http.close();
      await loopback[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

test('WebSub publisher: each document with news is announced to an external hub once', async () => {
  await using one = await openAnnouncer();
  await one.announce(3, 5);
  await one.announce(3, 5);
  await one.announce(3, 6);
  const toBody = (n: number) => `hub.mode=publish&hub.url=https%3A%2F%2Fplanet.test%2F${n}.atom`;
  expect(one.bodies).toEqual([toBody(0), toBody(1), toBody(1)]);
  expect(one.loopback.requests.map(({ method, headers }) => [method, headers['content-type']])).toEqual(
    one.bodies.map(() => ['POST', 'application/x-www-form-urlencoded']),
  );
});

test.each([500, 404, 302])('WebSub publisher: news is announced again to a hub that answers %i', async (status) => {
  await using one = await openAnnouncer();
  one.answerWith(status);
  await one.announce(3);
  await one.announce(3);
  expect(one.bodies).toHaveLength(1);
  one.bench.now = new Date(one.bench.now.getTime() + AGAIN_MS);
  one.answerWith(202);
  await one.announce(3);
  await one.announce(3);
  expect(one.bodies).toHaveLength(2);
});

test('WebSub publisher: one rejected document does not stop the hub from being told of the others', async () => {
  await using one = await openAnnouncer();
  one.refuse('https://planet.test/0.atom');
  expect(await one.announce(3, 3, 3)).toEqual({
    isUp: true,
    announced: ['https://planet.test/1.atom', 'https://planet.test/2.atom'],
    refused: ['https://planet.test/0.atom'],
  });
  expect(one.bodies).toHaveLength(3);
  one.answerWith(503);
  expect(await one.announce(4, 4, 4)).toEqual({ isUp: false, announced: [], refused: [] });
  expect(one.bodies).toHaveLength(4);
});
