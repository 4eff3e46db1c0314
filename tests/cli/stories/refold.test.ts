import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { newsfold } from '../../support/newsfold.ts';

const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';
const DAY = 86_400_000;
let folder = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const run = (...args: string[]) => newsfold([...args, '--config', join(folder, 'newsfold.yaml')]);
const configure = (fold: string, two = '') =>
  write(
    'newsfold.yaml',
    // Reads one source at a time: of two merged stories the one that was stored first stays
    // (docs/design.md §63).
    `store: sqlite:test.db\nfetch: { concurrency: 1 }\nfold: { ${fold} }\nsources:\n  - { id: one, file: a.xml }\n  - { id: two, file: b.xml${two} }\n  - { id: three, file: c.xml }\n`,
  );
const moves = async () =>
  (await run('refold', '--dry-run', '--json')).stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const change = (sql: string) => {
  const database = new DatabaseSync(join(folder, 'test.db'));
  database.exec(sql);
  database.close();
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-refold-'));
  mkdirSync(join(folder, 'articles'));
  write('a.xml', rss('https://a.test/', [['A second slipway', 'https://a.test/1', LONG]]));
  write('b.xml', rss('https://b.test/', [['A second slipway', 'https://b.test/1', LONG]]));
  write('c.xml', rss('https://c.test/', [['Something else here', 'https://c.test/1', `${LONG} But no: it is another matter.`]]));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('right after a run nothing would move', async () => {
  configure('level: careful');
  await run('run');
  const { code, stdout } = await run('refold', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toBe(
    '3 entries of the last 14 days folded again: 0 would move, 3 stay\n2 stories as stored, 2 folded again; nothing was changed\n',
  );
});

test('a dry run with rules that fold more names the story that an entry would join, and changes nothing', async () => {
  configure('level: off');
  await run('run');
  const [, ...before] = (await run('export', '-')).stdout.split('\n');
  configure('level: careful');
  const [move, ...others] = await moves();
  expect(others).toEqual([]);
  expect(Object.keys(move ?? {})).toEqual(['entry', 'source', 'title', 'from', 'to', 'why']);
  expect(move).toMatchObject({ source: 'two', title: 'A second slipway', why: expect.arrayContaining(['same title']) as string[] });
  const explained = JSON.parse((await run('explain', String(move?.['to']), '--json')).stdout) as object;
  expect(explained).toMatchObject({ members: [{ source: 'one' }] });
  expect((await run('refold', '--dry-run')).stdout).toMatch(
    /^A second slipway \(two, entry \w+\): from \w+ to \w+: same text of 19 words, same title\n3 entries .*: 1 would move, 2 stay\n3 stories as stored, 2 folded again/,
  );
  expect((await run('export', '-')).stdout.split('\n').slice(1)).toEqual(before);
});

test.each([
  ['level: off', '', 'folding is off'],
  ['level: careful', ', fold: false', 'apart from the entry'],
])('rules that fold less (%s%s) give it a story of its own', async (fold, two, why) => {
  configure('level: careful');
  await run('run');
  configure(fold, two);
  const found = await moves();
  expect(found).toMatchObject([{ source: 'two', to: null }]);
  expect(JSON.stringify(found)).toContain(why);
});

test('a story stays together when its first entry has left the window or was deleted', async () => {
  configure('level: careful');
  await run('run');
  change(`update entry set first_seen_at = first_seen_at - ${20 * DAY}, dated_at = dated_at - ${20 * DAY} where source_id = 'one'`);
  change(`update entry set first_seen_at = first_seen_at - ${10 * DAY}, dated_at = dated_at - ${10 * DAY} where source_id = 'two'`);
  expect(await moves()).toEqual([]);
  change("update entry set deleted_at = 1 where source_id = 'one'");
  change(`update entry set first_seen_at = first_seen_at + ${15 * DAY} where source_id = 'one'`);
  expect(await moves()).toEqual([]);
});

test('entries that wait for a run are counted, not folded', async () => {
  configure('level: careful');
  await run('run');
  change(
    "delete from story_entry where entry_no = (select no from entry where source_id = 'two'); update entry set pending = 1 where source_id = 'two'",
  );
  expect((await run('refold', '--dry-run')).stdout).toMatch(/^2 entries .* 0 would move, 2 stay\n.*; 1 entry waits for the next run/);
});

test('without --dry-run entries move, stories keep their ids, and a second refold moves nothing', async () => {
  configure('level: off');
  await run('run');
  const before = (await run('stories', '--json')).stdout;
  configure('level: careful');
  expect((await run('refold')).stdout).toMatch(/: 1 move, 2 stay\n3 stories as stored, 2 folded again\n$/);
  const after = (await run('stories', '--json')).stdout.trim().split('\n');
  expect(after).toHaveLength(2);
  for (const line of after) expect(before).toContain((JSON.parse(line) as { id: string }).id);
  expect((await run('refold')).stdout).toMatch(/: 0 move, 3 stay/);
});
