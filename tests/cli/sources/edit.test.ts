import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { newsfold } from '../../support/newsfold.ts';

const folder = mkdtempSync(join(tmpdir(), 'newsfold-sources-edit-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'newsfold.yaml');
const CONFIG = `store: sqlite:data.db
sources:
  # The desk.
  - { id: desk, articles: articles }
  - feed: https://wire.test/feed # never asked here
    id: wire
    # Their tags.
    tags: [news]
  - file: saved.xml
  - file: many/*.xml
  - { id: hidden, feed: "https://me:secret@hidden.test/" }
feeds:
  - { slug: all, sources: [desk, wire] }
`;

const remove = (...args: string[]) => newsfold(['sources', 'remove', ...args, '--config', file]);

beforeAll(() => {
  mkdirSync(join(folder, 'articles'));
  mkdirSync(join(folder, 'many'));
  writeFileSync(join(folder, 'articles/a.txt'), 'A title\n\nText.\n');
  for (const name of ['saved.xml', 'many/one.xml', 'many/two.xml'])
    writeFileSync(join(folder, name), rss(`https://${name}.test/`, [[`A title of ${name}`, `https://${name}.test/1`, 'Text.']]));
});

test('a source is removed from the file by its id, before any run, and comments stay', async () => {
  writeFileSync(file, CONFIG);
  const dry = await remove('wire', '--dry-run');
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/^wire \(feed: https:\/\/wire\.test\/feed\) would be removed/) });
  expect(readFileSync(file, 'utf8')).toBe(CONFIG);
  const removed = await remove('wire');
  expect(removed).toMatchObject({ code: 0, stdout: expect.stringMatching(/its stories stay .* within 30 days/) });
  expect(removed.stderr).toMatch(/the feed all names wire/);
  expect(readFileSync(file, 'utf8')).toBe(
    CONFIG.replace('  - feed: https://wire.test/feed # never asked here\n    id: wire\n', '').replace('    tags: [news]\n', ''),
  );
  expect(await newsfold(['check', '--config', file])).toMatchObject({ code: 0 });
});

test('an unknown id ends with 1 and similar ids', async () => {
  writeFileSync(file, CONFIG);
  expect(await remove('wier')).toMatchObject({ code: 1, stderr: expect.stringMatching(/no source has the id wier; is it wire\?/) });
  expect(await remove('saved')).toMatchObject({ code: 1, stderr: expect.stringMatching(/the first run creates the others/) });
  expect(readFileSync(file, 'utf8')).toBe(CONFIG);
});

test('a private source is named without its address', async () => {
  writeFileSync(file, CONFIG);
  const { code, stdout, stderr } = await remove('hidden', '--dry-run');
  expect(code).toBe(0);
  expect(stdout + stderr).not.toMatch(/secret|hidden\.test/);
});

test('after a run the generated ids work too, and one file of a glob is refused', async () => {
  writeFileSync(file, CONFIG.replace(/ {2}- feed:[^]*?(?= {2}- file: saved)/, '').replace(/ {2}- \{ id: hidden.*\n/, ''));
  const before = readFileSync(file, 'utf8');
  expect(await newsfold(['run', '--config', file])).toMatchObject({ code: 0 });
  const ids = (await newsfold(['sources', '--json', '--config', file])).stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  const saved = ids.find((id) => id.endsWith('saved')) ?? '';
  const one = ids.find((id) => id.includes('one')) ?? '';
  const refused = await remove(one);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/one of the files of .*many\/\*\.xml/) });
  expect(await remove(saved)).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toBe(before.replace('  - file: saved.xml\n', ''));
  await newsfold(['run', '--config', file]);
  expect((await newsfold(['stories', '--config', file])).stdout).toMatch(/A title of saved/);
  expect(await remove(saved)).toMatchObject({ code: 1, stderr: expect.stringMatching(/no longer in the configuration/) });
});
