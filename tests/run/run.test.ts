import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../support/bench.ts';

const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';

test('a story of three sources appears once, led by the highest priority, and names the others', async () => {
  await using bench = await openWorkbench();
  const item = (host: string) => rss(`https://${host}/`, [['A second slipway for the town', `https://${host}/slipway`, LONG]]);
  const sources = ['a', 'b', 'c'].map((name, index) =>
    declare('file', bench.write(`${name}.xml`, item(`${name}.test`)), {
      id: name,
      title: name.toUpperCase(),
      priority: index === 1 ? 80 : 50,
    }),
  );
  expect(await bench.run(sources)).toMatchObject({ entriesNew: 3, storiesNew: 1, folded: 2, failed: 0, problems: [] });
  const [story, ...others] = await bench.stories();
  expect(others).toEqual([]);
  expect(story?.lead.entry.sourceId).toBe('b');
  expect(story?.footer).toEqual([
    { title: 'A', url: 'https://a.test/slipway' },
    { title: 'C', url: 'https://c.test/slipway' },
  ]);
});

test('a second run changes nothing', async () => {
  await using bench = await openWorkbench();
  const sources = [
    declare('file', bench.write('a.xml', rss('https://a.test/', [['One two three', 'https://a.test/1', LONG]])), { id: 'a' }),
    declare('articles', join(bench.folder, 'articles'), { id: 'desk' }),
  ];
  bench.write('articles/x.txt', 'A title\n\nUpdate (1545ET): more.\n\n***\n\nThe text.\n');
  await bench.run(sources);
  const [stories, generation] = [await bench.stories(), await bench.store.readGeneration()];
  bench.now = new Date('2026-03-11T12:00:00Z');
  await bench.restart();
  expect(await bench.run(sources)).toMatchObject({ entriesNew: 0, entriesRevised: 0, storiesNew: 0, storiesUpdated: 0 });
  expect(await bench.stories()).toEqual(stories);
  expect(await bench.store.readGeneration()).toEqual(generation);
});

test('a later member joins the story without moving its date', async () => {
  await using bench = await openWorkbench();
  const a = declare('file', bench.write('a.xml', rss('https://a.test/', [['A second slipway', 'https://a.test/1', LONG]])), { id: 'a' });
  await bench.run([a]);
  const [before] = await bench.stories();
  bench.now = new Date('2026-03-10T15:00:00Z');
  const b = declare('file', bench.write('b.xml', rss('https://b.test/', [['A second slipway', 'https://b.test/1', LONG]])), {
    id: 'b',
    priority: 99,
  });
  expect(await bench.run([a, b])).toMatchObject({ storiesNew: 0, folded: 1 });
  const [story] = await bench.stories();
  expect(story).toMatchObject({ id: before?.id, updated: before?.updated, footer: [] });
  expect(story?.lead.entry.sourceId).toBe('a');
  expect(story?.members.map((member) => member.entry.sourceId)).toEqual(['a', 'b']);
});

test('an edit is a revision with a newer date; new markup alone changes no date', async () => {
  await using bench = await openWorkbench();
  const write = (text: string) =>
    bench.write('a.xml', rss('https://a.test/', [['A title of four words', 'https://a.test/1', text, 'tag:a.test,2026:1']]));
  const sources = [declare('file', write(`<p>${LONG}</p>`), { id: 'a' })];
  await bench.run(sources);
  bench.now = new Date('2026-03-10T14:00:00Z');
  write(`<div class="x"><p>${LONG}</p></div>`);
  expect(await bench.run(sources)).toMatchObject({ entriesRevised: 0, storiesUpdated: 0 });
  bench.now = new Date('2026-03-10T16:00:00Z');
  write(`<p>${LONG} Work begins in May.</p>`);
  expect(await bench.run(sources)).toMatchObject({ entriesNew: 0, entriesRevised: 1, storiesUpdated: 1, storiesNew: 0 });
  const [story, ...others] = await bench.stories();
  expect(others).toEqual([]);
  expect(story?.id).toBe('tag:a.test,2026:1');
  expect(story?.updated).toEqual(bench.now);
  expect(story?.lead.entry.revision.text).toMatch(/Work begins/);
  expect(story?.revisions.map((revision) => revision.kind)).toEqual(['first', 'edit']);
});

test('an undated article with a mark is one entry with two revisions, both at the time of the mark', async () => {
  await using bench = await openWorkbench();
  bench.write('articles/ferry.txt', 'The ferry sails\n\nUpdate (1545ET): It is full.\n\n*  *  *\n\nThe ferry left this morning.\n');
  await bench.run([declare('articles', join(bench.folder, 'articles'), { id: 'desk' })]);
  const [story] = await bench.stories();
  // 15:45 in New York on the day before, since the file was first seen at noon UTC; summer time
  // began on 8 March 2026.
  expect(story?.updated).toEqual(new Date('2026-03-09T19:45:00Z'));
  expect(story?.published).toEqual(story?.updated);
  expect(story?.revisions.map(({ kind, text }) => [kind, text?.includes('full')])).toEqual([
    ['first', false],
    ['mark', true],
  ]);
});

test('a second mark added on top later is a third revision, and the first one keeps its time', async () => {
  await using bench = await openWorkbench();
  const folder = [declare('articles', join(bench.folder, 'articles'), { id: 'desk' })];
  const earlier = 'Update (1545ET): It is full.\n\n*  *  *\n\nThe ferry left this morning.\n';
  bench.write('articles/ferry.txt', `The ferry sails\n\n${earlier}`);
  await bench.run(folder);
  bench.now = new Date('2026-03-12T12:00:00Z');
  bench.write('articles/ferry.txt', `The ferry sails\n\nUpdate 2 (0700ET): It is back.\n\n*  *  *\n\n${earlier}`);
  expect(await bench.run(folder)).toMatchObject({ entriesNew: 0, entriesRevised: 1 });
  const [story] = await bench.stories();
  expect(story?.revisions.map((revision) => revision.updated?.toISOString())).toEqual([
    '2026-03-09T19:45:00.000Z',
    '2026-03-09T19:45:00.000Z',
    '2026-03-10T11:00:00.000Z',
  ]);
  expect(story?.updated.toISOString()).toBe('2026-03-10T11:00:00.000Z');
});

test('a renamed article keeps its id; a deleted one is withdrawn after two runs and ten minutes and returns under its id', async () => {
  await using bench = await openWorkbench();
  const folder = [declare('articles', join(bench.folder, 'articles'), { id: 'desk' })];
  const first = bench.write('articles/a.txt', 'A title\n\nSome text.\n');
  await bench.run(folder);
  const [before] = await bench.stories();
  renameSync(first, join(bench.folder, 'articles/renamed.txt'));
  expect(await bench.run(folder)).toMatchObject({ entriesNew: 0, entriesDeleted: 0 });
  rmSync(join(bench.folder, 'articles/renamed.txt'));
  expect(await bench.run(folder)).toMatchObject({ entriesDeleted: 0 });
  bench.now = new Date(bench.now.getTime() + 599_000);
  expect(await bench.run(folder)).toMatchObject({ entriesDeleted: 0 });
  bench.now = new Date(bench.now.getTime() + 1000);
  expect(await bench.run(folder)).toMatchObject({ entriesDeleted: 1, storiesWithdrawn: 1 });
  expect(await bench.stories()).toEqual([]);
  bench.write('articles/a.txt', 'A title\n\nSome text.\n');
  await bench.run(folder);
  const [back, ...others] = await bench.stories();
  expect(others).toEqual([]);
  expect(back?.id).toBe(before?.id);
  expect(back?.updated.getTime()).toBeGreaterThanOrEqual(bench.now.getTime());
});

test('an article that becomes a draft is withdrawn at once, without a problem, and returns under its id', async () => {
  await using bench = await openWorkbench();
  const folder = [declare('articles', join(bench.folder, 'articles'), { id: 'desk' })];
  const write = (draft: string) => bench.write('articles/a.md', `---\n${draft}\n---\n# A title\n\nSome text.\n`);
  write('draft: true');
  expect(await bench.run(folder)).toMatchObject({ entriesNew: 0, problems: [] });
  write('draft: false');
  expect(await bench.run(folder)).toMatchObject({ entriesNew: 1, problems: [] });
  const [before] = await bench.stories();
  write('draft: true');
  expect(await bench.run(folder)).toMatchObject({ entriesRevised: 0, entriesDeleted: 1, storiesWithdrawn: 1, problems: [] });
  expect(await bench.stories()).toEqual([]);
  expect(await bench.run(folder)).toMatchObject({ entriesDeleted: 0, problems: [] });
  write('draft: false');
  await bench.run(folder);
  expect((await bench.stories()).map(({ id }) => id)).toEqual([before?.id]);
});

test('a relative image address in an article is reported once', async () => {
  await using bench = await openWorkbench();
  const folder = [declare('articles', join(bench.folder, 'articles'), { id: 'desk' })];
  bench.write('articles/a.md', '# A title\n\n![pic](img/cat.jpg)\n');
  expect((await bench.run(folder)).problems).toMatchObject([{ source: 'desk', code: 'article/relative', entry: 'a.md' }]);
  expect((await bench.run(folder)).problems).toEqual([]);
});

test('nothing is deleted when most articles vanish at once, until the owner accepts it', async () => {
  await using bench = await openWorkbench();
  const folder = [declare('articles', join(bench.folder, 'articles'), { id: 'desk' })];
  for (let n = 1; n <= 6; n++) bench.write(`articles/${n}.txt`, `Title number ${n}\n\nText of number ${n}.\n`);
  await bench.run(folder);
  for (let n = 1; n <= 4; n++) rmSync(join(bench.folder, `articles/${n}.txt`));
  for (let n = 0; n < 3; n++) {
    bench.now = new Date(bench.now.getTime() + 3_600_000);
    expect(await bench.run(folder)).toMatchObject({ entriesDeleted: 0, problems: [{ source: 'desk', code: 'articles/many-missing' }] });
  }
  expect(await bench.run(folder, { acceptDeletions: true })).toMatchObject({ entriesDeleted: 4, storiesWithdrawn: 4 });
  expect(await bench.stories()).toHaveLength(2);
});

test('an unreadable folder deletes nothing', async () => {
  await using bench = await openWorkbench();
  const folder = [declare('articles', join(bench.folder, 'articles'), { id: 'desk' })];
  bench.write('articles/a.txt', 'A title\n\nSome text.\n');
  await bench.run(folder);
  renameSync(join(bench.folder, 'articles'), join(bench.folder, 'away'));
  for (let n = 0; n < 3; n++) {
    bench.now = new Date(bench.now.getTime() + 3_600_000);
    expect(await bench.run(folder)).toMatchObject({ failed: 1, entriesDeleted: 0, problems: [{ code: 'articles/no-folder' }] });
  }
  expect(await bench.stories()).toHaveLength(1);
});

test.each([
  ['an empty file', '', 'feed/empty'],
  ['a web page', '<!doctype html><html><body>Log in</body></html>', 'feed/html-page'],
  ['broken XML', '<rss version="2.0"><channel><item>', 'feed/broken-xml'],
  ['anything else', 'hello', 'feed/unknown-format'],
])('a source that turns into %s keeps its published entries, and only this source fails', async (_, text, code) => {
  await using bench = await openWorkbench();
  const path = bench.write('a.xml', rss('https://a.test/', [['One two three four', 'https://a.test/1', LONG]]));
  const other = bench.write('b.xml', rss('https://b.test/', [['Five six seven eight', 'https://b.test/1', 'Short text of b.']]));
  const sources = [declare('file', path, { id: 'a' }), declare('file', other, { id: 'b' })];
  await bench.run(sources);
  bench.write('a.xml', text);
  bench.write('b.xml', rss('https://b.test/', [['Nine ten eleven twelve', 'https://b.test/2', 'Other text of b.']]));
  expect(await bench.run(sources)).toMatchObject({ failed: 1, entriesNew: 1, problems: [{ source: 'a', code }] });
  expect(await bench.stories()).toHaveLength(3);
});

test('each bad article is reported by name, and the others are published', async () => {
  await using bench = await openWorkbench();
  bench.write('articles/binary.txt', new Uint8Array([1, 0, 2, 0]));
  bench.write('articles/huge.txt', 'x'.repeat(1_000_001));
  bench.write('articles/empty.md', '');
  bench.write('articles/letter.docx', 'x');
  bench.write('articles/photo.jpg', 'x');
  bench.write('articles/good.txt', 'A title\n\nText.\n');
  const report = await bench.run([declare('articles', join(bench.folder, 'articles'), { id: 'desk' })]);
  expect(report.problems.map(({ entry, code }) => `${entry} ${code}`).toSorted()).toEqual([
    'binary.txt article/binary',
    'empty.md article/empty',
    'huge.txt article/unreadable',
  ]);
  expect(report).toMatchObject({ entriesNew: 1, failed: 0 });
});

test('the stories of a source stay after it is removed from the configuration', async () => {
  await using bench = await openWorkbench();
  const a = declare('file', bench.write('a.xml', rss('https://a.test/', [['One two three', 'https://a.test/1', LONG]])), { id: 'a' });
  await bench.run([a]);
  await bench.run([]);
  expect(await bench.stories()).toHaveLength(1);
  expect((await bench.store.readSources()).map(({ source, active }) => [source.id, active])).toEqual([['a', false]]);
  expect(await bench.run([a])).toMatchObject({ entriesNew: 0, storiesNew: 0 });
});

test('a dry run reads nothing', async () => {
  await using bench = await openWorkbench();
  const a = declare('file', bench.write('a.xml', rss('https://a.test/', [['One two three', 'https://a.test/1', LONG]])), { id: 'a' });
  expect(await bench.run([a], { dryRun: true })).toMatchObject({ polled: 0, bySource: [{ source: 'a', outcome: 'due' }] });
  expect(await bench.stories()).toEqual([]);
});

test('articles in an unavailable subfolder are not deleted', async () => {
  await using bench = await openWorkbench();
  const folder = [declare('articles', join(bench.folder, 'articles'), { id: 'desk' })];
  bench.write('articles/a.txt', 'The first\n\nText of the first.\n');
  bench.write('articles/sub/b.txt', 'The second\n\nWords of another kind.\n');
  await bench.run(folder);
  expect(await bench.stories()).toHaveLength(2);
  // The link leads nowhere, like one to a disk that is no longer mounted.
  rmSync(join(bench.folder, 'articles/sub'), { recursive: true });
  symlinkSync('nowhere', join(bench.folder, 'articles/sub'));
  for (let hour = 0; hour < 3; hour++) {
    bench.now = new Date(bench.now.getTime() + 3_600_000);
    const report = await bench.run(folder);
    expect(report.problems).toMatchObject([{ code: 'article/unreadable' }]);
    expect(report.entriesDeleted).toBe(0);
  }
  expect(await bench.stories()).toHaveLength(2);
});
