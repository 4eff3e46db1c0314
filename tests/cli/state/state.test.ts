import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importCommand } from '../../../src/cli/state/import.ts';
import type { NewsfoldError } from '../../../src/model/errors.ts';
import { openSqlite } from '../../../src/store/engine/sqlite.ts';
import { openStore } from '../../../src/store/store.ts';
import { rss } from '../../support/bench.ts';
import { newsfold } from '../../support/newsfold.ts';
import { startPostgres } from '../../support/postgres.ts';

const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';
let folder = '';
let exported = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const path = (name: string) => join(folder, name);
/** Runs a command on another store than the configuration's. */
const on = (store: string, ...args: string[]) => newsfold([...args, '--config', path('newsfold.yaml')], { env: { NEWSFOLD_STORE: store } });
const sqlite = (name: string) => `sqlite:${path(name)}`;
const ask = (name: string, sql: string) => {
  const database = new DatabaseSync(path(name));
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
};
/** Returns an export without the time at which it was written. */
const stateOf = (name: string) => readFileSync(path(name), 'utf8').replace(/"exportedAt":"[^"]*"/, '');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-state-'));
  mkdirSync(path('articles'));
  write('articles/2026-03-10-ferry.txt', 'The ferry sails\n\nUpdate (1545ET): It has left.\n\n***\n\nThe ferry sails again this spring.\n');
  write('articles/gone.txt', 'To be deleted\n\nThis goes away.\n');
  write(
    'a.xml',
    rss('https://a.test/', [
      ['A second slipway', 'https://a.test/1', LONG],
      ['Snö 😀 \u2028', 'https://a.test/2', `${LONG} &amp; <b>more</b>`],
    ]),
  );
  write('b.xml', rss('https://b.test/', [['A second slipway', 'https://b.test/1', LONG]]));
  write(
    'newsfold.yaml',
    [
      'store: sqlite:first.db',
      'sources:',
      '  - { id: desk, articles: articles, tags: [own] }',
      '  - { file: "?.xml" }',
      '  - { id: hidden, feed: "http://127.0.0.1:9/x", headers: { X-Key: "header-secret" }, auth: { user: me, password: "auth-secret" } }',
      'feeds:',
      '  - { slug: all }',
      '  - { slug: own, tags: [own] }',
      '',
    ].join('\n'),
  );
  await on(sqlite('first.db'), 'run');
  rmSync(path('articles/gone.txt'));
  await on(sqlite('first.db'), 'run', '--accept-deletions');
  expect(await on(sqlite('first.db'), 'build', path('first'))).toMatchObject({ code: 0 });
  const done = await on(sqlite('first.db'), 'export', path('first.jsonl'));
  expect(done).toMatchObject({ code: 0, stderr: '' });
  exported = readFileSync(path('first.jsonl'), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns every document that `build` wrote. */
function readDocuments(name: string): Record<string, string> {
  const files = readdirSync(path(name), { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(path(name), file)).isFile());
  return Object.fromEntries(files.toSorted().map((file) => [file, readFileSync(join(path(name), file), 'latin1')]));
}

async function checkMoved(from: string, to: string, name: string): Promise<void> {
  expect(await on(from, 'export', path(`${name}.jsonl`))).toMatchObject({ code: 0 });
  expect(await on(to, 'import', path(`${name}.jsonl`))).toMatchObject({ code: 0, stderr: '' });
  expect(await on(to, 'export', path(`${name}-2.jsonl`))).toMatchObject({ code: 0 });
  expect(stateOf(`${name}-2.jsonl`)).toBe(stateOf(`${name}.jsonl`));
  expect(await on(to, 'build', path(name))).toMatchObject({ code: 0 });
  expect(readDocuments(name)).toEqual(readDocuments('first'));
}

test('an export imported into a new store gives the same documents byte for byte, and the same export', async () => {
  await checkMoved(sqlite('first.db'), sqlite('second.db'), 'second');
  expect(Object.keys(readDocuments('second'))).toContain('feeds/own.atom');
});

test('the next run on the imported store doubles nothing, and its numbers continue', async () => {
  await on(sqlite('third.db'), 'import', path('first.jsonl'));
  const report = JSON.parse((await on(sqlite('third.db'), 'run', '--json')).stdout) as object;
  expect(report).toMatchObject({ entriesNew: 0, entriesRevised: 0, storiesNew: 0 });
  const highest = (table: string) => Number(ask('first.db', `select max(no) as n from ${table}`)[0]?.['n']);
  expect(ask('third.db', 'select max(no) as n from run')).toEqual([{ n: highest('run') + 1 }]);
  expect(ask('third.db', "select seq from sqlite_sequence where name = 'entry'")).toEqual([{ seq: highest('entry') }]);
});

test('PostgreSQL imports and exports the same state, and continues its numbers', async () => {
  await using server = await startPostgres();
  const store = await server.createDatabase();
  await checkMoved(sqlite('first.db'), store, 'there');
  await checkMoved(store, sqlite('back.db'), 'back');
  expect(stateOf('back.jsonl')).toBe(stateOf('there.jsonl'));
  const [first = ''] = ask('first.db', 'select key from story order by no').map((row) => String(row['key']));
  for (const look of [
    ['explain', first],
    ['explain', first, '--json'],
    ['refold', '--dry-run'],
    ['stories', '--json'],
  ]) {
    const shown = await on(store, ...look);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown).toEqual(await on(sqlite('first.db'), ...look));
  }
  write('articles/new.txt', 'One that is new\n\nWritten after the move.\n');
  try {
    expect(JSON.parse((await on(store, 'run', '--json')).stdout)).toMatchObject({ entriesNew: 1, storiesNew: 1 });
  } finally {
    rmSync(path('articles/new.txt'));
  }
  const again = await on(store, 'import', path('first.jsonl'));
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).not.toContain('secret');
  // Numbers too large for PostgreSQL only, and rows with missing references.
  const other = await server.createDatabase();
  write('wrong.jsonl', exported.replace('"story_no":', '"story_no":9'));
  const wrong = await on(other, 'import', path('wrong.jsonl'));
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.stderr).toMatch(/line \d+: the store refuses it: .*foreign key/);
  expect(await on(other, 'import', path('first.jsonl'))).toMatchObject({ code: 0 });
  const refused = await on(store, 'backup', path('copy-pg.db'));
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toMatch(/use pg_dump/);
});

test('the first line counts the rows; every row of every table follows in the order of references and keys', () => {
  const [header, ...lines] = exported
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(header).toMatchObject({ newsfold: 1, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string });
  expect(Number.isNaN(Date.parse(String(header?.['exportedAt'])))).toBe(false);
  const counts = header?.['rows'] as Record<string, number>;
  expect(lines.map((line) => Object.keys(line).join())).toEqual(lines.map(() => 'table,row'));
  const tables = lines.map((line) => String(line['table']));
  expect(tables).toEqual(Object.entries(counts).flatMap(([table, n]) => Array.from({ length: n }, () => table)));
  const stored = ask(
    'first.db',
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'kysely%' and name not like '%search%' and name not in ('fold_hash', 'fold_profile', 'fold_waiting', 'fold_words', 'robots')",
  );
  expect(Object.keys(counts).toSorted()).toEqual(stored.map((row) => String(row['name'])).toSorted());
  const numbers = lines.filter((line) => line['table'] === 'entry').map((line) => (line['row'] as { no: number }).no);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});

test('no credential, header or lock is in an export, and only its owner may read it', () => {
  expect(exported).toContain('"id":"hidden"');
  expect(exported).not.toMatch(/header-secret|auth-secret|X-Key/);
  expect(exported).not.toContain('"key":"lock"');
  expect(statSync(path('first.jsonl')).mode & 0o077).toBe(0);
});

test('an export shows one instant, blocks no writer, and replaces only an earlier export', async () => {
  const store = await openStore(openSqlite(path('second.db')));
  const writer = await openStore(openSqlite(path('second.db')));
  try {
    const rows: string[] = [];
    let promised = 0;
    await store.readState(
      async (counts) => {
        promised = counts['run'] ?? 0;
        await writer.startRun(new Date());
      },
      async ({ table }) => void rows.push(table),
    );
    expect(rows.filter((table) => table === 'run')).toHaveLength(promised);
  } finally {
    await writer.close();
    await store.close();
  }
  write('replaced.jsonl', exported.slice(0, 500));
  expect(await on(sqlite('first.db'), 'export', path('replaced.jsonl'))).toMatchObject({ code: 0 });
  expect(stateOf('replaced.jsonl')).toBe(stateOf('first.jsonl'));
  const refused = await on(sqlite('first.db'), 'export', path('newsfold.yaml'));
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toMatch(/newsfold\.yaml exists and is no export/);
  expect(await on(sqlite('first.db'), 'export', path('no/such/folder'))).toMatchObject({ code: 2 });
});

type Lines = readonly string[];
const edit = (table: string, change: (row: Record<string, unknown>) => unknown) => (lines: Lines) => {
  const at = lines.findIndex((line) => line.startsWith(`{"table":"${table}"`));
  const { row } = JSON.parse(lines[at] ?? '') as { row: Record<string, unknown> };
  return lines.with(at, JSON.stringify({ table, row: change(row) }));
};
const hostile: readonly (readonly [string, (lines: Lines) => Lines, RegExp])[] = [
  ['an empty file', () => [], /is no export/],
  ['a file of another kind', () => ['<rss/>'], /is no export/],
  ['a file without a format', (lines) => lines.slice(1), /is no export/],
  [
    'a newer format',
    (lines) => lines.with(0, '{"newsfold":2,"version":"0.1.0","exportedAt":"x"}'),
    /by a newer Newsfold \(0\.1\.0, format 2;/,
  ],
  ['a newer version', (lines) => lines.with(0, '{"newsfold":1,"version":"99.0.0","exportedAt":"x"}'), /by a newer Newsfold \(99\.0\.0/],
  ['a file cut between lines', (lines) => lines.slice(0, -2), /not complete: its first line promises/],
  ['a file cut within a line', (lines) => [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, 20)], /line \d+: it is no JSON/],
  ['a line that is no row', (lines) => lines.toSpliced(4, 0, '[]'), /line 5: no row/],
  ['an unknown table', (lines) => lines.toSpliced(4, 0, '{"table":"sqlite_master","row":{}}'), /line 5: no table is named "sqlite_master"/],
  ['a table of every object', (lines) => lines.toSpliced(4, 0, '{"table":"__proto__","row":{}}'), /line 5: no table/],
  ['an unknown column', edit('entry', (row) => ({ ...row, 'no") values (1); --': 1 })), /line \d+: the table entry has no column/],
  [
    'a missing column',
    edit('entry', (row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'identity'))),
    /the column identity of the table entry is missing/,
  ],
  ['a value of another type', edit('entry', (row) => ({ ...row, url: { a: 1 } })), /the column url of the table entry must be text/],
  ['an instant beyond all time', edit('revision', (row) => ({ ...row, seen_at: 9e15 })), /the column seen_at .* must be a whole number/],
  ['a list that is none', edit('revision', (row) => ({ ...row, authors: '{"x":' })), /the column authors .* as JSON/],
  ['settings that pages rely on', edit('source', (row) => ({ ...row, settings: '{}' })), /the column settings .* must be an object with/],
  ['text that cannot be stored', edit('revision', (row) => ({ ...row, title: 'a\0b' })), /the column title .* cannot be stored/],
  ['a row twice', (lines) => lines.toSpliced(2, 0, lines[2] ?? ''), /line 4: the store refuses it: UNIQUE/],
  ['a row that refers to nothing', edit('story', (row) => ({ ...row, no: 4711 })), /line \d+: the store refuses it: FOREIGN KEY/],
  [
    'a lock',
    (lines) => lines.toSpliced(2, 0, '{"table":"meta","row":{"key":"lock","value":"{}"}}'),
    /line 3: lock is not part of a store's state/,
  ],
  ['another namespace', edit('meta', (row) => ({ ...row, value: 'mine' })), /the namespace must be a UUID/],
  [
    'no promise and no namespace',
    (lines) => ['{"newsfold":1,"version":"0.1.0","exportedAt":"x"}', ...lines.filter((line) => /"table":"generation"/.test(line))],
    /not complete: it has no namespace/,
  ],
];

const importHostile = (signal = new AbortController().signal) =>
  importCommand(path('hostile.jsonl'), { config: path('hostile.yaml') }, signal).then(
    () => expect.unreachable('it was imported'),
    (error: unknown) => error as NewsfoldError,
  );

test.each(hostile)('%s is refused whole', async (_, change, message) => {
  write('hostile.yaml', 'store: sqlite:hostile.db\n');
  const lines = change(exported.trimEnd().split('\n'));
  write('hostile.jsonl', lines.map((line) => `${line}\n`).join(''));
  const error = await importHostile();
  expect(error.message).toMatch(message);
  expect(error.exitCode).toBe(1);
  // A file that is no export does not create a store; later faults leave the store empty.
  const isMade = readdirSync(folder).includes('hostile.db');
  expect(isMade ? ask('hostile.db', EMPTY) : [{ n: 0 }]).toEqual([{ n: 0 }]);
});
const EMPTY = 'select (select count(*) from source) + (select count(*) from entry) + (select count(*) from run) as n';

test('an import that is stopped leaves nothing', async () => {
  write('hostile.jsonl', exported);
  const stop = new AbortController();
  stop.abort();
  expect(await importHostile(stop.signal)).toMatchObject({ code: 'import/stopped', exitCode: 1 });
  expect(ask('hostile.db', EMPTY)).toEqual([{ n: 0 }]);
});

test('invalid UTF-8 is refused, a missing file is misuse, and afterwards the store still takes the right file', async () => {
  writeFileSync(path('bytes.jsonl'), Buffer.concat([Buffer.from(`${exported.split('\n')[0]}\n`), Buffer.from([0xff, 0xfe, 0x0a])]));
  const { code, stderr } = await on(sqlite('hostile.db'), 'import', path('bytes.jsonl'));
  expect(code).toBe(1);
  expect(stderr).toMatch(/line 2: it is not UTF-8/);
  expect(await on(sqlite('hostile.db'), 'import', path('missing.jsonl'))).toMatchObject({ code: 2 });
  expect(await on(sqlite('hostile.db'), 'import', path('first.jsonl'))).toMatchObject({ code: 0 });
  const again = await on(sqlite('hostile.db'), 'import', path('first.jsonl'));
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/has sources or entries already: import into a new one/);
});

test('during a run an import and a refold end with 3 and name the holder; an export and a backup work', async () => {
  const store = await openStore(openSqlite(path('locked.db')));
  const lock = await store.takeLock({ command: 'run', pid: 4711, host: hostname(), since: new Date() });
  try {
    for (const command of [
      ['import', path('first.jsonl')],
      ['refold', '--dry-run'],
    ]) {
      const { code, stderr } = await on(sqlite('locked.db'), ...command);
      expect(code).toBe(3);
      expect(stderr).toMatch(/a run is under way: newsfold run \(process 4711 on .*\) holds the lock of \S+locked\.db; try again/);
    }
    expect(await on(sqlite('locked.db'), 'export', path('locked.jsonl'))).toMatchObject({ code: 0 });
    expect(await on(sqlite('locked.db'), 'backup', path('locked-copy.db'))).toMatchObject({ code: 0 });
  } finally {
    if (lock.kind === 'taken') await lock.release();
    await store.close();
  }
});

test('a backup is a whole store of one instant, taken while another process writes, and never overwrites', async () => {
  const writer = new DatabaseSync(path('first.db'));
  writer.exec("begin immediate; insert into meta values ('unfinished', 'x')");
  try {
    const done = await on(sqlite('first.db'), 'backup', path('copy.db'));
    expect(done).toMatchObject({ code: 0, stderr: '' });
  } finally {
    writer.exec('rollback');
    writer.close();
  }
  expect(ask('copy.db', 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(await on(sqlite('copy.db'), 'export', path('copy.jsonl'))).toMatchObject({ code: 0 });
  expect(stateOf('copy.jsonl')).toBe(stateOf('first.jsonl'));
  const bytes = readFileSync(path('newsfold.yaml'));
  const refused = await on(sqlite('first.db'), 'backup', path('newsfold.yaml'));
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toMatch(/newsfold\.yaml exists already/);
  expect(readFileSync(path('newsfold.yaml'))).toEqual(bytes);
  expect(await on(sqlite('first.db'), 'backup', path('no/such/folder'))).toMatchObject({ code: 2 });
  expect(await on(sqlite('none.db'), 'backup', path('none-copy.db'))).toMatchObject({ code: 3 });
  expect(readdirSync(folder).filter((name) => /none|\.part/.test(name))).toEqual([]);
});
