import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';
import { toFeed } from '../support/story.ts';

const DAY = 86_400_000;
const start = new Date('2026-03-10T12:00:00Z');
const dayOf = (n: number) => new Date(start.getTime() + n * DAY);

const WORDS = 'harbour council slipway ferry mill lamp storm road quarry orchard bridge tunnel market museum garden station'.split(' ');
type Item = [title: string, link: string, text: string, guid: string];
const item = (n: number, { home = 'https://a.test', guid = `g${n}` } = {}): Item => [
  `${WORDS[n % 16]} number ${n} opens at the ${WORDS[(n * 7) % 16]}`,
  `${home}/articles/of-the-day/${n}`,
  Array.from({ length: 30 }, (_, place) => `${WORDS[(n * 5 + place * 3) % 16]}${n}${place % 4}`).join(' '),
  guid,
];

/** Opens a source whose document lists this many items, counted from the newest, one for each
 *  day. */
function openDays(bench: Workbench, listed: number) {
  const declarations = [declare('file', bench.write('a.xml', ''), { id: 'a' })];
  return {
    declarations,
    async run(day: number, made: (n: number) => Item = (n) => item(n), hour = 0) {
      const first = Math.max(0, day - listed + 1);
      bench.now = new Date(dayOf(day).getTime() + hour * 3_600_000);
      bench.write(
        'a.xml',
        rss(
          'https://a.test/',
          Array.from({ length: day - first + 1 }, (_, index) => made(day - index)),
        ),
      );
      return bench.run(declarations);
    },
  };
}

test('expired entries are removed at the end of a run, and a source that still lists them brings none back', async () => {
  await using bench = await openWorkbench();
  bench.retention = { days: 10, perSource: null };
  bench.feeds = [toFeed({ limit: 3 })];
  const days = openDays(bench, 30);
  for (let day = 0; day < 14; day++) expect(await days.run(day)).toMatchObject({ entriesNew: 1, storiesNew: 1, storiesWithdrawn: 0 });
  await days.run(13, (n) => item(n), 1);
  // The stories of ten days remain.
  expect(await bench.stories()).toHaveLength(10);
  const listed = await bench.store.readHistory('all', { after: 0, upTo: null });
  expect(listed.filter(({ kind }) => kind === 'gone')).toEqual([]);
  // The old items come back with other bytes, with other words, and under other ids and another
  // domain.
  for (const made of [
    (n: number): Item => [item(n)[0], item(n)[1], `${item(n)[2]}${n < 3 ? ' and a few words more of it all' : ''}`, item(n)[3]],
    (n: number) => item(n, { guid: `moved-${n}` }),
    (n: number) => item(n, { guid: `again-${n}`, home: 'https://b.test' }),
    (n: number) => item(n, { guid: `again-${n}`, home: 'https://b.test' }),
  ])
    expect(await days.run(13, made, 1)).toMatchObject({ entriesNew: 0, storiesNew: 0, storiesUpdated: 0 });
  expect(await bench.store.readHistory('all', { after: 0, upTo: null })).toEqual(listed);
  expect(await days.run(14, (n) => item(n, { guid: `again-${n}`, home: 'https://b.test' }))).toMatchObject({
    entriesNew: 1,
    storiesNew: 1,
  });
  expect(await bench.stories()).toHaveLength(11);
});

test('the limit of entries for a source spares stories that a document still contains', async () => {
  await using bench = await openWorkbench();
  bench.retention = { days: 1, perSource: 2 };
  bench.feeds = [toFeed({ limit: 4 }), toFeed({ slug: 'slow', isDefault: false, limit: 6 })];
  const days = openDays(bench, 1);
  for (let day = 0; day < 20; day++) await days.run(day);
  // The stories of the longest document and those not yet in one of its archives.
  const stories = (await bench.stories()).map(({ lead }) => lead.entry.identity);
  expect(stories.slice(0, 6)).toEqual(['g19', 'g18', 'g17', 'g16', 'g15', 'g14']);
  expect(stories.length).toBeLessThan(20);
  bench.feeds = [toFeed({ limit: 4 })];
  await days.run(20);
  expect((await bench.stories()).length).toBeLessThanOrEqual(4 + 10);
});

test('an expired local article stays away, renamed or not, and is not reported missing', async () => {
  await using bench = await openWorkbench();
  bench.retention = { days: null, perSource: 2 };
  bench.feeds = [toFeed({ limit: 1 })];
  for (const n of [1, 2, 3, 4, 5])
    bench.write(`articles/${n}.md`, `---\ntitle: ${item(n)[0]}\ndate: 2026-03-0${n}\n---\n\n${item(n)[2]}\n`);
  const declarations = [declare('articles', `${bench.folder}/articles`, { id: 'desk' })];
  await bench.run(declarations);
  await bench.run(declarations);
  const kept = (await bench.stories()).length;
  expect(kept).toBeLessThan(5);
  const { renameSync } = await import('node:fs');
  renameSync(`${bench.folder}/articles/1.md`, `${bench.folder}/articles/renamed.md`);
  expect(await bench.run(declarations)).toMatchObject({ entriesNew: 0, entriesRevised: 0, entriesDeleted: 0, problems: [] });
  bench.write('articles/renamed.md', `---\ntitle: ${item(1)[0]}\ndate: 2026-03-01\n---\n\n${item(9)[2]}\n`);
  expect(await bench.run(declarations)).toMatchObject({ entriesNew: 0, entriesRevised: 0, problems: [] });
  expect(await bench.stories()).toHaveLength(kept);
});

test.for([
  ['forward', 365],
  ['back', -365],
])('a clock that is set %s by a year between two runs expires nothing', async ([, jump]) => {
  await using bench = await openWorkbench();
  bench.retention = { days: 10, perSource: null };
  bench.feeds = [toFeed({ limit: 1 })];
  const days = openDays(bench, 8);
  for (let day = 0; day < 8; day++) await days.run(day);
  const before = (await bench.stories()).length;
  expect(before).toBe(8);
  bench.now = dayOf(7 + Number(jump));
  expect(await bench.run(days.declarations)).toMatchObject({ entriesPruned: 0, entriesNew: 0, storiesUpdated: 0 });
  expect(await bench.stories()).toHaveLength(before);
  // After a correction of the clock retention continues; a clock that stays is trusted in the end.
  expect(await days.run(8)).toMatchObject({ entriesPruned: 0, entriesNew: 1 });
  await days.run(9);
  await days.run(12);
  expect((await bench.stories()).map(({ lead }) => lead.entry.identity)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((n) => `g${n}`));
});
