import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newsfold } from '../../support/newsfold.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'newsfold-init-'))));
afterAll(() => rmSync(folder, { recursive: true }));

test('init writes a configuration that runs right away, without a fault, and keeps its store below the folder', async () => {
  const made = await newsfold(['init', 'planet'], { cwd: folder });
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).toMatch(/newsfold run --config planet\/config\/newsfold\.yaml/);
  const config = ['--config', join(folder, 'planet/config/newsfold.yaml')];
  expect(await newsfold(['check', ...config])).toMatchObject({ code: 0 });
  const ran = await newsfold(['run', '--strict', ...config]);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/1 new story/);
  expect((await newsfold(['stories', ...config])).stdout).toMatch(/Welcome to your planet/);
  expect(existsSync(join(folder, 'planet/data/newsfold.db'))).toBe(true);
});

test('the schema beside the configuration is the schema of this version', async () => {
  await newsfold(['init', join(folder, 'other')]);
  const schema = readFileSync(join(folder, 'other/config/newsfold.schema.json'), 'utf8');
  expect(schema).toBe((await newsfold(['check', '--schema'])).stdout);
  expect(readFileSync(join(folder, 'other/config/newsfold.yaml'), 'utf8')).toMatch(
    /^# yaml-language-server: \$schema=newsfold\.schema\.json\n/,
  );
});

test('nothing is overwritten: one existing file stops init before anything is written', async () => {
  const planet = join(folder, 'third');
  await newsfold(['init', planet]);
  rmSync(join(planet, 'config'), { recursive: true });
  const article = join(planet, 'feeds/articles/welcome.txt');
  writeFileSync(article, 'Mine\n');
  const again = await newsfold(['init', planet]);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(article);
  expect(existsSync(join(planet, 'config'))).toBe(false);
  expect(readFileSync(article, 'utf8')).toBe('Mine\n');
});

test('a folder that cannot be made ends with 2 and the reason', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { code, stderr } = await newsfold(['init', join(folder, 'file')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/cannot be written \(ENOTDIR\)/);
});
