import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rss } from '../support/bench.ts';
import { startLoopback } from '../support/loopback.ts';
import { newsfold, startNewsfold } from '../support/newsfold.ts';

const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';
let folder = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-commands-'));
  mkdirSync(join(folder, 'articles'));
  write('articles/a.txt', 'A local title\n\nWith its text.\n');
  write('a.xml', rss('https://a.test/', [['A second slipway', 'https://a.test/1', LONG]]));
  write('b.xml', rss('https://b.test/', [['A second slipway', 'https://b.test/1', LONG]]));
  write(
    'newsfold.yaml',
    'site: { title: Test, url: "http://localhost:1234" }\nstore: sqlite:data/test.db\nsources:\n  - { id: desk, articles: articles }\n  - file: "?.xml"\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (file = 'newsfold.yaml') => ['--config', join(folder, file)];

test('run prints its report, from any folder, and stories and sources show the result', async () => {
  const ran = await newsfold(['run', '--json', ...at()], { cwd: tmpdir() });
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    sources: 3,
    polled: 3,
    notModified: 0,
    failed: 0,
    entriesNew: 3,
    entriesRevised: 0,
    storiesNew: 2,
    folded: 1,
    problems: [],
  });
  const stories = (await newsfold(['stories', '--json', ...at()])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(stories).toHaveLength(2);
  expect(stories.find((story) => story['entries'] === 2)).toMatchObject({
    title: 'A second slipway',
    url: 'https://a.test/1',
    revisions: 1,
    published: null,
  });
  expect(Object.keys(stories[0] ?? {})).toEqual(['key', 'id', 'title', 'url', 'published', 'updated', 'sources', 'entries', 'revisions']);
  const sources = (await newsfold(['sources', '--json', ...at()])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(Object.keys(sources[0] ?? {})).toEqual([
    'id',
    'kind',
    'title',
    'url',
    'state',
    'lastSuccessAt',
    'lastEntryAt',
    'nextPollAt',
    'failures',
    'problem',
    'entries',
    'setAside',
  ]);
  expect(sources.map((source) => [source['kind'], source['state'], source['entries']])).toEqual([
    ['articles', 'ok', 1],
    ['file', 'ok', 1],
    ['file', 'ok', 1],
  ]);
});

test('build writes the documents and touches no unchanged one', async () => {
  await newsfold(['run', ...at()]);
  const out = join(folder, 'out');
  expect(await newsfold(['build', out, ...at()])).toMatchObject({ code: 0 });
  const documents = ['feed.atom', 'feed.json', 'feed.rss', 'sources.opml'];
  const forms = documents.flatMap((name) => [name, `${name}.br`, `${name}.gz`]);
  const pages = ['404.html', 'favicon.svg', 'index.html', 'sources', 'stories', 'style.css'];
  expect(readdirSync(out).toSorted()).toEqual(['.newsfold-build.json', ...forms, ...pages].toSorted());
  const before = statSync(join(out, 'feed.atom')).mtimeMs;
  expect((await newsfold(['build', out, ...at()])).stdout).toMatch(/^0 files written .* \d+ unchanged, 0 removed/);
  expect(statSync(join(out, 'feed.atom')).mtimeMs).toBe(before);
});

test('serve answers with the bytes that build writes, and ends on SIGTERM with 0', async () => {
  const server = startNewsfold(['serve', '--port', '0', ...at()]);
  const [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
  const answer = await fetch(`${url}/feed.atom`);
  expect(answer.status).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect((await fetch(`${url}/feed.atom`, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })).status).toBe(304);
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
  expect(await server.stop()).toMatchObject({ code: 0 });
  await newsfold(['build', join(folder, 'out'), ...at()]);
  expect(readFileSync(join(folder, 'out/feed.atom')).equals(bytes)).toBe(true);
});

test('a faulty configuration prints every fault and ends with 2', async () => {
  write(
    'faulty.yaml',
    'site: { titel: x }\nserver: { port: 99999 }\nschedule: every day\nsources:\n  - { feed: ftp://x, priority: 200 }\n',
  );
  const { code, stderr } = await newsfold(['run', ...at('faulty.yaml')]);
  expect(code).toBe(2);
  expect(
    stderr
      .trim()
      .split('\n')
      .map((line) => /faulty\.yaml:(\d+): ([\w.[\]]+)/.exec(line)?.slice(1)),
  ).toEqual([
    ['1', 'site.titel'],
    ['2', 'server.port'],
    ['3', 'schedule'],
    ['5', 'sources[0].feed'],
    ['5', 'sources[0].priority'],
  ]);
  expect(await newsfold(['check', ...at('faulty.yaml')])).toMatchObject({ code: 2 });
  expect(await newsfold(['check', ...at('missing.yaml')])).toMatchObject({ code: 2 });
  expect(await newsfold(['check', ...at()])).toMatchObject({ code: 0 });
});

test.each([[['nonsense']], [['run', '--nonsense']], [['build']], [['serve', '--port', 'x']], [['fold', '/no/such/file']]])(
  '%j is misuse and ends with 2',
  async (args) => {
    expect(await newsfold(args)).toMatchObject({ code: 2 });
  },
);

test('failures end with 0, under --strict with 1, and the rest of the run goes on', async () => {
  write(
    'some.yaml',
    'store: sqlite:some.db\nsources:\n  - file: a.xml\n  - file: missing.xml\n  - feed: http://newsfold.invalid/\n  - feed: http://127.0.0.1:9/\n',
  );
  const ran = await newsfold(['run', ...at('some.yaml')]);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stderr).toMatch(/missing\.xml does not exist/);
  expect(ran.stderr).toMatch(/newsfold\.invalid\S* is unknown to DNS/);
  expect(ran.stderr).toMatch(/127\.0\.0\.1 is not a public address/);
  expect(ran.stdout).toMatch(/^4 sources: 1 read, 0 unchanged, 3 failed\n1 new entry, 0 revised, 0 deleted; 1 new story, /m);
  const again = await newsfold(['run', ...at('some.yaml')]);
  expect(again.stdout).toMatch(/^4 sources: 0 read, 1 unchanged, 2 not due, 1 failed\n0 new entries, /m);
  expect(await newsfold(['run', '--strict', ...at('some.yaml')])).toMatchObject({ code: 1 });
});

test('a read-only store and a used port end with 3 and the reason', async () => {
  const store = await newsfold(['run', ...at()], { env: { NEWSFOLD_STORE: 'sqlite:/proc/newsfold/x.db' } });
  expect(store).toMatchObject({ code: 3 });
  expect(store.stderr).toMatch(/\/proc\/newsfold\/x\.db cannot be used/);
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const { port } = blocker.address() as AddressInfo;
  const served = await newsfold(['serve', '--port', String(port), ...at()]);
  expect(served).toMatchObject({ code: 3 });
  expect(served.stderr).toMatch(/is in use by another program.*site\.url/);
  await new Promise((resolve) => blocker.close(resolve));
  const serving = startNewsfold(['serve', '--no-run', '--port', String(port), ...at()]);
  await serving.waitFor(/serves/);
  expect((await serving.stop()).stderr).toBe(
    `newsfold: links and feeds name http://localhost:1234, not port ${port}: change site.url, or set NEWSFOLD_URL=http://localhost:${port}\n`,
  );
});

test('check notes probable mistakes, and ends with 0', async () => {
  write(
    'odd.yaml',
    `store: sqlite:none.db
sources:
  - { id: desk, articles: nowhere }
  - { id: one, feed: "http://A.test/feed" }
  - { id: two, feed: "https://a.test/feed/" }
feeds: [{ slug: all }, { slug: tech, tags: [nonexist] }, { slug: some, sources: [one, nix] }, { slug: shut, private: true }]
`,
  );
  const { code, stdout, stderr } = await newsfold(['check', ...at('odd.yaml')]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').slice(1, -1)).toEqual([
    expect.stringMatching(/^note: the folder \S+\/nowhere does not exist: /),
    'note: two and one have the same address in two spellings: list it once',
    'note: the feed tech selects the tag nonexist, which no source has',
    'note: the feed some selects the source nix, which no source has as its id: newsfold sources lists them',
    'note: the private feed shut has no token: nobody can read it',
  ]);
  expect((await newsfold(['check', ...at()])).stdout).not.toContain('note:');
});

test('after Ctrl-C a run says that it waits for the current requests, and ends after them', async () => {
  await using server = await startLoopback();
  const { promise: held, resolve } = Promise.withResolvers<ServerResponse>();
  const url = server.on('/slow', (_, response) => resolve(response));
  write('slow.yaml', `store: sqlite:slow.db\nfetch: { allowPrivateAddresses: [127.0.0.1] }\nsources: [{ feed: "${url}" }]\n`);
  const running = startNewsfold(['run', ...at('slow.yaml')]);
  const response = await held;
  running.kill('SIGINT');
  while (running.log() === '') await new Promise((done) => setTimeout(done, 20));
  response.end(rss('https://a.test/', [['A title of words', 'https://a.test/1', LONG]]));
  expect(await running.ended).toEqual({
    code: 0,
    stderr: 'stopping after the current requests; press Ctrl-C again to stop at once\n',
    stdout: expect.stringMatching(/^stopped early/m) as string,
  });
});

test('parse prints the content of feeds and articles, without configuration or store', async () => {
  write('page.xml', '<!doctype html><html><body>x</body></html>');
  write('page.html', '<!doctype html><html><title>A page</title><body>x</body></html>');
  const files = ['a.xml', 'articles/a.txt', 'page.xml', 'missing.xml', 'page.html'].map((name) => join(folder, name));
  const { code, stdout } = await newsfold(['parse', '--json', ...files], { cwd: tmpdir() });
  expect(code).toBe(1);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map((line) => line['file'])).toEqual(files);
  expect(lines[0]).toMatchObject({
    ok: true,
    format: 'rss',
    homePage: 'https://a.test/',
    entries: [{ title: 'A second slipway', url: 'https://a.test/1', html: LONG }],
    problems: [],
  });
  expect(lines[1]).toMatchObject({ ok: true, format: 'local', entries: [{ title: 'A local title' }] });
  expect(lines[2]).toMatchObject({ ok: false, error: { code: 'feed/html-page' } });
  expect(lines[3]).toMatchObject({ ok: false, error: { code: 'file/unreadable' } });
  expect(lines[4]).toMatchObject({ ok: true, format: 'local', entries: [{ title: 'A page' }] });
});

test('parse requests private addresses when the given configuration allows them', async () => {
  await using server = await startLoopback();
  const url = server.answer('/feed', 200, {}, rss('https://a.test/', [['A title of words', 'https://a.test/1', LONG]]));
  write('private.yaml', 'fetch: { allowPrivateAddresses: [127.0.0.1] }\n');
  expect(await newsfold(['parse', url], { cwd: tmpdir() })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('allowPrivateAddresses'),
  });
  expect(await newsfold(['parse', url, ...at('private.yaml')])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('rss, 1 entry, '),
  });
});

test('problems of an article name its file, once', async () => {
  mkdirSync(join(folder, 'bad'), { recursive: true });
  write('bad/front.md', '---\ntitle: [a\n---\n# T\nBody\n');
  write('bad/empty.md', '');
  write('bad.yaml', 'store: sqlite:bad.db\nsources: [{ id: desk, articles: bad }]\n');
  const { stderr } = await newsfold(['run', ...at('bad.yaml')]);
  expect(stderr).toMatch(/^problem desk: front\.md: the front matter is not valid YAML /m);
  expect(stderr).toMatch(/^problem desk: empty\.md is empty: /m);
});

test('fold prints stories, or judges pairs', async () => {
  const entry = (id: string, source: string, text: string) =>
    JSON.stringify({ id, source, url: null, guid: null, title: 'A second slipway', text, published: '2026-03-10T12:00:00Z' });
  write(
    'entries.jsonl',
    [entry('1', 'a', LONG), entry('2', 'b', LONG), entry('3', 'c', 'Something else was written here about another thing.'), 'no json'].join(
      '\n',
    ),
  );
  write('pairs.jsonl', '{"a":"1","b":"2"}\n{"a":"1","b":"3"}\n');
  const stories = await newsfold(['fold', join(folder, 'entries.jsonl')]);
  expect(
    stories.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { story: '1', entries: ['1', '2'] },
    { story: '3', entries: ['3'] },
  ]);
  expect(stories.stderr).toMatch(/entries\.jsonl:4: no JSON/);
  const pairs = await newsfold(['fold', join(folder, 'entries.jsonl'), '--pairs', join(folder, 'pairs.jsonl')]);
  expect(
    pairs.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { a: '1', b: '2', label: 'same', score: 0.98 },
    { a: '1', b: '3', label: 'related', score: 0.35 },
  ]);
});
