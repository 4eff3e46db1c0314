import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import type { Loopback } from '../../support/loopback.ts';

const HOUR = 3_600_000;
const html = { 'content-type': 'text/html; charset=utf-8' };
const sentences = [
  'The ferry to the northern islands sailed again on Monday after eleven days in dock.',
  'Engineers had replaced the bearing of the port shaft, which had been running hot since the spring.',
  'The harbour master said the crossing would keep to its winter timetable until the end of March.',
  'Two farmers who had waited with their sheep since the second week were the first on board.',
  'Passengers paid the usual fare, and the mail that had piled up went with them in nine sacks.',
];
const SUMMARY = 'The ferry to the northern islands sailed again on Monday after eleven days in dock.';
const pageOf = (rest: string) =>
  `<html><head><title>Ferry sails again</title></head><body><nav><a href="/">Home</a></nav><article><h1>Ferry sails again</h1>${sentences
    .map((sentence) => `<p>${sentence} ${sentence.replace(/^./, (letter) => letter.toLowerCase())}</p>`)
    .join('')}${rest}</article></body></html>`;
const wall = `<html><head><title>Ferry sails again</title></head><body><article><h1>Ferry sails again</h1><p>${SUMMARY}</p><p>This article is for subscribers only. Subscribe now to continue reading.</p></article></body></html>`;

const feedAt = (server: Loopback, text = SUMMARY, title = 'Ferry sails again') =>
  rss(`${server.origin}/`, [[title, `${server.origin}/ferry`, text]]);

async function read(server: Loopback, bench: Workbench, rest: Parameters<typeof declare>[2] = {}) {
  const report = await bench.run([declare('feed', `${server.origin}/feed`, { id: 'a', fullText: true, ...rest })]);
  bench.now = new Date(bench.now.getTime() + 2 * HOUR);
  const [story] = await bench.stories();
  return { report, html: story?.members[0]?.entry.revision.html ?? story?.members[0]?.entry.revision.summary ?? '', story };
}
const pathsOf = (server: Loopback) => server.requests.map(({ url }) => url);

test('an entry with only a summary is published with the text of its page, which is requested once', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/feed', 200, {}, feedAt(server));
  server.answer('/ferry', 200, html, pageOf('<p>See <a href="/map">the map</a>.</p>'));
  const { report, html: text } = await read(server, bench);
  expect(report).toMatchObject({ entriesNew: 1, problems: [] });
  for (const sentence of sentences) expect(text).toContain(sentence);
  expect(text).toContain(`href="${server.origin}/map"`);
  expect(text).not.toContain('Home');
  expect(pathsOf(server)).toEqual(['/feed', '/robots.txt', '/ferry']);
  // The document gets another entry with a text of its own: known entries are neither requested nor
  // revised.
  const [first = ''] = feedAt(server).split('</channel>');
  const long = 'word '.repeat(400);
  server.answer(
    '/feed',
    200,
    {},
    `${first}<item><title>Long</title><link>${server.origin}/long</link><description>${long}</description></item></channel></rss>`,
  );
  await bench.restart();
  expect((await read(server, bench)).report).toMatchObject({ entriesNew: 1, entriesRevised: 0, problems: [] });
  expect(pathsOf(server)).toEqual(['/feed', '/robots.txt', '/ferry', '/feed']);
});

test('a change of an entry in the feed requests its page again and gives one revision', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/feed', 200, {}, feedAt(server));
  server.answer('/ferry', 200, html, pageOf(''));
  await read(server, bench);
  server.answer('/feed', 200, {}, feedAt(server, `${SUMMARY} It carries mail.`));
  server.answer(
    '/ferry',
    200,
    html,
    pageOf('<p>It carries mail again as well, the harbour master told the council, and will do so all winter.</p>'),
  );
  const { report, html: text } = await read(server, bench);
  expect(report).toMatchObject({ entriesNew: 0, entriesRevised: 1 });
  expect(text).toContain('all winter');
  expect(pathsOf(server).filter((path) => path === '/ferry')).toHaveLength(2);
  // When the page is locked, its former text is kept.
  server.answer('/feed', 200, {}, feedAt(server, `${SUMMARY} It carries letters.`));
  server.answer('/ferry', 200, html, wall);
  const locked = await read(server, bench);
  expect(locked.report.problems).toMatchObject([{ source: 'a', code: 'page/paywall' }]);
  expect(locked.html).toContain('all winter');
});

test.each<[what: string, answer: (server: Loopback) => void, code: string]>([
  ['a paywall', (server) => server.answer('/ferry', 200, html, wall), 'page/paywall'],
  [
    'another article',
    (server) => server.answer('/ferry', 200, html, readFileSync(join(import.meta.dirname, '../../data/pages/blog.html'))),
    'page/other-article',
  ],
  ['no page at all', (server) => server.answer('/ferry', 404), 'page/unreachable'],
  ['a picture', (server) => server.answer('/ferry', 200, { 'content-type': 'image/png' }, 'PNG'), 'page/not-html'],
  ['forbidden to robots', (server) => server.answer('/robots.txt', 200, {}, 'User-agent: *\nDisallow: /ferry\n'), 'page/robots'],
])('A19 publishes the text of the feed when the page is %s, reports it once, and requests it no more', async (_, answer, code) => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/feed', 200, {}, feedAt(server));
  server.answer('/ferry', 200, html, pageOf(''));
  answer(server);
  const { report, html: text } = await read(server, bench);
  expect(report).toMatchObject({ entriesNew: 1, failed: 0, problems: [{ source: 'a', code }] });
  expect(text).toBe(SUMMARY);
  server.answer('/feed', 200, {}, `${feedAt(server)} `);
  const asked = pathsOf(server).filter((path) => path === '/ferry').length;
  expect((await read(server, bench)).report).toMatchObject({ entriesRevised: 0, problems: [] });
  expect(pathsOf(server).filter((path) => path === '/ferry')).toHaveLength(asked);
});

test('a page that cannot be fetched is tried again with the next documents, three times in all', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/ferry', 503);
  for (let n = 0; n < 5; n++) {
    server.answer('/feed', 200, {}, `${feedAt(server)}${' '.repeat(n)}`);
    expect((await read(server, bench)).html).toBe(SUMMARY);
  }
  expect(pathsOf(server).filter((path) => path === '/ferry')).toHaveLength(3);
});

test('A7 after Retry-After from a page, no other page of that host is requested', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const items = Array.from({ length: 20 }, (_, n) => [`Title number ${n}`, `${server.origin}/p/${n}`, `Text of ${n}.`] as const);
  server.answer('/feed', 200, {}, rss(`${server.origin}/`, items));
  for (let n = 0; n < 20; n++) server.answer(`/p/${n}`, 429, { 'retry-after': '7200' });
  const { report } = await read(server, bench);
  expect(report).toMatchObject({ entriesNew: 20 });
  // Only the requests that were under way at once were sent.
  expect(pathsOf(server).filter((path) => path.startsWith('/p/')).length).toBeLessThanOrEqual(4);
  expect([...(await bench.store.readHolds(new Date('2026-03-10T12:30:00Z'))).keys()]).toEqual([`127.0.0.1:${server.port}`]);
});

test('switching on full text later leaves published entries unchanged', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  server.answer('/feed', 200, {}, feedAt(server));
  server.answer('/ferry', 200, html, pageOf(''));
  await read(server, bench, { fullText: false });
  server.answer('/feed', 200, {}, `${feedAt(server)} `);
  expect((await read(server, bench)).report).toMatchObject({ entriesRevised: 0 });
  expect(pathsOf(server)).toEqual(['/feed', '/feed']);
});

test('a page gets the headers and credentials of its source only on the site of the source', async () => {
  await using server = await startLoopback();
  await using other = await startLoopback();
  await using bench = await openWorkbench();
  const request = { headers: { cookie: 'session=1' }, auth: null, userAgent: null, timeoutMs: null, maxBytes: null };
  const [own, foreign] = [server, other].map(({ origin }) => [`Ferry sails again to ${origin}`, `${origin}/ferry`, SUMMARY] as const);
  server.answer('/feed', 200, {}, rss(`${server.origin}/`, [own ?? ['', '', ''], foreign ?? ['', '', '']]));
  await read(server, bench, { request });
  const sent = [...server.requests, ...other.requests].filter(({ url }) => url === '/ferry').map(({ headers }) => headers.cookie);
  expect(sent).toEqual(['session=1', undefined]);
});

test('a run stopped while requesting pages publishes no partial result, and the pages are requested later', async () => {
  await using server = await startLoopback();
  await using bench = await openWorkbench();
  const items = Array.from({ length: 8 }, (_, n) => [`Ferry sails again ${n}`, `${server.origin}/p/${n}`, SUMMARY] as const);
  server.answer('/feed', 200, {}, rss(`${server.origin}/`, items));
  const stop = new AbortController();
  for (let n = 0; n < 8; n++)
    server.on(`/p/${n}`, (_, response) => {
      stop.abort();
      response.writeHead(200, html).end(pageOf(''));
    });
  const sources = [declare('feed', `${server.origin}/feed`, { id: 'a', fullText: true })];
  expect(await bench.run(sources, { signal: stop.signal })).toMatchObject({ stopped: true, storiesNew: 0 });
  expect(pathsOf(server).filter((path) => path.startsWith('/p/')).length).toBeLessThan(8);
  bench.now = new Date(bench.now.getTime() + 2 * HOUR);
  server.answer('/feed', 200, {}, `${rss(`${server.origin}/`, items)} `);
  await bench.run(sources);
  expect(new Set(pathsOf(server).filter((path) => path.startsWith('/p/'))).size).toBe(8);
  const texts = (await bench.stories()).flatMap(({ members }) => members.map(({ entry }) => entry.revision.html ?? ''));
  expect(texts).toHaveLength(8);
  for (const text of texts) expect(text).toContain('nine sacks');
});
