import { expect, test } from 'vitest';
import { md, openFolder, txt, wordsOf } from './own-folder.ts';

type Folder = Awaited<ReturnType<typeof openFolder>>;

/** Returns the titles of the published stories with their ids, sorted by title. */
async function storiesOf(desk: Folder): Promise<[string, string][]> {
  const stories = (await desk.bench.stories()).map(({ id, lead }): [string, string] => [lead.entry.revision.title, id]);
  return stories.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns each story with its present file. */
async function placesOf(desk: Folder): Promise<string[]> {
  const stories = await desk.bench.stories();
  return stories.map(({ lead }) => `${lead.entry.revision.title} ${lead.entry.location}`).toSorted();
}

/** Checks that later runs with the same files change nothing, and that no identity appears
 *  twice. */
async function checkSteady(desk: Folder): Promise<void> {
  const before = await storiesOf(desk);
  for (let n = 0; n < 3; n++) {
    desk.pass(60);
    expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesRevised: 0, storiesNew: 0, storiesUpdated: 0 });
  }
  expect(await storiesOf(desk)).toEqual(before);
}

test('a moved file and a new file at its old path are two stories in one run', async () => {
  await using desk = await openFolder();
  desk.write('latest.txt', txt('First'));
  await desk.run();
  const [first] = await storiesOf(desk);
  desk.rename('latest.txt', 'notice-1.txt');
  desk.write('latest.txt', txt('Second'));
  expect(await desk.run()).toMatchObject({ entriesNew: 1, entriesRevised: 0, entriesDeleted: 0, problems: [] });
  expect(await placesOf(desk)).toEqual(['First notice-1.txt', 'Second latest.txt']);
  expect((await storiesOf(desk))[0]).toEqual(first);
  await checkSteady(desk);
});

test('a renamed file and a new file of its old name in a later run are two stories', async () => {
  await using desk = await openFolder();
  desk.write('draft.md', `# First\n\n${wordsOf('first')}`);
  await desk.run();
  desk.rename('draft.md', 'first.md');
  await desk.run();
  desk.write('draft.md', `# Second\n\n${wordsOf('second')}`);
  expect(await desk.run()).toMatchObject({ entriesNew: 1, problems: [] });
  expect(await placesOf(desk)).toEqual(['First first.md', 'Second draft.md']);
  desk.write('draft.md', `# Second\n\n${wordsOf('second')} and some more words`);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesRevised: 1 });
  await checkSteady(desk);
});

test('files that are rotated like logs over several runs keep every article under its id', async () => {
  await using desk = await openFolder();
  const ids = new Map<string, string>();
  for (const [index, name] of ['One', 'Two', 'Three', 'Four'].entries()) {
    for (let n = index; n > 0; n--) desk.rename(n === 1 ? 'log.txt' : `log.${n - 1}.txt`, `log.${n}.txt`);
    desk.write('log.txt', txt(name));
    desk.pass(60);
    expect(await desk.run()).toMatchObject({ entriesNew: 1, entriesRevised: 0, entriesDeleted: 0, problems: [] });
    for (const [title, id] of await storiesOf(desk)) {
      expect(id).toBe(ids.get(title) ?? id);
      ids.set(title, id);
    }
  }
  expect(new Set(ids.values()).size).toBe(4);
  expect(await placesOf(desk)).toEqual(['Four log.txt', 'One log.3.txt', 'Three log.1.txt', 'Two log.2.txt']);
  await checkSteady(desk);
});

test.each<[string, (name: string) => string]>([
  ['undated', (name) => `# ${name}\n\n${wordsOf(name)}`],
  ['of one day', (name) => md('date: 2026-03-01', name)],
])('two swapped files, %s, keep their articles, also with an edit', async (_, write) => {
  await using desk = await openFolder();
  desk.write('a.md', write('A'));
  desk.write('b.md', write('B'));
  await desk.run();
  const before = await storiesOf(desk);
  desk.write('a.md', write('B'));
  desk.write('b.md', write('A'));
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesRevised: 0, entriesDeleted: 0, problems: [] });
  expect(await placesOf(desk)).toEqual(['A b.md', 'B a.md']);
  desk.write('a.md', `${write('A')} with an edit at the end`);
  desk.write('b.md', `${write('B')} with an edit at the end`);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesDeleted: 0, problems: [] });
  expect(await placesOf(desk)).toEqual(['A a.md', 'B b.md']);
  expect(await storiesOf(desk)).toEqual(before);
  await checkSteady(desk);
});

test('a file with another article is a new story, and the old one is withdrawn after the usual wait', async () => {
  await using desk = await openFolder();
  desk.write('latest.txt', txt('First'));
  await desk.run();
  desk.write('latest.txt', txt('Second'));
  expect(await desk.run()).toMatchObject({ entriesNew: 1, entriesDeleted: 0, problems: [] });
  expect(await desk.titles()).toEqual(['First', 'Second']);
  desk.pass(11);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesDeleted: 1, storiesWithdrawn: 1 });
  expect(await desk.titles()).toEqual(['Second']);
  desk.write('latest.txt', txt('First'));
  expect(await desk.run()).toMatchObject({ entriesDeleted: 0, problems: [] });
  expect(await desk.titles()).toEqual(['First', 'Second']);
});

test.each<[string, string, string]>([
  ['another title', txt('A'), `Another title\n\n${wordsOf('A')}\n`],
  ['another text', txt('A'), `A\n\n${wordsOf('B')}\n`],
  ['some other words', txt('A'), `A\n\n${wordsOf('A')} and more\n`],
  ['all but its day', md('date: 2026-03-01', 'A'), md('date: 2026-03-01T10:00:00Z', 'B')],
])('a file with %s is the same article', async (_, before, after) => {
  await using desk = await openFolder();
  const name = before.startsWith('---') ? 'a.md' : 'a.txt';
  desk.write(name, before);
  await desk.run();
  desk.write(name, after);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesRevised: 1, problems: [] });
  expect(await desk.bench.stories()).toHaveLength(1);
});

test('a file that is renamed and edited in one run stays the same article', async () => {
  await using desk = await openFolder();
  desk.write('a.txt', txt('A'));
  desk.write('b.txt', txt('B'));
  await desk.run();
  const before = await storiesOf(desk);
  desk.remove('a.txt');
  desk.remove('b.txt');
  desk.write('A.txt', `A\n\n${wordsOf('A')} with an edit\n`);
  desk.write('deep/c.txt', `B, corrected\n\n${wordsOf('B')} with an edit\n`);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesRevised: 2, entriesDeleted: 0 });
  expect((await storiesOf(desk)).map(([, id]) => id)).toEqual(before.map(([, id]) => id));
  await checkSteady(desk);
});

test('a new article is not identified with a deleted one just because the titles are equal', async () => {
  await using desk = await openFolder();
  desk.write('menu-1.txt', `Menu\n\n${wordsOf('soup')}\n`);
  await desk.run();
  desk.remove('menu-1.txt');
  desk.write('menu-2.txt', `Menu\n\n${wordsOf('bread')}\n`);
  expect(await desk.run()).toMatchObject({ entriesNew: 1, entriesRevised: 0 });
});

test('a copy is reported and published once; it replaces a deleted original, and an edited copy is an article of its own', async () => {
  await using desk = await openFolder();
  desk.write('a.txt', txt('A'));
  await desk.run();
  desk.write('copy.txt', txt('A'));
  desk.write('copy-2.txt', txt('A'));
  const problems = [
    { entry: 'copy-2.txt', code: 'article/copy' },
    { entry: 'copy.txt', code: 'article/copy' },
  ];
  expect(await desk.run()).toMatchObject({ entriesNew: 0, problems });
  expect(await desk.run()).toMatchObject({ entriesNew: 0, problems });
  desk.write('copy-2.txt', txt('C'));
  expect(await desk.run()).toMatchObject({ entriesNew: 1 });
  desk.remove('a.txt');
  expect(await desk.run()).toMatchObject({ entriesNew: 0, problems: [] });
  expect(await placesOf(desk)).toEqual(['A copy.txt', 'C copy-2.txt']);
  await checkSteady(desk);
});

test('a file that is edited and copied at once is published once, whatever the copy is called', async () => {
  await using desk = await openFolder();
  desk.write('b.txt', txt('A'));
  await desk.run();
  for (const name of ['b.txt', 'a.txt', 'c.txt']) desk.write(name, `${txt('A')}and some more words than before\n`);
  expect(await desk.run()).toMatchObject({
    entriesNew: 0,
    entriesRevised: 1,
    problems: [
      { entry: 'a.txt', code: 'article/copy' },
      { entry: 'c.txt', code: 'article/copy' },
    ],
  });
  expect(await placesOf(desk)).toEqual(['A b.txt']);
  await checkSteady(desk);
});

test('a copy that becomes a draft leaves the other file its story', async () => {
  await using desk = await openFolder();
  for (const name of ['a.txt', 'b.txt']) desk.write(name, txt('A'));
  await desk.run();
  const before = await storiesOf(desk);
  desk.write('_drafts/a.txt', txt('A'));
  desk.remove('a.txt');
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesDeleted: 0, storiesWithdrawn: 0, problems: [] });
  expect(await placesOf(desk)).toEqual(['A b.txt']);
  expect(await storiesOf(desk)).toEqual(before);
  await checkSteady(desk);
});

test('files with the same bytes but different dates in their names are two articles', async () => {
  await using desk = await openFolder();
  desk.write('2026-03-01-menu.txt', txt('Menu'));
  desk.write('2026-03-08-menu.txt', txt('Menu'));
  expect(await desk.run()).toMatchObject({ entriesNew: 2, problems: [] });
});

test('an id in another file still names its article; two files that exchange their ids keep their articles', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('id: one', 'A'));
  desk.write('b.md', md('id: two', 'B'));
  await desk.run();
  const before = await storiesOf(desk);
  desk.remove('a.md');
  desk.write('c.md', `${md('id: one', 'A')} with an edit`);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, problems: [] });
  expect(await storiesOf(desk)).toEqual(before);
  desk.write('c.md', md('id: two', 'A'));
  desk.write('b.md', md('id: one', 'B'));
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesDeleted: 0 });
  expect(await storiesOf(desk)).toEqual(before);
  await checkSteady(desk);
});

test('an id that is added or changed later makes no second story', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('tags: [x]', 'A'));
  await desk.run();
  const before = await storiesOf(desk);
  for (const id of ['one', 'two']) {
    desk.write('a.md', md(`id: ${id}`, 'A'));
    expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesDeleted: 0, problems: [] });
  }
  expect(await storiesOf(desk)).toEqual(before);
  expect((await desk.bench.stories())[0]?.lead.entry.identity).toBe('two');
  await checkSteady(desk);
});

test('two articles with one id are both published and reported; a copy with the same id is only reported', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('id: one', 'A'));
  desk.write('b.md', md('id: one', 'B'));
  desk.write('c.md', `${md('id: one', 'A')} and a word`);
  const problems = [
    { entry: 'b.md', code: 'article/repeated-id' },
    { entry: 'c.md', code: 'article/copy' },
  ];
  expect(await desk.run()).toMatchObject({ entriesNew: 2, problems });
  expect(await desk.titles()).toEqual(['A', 'B']);
  desk.write('b.md', `${md('id: one', 'B')} and a word`);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesDeleted: 0 });
  expect(await placesOf(desk)).toEqual(['A a.md', 'B b.md']);
});

test('an id that is reused for another article, in the same file or a new one, makes a new story', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('id: tools\ndate: 2017-03-01', 'A'));
  await desk.run();
  desk.write('a.md', md('id: tools\ndate: 2026-03-01', 'B'));
  expect(await desk.run()).toMatchObject({ entriesNew: 1, problems: [] });
  expect(await desk.titles()).toEqual(['A', 'B']);
  desk.pass(60);
  await desk.run();
  expect(await desk.titles()).toEqual(['B']);
  desk.remove('a.md');
  desk.write('c.md', md('id: tools\ndate: 2026-03-09', 'C'));
  await desk.run();
  expect(await desk.titles()).toEqual(['B', 'C']);
  await desk.run();
  expect(await desk.titles()).toEqual(['B', 'C']);
});

test('a run killed before it saves the state of the folder is repeated without duplicates', async () => {
  await using desk = await openFolder();
  desk.write('a.txt', txt('A'));
  await desk.run();
  desk.rename('a.txt', 'b.txt');
  desk.write('a.txt', txt('C'));
  const stop = AbortSignal.abort();
  await desk.run({ signal: stop });
  await desk.bench.restart();
  await desk.bench.store.saveFolder('desk', { reader: null, files: [] });
  await desk.run();
  expect(await placesOf(desk)).toEqual(['A b.txt', 'C a.txt']);
  await checkSteady(desk);
});
