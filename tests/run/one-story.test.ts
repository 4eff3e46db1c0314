import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import { toWords } from '../support/world/words.ts';

const TEXT =
  'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house, as fishermen had asked for years. Work begins in May.';
const names = ['a', 'b', 'c'];
const title = (name: string) => `Council votes for a second slipway${name === 'c' ? ' at last' : ''}`;
const said = { a: '', b: ' So the town hall.', c: ' It costs four million.' };

test.each([
  ['a b c', [['a'], ['b'], ['c']]],
  ['c b a', [['c'], ['b'], ['a']]],
  ['b, then a and c', [['b'], ['a', 'c'], []]],
  ['all at once', [['a', 'b', 'c'], [], []]],
])('three sources with one story make one entry with one id, polled in the order %s over three runs', async (_, runs) => {
  await using bench = await openWorkbench();
  const write = (name: string, more = '') =>
    bench.write(
      `${name}.xml`,
      rss(`https://${name}.test/`, [[title(name), `https://${name}.test/1`, `${TEXT}${said[name as 'a']}${more}`, `${name}1`]]),
    );
  const seen: string[] = [];
  let first: string | undefined;
  for (const batch of runs) {
    for (const name of batch) write(name);
    seen.push(...batch);
    await bench.run(
      names.filter((name) => seen.includes(name)).map((name) => declare('file', `${bench.folder}/${name}.xml`, { id: name })),
    );
    const list = await bench.stories();
    expect(list).toHaveLength(1);
    first ??= list[0]?.id;
    expect(list[0]?.id).toBe(first);
    bench.now = new Date(bench.now.getTime() + 3_600_000);
  }
  const [before] = await bench.stories();
  expect(before?.members.map(({ source }) => source.id).toSorted()).toEqual(names);
  const sources = names.map((name) => declare('file', `${bench.folder}/${name}.xml`, { id: name }));
  const lead = before?.lead.source.id ?? '';
  write(lead, ' The mayor was against it, but the vote was clear, and so was the price.');
  expect(await bench.run(sources)).toMatchObject({ entriesRevised: 1, storiesUpdated: 1 });
  const [after, ...others] = await bench.stories();
  expect(others).toEqual([]);
  expect(after?.updated).toEqual(bench.now);
  bench.now = new Date(bench.now.getTime() + 3_600_000);
  expect(await bench.run(sources)).toMatchObject({ entriesRevised: 0, storiesUpdated: 0 });
});

test('an article that its source repeats under a new id is a version of the same story, with the newest text', async () => {
  await using bench = await openWorkbench();
  const post = (guid: string, text: string) =>
    bench.write('a.xml', rss('https://a.test/', [[title('a'), `https://a.test/${guid}`, text, guid]]));
  post('one', TEXT);
  const source = [declare('file', `${bench.folder}/a.xml`, { id: 'a' })];
  await bench.run(source);
  const [before] = await bench.stories();
  bench.now = new Date(bench.now.getTime() + 24 * 3_600_000);
  post('two', `${TEXT} The mayor was against it, but the vote was clear, and so was the price.`);
  await bench.run(source);
  const [after, ...others] = await bench.stories();
  expect(others).toEqual([]);
  expect(after?.id).toBe(before?.id);
  expect(after?.lead.entry.url).toBe('https://a.test/two');
  expect(after?.updated).toEqual(bench.now);
  expect(after?.revisions.map(({ kind }) => kind)).toEqual(['first', 'edit']);
});

test('a copy that is folded batches later finds a revised entry', async () => {
  await using bench = await openWorkbench();
  const item = (name: string, n: number, heading: string, text: string, at: number) =>
    `<item><title>${heading}</title><link>https://${name}.test/${n}</link><guid isPermaLink="false">${name}${n}</guid><pubDate>${new Date(Date.UTC(2026, 2, 9) + at * 1000).toUTCString()}</pubDate><description>${text}</description></item>`;
  const source = (name: string, items: readonly string[]) =>
    declare(
      'file',
      bench.write(
        `${name}.xml`,
        `<rss version="2.0"><channel><title>${name}</title><link>https://${name}.test/</link>${items.join('')}</channel></rss>`,
      ),
      { id: name },
    );
  await bench.run([source('a', [item('a', 1, title('a'), TEXT, 0)])]);
  bench.now = new Date(bench.now.getTime() + 3_600_000);
  const others = Array.from({ length: 600 }, (_, n) =>
    item('c', n, `Boat ${n * 7919} sails`, `Boat ${n * 7919} left quay ${n * 104_729} at dawn with crew ${n * 1299}.`, n + 1),
  );
  const edited = `${TEXT} The mayor was against it, but the vote was clear, and so was the price.`;
  const report = await bench.run([
    source('a', [item('a', 1, title('a'), edited, 0)]),
    source('b', [item('b', 1, title('a'), TEXT, 5000)]),
    source('c', others),
  ]);
  expect(report).toMatchObject({ entriesRevised: 1, folded: 1 });
});

test('a copy is compared with the version that the same run has read, not with the one before', async () => {
  await using bench = await openWorkbench();
  const [ferry, frost] = ['Ferry aground off the northern mole', 'Orchard growers fear a late frost'];
  const write = (id: string, items: Parameters<typeof rss>[1]) =>
    declare('file', bench.write(`${id}.xml`, rss(`https://${id}.test/`, items)), { id });
  const toSource = (...titles: readonly [string, string]) =>
    write('a', [
      [titles[0], 'https://a.test/1', toWords(1, 40), 'a1'],
      [titles[1], 'https://a.test/2', toWords(2, 40), 'a2'],
    ]);
  await bench.run([toSource(ferry, frost)]);
  bench.now = new Date(bench.now.getTime() + 3_600_000);
  const copy = write('b', [[ferry, 'https://b.test/1', `By our own reporter in the harbour. ${toWords(2, 40)}`, 'b1']]);
  await bench.run([toSource(frost, ferry), copy]);
  const stories = await bench.stories();
  const folded = stories.find(({ members }) => members.some(({ source }) => source.id === 'b'));
  expect(folded?.members.map(({ entry }) => entry.guid)).toEqual(['a2', 'b1']);
});
