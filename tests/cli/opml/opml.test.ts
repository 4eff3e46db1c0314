import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOpml } from 'feedsmith';
import { afterAll, expect, test } from 'vitest';
import { startLoopback } from '../../support/loopback.ts';
import { newsfold } from '../../support/newsfold.ts';
import { all, parseStrictly } from '../../support/strict-xml.ts';

const folder = mkdtempSync(join(tmpdir(), 'newsfold-opml-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'newsfold.yaml');
const at = ['--config', file];
const list = join(folder, 'list.opml');

const HEAD = 'site: { title: Test & Co }\nstore: sqlite:none.db\nfetch: { allowPrivateAddresses: [127.0.0.0/8] }\n';
const wrap = (body: string) => `<opml version="2.0"><head><title>T</title></head><body>${body}</body></opml>`;
const configure = (sources: string) => writeFileSync(file, `${HEAD}sources:${sources}\n`);

/** Returns the configured sources with the fields of `opml export`. */
async function readBack(): Promise<string[]> {
  const { stdout, code } = await newsfold(['opml', 'export', ...at]);
  expect(code).toBe(0);
  const { body } = parseOpml(stdout);
  const inside = (body?.outlines ?? []).flatMap((outline) => outline.outlines ?? [outline]);
  return inside.map(({ xmlUrl, title, category }) => `${xmlUrl} ${title} ${category}`);
}

test('five hundred feeds in nested folders are imported once: a second import changes no byte, and the export equals the list', async () => {
  configure('\n  # none yet\n');
  const outline = (n: number) =>
    `<outline type="rss" text="Blog ${n} &amp; Co: &quot;x&quot; #${n}" xmlUrl="https://b${n}.test/feed?a=1&amp;n=${n}"/>`;
  const folders = Array.from({ length: 20 }, (_, f) => {
    const feeds = (from: number) => Array.from({ length: 12 }, (__, n) => outline(f * 25 + from + n)).join('');
    return `<outline text="Folder ${f}">${feeds(0)}<outline text="Inner">${feeds(12)}</outline>${outline(f * 25 + 24)}</outline>`;
  });
  // The last folder repeats a feed of the first one.
  writeFileSync(list, wrap(`${folders.join('')}<outline text="Again">${outline(0)}</outline>`));
  const first = await newsfold(['opml', 'import', list, '--json', ...at]);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const report = JSON.parse(first.stdout) as { added: { url: string; title: string; tags: string[] }[] };
  expect(report).toMatchObject({ present: 0, passedOver: [], problems: [], written: true });
  expect(report.added).toHaveLength(500);
  expect(report.added[0]).toMatchObject({ title: 'Blog 0 & Co: "x" #0', tags: ['folder-0', 'again'] });
  const imported = readFileSync(file, 'utf8');
  expect(imported).toContain('  # none yet');
  expect(await newsfold(['check', ...at])).toMatchObject({ code: 0 });
  const again = await newsfold(['opml', 'import', list, ...at]);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 added, 500 already configured, 0 skipped/) });
  expect(readFileSync(file, 'utf8')).toBe(imported);
  const exported = await readBack();
  expect(exported.toSorted()).toEqual(report.added.map(({ url, title, tags }) => `${url} ${title} ${tags.join(',')}`).toSorted());
  const out = join(folder, 'out.opml');
  await newsfold(['opml', 'export', out, ...at]);
  configure(' []');
  await newsfold(['opml', 'import', out, ...at]);
  expect(await readBack()).toEqual(exported);
  expect(existsSync(join(folder, 'none.db'))).toBe(false);
});

test('a source that is configured under another spelling, an earlier address or as a page stays unchanged', async () => {
  configure(
    '\n  - feed: http://a.test/f/\n  - { feed: "https://b.test/new", previous: "https://b.test/old" }\n  - page: https://c.test/ # found there\n',
  );
  const before = readFileSync(file, 'utf8');
  const urls = ['https://A.test:443/f#x', 'http://b.test/old'];
  writeFileSync(
    list,
    wrap(`${urls.map((url) => `<outline xmlUrl="${url}"/>`).join('')}<outline xmlUrl="https://c.test/atom" htmlUrl="http://c.test"/>`),
  );
  const { code, stdout } = await newsfold(['opml', 'import', list, ...at]);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 added, 3 already configured/) });
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('a dry run prints the new sources and writes nothing; tags are added; skipped items are named', async () => {
  configure(' []');
  const before = readFileSync(file, 'utf8');
  writeFileSync(
    list,
    wrap('<outline text="x"><outline text="A" xmlUrl="https://a.test/"/></outline><outline text="B" xmlUrl="ftp://b.test/"/>'),
  );
  const dry = await newsfold(['opml', 'import', list, '--dry-run', '--tag', 'new', 'x', ...at]);
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.stdout).toBe(
    'would add A  https://a.test/  [x, new]\nskipped B: ftp://b.test/ is not an http:// or https:// address [opml/address]\n1 would be added, 0 already configured, 1 skipped; nothing was written\n',
  );
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(await newsfold(['opml', 'import', list, '--tag', 'Not A Tag', ...at])).toMatchObject({ code: 2 });
});

test('a list from outside cannot use variables of the environment', async () => {
  configure(' []');
  writeFileSync(list, wrap('<outline text="${SECRET}" xmlUrl="https://a.test/${SECRET}"/>'));
  const env = { SECRET: 's3cret' };
  await newsfold(['opml', 'import', list, ...at], { env });
  const { stdout } = await newsfold(['opml', 'export', ...at], { env });
  expect(stdout).toContain('xmlUrl="https://a.test/${SECRET}"');
  expect(stdout).not.toContain('s3cret');
});

test('a file that is no list ends with 1, an unreadable one with 2, and nothing is written', async () => {
  configure(' []');
  const before = readFileSync(file, 'utf8');
  for (const text of ['<html></html>', '', wrap('<outline text="x"/>')]) {
    writeFileSync(list, text);
    expect(await newsfold(['opml', 'import', list, ...at])).toMatchObject({ code: 1, stdout: '' });
  }
  expect(await newsfold(['opml', 'import', join(folder, 'missing.opml'), ...at])).toMatchObject({ code: 2 });
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('a list is fetched from an address, and the message of a failure has no secret', async () => {
  await using server = await startLoopback();
  configure(' []');
  const url = server.answer('/list', 200, { 'content-type': 'text/xml' }, wrap('<outline text="A" xmlUrl="https://a.test/"/>'));
  expect(await newsfold(['opml', 'import', `${url}?key=s3cret`, ...at])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^added A/),
  });
  expect(server.requests).toHaveLength(1);
  const failed = await newsfold(['opml', 'import', `${server.origin.replace('//', '//me:s3cret@')}/none?key=s3cret`, ...at]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/404/);
  expect(failed.stderr + failed.stdout).not.toContain('s3cret');
});

test('the export leaves private sources out and says so; pages are listed by their address; other files are not overwritten', async () => {
  configure(
    '\n  - { feed: "https://me:s3cret@a.test/" }\n  - { feed: "https://b.test/?k=${KEY:-s3cret}" }\n  - { feed: "https://c.test/f", private: true }\n  - { page: "https://d.test/", title: D, tags: [t] }\n  - articles: .\n',
  );
  const { code, stdout, stderr } = await newsfold(['opml', 'export', ...at]);
  expect(code).toBe(0);
  expect(stderr).toBe('3 private sources are left out\n');
  expect(stdout).not.toMatch(/s3cret|[abc]\.test/);
  const [body] = all(parseStrictly(stdout), 'body');
  expect(all(all(body, 'outline')[0], 'outline').map(({ attributes }) => attributes)).toEqual([
    { type: 'link', text: 'D', title: 'D', url: 'https://d.test/', htmlUrl: 'https://d.test/', category: 't' },
  ]);
  const before = readFileSync(file, 'utf8');
  expect(await newsfold(['opml', 'export', file, ...at])).toMatchObject({ code: 1 });
  expect(readFileSync(file, 'utf8')).toBe(before);
});
