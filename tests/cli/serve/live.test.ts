import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { startNewsfold } from '../../support/newsfold.ts';

const CONFIG = `site: { title: Live, url: "http://localhost:1" }
store: sqlite:test.db
sources:
  - { id: desk, articles: articles, tags: [own] }
feeds:
  - { slug: all, title: Everything }
`;
let folder = '';
let server: ReturnType<typeof startNewsfold>;
let url = '';
const file = () => join(folder, 'newsfold.yaml');
const titlesOf = async (path: string) => {
  const answer = await fetch(url + path);
  if (answer.status !== 200) return answer.status;
  return ((await answer.json()) as { items: { title: string }[] }).items.map(({ title }) => title).toSorted((a, b) => (a < b ? -1 : 1));
};
/** Polls until the answer matches, for at most five seconds: a limit of the test, not of the
 *  program. */
async function settled<T>(ask: () => Promise<T>, wanted: T): Promise<T> {
  const until = performance.now() + 15_000;
  let answer = await ask();
  while (JSON.stringify(answer) !== JSON.stringify(wanted) && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await ask();
  }
  return answer;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-live-'));
  mkdirSync(join(folder, 'articles'));
  mkdirSync(join(folder, 'more'));
  writeFileSync(file(), CONFIG);
  writeFileSync(join(folder, 'articles/a.txt'), 'A first article\n\nIts text.\n');
  writeFileSync(join(folder, 'wire.xml'), rss('https://wire.test/', [['A wire story', 'https://wire.test/1', 'Its text.']]));
  server = startNewsfold(['serve', '--port', '0', '--config', file()]);
  [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('a saved article and a saved configuration take effect while the server answers; a faulty one is reported and ignored', async () => {
  expect(await settled(() => titlesOf('/feed.json'), ['A first article'])).toEqual(['A first article']);
  writeFileSync(join(folder, 'articles/b.txt'), 'A second article\n\nIts text.\n');
  expect(await settled(() => titlesOf('/feed.json'), ['A first article', 'A second article'])).toHaveLength(2);

  writeFileSync(file(), CONFIG.replace('slug: all', 'slug: ALL ALL'));
  // Editors pass through this state.
  writeFileSync(file(), '');
  writeFileSync(file(), CONFIG.replace('slug: all', 'slug: ALL ALL'));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(await titlesOf('/feed.json')).toHaveLength(2);

  // Most editors save like this: a new file replaces the old one.
  const changed = `${CONFIG.replace('feeds:', '  - { file: wire.xml, tags: [wire] }\n  - { articles: more }\nfeeds:')}  - { slug: wire, title: Wire, tags: [wire] }\n`;
  writeFileSync(join(folder, 'new.yaml'), changed);
  renameSync(join(folder, 'new.yaml'), file());
  expect(await settled(() => titlesOf('/feeds/wire.json'), ['A wire story'])).toEqual(['A wire story']);
  expect(await settled(() => titlesOf('/feed.json'), ['A first article', 'A second article', 'A wire story'])).toHaveLength(3);
  // The folders of the new configuration are watched.
  writeFileSync(join(folder, 'more/c.txt'), 'A third article\n\nIts text.\n');
  const all = ['A first article', 'A second article', 'A third article', 'A wire story'];
  expect(await settled(() => titlesOf('/feed.json'), all)).toEqual(all);

  writeFileSync(file(), `${changed.replace('store: sqlite:test.db', 'store: sqlite:other.db')}# moved\n`);
  await server.waitFor(/(the configuration was changed[\s\S]*){2}/);
  expect(await titlesOf('/feed.json')).toEqual(all);
  const { code, stderr } = await server.stop();
  expect(code).toBe(0);
  expect(stderr).toMatch(/newsfold\.yaml:6: feeds\[0\]\.slug = "ALL ALL": must be/);
  expect(stderr).toMatch(/the previous one stays in effect/);
  expect(stderr).toMatch(/store, server\.host and server\.port need a restart/);
  expect(readFileSync(file(), 'utf8')).toMatch(/other\.db/);
});

test('a saved stylesheet takes effect', async () => {
  writeFileSync(join(folder, 'own.css'), 'h1 { color: red }');
  writeFileSync(file(), CONFIG.replace('title: Live,', 'title: Live, stylesheet: own.css,'));
  const readStyle = async () => (await fetch(`${url}/site.css`)).text();
  expect(await settled(readStyle, 'h1 { color: red }')).toBe('h1 { color: red }');
  writeFileSync(join(folder, 'own.css'), 'h1 { color: blue }');
  expect(await settled(readStyle, 'h1 { color: blue }')).toBe('h1 { color: blue }');
});

test('no answer is lost while one configuration takes over from another', async () => {
  await settled(() => titlesOf('/feed.json'), ['A first article']);
  const statuses = new Map<number, number>();
  const over = new AbortController();
  const poll = async () => {
    while (!over.signal.aborted) {
      const answer = await fetch(`${url}/feed.atom`);
      await answer.text();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
  };
  const polling = [poll(), poll(), poll(), poll()];
  for (let n = 1; n <= 3; n++) {
    writeFileSync(file(), CONFIG.replace('Everything', `Everything ${n}`));
    await server.waitFor(new RegExp(`feed\\.atom {2}Everything ${n}`));
  }
  over.abort();
  await Promise.all(polling);
  expect([...statuses.keys()]).toEqual([200]);
});
