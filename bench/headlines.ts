import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HeadlineQuery } from '../src/model/headline.ts';
import { openSqlite } from '../src/store/engine/sqlite.ts';
import { openStore } from '../src/store/store.ts';
import { declare } from '../tests/support/bench.ts';
import { fillStore, SOURCES, START } from './story-store.ts';

/** Measures the cost of lists of stories: `node bench/headlines.ts [STORIES]` (100,000). Fills an
 *  SQLite store with generated stories of two kilobytes in one feed. Prints the median of ROUNDS of
 *  several lists in milliseconds, beside reading 50 stories by their keys. Also prints the cost of
 *  the index of words: CPU seconds and bytes on disk. */
const count = Number(process.argv[2] ?? 100_000);
const ROUNDS = 9;
const folder = mkdtempSync(join(tmpdir(), 'newsfold-headlines-'));
const file = join(folder, 'newsfold.db');
const store = await openStore(openSqlite(file));
await store.bindSources(
  [...Array.from({ length: SOURCES }, (_, n) => `s${n}`), 'rare', 'none'].map((id) => declare('feed', `https://${id}.test/feed`, { id })),
  new Date(START),
);
await store.bindFeed('all', new Date(START));
async function measure(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

fillStore(file, count);
const size = statSync(file).size;
const before = process.cpuUsage();
const begun = performance.now();
while (await store.indexWords());
const { user, system } = process.cpuUsage(before);
const db = new DatabaseSync(file);
db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
const rows = db.prepare(`select * from story where key in (${Array.from({ length: 50 }, () => '?').join()})`);
const indexed = statSync(file).size - size;
process.stdout.write(
  `${count} stories, ${(size / 1e6).toFixed(0)} MB; index of words: ${((user + system) / 1e6).toFixed(1)} s CPU, ${((performance.now() - begun) / 1000).toFixed(1)} s, ${(indexed / 1e6).toFixed(0)} MB\n`,
);
const baseline = await measure(async () => rows.all(...Array.from({ length: 50 }, (_, n) => `k${1 + ((n * 1999) % count)}`)));
process.stdout.write(`${'50 rows of stories by key'.padEnd(44)} ${baseline.toFixed(2).padStart(8)} ms\n`);

const lists: readonly (readonly [string, Partial<HeadlineQuery>])[] = [
  ['first page', {}],
  ['page 1,000', { offset: Math.min(49_950, count - 50) }],
  ['first page of two feeds', { slugs: ['all', 'other'] }],
  ['page 1,000 of two feeds', { slugs: ['all', 'other'], offset: Math.min(49_950, count - 50) }],
  ['a source with one story in 500', { sources: ['s4'] }],
  ['a source with one story in 5,000', { sources: ['rare'] }],
  ['half of all sources', { sources: Array.from({ length: SOURCES / 2 }, (_, n) => `s${n}`) }],
  ['a source without stories', { sources: ['none'] }],
  ['a word of nearly all', { words: ['harbour'] }],
  ['a word of one in 1,000', { words: ['zugzwang'] }],
  ['that word, of a rare source', { words: ['zugzwang'], sources: ['s4'] }],
  ['a phrase of nearly all', { words: ['old harbour council'] }],
  ['a phrase that is nowhere, of frequent words', { words: ['harbour the old council'] }],
  ['two Chinese characters, frequent', { words: ['一丁'] }],
  ['two Chinese characters, rare', { words: ['亰亱'] }],
  ['two Latin letters', { words: ['zu'] }],
  ['a word that is nowhere', { words: ['xylophone'] }],
];
for (const [name, selection] of lists) {
  const query = { slugs: ['all'], sources: null, words: [], offset: 0, limit: 50, ...selection };
  const { headlines, isCut } = await store.readHeadlines(query);
  const ms = await measure(() => store.readHeadlines(query));
  process.stdout.write(
    `${name.padEnd(44)} ${ms.toFixed(2).padStart(8)} ms, ${(ms / baseline).toFixed(0).padStart(5)} times; ${headlines.length} stories${isCut ? ', cut' : ''}\n`,
  );
}
const day = await measure(() => store.countEntriesByDay(new Date(START - 30 * 86_400_000)));
const feed = await measure(() => store.countFeed('all', { from: new Date(START - 30 * 86_400_000), lostSince: new Date(START) }));
process.stdout.write(`entries by day, 30 days ${day.toFixed(2)} ms; counts of the feed ${feed.toFixed(2)} ms\n`);
db.close();
await store.close();
rmSync(folder, { recursive: true });
