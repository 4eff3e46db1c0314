import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import type { Loopback } from '../../support/loopback.ts';
import { newsfold } from '../../support/newsfold.ts';

const CONFIG = `# A planet of the coast.
site: { title: Coast } # shown on top
store: sqlite:test.db
fetch: { allowPrivateAddresses: [127.0.0.0/8] }

sources:
  # Ours comes first.
  - file: own.xml
    id: own # keep this
  # - feed: https://example.org/commented
feeds: # what is published
  - { slug: all }
`;
let folder = '';
let server: Loopback;
const file = () => join(folder, 'newsfold.yaml');
const sources = (...args: string[]) => newsfold(['sources', ...args, '--config', file()]);
const text = () => readFileSync(file(), 'utf8');
const pathsOf = () => server.requests.map(({ url }) => url);
const items = (from: number) =>
  [from, from + 1, from + 2].map(
    (n) => [`Tide number ${n} was high`, `https://tides.test/${n}`, `On day ${n} the tide was ${n * 7} feet.`] as const,
  );

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-sources-'));
  writeFileSync(file(), CONFIG);
  writeFileSync(join(folder, 'own.xml'), rss('https://own.test/', [['Own', 'https://own.test/1', 'Our own.']]));
  server = await startLoopback();
  const links =
    '<link rel=alternate type="application/rss+xml" href="/feed"><link rel=alternate type="application/rss+xml" href="/other" title="Other news">';
  server.answer('/', 200, { 'content-type': 'text/html' }, `<html><head><title>Tides</title>${links}</head></html>`);
  server.answer('/feed', 200, { etag: '"1"' }, rss('Tides &amp; more', items(1)));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('check prints the kind of a page, how its feed was found, its newest entries and other feeds, and stores nothing', async () => {
  const { code, stdout } = await sources('check', server.origin);
  expect(code).toBe(0);
  expect(stdout).toContain(`${server.origin} is a page; its feed is ${server.origin}/feed (named by link rel=alternate in the page)`);
  expect(stdout).toMatch(/Tide number 1 was high/);
  expect(stdout).toContain(`also offered: ${server.origin}/other  Other news`);
  expect(stdout).toContain(`newsfold sources add ${server.origin}`);
  const told = JSON.parse((await sources('check', `${server.origin}/feed`, '--json')).stdout) as { entries: unknown[] };
  expect(told).toMatchObject({ kind: 'feed', feed: `${server.origin}/feed`, via: null, format: 'rss', problems: [], compared: null });
  expect(told.entries).toHaveLength(3);
  expect((await sources('check', server.origin, '--json')).stdout).toMatch(/"kind":"page".*"via":"link"/);
  expect((await sources()).stdout).toMatch(/no source has been read yet/);
});

test('check without a configuration inspects files and folders, and refuses other words', async () => {
  const bare = (word: string) => newsfold(['sources', 'check', word, '--config', join(folder, 'none.yaml')]);
  expect((await bare(join(folder, 'own.xml'))).stdout).toMatch(/own\.xml is a saved feed \(rss\)\n.*1 entry/);
  expect((await bare(folder)).stdout).toMatch(/\*\.xml is a saved feed .*newsfold sources add "\S+\*\.xml"$/ms);
  writeFileSync(join(folder, 'a.txt'), 'A title\n\nText.\n');
  expect((await bare(folder)).stdout).toMatch(/is a folder of articles/);
  expect(await bare('no-such-thing')).toMatchObject({ code: 2, stderr: expect.stringMatching(/neither an address/) as string });
  // The private addresses of this machine are not allowed.
  expect(await bare(server.origin)).toMatchObject({ code: 1, stderr: expect.stringMatching(/fetch\/private-address/) as string });
});

test('add writes a page, leaves every other byte, and reads it without repeating a request', async () => {
  const added = await sources('add', server.origin, '--tag', 'coast', 'tides', '--id', 'tides', '--full-text');
  expect(added).toMatchObject({ code: 0 });
  expect(added.stdout).toMatch(/tides\s+read\s+3 new/);
  expect(text()).toBe(
    CONFIG.replace('keep this\n', `keep this\n  - id: tides\n    page: ${server.origin}\n    tags: [coast, tides]\n    fullText: true\n`),
  );
  expect(pathsOf().slice(0, 3)).toEqual(['/', '/robots.txt', '/feed']);
  expect(pathsOf().filter((path) => path === '/feed' || path === '/')).toHaveLength(2);
  const again = text();
  expect(await sources('add', `${server.origin}/`)).toMatchObject({
    code: 0,
    stdout: 'tides is configured already: nothing was changed\n',
  });
  expect(text()).toBe(again);
});

test('add refuses unreadable sources and invalid edits, and --no-check and --dry-run do what they say', async () => {
  expect(await sources('add', `${server.origin}/nothing`)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/answered 404/) as string,
  });
  expect(await sources('add', server.origin, '--id', 'own')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/id of an earlier source/) as string,
  });
  expect(await sources('add', server.origin, '--tag', 'No Tag')).toMatchObject({ code: 2 });
  expect(await sources('add', server.origin, '--dry-run')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/nothing was written/) as string,
  });
  expect(text()).toBe(CONFIG);
  expect(await sources('add', `${server.origin}/nothing`, '--no-check')).toMatchObject({ code: 0 });
  expect(text()).toContain(`  - feed: ${server.origin}/nothing\n`);
});

test('add takes a file and a folder by their path, and writes it relative to the configuration', async () => {
  writeFileSync(join(folder, 'more.xml'), rss('https://more.test/', [['More', 'https://more.test/1', 'More.']]));
  expect(await sources('add', join(folder, 'more.xml'))).toMatchObject({ code: 0 });
  expect(await newsfold(['sources', 'add', 'more.xml', '--config', file()], { cwd: folder })).toMatchObject({
    stdout: expect.stringMatching(/is configured already/) as string,
  });
  expect(text()).toContain('  - file: more.xml\n');
});

test('add writes a folder of saved feeds as such, and refuses one of several kinds', async () => {
  mkdirSync(join(folder, 'saved'));
  for (const name of ['a', 'b'])
    writeFileSync(
      join(folder, `saved/${name}.xml`),
      rss(`https://${name}.test/`, [[`Of ${name}`, `https://${name}.test/1`, `Text of ${name}.`]]),
    );
  const added = await sources('add', join(folder, 'saved'));
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout.match(/saved-[ab] {2}read {2}1 new/g)).toHaveLength(2);
  expect(text()).toContain('  - file: saved/*.xml\n');
  writeFileSync(join(folder, 'saved/c.json'), '{}');
  expect(await sources('add', join(folder, 'saved'))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/saved feeds of several kinds.*saved\/\*\.xml, \S+saved\/\*\.json \[articles\/none\]/) as string,
  });
});

test('add skips configured sources: the feed of a configured page, another spelling, and a redirect to one', async () => {
  await sources('add', server.origin, '--id', 'tides');
  const before = text();
  const has = (name: string) => ({ code: 0, stdout: `${name} has this feed already: nothing was changed\n` });
  expect(await sources('add', `${server.origin}/feed`)).toMatchObject(has('tides'));
  expect(await sources('add', `${server.origin}/feed/`)).toMatchObject(has('tides'));
  server.answer('/short', 301, { location: '/feed' });
  expect(await sources('add', `${server.origin}/short`)).toMatchObject(has('tides'));
  expect(text()).toBe(before);
  writeFileSync(file(), CONFIG.replace('keep this\n', `keep this\n  - { id: bare, feed: "${server.origin}/feed" }\n`));
  expect(await sources('add', server.origin)).toMatchObject(has('bare'));
});

test('a refusal names its address once', async () => {
  const { stderr } = await newsfold(['sources', 'check', 'http://127.0.0.1:9/', '--config', join(folder, 'none.yaml')]);
  expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:9\/ was not requested: /);
});

test('a removed source is never requested', async () => {
  await newsfold(['run', '--config', file()]);
  writeFileSync(file(), CONFIG.replace(/ {2}- file: own.xml\n.*\n/, ''));
  await newsfold(['run', '--config', file()]);
  expect((await sources()).stdout).toMatch(/^own +file +removed .*Z {2}never /m);
});

test('a moved source is compared first, then continues at its new address with all its settings', async () => {
  await sources('add', `${server.origin}/feed`, '--id', 'tides', '--title', 'The tides');
  const moved = rss('Tides &amp; more', items(2)).replaceAll('tides.test', 'moved.test');
  server.answer('/moved', 200, {}, moved);
  const looked = await sources('check', `${server.origin}/moved`, '--previous', 'tides');
  expect(looked.stdout).toMatch(/Of its 3 entries 0 are known from tides, 2 under another id, and 1 are new/);
  const dry = await sources('add', `${server.origin}/moved`, '--previous', 'tides', '--dry-run');
  expect(dry.stdout).toMatch(/2 under another id, and 1 are new[\s\S]*new {6}Tide number 4[\s\S]*nothing was written/);
  const done = await sources('add', `${server.origin}/moved`, '--previous', 'tides');
  expect(done).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/2 of 3 entries are known from \S+\/feed and are not published again; 1 are new/) as string,
  });
  expect(text()).toContain(`  - id: tides\n    feed: ${server.origin}/moved\n    title: The tides\n    previous: ${server.origin}/feed\n`);
  expect((await newsfold(['stories', '--json', '--config', file()])).stdout.match(/Tide number/g)).toHaveLength(4);
});

test('remove --purge withdraws the stories of a source, also later, and publishes them again when they return', async () => {
  const titles = async () => (await newsfold(['stories', '--json', '--config', file()])).stdout.match(/Tide number/g)?.length ?? 0;
  await sources('add', `${server.origin}/feed`, '--id', 'tides');
  expect(await sources('remove', 'tides')).toMatchObject({ code: 0, stdout: expect.stringMatching(/its stories stay/) as string });
  expect(text()).toBe(CONFIG);
  expect(await titles()).toBe(3);
  expect((await sources('remove', 'tides', '--purge', '--dry-run')).stdout).toMatch(/3 entries of tides would be withdrawn/);
  expect(await titles()).toBe(3);
  expect((await sources('remove', 'tides', '--purge')).stdout).toMatch(/3 entries of tides are withdrawn/);
  expect(await titles()).toBe(0);
  await sources('add', `${server.origin}/feed`, '--id', 'tides');
  expect(await titles()).toBe(3);
});
