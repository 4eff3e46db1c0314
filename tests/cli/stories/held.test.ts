import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';

let folder = '';
const config = () => join(folder, 'newsfold.yaml');
const write = (name: string, text: string) => writeFileSync(join(folder, 'articles', name), text);
const words = (name: string) => Array.from({ length: 20 }, (_, n) => `${name}${n}`).join(' ');
const titlesOf = async (url: string) => {
  const answer = await fetch(`${url}/feed.json`);
  return ((await answer.json()) as { items: { title: string }[] }).items.map(({ title }) => title).toSorted();
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-held-'));
  mkdirSync(join(folder, 'articles'));
  writeFileSync(
    config(),
    `site: { title: Held, url: "http://localhost:1" }
store: sqlite:test.db
server: { token: owner-token }
schedule: "0 0 1 1 *"
timeZone: Europe/Berlin
onProblem: { command: "cat >> told.txt" }
sources:
  - { id: desk, articles: articles }
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

test('stories --held lists waiting articles and why, and the report says until when', async () => {
  write('draft.md', `---\ntitle: A draft\ndraft: true\n---\n${words('draft')}`);
  write('later.md', `---\ntitle: Later\ndate: 2099-12-24 12:00\n---\n${words('later')}`);
  write('slip.md', `---\ntitle: A: slip\n---\n${words('slip')}`);
  write('good.txt', `Good\n\n${words('good')}\n`);
  const run = await newsfold(['run', '--config', config()]);
  expect(run.stdout).toContain('held  desk: later.md waits for its date until 2099-12-24T11:00:00.000Z');
  expect(run.stdout).toContain('3 own articles held back: newsfold stories --held');
  expect(run.stderr).toMatch(/desk: slip\.md: the front matter is not valid YAML .*, line 2; .*\[article\/front-matter\]/);
  expect(run.stderr).not.toContain('draft.md');
  const held = await newsfold(['stories', '--held', '--config', config()]);
  expect(held.stdout.split('\n')).toEqual([
    'desk  draft.md, line 3  draft: it is a draft (draft: true)',
    'desk  later.md, line 3  embargo: it waits for its date (date) until 2099-12-24T11:00Z',
    expect.stringMatching(/^desk {2}slip\.md, line 2 {2}fault: the front matter is not valid YAML \(/),
    expect.stringMatching(/^ {4}to fix it: /),
    '',
  ]);
  const json = await newsfold(['stories', '--held', '--json', '--config', config()]);
  expect(
    json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([
    { source: 'desk', file: 'draft.md', reason: 'draft', line: 3, until: null, published: false },
    { source: 'desk', file: 'later.md', reason: 'embargo', until: '2099-12-24T11:00:00.000Z' },
    { source: 'desk', file: 'slip.md', reason: 'fault', code: 'article/front-matter', line: 2, mend: expect.any(String) as string },
  ]);
  const { stdout } = await newsfold(['stories', '--config', config()]);
  expect(stdout.match(/^\w+ {2}.*$/gm)).toHaveLength(1);
});

test('parse and sources check say that an article is held back, and why', async () => {
  write('draft.md', `---\ntitle: A draft\ndraft: true\n---\nText`);
  write('later.md', `---\ntitle: Later\ndate: 2099-12-24\n---\nText`);
  write('good.txt', 'Good\n\nText.\n');
  const path = join(folder, 'articles/draft.md');
  expect((await newsfold(['parse', path])).stdout).toBe(`${path}: local, draft.md: it is a draft (draft: true), line 3; it is held back\n`);
  const json = JSON.parse((await newsfold(['parse', '--json', path, '--config', config()])).stdout) as object;
  expect(json).toMatchObject({ ok: true, entries: [], held: { reason: 'draft', line: 3 } });
  const check = await newsfold(['sources', 'check', join(folder, 'articles'), '--config', config()]);
  expect(check.stdout).toContain('1 entry');
  expect(check.stdout).toContain(
    'later.md: it waits for its date (date) until 2099-12-23T23:00Z, line 3; it is held back [article/embargo]',
  );
});

test('serve shows an article within a minute of its date and withdraws one at its expiry; no public view shows it before', async () => {
  // The date leaves time for a server that starts on a busy machine.
  const soon = new Date(Date.now() + 12_000).toISOString();
  write('embargoed.md', `---\ntitle: Embargoed\npublishDate: ${soon}\n---\n${words('embargoed')}`);
  write('passing.md', `---\ntitle: Passing\nexpiryDate: ${soon}\n---\n${words('passing')}`);
  write('faulty.md', `---\ntitle: Faulty: very\n---\n${words('faulty')}`);
  const server = startNewsfold(['serve', '--port', '0', '--config', config()]);
  try {
    const [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
    expect(await titlesOf(url)).toEqual(['Passing']);
    const views = ['/', '/sources/', '/api/v1/sources', '/api/v1/stories', '/readyz', '/metrics', '/feed.atom', '/sources.opml'];
    for (const path of views) expect(await (await fetch(url + path)).text()).not.toMatch(/embargoed|faulty/i);
    expect(await (await fetch(`${url}/?q=embargoed`)).text()).toContain('No story matches.');
    const why = (authorization: string) => fetch(`${url}/api/v1/why?q=embargoed`, { headers: { authorization } });
    expect((await why('Bearer another')).status).toBe(401);
    const answer = (await (await why('Bearer owner-token')).json()) as object;
    expect(answer).toMatchObject({
      question: 'embargoed',
      found: [],
      held: [{ location: 'embargoed.md', title: 'Embargoed', reason: 'embargo' }],
    });
    const until = performance.now() + 60_000;
    while (!(await titlesOf(url)).includes('Embargoed') && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await titlesOf(url)).toEqual(['Embargoed']);
    // RFC 6721: the tombstone of an entry that was published and is gone.
    expect(await (await fetch(`${url}/feed.atom`)).text()).toContain('deleted-entry');
  } finally {
    await server.stop();
  }
});
