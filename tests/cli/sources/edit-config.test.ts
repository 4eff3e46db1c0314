import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { editConfig } from '../../../src/cli/sources/edit-config.ts';

const root = mkdtempSync(join(tmpdir(), 'newsfold-config-file-'));
afterAll(() => rmSync(root, { recursive: true }));

const BEFORE = 'sources:\n  - articles: ../feeds # mine\n';
const AFTER = 'sources:\n  - articles: ../other # mine\n';
let count = 0;
let folder = '';
let file = '';
beforeEach(() => {
  folder = join(root, String(count++));
  file = join(folder, 'newsfold.yaml');
  mkdirSync(folder);
  writeFileSync(file, BEFORE);
});

/** Checks that only the file itself remains after an edit, with this text. */
function check(text: string): void {
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readdirSync(folder)).toEqual(['newsfold.yaml']);
}

test('an edit replaces the file, keeps its mode, and relative paths keep their base', async () => {
  chmodSync(file, 0o640);
  const { written, config } = await editConfig(file, () => AFTER);
  expect(written).toBe(true);
  expect(config.sources[0]?.address).toBe(join(root, 'other'));
  expect(statSync(file).mode & 0o7777).toBe(0o640);
  check(AFTER);
});

test('an edit without a change and a dry run write nothing', async () => {
  const { ino } = statSync(file);
  expect(await editConfig(file, (text) => text)).toMatchObject({ written: false });
  expect(await editConfig(file, () => AFTER, { dryRun: true })).toMatchObject({ written: false, config: { sources: [{}] } });
  expect(statSync(file).ino).toBe(ino);
  check(BEFORE);
});

test('a symbolic link stays one', async () => {
  const real = join(folder, 'real.yaml');
  writeFileSync(real, BEFORE);
  rmSync(file);
  symlinkSync('real.yaml', file);
  await editConfig(file, () => AFTER);
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, 'utf8')).toBe(AFTER);
});

test('an edit that would not load is refused with its faults, and so is a file that does not load', async () => {
  await expect(editConfig(file, () => 'sources:\n  - feed: nowhere\n')).rejects.toMatchObject({
    file,
    faults: [{ line: 2, key: 'sources[0].feed' }],
  });
  check(BEFORE);
  writeFileSync(file, 'sources: 5\n');
  await expect(editConfig(file, () => AFTER)).rejects.toMatchObject({ code: 'config/invalid', exitCode: 2 });
  await expect(editConfig(join(folder, 'none.yaml'), () => AFTER)).rejects.toMatchObject({ code: 'config/invalid', exitCode: 2 });
  check('sources: 5\n');
});

test('a file that another program changes meanwhile keeps that change', async () => {
  const theirs = `${BEFORE}# theirs\n`;
  const edit = editConfig(file, () => {
    writeFileSync(file, theirs);
    return AFTER;
  });
  await expect(edit).rejects.toMatchObject({ code: 'config/changed', exitCode: 1 });
  check(theirs);
});

test('bytes that are no UTF-8 are not lost: the file is refused', async () => {
  writeFileSync(file, Buffer.from('# caf\u00e9\nsources: []\n', 'latin1'));
  await expect(editConfig(file, (text) => `${text}\n`)).rejects.toMatchObject({ code: 'config/edit', exitCode: 2 });
});

test('a byte order mark stays', async () => {
  writeFileSync(file, `\ufeff${BEFORE}`);
  await editConfig(file, (text) => text.replace('../feeds', '../other'));
  check(`\ufeff${AFTER}`);
});
