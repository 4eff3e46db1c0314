import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { declare, openWorkbench, rss } from '../tests/support/bench.ts';
import { toFeed } from '../tests/support/story.ts';

/** Fills a store day by day and prints its size, to show that `keep` bounds it: `node bench/keep.ts
 *  [DAYS] [KEPT_DAYS, 0 for unlimited] [SOURCES]`. */
const days = Number(process.argv[2] ?? 400);
const kept = Number(process.argv[3] ?? 30);
const sourceCount = Number(process.argv[4] ?? 5);
const NEW_A_DAY = 10;
const LISTED = 40;
const DAY = 86_400_000;

const words = 'harbour council slipway ferry mill lamp storm road quarry orchard bridge tunnel market museum garden station'.split(' ');
const makeItem = (source: number, n: number): [string, string, string, string] => [
  `${words[n % 16]} ${words[(n * 7 + source) % 16]} report ${n} of ${source}`,
  `https://s${source}.test/articles/${n}`,
  Array.from({ length: 120 }, (_, at) => `${words[(n * 5 + at * 3) % 16]}${(n * 31 + at * source) % 997}`).join(' '),
  `s${source}-${n}`,
];

await using bench = await openWorkbench();
bench.retention = { days: kept === 0 ? null : kept, perSource: null };
bench.feeds = [toFeed({ limit: 50 }), toFeed({ slug: 'second', isDefault: false, limit: 20, order: 'updated' })];
const sources = Array.from({ length: sourceCount }, (_, index) => index);
const declarations = sources.map((source) => declare('file', join(bench.folder, `s${source}.xml`), { id: `s${source}` }));
const file = join(bench.folder, 'newsfold.db');
const tables = [
  'entry',
  'revision',
  'story',
  'listing',
  'pruned',
  'related',
  'fold_hash',
  'change',
  'archive',
  'run',
  'poll',
  'entry_search',
];

for (let day = 1; day <= days; day++) {
  const newest = day * NEW_A_DAY;
  for (const source of sources) {
    const items = Array.from({ length: Math.min(LISTED, newest) }, (_, index) => makeItem(source, newest - index));
    writeFileSync(join(bench.folder, `s${source}.xml`), rss(`https://s${source}.test/`, items));
  }
  let seconds = 0;
  for (const hour of [8, 16]) {
    bench.now = new Date(Date.UTC(2026, 0, 1) + day * DAY + hour * 3_600_000);
    const begun = performance.now();
    await bench.run(declarations);
    seconds = (performance.now() - begun) / 1000;
  }
  if (day % Math.ceil(days / 8) === 0 || day === days || day === kept) print(day, seconds);
}

function print(day: number, seconds: number): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const ask = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
  const counts = tables.map((table) => `${table} ${ask(`SELECT count(*) FROM ${table}`)}`).join(', ');
  const free = ask('PRAGMA freelist_count') * ask('PRAGMA page_size');
  database.close();
  const size = statSync(file).size;
  process.stdout.write(`day ${day}: ${megabytes(size)} MB (${megabytes(free)} free); ${counts}; last run ${seconds.toFixed(2)} s\n`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

const copies = mkdtempSync(join(tmpdir(), 'newsfold-keep-'));
const database = new DatabaseSync(file);
const compact = join(copies, 'compact.db');
database.exec(`VACUUM INTO '${compact}'`);
database.close();
process.stdout.write(`VACUUM INTO makes ${megabytes(statSync(compact).size)} MB of ${megabytes(statSync(file).size)} MB\n`);
rmSync(copies, { recursive: true });
