import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';

let folder = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const at = () => ['--config', join(folder, 'newsfold.yaml')];
const configure = (sources: string) =>
  write(
    'newsfold.yaml',
    `site: { title: T }\nstore: sqlite:store.db\nfetch: { allowPrivateAddresses: [127.0.0.0/8] }\nsources:\n${sources}`,
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-steady-'));
  mkdirSync(join(folder, 'articles'));
  write('articles/a.txt', 'A local title\n\nWith its text.\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Waits until `look` is true; gives up after a minute. Returns the milliseconds that it took. */
async function until(look: () => Promise<boolean> | boolean): Promise<number> {
  const start = Date.now();
  while (!(await look())) {
    if (Date.now() - start > 60_000) throw new Error('waited for a minute in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Date.now() - start;
}

/** A source that answers on command, so that a run lasts as long as a test wants. */
async function startSlowSource() {
  const server = await startLoopback();
  const { promise, resolve: release } = Promise.withResolvers<void>();
  server.on(
    '/slow',
    (_, response) =>
      void promise.then(() => response.end(rss('https://slow.test/', [['A slow title here', 'https://slow.test/1', 'Text.']]))),
  );
  return { server, release };
}

test('a second run names the holder of the lock and ends with 3, or 0 with --if-free; kill -9 frees it and nothing is lost', async () => {
  const { server, release } = await startSlowSource();
  await using _ = server;
  configure(`  - articles: articles\n  - { feed: "${server.origin}/slow", interval: 0 }\n`);
  const first = startNewsfold(['run', ...at()]);
  await until(() => server.requests.length > 0);
  const second = await newsfold(['run', ...at()]);
  expect(second.code).toBe(3);
  expect(second.stderr).toMatch(/a run is under way: newsfold run \(process \d+ on \S+, since 20\S+Z\) holds the lock of \S+store\.db/);
  expect(await newsfold(['run', '--if-free', ...at()])).toMatchObject({ code: 0, stderr: '' });
  const told = await newsfold(['run', '--if-free', '--json', ...at()]);
  expect(told).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(told.stdout)).toMatchObject({ sources: 0, seconds: 0, problems: [{ source: '', code: 'run/locked' }] });
  first.kill('SIGKILL');
  await first.ended;
  release();
  const third = await newsfold(['run', '--json', ...at()]);
  expect(third).toMatchObject({ code: 0 });
  expect(JSON.parse((await newsfold(['stories', '--json', ...at()])).stdout.split('\n')[0] ?? '')).toMatchObject({ revisions: 1 });
  expect((await newsfold(['stories', '--json', ...at()])).stdout.trim().split('\n')).toHaveLength(2);
});

test('after SIGTERM a run finishes its current step and says so, and the next run continues', async () => {
  const { server, release } = await startSlowSource();
  await using _ = server;
  configure(`  - { feed: "${server.origin}/slow", interval: 0 }\n`);
  const first = startNewsfold(['run', ...at()]);
  await until(() => server.requests.length > 0);
  first.kill('SIGTERM');
  release();
  const ended = await first.ended;
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/stopped early: nothing is lost/);
  expect((await newsfold(['stories', '--json', ...at()])).stdout).toBe('');
  await newsfold(['run', ...at()]);
  expect((await newsfold(['stories', '--json', ...at()])).stdout.trim().split('\n')).toHaveLength(1);
});

test('a server stopped during its first run finishes the current step and leaves the rest', async () => {
  const { server, release } = await startSlowSource();
  await using _ = server;
  configure(`  - { feed: "${server.origin}/slow", interval: 0 }\n`);
  const serving = startNewsfold(['serve', '--port', '0', ...at()]);
  await until(() => server.requests.length > 0);
  serving.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 500));
  release();
  const ended = await serving.ended;
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/stopped early: nothing is lost/);
  expect((await newsfold(['stories', '--json', ...at()])).stdout).toBe('');
});

test('publications of another process and saved files are served within seconds', async () => {
  configure('  - { id: desk, articles: articles }\n');
  const server = startNewsfold(['serve', '--port', '0', ...at()]);
  const [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
  const shows = async (text: string) => (await (await fetch(`${url}/feed.atom`)).text()).includes(text);
  await until(() => shows('With its text'));
  write('articles/a.txt', 'A local title\n\nWith a newer text.\n');
  await until(() => shows('a newer text'));
  await server.stop();
  const quiet = startNewsfold(['serve', '--no-run', '--port', '0', ...at()]);
  const [, quietUrl = ''] = await quiet.waitFor(/ on (http:\/\/\S+)/);
  const served = async () => (await (await fetch(`${quietUrl}/feed.atom`)).text()).includes('the newest text');
  write('articles/a.txt', 'A local title\n\nWith the newest text.\n');
  expect(await newsfold(['run', ...at()], { cwd: tmpdir() })).toMatchObject({ code: 0 });
  expect(await until(served)).toBeLessThan(10_000);
  expect(await quiet.stop()).toMatchObject({ code: 0 });
});

test('changed rules take effect soon after the start, also without a run; archives are made on request', async () => {
  for (let n = 0; n < 30; n++) write(`articles/b${n}.txt`, `Title number ${n}\n\nText of number ${n}.\n`);
  const configureFeeds = (rule: string) =>
    write(
      'newsfold.yaml',
      `site: { title: T }\nstore: sqlite:store.db\nsources:\n  - { id: desk, articles: articles }\nfeeds:\n  - { slug: all, limit: 10${rule} }\n`,
    );
  configureFeeds('');
  await newsfold(['run', ...at()]);
  configureFeeds(', exclude: [{ title: "/[02468]$/" }]');
  const server = startNewsfold(['serve', '--no-run', '--port', '0', ...at()]);
  const [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)/);
  const titles = async () =>
    [...(await (await fetch(`${url}/feed.atom`)).text()).matchAll(/<title>Title number (\d+)/g)].map((found) => Number(found[1]));
  await until(async () => (await titles()).every((n) => n % 2 === 1) && (await titles()).length >= 9);
  const [newest = ''] = /archive\/\d+\.atom/.exec(await (await fetch(`${url}/feed.atom`)).text()) ?? [];
  const archives = await Promise.all(Array.from({ length: 5 }, async () => fetch(`${url}/feeds/all/${newest}`)));
  expect(archives.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const texts = new Set(await Promise.all(archives.map(async (answer) => answer.text())));
  expect(texts.size).toBe(1);
  expect([...texts][0]).toContain('<fh:archive/>');
  expect(await server.stop()).toMatchObject({ code: 0 });
});

test('a run that needs too much memory dies alone: the server answers, and reports it', async () => {
  const items = Array.from({ length: 20_000 }, (_, n): [string, string, string] => [
    `Title number ${n}`,
    `https://a.test/${n}`,
    `Text ${n} ${'word '.repeat(60)}`,
  ]);
  write('huge.xml', rss('https://a.test/', items));
  configure('  - file: huge.xml\n');
  const server = startNewsfold(['serve', '--port', '0', '--memory', '24', ...at()]);
  const [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
  // Nothing has been published yet: no reader is given an empty feed.
  expect((await fetch(`${url}/feed.atom`)).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ended = await server.stop();
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr).toMatch(/the run died \(.*memory.*\); the server goes on/);
});

test('a hundred articles whose folder is unmounted and mounted again leave no tombstone', async () => {
  for (let n = 0; n < 100; n++) write(`articles/${n}.txt`, `Title number ${n}\n\nText of number ${n}.\n`);
  configure('  - { id: desk, articles: articles }\n');
  await newsfold(['run', ...at()]);
  renameSync(join(folder, 'articles'), join(folder, 'away'));
  expect((await newsfold(['run', ...at()])).stderr).toMatch(/does not exist: nothing is deleted/);
  mkdirSync(join(folder, 'articles'));
  expect((await newsfold(['run', ...at()])).stderr).toMatch(/101 of 101 articles have vanished/);
  rmSync(join(folder, 'articles'), { recursive: true });
  renameSync(join(folder, 'away'), join(folder, 'articles'));
  const report = JSON.parse((await newsfold(['run', '--json', ...at()])).stdout) as object;
  expect(report).toMatchObject({ entriesNew: 0, entriesRevised: 0, entriesDeleted: 0, storiesWithdrawn: 0, problems: [] });
});
