import { expect, test } from 'vitest';
import { declare, openWorkbench } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import { feedOf, HOUR } from '../../support/subscriber.ts';

const hub = 'https://hub.test/';

/** Polls one source again and again; says what is noted of its pushes after each answer. */
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

test('what an answer says of pushes is noted; one that says nothing of them leaves it as it was', async () => {
  await using polls = await openPolls();
  const { poll, server } = polls;
  expect(await poll(200, { etag: '"0"' }, feedOf(1))).toBeNull();
  const noted = { hubs: [hub], topic: 'https://a.test/self' };
  expect(await poll(200, { etag: '"1"' }, withHub(hub, 1))).toEqual(noted);
  // No answer with a document in it says that there is none.
  expect(await poll(304, {})).toEqual(noted);
  expect(await poll(200, { etag: '"2"' }, withHub(hub, 1))).toEqual(noted);
  expect(await poll(503, {})).toEqual(noted);
  expect(await poll(200, {}, '<html>a page</html>')).toEqual(noted);
  // Link fields say so without a document, and come before it.
  expect(await poll(304, { link: `<${server.origin}/hub>; rel=hub` })).toEqual({ ...noted, hubs: [`${server.origin}/hub`] });
  expect(await poll(200, { link: `<${hub}>; rel=hub, </t>; rel=self` }, withHub('https://other.test/', 1))).toEqual({
    hubs: [hub],
    topic: `${server.origin}/t`,
  });
  expect(await poll(200, { etag: '"3"' }, feedOf(1, 2))).toBeNull();
});

test('the topic of a feed without a self link is the address that was asked, not where it redirects to', async () => {
  await using polls = await openPolls();
  const { server, poll } = polls;
  server.answer('/there', 200, { link: `<${hub}>; rel=hub` }, feedOf(1));
  expect(await poll(302, { location: '/there' })).toEqual({ hubs: [hub], topic: `${server.origin}/feed` });
});

test('a page whose feed pushes offers what that feed says', async () => {
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
