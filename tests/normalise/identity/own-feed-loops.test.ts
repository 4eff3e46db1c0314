import { expect, test } from 'vitest';
import { dropOwnFooter } from '../../../src/normalise/identity/own-feed-loops.ts';
import { declare, openWorkbench, rss } from '../../support/bench.ts';

test.each([
  ['<p>Text.</p>\n<p class="newsfold-also">Also published by <a href="https://b.test/1">B</a></p>', '<p>Text.</p>'],
  ['<p>Text.</p><p>Also published by <a href="https://b.test/1">B</a>, <a rel="x" href="https://c.test/1">C</a></p></div>', '<p>Text.</p>'],
  ['<p>Also published by the council: a map.</p>', '<p>Also published by the council: a map.</p>'],
  [
    '<p>Text.</p><p>Also published by <a href="x">B</a> and others</p>',
    '<p>Text.</p><p>Also published by <a href="x">B</a> and others</p>',
  ],
  ['no paragraph', 'no paragraph'],
])('our own footer is dropped, and nothing that only looks like it: %s', (html, expected) => {
  expect(dropOwnFooter(html)).toBe(expected);
});

test('our own feed is refused as a source, by its id, its self link or its address', async () => {
  await using bench = await openWorkbench();
  const { id } = await bench.store.bindFeed('all', bench.now);
  const atom = (head: string) =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${head}<entry><id>urn:x:1</id><title>One two three</title></entry></feed>`;
  const documents = [atom(`<id>${id}</id>`), atom('<id>urn:y</id><link rel="self" href="https://fold.test/feed.atom?x=1"/>')];
  const sources = documents.map((text, n) => declare('file', bench.write(`${n}.xml`, text), { id: `s${n}` }));
  const report = await bench.run(sources);
  expect(report).toMatchObject({ failed: 2, entriesNew: 0 });
  expect(report.problems.map(({ code }) => code)).toEqual(['source/loop', 'source/loop']);
});

test('entries that a planet took from our feeds are left out, and its other entries are read', async () => {
  await using bench = await openWorkbench();
  const { id } = await bench.store.bindFeed('all', bench.now);
  const entry = (n: number, source: string) =>
    `<entry><id>urn:x:${n}</id><title>Title number ${n}</title><source>${source}</source></entry>`;
  const text = `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:planet</id><title>P</title>${entry(1, `<id>${id}</id>`)}${entry(2, '<id>urn:other</id>')}</feed>`;
  const item = (n: number, url: string) => `<item><title>Title number ${n}</title><guid>x${n}</guid><source url="${url}">S</source></item>`;
  const plain = `<rss version="2.0"><channel><title>Q</title>${item(3, 'https://fold.test/feed.rss')}${item(4, 'https://q.test/feed')}</channel></rss>`;
  const report = await bench.run([
    declare('file', bench.write('p.xml', text), { id: 'p' }),
    declare('file', bench.write('q.xml', plain), { id: 'q' }),
  ]);
  expect(report).toMatchObject({ failed: 0, entriesNew: 2 });
  expect(report.problems.map(({ source, code }) => `${source} ${code}`)).toEqual(['p entry/loop', 'q entry/loop']);
  expect((await bench.stories()).map(({ lead }) => lead.entry.revision.title).toSorted()).toEqual(['Title number 2', 'Title number 4']);
});

test('a changed "Also published by" line is no change, so two planets that read each other come to rest', async () => {
  await using bench = await openWorkbench();
  const body = (footer: string) => `A text of more than a few words about the ferry. ${footer}`;
  const footer = (name: string) => `<p class="newsfold-also">Also published by <a href="https://${name}.test/1">${name}</a></p>`;
  const write = (by: string) =>
    bench.write('p.xml', rss('https://p.test/', [['The ferry sails again', 'https://p.test/1', body(footer(by)), 'urn:x:1']]));
  const source = declare('file', write('one'), { id: 'p' });
  await bench.run([source]);
  write('two');
  expect(await bench.run([source])).toMatchObject({ entriesNew: 0, entriesRevised: 0, storiesUpdated: 0 });
});
