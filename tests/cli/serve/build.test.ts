import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walkArchives } from '../../support/archive-client.ts';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';

let folder = '';
let out = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const configure = (feeds: string, url = 'https://x.example.org/planet') =>
  write(
    'newsfold.yaml',
    `site: { title: T, url: "${url}" }\nstore: sqlite:store.db\nsources:\n  - { id: desk, articles: articles }\n` +
      `  - { id: wire, feed: "https://user:pass@wire.test/feed", title: Wire }\n  - { id: open, feed: "https://open.test/feed", title: Open }\nfeeds:\n${feeds}`,
  );
const at = () => ['--config', join(folder, 'newsfold.yaml')];
const build = () => newsfold(['build', out, ...at()]);
const list = () =>
  readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(out, name)).isFile())
    .toSorted();

/** Pages and their files are tested in tests/serve/browser/build.test.ts. */
const isPage = (name: string) => /(^|\/)(index|404)\.html$|^(style\.css|favicon\.svg)$/.test(name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-build-'));
  out = join(folder, 'out');
  mkdirSync(join(folder, 'articles'));
  for (let n = 10; n < 45; n++) write(`articles/2026-01-0${(n % 9) + 1} a${n}.txt`, `Title number ${n}\n\nText of number ${n}.\n`);
  configure('  - { slug: all, limit: 10 }\n  - { slug: few, include: [{ title: "/1$/" }] }\n');
  await newsfold(['run', '--source', 'desk', ...at()]);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('writes documents, archives and the list of sources with compressed forms, linked below the path of the site', async () => {
  expect(await build()).toMatchObject({ code: 0 });
  const names = list().filter((name) => !isPage(name) && !/\.(gz|br)$/.test(name));
  const documents = ['feed.atom', 'feed.json', 'feed.rss', 'feeds/few.atom', 'feeds/few.json', 'feeds/few.rss', 'sources.opml'];
  expect(names.filter((name) => !name.includes('archive/'))).toEqual(['.newsfold-build.json', ...documents]);
  for (const name of names.slice(1)) {
    const bytes = readFileSync(join(out, name));
    expect(gunzipSync(readFileSync(join(out, `${name}.gz`))).equals(bytes)).toBe(true);
    expect(brotliDecompressSync(readFileSync(join(out, `${name}.br`))).equals(bytes)).toBe(true);
  }
  const base = 'https://x.example.org/planet/';
  const { entries, asked } = await walkArchives(`${base}feed.atom`, async (url) => readFileSync(join(out, url.slice(base.length)), 'utf8'));
  expect(entries.size).toBe(35);
  expect(asked.length).toBeGreaterThan(3);
  const opml = readFileSync(join(out, 'sources.opml'), 'utf8');
  expect(opml).toContain('xmlUrl="https://open.test/feed"');
  expect(opml).not.toMatch(/wire\.test|user|pass|desk/);
});

test('a folder that cannot be created is reported in a line', async () => {
  write('file', 'x');
  for (const there of ['file', 'file/x'])
    expect(await newsfold(['build', join(folder, there), ...at()])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^newsfold: \S+\/file\/\S+ cannot be written \((EEXIST|ENOTDIR)\) \[file\/unwritable\]\n$/),
    });
});

test('touches no unchanged file, and removes only files that it wrote, nobody changed and are no longer published', async () => {
  await build();
  const before = new Map(list().map((name) => [name, statSync(join(out, name)).mtimeMs]));
  expect((await build()).stdout).toMatch(/^0 files written/);
  for (const [name, time] of before) expect(statSync(join(out, name)).mtimeMs).toBe(time);
  writeFileSync(join(out, 'own.html'), 'mine');
  writeFileSync(join(out, 'feeds/few.rss'), 'changed by hand');
  configure('  - { slug: all, limit: 10 }\n');
  const again = await build();
  expect(again.stderr).toMatch(/feeds\/few\.rss is no longer published but was changed by another program/);
  expect(list().filter((name) => !isPage(name) && !name.includes('archive') && !/\.(gz|br)$/.test(name))).toEqual([
    '.newsfold-build.json',
    'feed.atom',
    'feed.json',
    'feed.rss',
    'feeds/few.rss',
    'own.html',
    'sources.opml',
  ]);
  expect(existsSync(join(out, 'feeds/few/index.html'))).toBe(false);
});

test('a list of files that leads out of the folder removes nothing there', async () => {
  await build();
  const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  write('precious.txt', 'abc');
  writeFileSync(join(out, '.newsfold-build.json'), JSON.stringify({ '../precious.txt': hash, [join(folder, 'precious.txt')]: hash }));
  await build();
  expect(existsSync(join(folder, 'precious.txt'))).toBe(true);
});

test('writes no private feed, names a moved one, and reports one that ends', async () => {
  configure(
    '  - { slug: all, limit: 10, retired: 2099-01-31 }\n  - { slug: inner, private: true, token: x }\n  - { slug: old, movedTo: "https://new.test/" }\n  - { slug: gone, retired: true }\n',
  );
  const { stderr } = await build();
  expect(stderr).toMatch(/private feed inner is not written/);
  expect(stderr).toMatch(/feed old has moved: let the file host answer 301 to https:\/\/new\.test\//);
  expect(list().filter((name) => /inner|old\.|gone/.test(name))).toEqual([]);
  for (const name of ['feed.atom', 'feed.rss', 'feed.json'])
    expect(readFileSync(join(out, name), 'utf8')).toContain('This feed ends on 2099-01-31');
});

test('serves the bytes that build writes: documents, archives and the list of sources', async () => {
  await build();
  const server = startNewsfold(['serve', '--no-run', '--port', '0', ...at()]);
  const [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)/);
  const names = list().filter((name) => !isPage(name) && !/\.(gz|br)$/.test(name) && !name.startsWith('.'));
  for (const name of names) {
    const bytes = Buffer.from(await (await fetch(`${url}/${name}`)).arrayBuffer());
    expect([name, bytes.equals(readFileSync(join(out, name)))]).toEqual([name, true]);
  }
  expect(await server.stop()).toMatchObject({ code: 0 });
});
