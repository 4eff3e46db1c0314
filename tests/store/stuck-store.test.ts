import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../../src/ports/store/store.ts';
import { openSqlite } from '../../src/store/engine/sqlite.ts';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';
import { cases } from '../support/scale.ts';

const stores = join(import.meta.dirname, '../data/stores');
const read = (name: string) => gunzipSync(readFileSync(join(stores, name)));
const titlesOf = async (store: Store) =>
  (await store.readStories({ order: 'published', offset: 0, limit: 99 })).map(({ lead }) => lead.entry.revision.title).toSorted();
const everything = ['Article A', 'Article B', 'Article C', 'Article good0', 'Article good1', 'Article good2'];
const words = (name: string) => Array.from({ length: 20 }, (_, n) => `${name}word${n}`).join(' ');
const pass = (bench: Workbench) => void (bench.now = new Date(bench.now.getTime() + 3_600_000));

test('a store that 0.1.0 has left stuck (docs/design.md §11) is freed by the first run, whatever its sources do', async () => {
  await using bench = await openWorkbench((folder) => {
    const file = join(folder, 'newsfold.db');
    writeFileSync(file, read('stuck-0.1.0.db.gz'), { flag: 'wx' });
    return openSqlite(file);
  });
  const other = declare('file', bench.write('other.xml', rss('https://o.test/', [['D', 'https://o.test/d', words('d')]])), { id: 'other' });
  expect(await bench.run([other])).toMatchObject({ storiesNew: 3, problems: [] });
  expect(await titlesOf(bench.store)).toEqual([...everything, 'D']);
  const keys = (await bench.stories()).flatMap(({ key, members }) => [key, ...members.map(({ entry }) => entry.key)]);
  expect(new Set(keys).size).toBe(keys.length);
  // A and C shared one entry key; each has its own again.
  const [a, c] = ['Article A', 'Article C'].map(async (title) => {
    const story = (await bench.stories()).find(({ lead }) => lead.entry.revision.title === title);
    return (await bench.store.readEvidence(story?.lead.entry.key ?? ''))?.key === story?.key;
  });
  expect([await a, await c]).toEqual([true, true]);
});

test('an export of a stuck store is imported, and its first run frees it', async () => {
  await using bench = await openWorkbench();
  async function* lines() {
    const text = read('stuck-0.1.0.jsonl.gz').toString().trim().split('\n');
    for (const [index, line] of text.slice(1).entries()) yield { line: index + 2, value: JSON.parse(line) as unknown };
  }
  await bench.store.writeState(lines(), null);
  expect(await bench.run([])).toMatchObject({ storiesNew: 2, problems: [] });
  expect(await titlesOf(bench.store)).toEqual(everything);
});

test('identities that appear, vanish, return and swap at random never end a run', async () => {
  const name = fc.constantFrom('x', 'y', 'z', null);
  const item = fc.record({ title: fc.constantFrom('A', 'B', 'C', 'D', 'E'), guid: name, link: fc.constantFrom('1', '2', '3', null) });
  const document = fc.array(item, { maxLength: 4 });
  const history = fc.array(fc.tuple(document, document), { minLength: 2, maxLength: 6 });
  await using bench = await openWorkbench();
  const empty = join(bench.folder, 'empty.db');
  await bench.store.close();
  copyFileSync(join(bench.folder, 'newsfold.db'), empty);
  await bench.restart();
  await fc.assert(
    fc.asyncProperty(history, async (runs) => {
      await bench.store.close();
      copyFileSync(empty, join(bench.folder, 'newsfold.db'));
      await bench.restart();
      for (const documents of runs) {
        const sources = documents.map((items, index) => {
          const written = items.map(({ title, guid, link }): readonly [string, string, string, guid?: string] => {
            const said = [title, link === null ? '' : `https://s${index}.test/${link}`, words(title)] as const;
            return guid === null ? said : [...said, guid];
          });
          return declare('file', bench.write(`s${index}.xml`, rss(`https://s${index}.test/`, written)), { id: `s${index}` });
        });
        await bench.run(sources);
        pass(bench);
        const stories = await bench.stories();
        expect(new Set(stories.map(({ id }) => id)).size).toBe(stories.length);
        expect(await bench.store.readPending(1)).toEqual([]);
        expect(await bench.store.readPendingStories(1)).toEqual([]);
        expect(await bench.store.countSetAside()).toBe(0);
      }
    }),
    { numRuns: cases(25, 8) },
  );
});
