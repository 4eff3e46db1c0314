import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { onSmallDisk } from './disk.ts';
import { newsfold } from '../../support/newsfold.ts';

const ITEMS = 1200;
let folder = '';
const path = (name: string) => join(folder, name);
const run = (...args: string[]) => newsfold([...args, '--config', path('newsfold.yaml')]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-disk-'));
  mkdirSync(path('disk'));
  const item = (n: number): [string, string, string, string] => [
    `Report ${n} of the ${['harbour', 'mill', 'road', 'lamp'][n % 4]}`,
    `https://a.test/${n}`,
    Array.from({ length: 80 }, (_, place) => `word${(n * 31 + place * 7) % 5003}`).join(' '),
    `guid-${n}`,
  ];
  const feed = (count: number) =>
    rss(
      'https://a.test/',
      Array.from({ length: count }, (_, n) => item(n)),
    );
  writeFileSync(path('few.xml'), feed(20));
  writeFileSync(path('many.xml'), feed(ITEMS));
  writeFileSync(path('a.xml'), feed(ITEMS));
  writeFileSync(path('newsfold.yaml'), 'store: sqlite:store.db\nsources:\n  - { id: a, file: a.xml }\n');
  await run('run');
  await run('export', path('state.jsonl'));
  await run('build', path('good'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('on a full disk every command says so, nothing stored is lost, and work continues when there is room', async () => {
  const ended = await onSmallDisk(
    path('disk'),
    3,
    `cp ${path('few.xml')} a.xml; cp ${path('newsfold.yaml')} .
    newsfold run | tail -1; cp ${path('many.xml')} a.xml
    newsfold run; echo "run $?"
    fill
    newsfold stories | grep -c . ; KEY=$(newsfold stories --json | head -1 | sed 's/.*"key":"\\([a-z0-9]*\\)".*/\\1/')
    newsfold hide $KEY; echo "hide $?"
    NEWSFOLD_STORE=sqlite:$DISK/new.db newsfold import ${path('state.jsonl')}; echo "import $?"
    serve_a_while --no-run --port 0; echo "serve $?"
    rm -f new.db*; grow
    newsfold run | tail -1; newsfold run | tail -1; newsfold hide $KEY; echo "hide $?"
    NEWSFOLD_STORE=sqlite:$DISK/new.db newsfold import ${path('state.jsonl')} > /dev/null; echo "import $?"
    cp store.db* new.db* ${folder}/`,
  );
  const said = ended.stdout.split('\n');
  expect(said[0]).toMatch(/^20 new entries/);
  expect(said).toEqual(expect.arrayContaining(['run 3', 'hide 3', 'import 3', '40', 'hide 0', 'import 0']));
  // The server still serves stored documents, and ends as usual.
  expect(said).toEqual(expect.arrayContaining(['feed 200', 'serve 0']));
  const [later, again] = said.filter((line) => line.includes('new entries')).slice(1);
  // Entries stored before the disk was full are not read again, and none is stored twice.
  expect(later).toMatch(/^\d+ new entries/);
  expect(again).toMatch(/^0 new entries, 0 revised/);
  const database = new DatabaseSync(path('store.db'), { readOnly: true });
  expect(database.prepare('SELECT count(*) AS n, count(DISTINCT identity) AS d FROM entry').get()).toEqual({ n: ITEMS, d: ITEMS });
  database.close();
  expect(
    ended.stderr.match(/its disk is full: make room and go on; nothing that was stored is lost .*\[store\/full\]/g)?.length,
  ).toBeGreaterThan(2);
  expect(ended.stderr).not.toMatch(/unexpected error| {4}at /);
});

test('a store on a read-only disk can be read, and commands that would write say so', async () => {
  const { stdout, stderr } = await onSmallDisk(
    path('disk'),
    20,
    `cp ${path('few.xml')} a.xml; cp ${path('newsfold.yaml')} .; newsfold run > /dev/null
    read_only
    newsfold run; echo "run $?"; newsfold hide x; echo "hide $?"; newsfold prune; echo "prune $?"; newsfold serve --port 0; echo "serve $?"`,
  );
  expect(stdout.trim().split('\n')).toEqual(['run 3', 'hide 3', 'prune 3', 'serve 3']);
  expect(stderr.trim().split('\n')).toHaveLength(4);
  for (const line of stderr.trim().split('\n')) expect(line).toMatch(/^newsfold: the store .*check .*\[store\/(unusable|io)\]$/);
});

/** Damages a copy of the store, in bytes. */
const damages: [what: string, damage: (bytes: Buffer) => Buffer, code: string][] = [
  ['a file that ends in the middle', (bytes) => bytes.subarray(0, bytes.length >> 1), 'store/damaged'],
  ['a file that ends in the middle of a page', (bytes) => bytes.subarray(0, (bytes.length >> 1) + 1000), 'store/damaged'],
  [
    'garbage in the middle',
    (bytes) => {
      for (let page = 30; page * 4096 < bytes.length; page += 5) bytes.fill(0x5a, page * 4096, page * 4096 + 2048);
      return bytes;
    },
    'store/damaged',
  ],
  ['a text', () => Buffer.from('This is not a store at all. '.repeat(1000)), 'store/unusable'],
  ['a beginning that is overwritten', (bytes) => bytes.fill(7, 0, 100), 'store/unusable'],
];

test.for(damages)('%s is reported in words with the remedy, and no feed is rendered from it', async ([, damage, code]) => {
  const whole = path('whole.db');
  await run('backup', whole);
  const store = `sqlite:${path('bad.db')}`;
  writeFileSync(path('bad.db'), damage(readFileSync(whole)));
  rmSync(whole);
  for (const args of [['run'], ['stories'], ['build', path('bad')], ['backup', path('bad-copy.db')], ['export', path('bad.jsonl')]]) {
    const ended = await newsfold([...args, '--config', path('newsfold.yaml')], { env: { NEWSFOLD_STORE: store } });
    expect([args[0], ended.code, ended.stderr]).toEqual([
      args[0],
      3,
      expect.stringMatching(new RegExp(`a copy made by newsfold backup.*\\[${code}\\]\n$|\\[store/backup\\]\n$`)),
    ]);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  }
  for (const name of ['bad.db', 'bad.db-wal', 'bad.db-shm', 'bad-copy.db', 'bad']) {
    if (name.startsWith('bad-copy')) expect(() => readFileSync(path(name))).toThrow('ENOENT');
    rmSync(path(name), { force: true, recursive: true });
  }
});

test('a run after a killed one checks that the store is intact, and so does every backup', async () => {
  await run('backup', path('torn.db'));
  const database = new DatabaseSync(path('torn.db'));
  database.exec('UPDATE run SET ended_at = NULL');
  const { root } = database.prepare("SELECT rootpage AS root FROM sqlite_schema WHERE name = 'revision'").get() ?? {};
  database.close();
  // The second half of a page that was being written still has its old content, here nothing.
  const bytes = readFileSync(path('torn.db'));
  const page = (Number(root) - 1) * 4096;
  bytes.fill(0, page + 2048, page + 4096);
  writeFileSync(path('torn.db'), bytes);
  const env = { NEWSFOLD_STORE: `sqlite:${path('torn.db')}` };
  for (const args of [['run'], ['backup', path('torn-copy.db')]])
    expect(await newsfold([...args, '--config', path('newsfold.yaml')], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('store/damaged'),
    });
});
