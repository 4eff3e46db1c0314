import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { newsfold } from '../../support/newsfold.ts';

const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';
let folder = '';
let stories: { key: string; title: string }[] = [];
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const explain = (...args: string[]) => newsfold(['explain', ...args, '--config', join(folder, 'newsfold.yaml')]);
const keyOf = (title: string) => stories.find((story) => story.title === title)?.key ?? '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-explain-'));
  mkdirSync(join(folder, 'articles'));
  write(
    'articles/2026-03-10-ferry.txt',
    'The ferry sails\n\nUpdate (1545ET): It has left the harbour with all on board.\n\n***\n\nThe ferry sails again this spring.\n',
  );
  write('a.xml', rss('https://a.test/', [['A second slipway', 'https://a.test/1', LONG]]));
  write('b.xml', rss('https://b.test/', [['A second slipway', 'https://b.test/1', LONG]]));
  write(
    'newsfold.yaml',
    'store: sqlite:data/test.db\nsources:\n  - { id: desk, articles: articles, title: The desk }\n  - { id: one, file: a.xml }\n  - { id: two, file: b.xml }\n',
  );
  const config = ['--config', join(folder, 'newsfold.yaml')];
  await newsfold(['run', ...config]);
  const listed = await newsfold(['stories', '--json', ...config]);
  stories = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { key: string; title: string });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a folded story shows for each member its comparison, the reasons and the rules', async () => {
  const key = keyOf('A second slipway');
  const { code, stdout } = await explain(key);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^A second slipway\n  story {6}${key}\n  id {9}\\S+\n  published  unknown\n  updated {4}\\S+Z\n`));
  const entry = /one.*\n {4}https:\/\/a\.test\/1\n {4}entry (\w+), first seen \S+Z\n {4}first: first of its story/.exec(stdout)?.[1];
  expect(stdout).toMatch(/same, score 0\.98: same text of 19 words, same title/);
  expect(stdout).toContain(`compared with entry ${entry} of one\n    rules text-3`);
  expect(stdout).toMatch(/One version of one:\n {2}\S+Z {2}first: as it was first seen\n$/);
});

test("an entry's key leads to its story", async () => {
  const { stdout } = await explain(keyOf('A second slipway'));
  const entries = [...stdout.matchAll(/^ {4}entry (\w+),/gm)].map((found) => found[1] ?? '');
  expect(entries).toHaveLength(2);
  for (const entry of entries) expect((await explain(entry)).stdout).toBe(stdout);
});

test('with --json explain prints one object of the fixed form, a revision with its update mark', async () => {
  const folded = JSON.parse((await explain(keyOf('A second slipway'), '--json')).stdout) as Record<string, unknown>;
  expect(Object.keys(folded)).toEqual(['key', 'members', 'revisions']);
  expect(folded['members']).toEqual([
    { source: 'one', url: 'https://a.test/1', verdict: 'first', score: 0, why: ['first of its story'] },
    { source: 'two', url: 'https://b.test/1', verdict: 'same', score: 0.98, why: ['same text of 19 words', 'same title'] },
  ]);
  const marked = JSON.parse((await explain(keyOf('The ferry sails'), '--json')).stdout) as Record<string, unknown>;
  expect(marked['revisions']).toEqual([
    { updated: '2026-03-10T00:00:00.000Z', kind: 'first', why: 'as it was first seen' },
    { updated: '2026-03-10T19:45:00.000Z', kind: 'mark', why: 'Update (1545ET)' },
  ]);
});

test('a deleted member is printed in words and left out of the JSON form', async () => {
  const key = keyOf('A second slipway');
  const database = new DatabaseSync(join(folder, 'data/test.db'));
  try {
    database.exec("update entry set deleted_at = 1773144000000 where source_id = 'two'");
    expect((await explain(key)).stdout).toMatch(/first seen \S+Z, deleted 2026-03-10T12:00Z/);
    expect(JSON.parse((await explain(key, '--json')).stdout)).toMatchObject({ members: [{ source: 'one' }] });
  } finally {
    database.exec('update entry set deleted_at = null');
    database.close();
  }
});

test.each(['nonsense', '', "'; drop table story; --", 'a\u{1f600}'])('the unknown key %j ends with 1 and a remedy', async (key) => {
  const { code, stdout, stderr } = await explain(key);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/no story or entry has the key .*: newsfold stories lists/);
});
