import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createFileReader } from '../../../src/ingest/local/files.ts';

const root = mkdtempSync(join(tmpdir(), 'newsfold-files-'));
afterAll(() => rmSync(root, { recursive: true }));

test('a link out of a folder is reported and not followed; a link to a file inside publishes nothing twice', async () => {
  mkdirSync(join(root, 'articles/deep'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), 'A secret\n\nOf this machine.\n');
  writeFileSync(join(root, 'articles/deep/own.txt'), 'Our own\n\nText.\n');
  symlinkSync(join(root, 'secret.txt'), join(root, 'articles/out.txt'));
  symlinkSync('/etc/passwd', join(root, 'articles/passwd.txt'));
  symlinkSync('../articles/../secret.txt', join(root, 'articles/roundabout.txt'));
  symlinkSync(root, join(root, 'articles/up'));
  symlinkSync('..', join(root, 'articles/deep/round'));
  symlinkSync('.', join(root, 'articles/self'));
  symlinkSync('deep/own.txt', join(root, 'articles/within.txt'));
  const result = await createFileReader().readFolder(join(root, 'articles'), 1000);
  if (result.kind === 'failed') throw new Error(result.problem.message);
  expect(result.files.map(({ location }) => location)).toEqual(['deep/own.txt']);
  expect(result.problems.map(({ code, entry }) => `${entry} ${code}`).toSorted()).toEqual(
    ['out.txt', 'passwd.txt', 'roundabout.txt', 'up'].map((entry) => `${entry} article/outside`),
  );
});

test('a folder that Kubernetes mounts, with links to hidden files, has its articles', async () => {
  const folder = join(root, 'mounted');
  mkdirSync(join(folder, '..2026_11_28'), { recursive: true });
  writeFileSync(join(folder, '..2026_11_28/a.txt'), 'One\n\nText.\n');
  symlinkSync('..2026_11_28', join(folder, '..data'));
  symlinkSync('..data/a.txt', join(folder, 'a.txt'));
  symlinkSync('nowhere.txt', join(folder, 'broken.txt'));
  const result = await createFileReader().readFolder(folder, 1000);
  if (result.kind === 'failed') throw new Error(result.problem.message);
  expect(result.files.map(({ location }) => location)).toEqual(['a.txt']);
  expect(result.problems).toEqual([{ code: 'article/unreadable', entry: 'broken.txt', message: 'broken.txt does not exist' }]);
});
