import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { newsfold } from '../../support/newsfold.ts';

const LONG =
  'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house, as fishermen had asked for years.';
let folder = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const run = (...args: string[]) => newsfold([...args, '--config', join(folder, 'newsfold.yaml')]);

interface Listed {
  readonly key: string;
  readonly id: string;
  readonly sources: readonly string[];
  readonly updated: string;
}

async function stories(): Promise<Listed[]> {
  const lines = (await run('stories', '--json')).stdout.trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Listed);
}

/** Returns the keys of a story's entries by their sources. */
async function entriesOf(key: string): Promise<Record<string, string>> {
  const { stdout } = await run('explain', key);
  return Object.fromEntries(
    [...stdout.matchAll(/^ {2}(\w+) .*\n.*\n {4}entry (\w+),/gm)].map(([, source = '', entry = '']) => [source, entry]),
  );
}

const sourcesOf = (list: readonly Listed[]) => list.map(({ sources }) => sources.toSorted().join('+')).toSorted();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-correct-'));
  const titles = ['Council votes for a second slipway', 'Council votes for second slipway', 'The council votes for a second slipway'];
  ['one', 'two', 'three'].forEach((name, n) =>
    write(
      `${name}.xml`,
      rss(`https://${name}.test/`, [[titles[n] ?? '', `https://${name}.test/1`, `${LONG}${' Work begins in May.'.repeat(n)}`]]),
    ),
  );
  write(
    'other.xml',
    rss('https://other.test/', [['The ferry sails again', 'https://other.test/1', 'It left at noon with all on board and came back.']]),
  );
  const sources = ['one', 'two', 'three', 'other'].map((id) => `  - { id: ${id}, file: ${id}.xml }`);
  write('newsfold.yaml', `store: sqlite:test.db\nsources:\n${sources.join('\n')}\n`);
  expect((await run('run')).stdout).toMatch(/2 folded into others/);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('split entries stay apart through runs, refold, export and import', async () => {
  const story = (await stories()).find(({ sources }) => sources.length > 1);
  const key = story?.key ?? '';
  const { two = '' } = await entriesOf(key);
  expect(await run('split', key, two)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/is separated from the 2 others for good, as the story \w+\n$/) as string,
  });
  expect(sourcesOf(await stories())).toEqual(['one+three', 'other', 'two']);
  expect((await stories()).find(({ sources }) => sources.includes('one'))?.id).toBe(story?.id);
  await run('run');
  expect((await run('refold')).stdout).toMatch(/: 0 move/);
  await run('export', join(folder, 'state.jsonl'));
  write('newsfold.yaml', 'store: sqlite:new.db\nsources: []\n');
  expect(await run('import', join(folder, 'state.jsonl'))).toMatchObject({ code: 0 });
  expect((await run('refold')).stdout).toMatch(/: 0 move/);
  expect(sourcesOf(await stories())).toEqual(['one+three', 'other', 'two']);
});

test('a split of the first entry leaves the id with it, and a merge undoes the split', async () => {
  const story = (await stories()).find(({ sources }) => sources.length > 1);
  const { one = '', two = '' } = await entriesOf(story?.key ?? '');
  const { code, stdout } = await run('split', story?.key ?? '', one);
  const apart = await stories();
  const rest = apart.find(({ sources }) => sources.includes('two'))?.key;
  expect([code, stdout]).toEqual([0, `entry ${one} is separated from the 2 others for good, which are the story ${rest}\n`]);
  expect(sourcesOf(apart)).toEqual(['one', 'other', 'three+two']);
  expect(apart.find(({ sources }) => sources.join() === 'one')?.id).toBe(story?.id);
  expect(await run('merge', two, one)).toMatchObject({ code: 0, stdout: expect.stringContaining('which now has 3 entries') as string });
  const together = await stories();
  expect(sourcesOf(together)).toEqual(['one+three+two', 'other']);
  expect(together.find(({ sources }) => sources.length > 1)?.id).toBe(story?.id);
  expect((await run('refold', '--dry-run')).stdout).toMatch(/: 0 would move/);
});

test('the owner can merge two stories that have nothing in common', async () => {
  const [first, second] = await stories();
  expect(await run('merge', first?.key ?? '', second?.key ?? '')).toMatchObject({ code: 0 });
  expect((await run('merge', first?.key ?? '', second?.key ?? '')).stderr).toMatch(/^\w+ is part of \w+ already\n$/);
  expect(sourcesOf(await stories())).toEqual(['one+other+three+two']);
  await run('run');
  expect((await run('refold')).stdout).toMatch(/: 0 move/);
});

test('a hidden story is gone everywhere, with later entries, until it is shown again with a newer date', async () => {
  const story = (await stories()).find(({ sources }) => sources.length > 1);
  const key = story?.key ?? '';
  expect(await run('hide', key)).toMatchObject({ code: 0, stdout: `story ${key} is taken down everywhere\n` });
  write('four.xml', rss('https://four.test/', [['Council votes for a second slipway', 'https://four.test/1', LONG]]));
  const yaml = ['one', 'two', 'three', 'other', 'four'].map((id) => `  - { id: ${id}, file: ${id}.xml }`).join('\n');
  write('newsfold.yaml', `store: sqlite:test.db\nsources:\n${yaml}\n`);
  expect((await run('run')).stdout).toMatch(/1 folded into others/);
  expect(sourcesOf(await stories())).toEqual(['other']);
  await run('build', join(folder, 'out'));
  await run('unhide', key);
  const back = (await stories()).find((one) => one.key === key);
  expect(back).toMatchObject({ id: story?.id, sources: expect.arrayContaining(['four', 'one']) as string[] });
  expect(Date.parse(back?.updated ?? '')).toBeGreaterThan(Date.parse(story?.updated ?? ''));
});

test('a hidden entry leaves its story whole', async () => {
  const story = (await stories()).find(({ sources }) => sources.length > 1);
  const { two = '' } = await entriesOf(story?.key ?? '');
  expect((await run('hide', two)).stdout).toBe(`entry ${two} is taken down everywhere\n`);
  expect(sourcesOf(await stories())).toEqual(['one+three', 'other']);
});

test('a correction that is impossible is explained, and nothing changes', async () => {
  const before = await stories();
  const key = before[0]?.key ?? '';
  expect(await run('split', key, 'nothing')).toMatchObject({ code: 1, stderr: expect.stringMatching(/no entry nothing/) as string });
  expect(await run('merge', key, key)).toMatchObject({ code: 1, stderr: expect.stringMatching(/one story already/) as string });
  expect(await run('hide', 'nothing')).toMatchObject({ code: 1, stderr: expect.stringMatching(/no story or entry/) as string });
  expect(await stories()).toEqual(before);
});
