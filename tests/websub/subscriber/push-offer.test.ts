import { expect, test } from 'vitest';
import { declare, openWorkbench } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import { feedOf, HOUR } from '../../support/subscriber.ts';

const hub = 'https://hub.test/';

/** Polls one source repeatedly and returns the hub offer noted after each answer. */
async function openPolls() {
  const server = await startLoopback();
  const bench = await openWorkbench();
  const sources = [declare('feed', `${server.origin}/feed`, { id: 'a' })];
  return {
    server,
    poll: async (status: number, fields: Record<string, string>, body = '') => {
      server.answer('/feed', status, fields, body);
      bench.now = new Date(bench.now.getTime() + 2 * HOUR);
      await bench.run(sources);
      return (await bench.store.readSources())[0]?.poll.hubOffer ?? null;
    },
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const withHub = (url: string, ...numbers: number[]) =>
  feedOf(...numbers).replace(
    '<channel>',
    `<channel xmlns:atom="http://www.w3.org/2005/Atom"><atom:link rel="hub" href="${url}"/><atom:link rel="self" href="https://a.test/self"/>`,
  );

test('the hub offer of an answer is noted; an answer without an offer leaves it unchanged', async () => {
  await using polls = await openPolls();
  const { poll, server } = polls;
  expect(await poll(200, { etag: '"0"' }, feedOf(1))).toBeNull();
  const noted = { hubs: [hub], topic: 'https://a.test/self' };
  expect(await poll(200, { etag: '"1"' }, withHub(hub, 1))).toEqual(noted);
  // An answer without a document does not withdraw the offer.
  expect(await poll(304, {})).toEqual(noted);
  expect(await poll(200, { etag: '"2"' }, withHub(hub, 1))).toEqual(noted);
  expect(await poll(503, {})).toEqual(noted);
  expect(await poll(200, {}, '<html>a page</html>')).toEqual(noted);
  // Link fields make an offer without a document, and override the document's.
  expect(await poll(304, { link: `<${server.origin}/hub>; rel=hub` })).toEqual({ ...noted, hubs: [`${server.origin}/hub`] });
  expect(await poll(200, { link: `<${hub}>; rel=hub, </t>; rel=self` }, withHub('https://other.test/', 1))).toEqual({
    hubs: [hub],
    topic: `${server.origin}/t`,
  });
  expect(await poll(200, { etag: '"3"' }, feedOf(1, 2))).toBeNull();
});

test('the topic of a feed without a self link is the requested address, not the target of its redirect', async () => {
  await using polls = await openPolls();
  const { server, poll } = polls;
  server.answer('/there', 200, { link: `<${hub}>; rel=hub` }, feedOf(1));
  expect(await poll(302, { location: '/there' })).toEqual({ hubs: [hub], topic: `${server.origin}/feed` });
});

test('a page whose feed names a hub has the hub offer of that feed', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer(
    '/',
    200,
    { 'content-type': 'text/html' },
    '<html><head><link rel="alternate" type="application/rss+xml" href="/f.xml"></head></html>',
  );
  server.answer('/f.xml', 200, { link: `<${hub}>; rel=hub` }, feedOf(1));
  await bench.run([declare('page', `${server.origin}/`, { id: 'a' })]);
  const [status] = await bench.store.readSources();
  expect(status?.poll.hubOffer).toEqual({ hubs: [hub], topic: `${server.origin}/f.xml` });
});
