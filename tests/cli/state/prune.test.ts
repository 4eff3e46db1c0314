import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';

const ITEMS = 400;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-prune-'));
  const item = (n: number): [string, string, string, string] => [
    `Report ${n} of the ${['harbour', 'mill', 'road', 'lamp'][n % 4]}`,
    `https://a.test/${n}`,
    Array.from({ length: 40 }, (_, place) => `word${(n * 31 + place * 7) % 5003}`).join(' '),
    `guid-${n}`,
  ];
  writeFileSync(
    join(folder, 'a.xml'),
    rss(
      'https://a.test/',
      Array.from({ length: ITEMS }, (_, index) => item(ITEMS - index)),
    ),
  );
  configure('');
  await command('whole', 'run');
  // A reader has followed all archives.
  await command('whole', 'build', join(folder, 'out'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const configure = (keep: string) =>
  writeFileSync(
    join(folder, 'newsfold.yaml'),
    `store: sqlite:store.db\n${keep}\nsources:\n  - { id: a, file: a.xml }\nfeeds:\n  - { slug: all, limit: 20 }\n`,
  );
const command = (store: string, ...args: string[]) =>
  newsfold([...args, '--config', join(folder, 'newsfold.yaml')], { env: { NEWSFOLD_STORE: `sqlite:${join(folder, `${store}.db`)}` } });
const json = async (store: string, ...args: string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await command(store, ...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};
const copy = (store: string) => cpSync(join(folder, 'whole.db'), join(folder, `${store}.db`));
const count = (store: string, table: string) => {
  const database = new DatabaseSync(join(folder, `${store}.db`), { readOnly: true });
  try {
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    return database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'];
  } finally {
    database.close();
  }
};

/** Names of archives that were built, oldest first. */
const archivesOf = (build: string) =>
  readdirSync(join(folder, build, 'feeds/all/archive'))
    .filter((name) => name.endsWith('.atom'))
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));

test('prune deletes what is no longer kept, prints it first with --dry-run, and leaves what documents show', async () => {
  copy('first');
  configure('keep: { perSource: 30 }');
  const kept = { entries: ITEMS - 30, stories: ITEMS - 30, archives: 0, isDone: true, isClockDoubted: false };
  expect(await json('first', 'prune', '--dry-run')).toEqual({ ...kept, rows: 0 });
  expect(count('first', 'entry')).toBe(ITEMS);
  expect(await json('first', 'prune')).toMatchObject(kept);
  expect(await json('first', 'prune')).toMatchObject({ entries: 0, stories: 0 });
  expect([count('first', 'entry'), count('first', 'revision'), count('first', 'listing'), count('first', 'pruned')]).toEqual([
    30,
    30,
    30,
    ITEMS - 30,
  ]);
  writeFileSync(
    join(folder, 'a.xml'),
    readFileSync(join(folder, 'a.xml'), 'utf8').replace('<description>d</description>', '<description>e</description>'),
  );
  expect(await json('first', 'run')).toMatchObject({ entriesNew: 0, entriesRevised: 0, storiesNew: 0, storiesWithdrawn: 0 });
  await command('first', 'build', join(folder, 'after'));
  const document = readFileSync(join(folder, 'after/feed.atom'), 'utf8');
  expect(document.match(/<entry>/g)).toHaveLength(20);
  expect(document).not.toContain('deleted-entry');
  // An archive keeps its content.
  const archives = archivesOf('out');
  expect(archives.length).toBeGreaterThan(10);
  for (const name of archives)
    expect(readFileSync(join(folder, 'after/feeds/all/archive', name), 'utf8')).toBe(
      readFileSync(join(folder, 'out/feeds/all/archive', name), 'utf8'),
    );
});

test('archives of pruned stories are deleted with --archives, and the oldest remaining one links to none', async () => {
  copy('archives');
  configure('keep: { perSource: 30 }');
  await command('archives', 'prune');
  const before = Number(count('archives', 'archive'));
  const { archives } = (await json('archives', 'prune', '--archives', '--dry-run')) as { readonly archives: number };
  expect(archives).toBeGreaterThan(before - 4);
  expect(await json('archives', 'prune', '--archives')).toMatchObject({ archives });
  expect(count('archives', 'archive')).toBe(before - archives);
  await command('archives', 'build', join(folder, 'less'));
  const left = archivesOf('less');
  expect(left).toHaveLength(before - archives);
  expect(readFileSync(join(folder, 'less/feeds/all/archive', left[0] ?? ''), 'utf8')).not.toContain('prev-archive');
  expect(readFileSync(join(folder, 'less/feed.atom'), 'utf8')).toContain(`archive/${left.at(-1)}`);
});

test('after a kill in the middle, the next prune continues', async () => {
  configure('keep: { perSource: 30 }');
  for (const [round, ms] of [150, 250, 350, 450].entries()) {
    const name = `killed${round}`;
    copy(name);
    const started = startNewsfold(['prune', '--config', join(folder, 'newsfold.yaml')], {
      env: { NEWSFOLD_STORE: `sqlite:${join(folder, `${name}.db`)}` },
    });
    await setTimeout(ms);
    started.kill('SIGKILL');
    await started.ended;
    const left = Number(count(name, 'entry'));
    expect(await json(name, 'prune')).toMatchObject({ entries: left - 30 });
    expect([count(name, 'entry'), count(name, 'pruned'), count(name, 'entry_search')]).toEqual([30, ITEMS - 30, 30]);
  }
});

test('without keep nothing is deleted, and prune does not wait for a run', async () => {
  copy('all');
  configure('');
  expect(await command('all', 'prune')).toMatchObject({ code: 0, stdout: expect.stringContaining('forever') });
  const lock = new DatabaseSync(join(folder, 'all.db.lock'));
  lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  expect(await command('all', 'prune')).toMatchObject({ code: 3, stderr: expect.stringContaining('a run is under way') });
  lock.close();
});
