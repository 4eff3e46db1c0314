import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { openHub, sign } from '../../support/hub.ts';
import { startLoopback } from '../../support/loopback.ts';
import { newsfold } from '../../support/newsfold.ts';
import { serveSite } from '../../support/site.ts';

const folder = mkdtempSync(join(tmpdir(), 'newsfold-push-'));
afterAll(() => rmSync(folder, { recursive: true }));

const feedOf = (...titles: readonly string[]) =>
  rss(
    'https://a.test/',
    titles.map((title, n) => [title, `https://a.test/${title.replaceAll(' ', '-')}`, `Text ${n} of its own: ${title}.`] as const),
  );

const toConfig = (source: string) => `site: { title: Pushed, url: "$URL" }
store: sqlite:test.db
schedule: "0 0 1 1 *"
fetch: { allowPrivateAddresses: [127.0.0.0/8] }
websub: { subscribe: true }
log: { level: debug, format: json }
sources:
  - { id: a, feed: "${source}" }
feeds:
  - { slug: all, title: Everything }
`;

/** Returns the titles in the feed once there are this many; the time limit is the test's, not
 *  the program's. */
async function waitForTitles(url: string, count: number): Promise<string[]> {
  for (const until = performance.now() + 20_000; ;) {
    const { items } = (await (await fetch(`${url}/feed.json`)).json()) as { items: { title: string }[] };
    if (items.length >= count || performance.now() > until) return items.map(({ title }) => title).toSorted();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('an entry delivered by WebSub is in the feed of a running server at once, without a poll', async () => {
  await using server = await startLoopback();
  const hub = openHub(server);
  const source = server.answer('/feed', 200, { link: `<${hub.url}>; rel=hub, <${server.origin}/feed>; rel=self` }, feedOf('the first'));
  await using site = await serveSite({ 'newsfold.yaml': toConfig(source) });
  expect(await waitForTitles(site.url, 1)).toEqual(['the first']);
  for (const until = performance.now() + 10_000; hub.requests.length === 0 && performance.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const [request = {}] = hub.requests;
  expect(request).toMatchObject({ mode: 'subscribe', topic: source });
  expect(await hub.askBack(request)).toMatchObject({ status: 200 });
  const start = performance.now();
  expect(await hub.push(request, feedOf('the second'))).toMatchObject({ status: 202 });
  const answered = performance.now();
  expect(await waitForTitles(site.url, 2)).toEqual(['the first', 'the second']);
  const shown = performance.now();
  process.stdout.write(`pushed: answered after ${(answered - start).toFixed(0)} ms, in feed.json after ${(shown - start).toFixed(0)} ms\n`);
  // Many deliveries at once, some of them twice: nothing is lost or doubled.
  const many = Array.from({ length: 10 }, (_, n) => feedOf(`number ${n} of many`));
  const answers = await Promise.all([...many, ...many.slice(0, 5)].map((text) => hub.push(request, text)));
  // A hub that was told to come back does so.
  for (const [n, { status }] of answers.entries())
    if (status === 503) expect((await hub.push(request, many[n % 10] ?? '')).status).toBe(202);
  expect(await waitForTitles(site.url, 12)).toHaveLength(12);
  expect(server.requests.filter(({ url }) => url === '/feed')).toHaveLength(1);

  const config = readFileSync(join(site.folder, 'newsfold.yaml'), 'utf8');
  const moved = await site.newsfold('export', join(site.folder, 'state.jsonl'));
  expect(moved.code).toBe(0);
  // A new store continues the subscription.
  writeFileSync(join(folder, 'newsfold.yaml'), config);
  const there = ['--config', join(folder, 'newsfold.yaml')];
  expect(await newsfold(['import', join(site.folder, 'state.jsonl'), ...there])).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(join(site.folder, 'state.jsonl'), 'utf8')).toContain(`"secret":"${request['secret']}"`);
  for (const args of [['sources'], ['sources', '--json'], ['sources', 'polite', 'a'], ['check']]) {
    const { stdout, stderr } = await newsfold([...args, ...there]);
    expect(stdout + stderr).not.toContain(request['secret']);
    expect(stdout + stderr).not.toContain(request['callback']?.slice(-43));
  }
  const page = await (await fetch(`${site.url}/sources/`)).text();
  expect(page).not.toContain(request['callback']?.slice(-43));
  expect(await fetch(request['callback'] ?? '', { method: 'POST', headers: { 'x-hub-signature': sign('', 'x') } })).toMatchObject({
    status: 202,
  });
});

test('a delivery that was acknowledged survives kill -9 and is published once', async () => {
  await using server = await startLoopback();
  const hub = openHub(server);
  const source = server.answer('/feed', 200, { link: `<${hub.url}>; rel=hub, <${server.origin}/feed>; rel=self` }, feedOf('the first'));
  await using site = await serveSite({ 'newsfold.yaml': toConfig(source) });
  for (const until = performance.now() + 10_000; hub.requests.length === 0 && performance.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const [request = {}] = hub.requests;
  await hub.askBack(request);
  // The next deliveries arrive while the first is being read.
  for (let n = 0; n < 5; n++) expect((await hub.push(request, feedOf(`number ${n} of five`))).status).toBe(202);
  await site.kill();
  expect((await site.newsfold('run')).code).toBe(0);
  const { stdout } = await site.newsfold('stories', '--json');
  const titles = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { title: string }).title);
  expect(titles.toSorted()).toEqual([...[0, 1, 2, 3, 4].map((n) => `number ${n} of five`), 'the first']);
});

test.for<[url: string, allow: string, note: RegExp | null]>([
  ['http://localhost:8080', '[]', /note: websub\.subscribe has no effect: no hub can reach http:\/\/localhost:8080 \(localhost is/],
  ['http://localhost:8080', '[127.0.0.0/8]', null],
  ['https://planet.local', '[]', /note: websub\.subscribe has no effect/],
  ['https://planet.org', '[]', null],
])('check of a site at %s with %s allowed says whether subscribing has an effect', async ([url, allow, note]) => {
  writeFileSync(
    join(folder, 'check.yaml'),
    `site: { url: "${url}" }\nstore: sqlite:x.db\nfetch: { allowPrivateAddresses: ${allow} }\nwebsub: { subscribe: true }\n`,
  );
  const { code, stdout } = await newsfold(['check', '--config', join(folder, 'check.yaml')]);
  expect(code).toBe(0);
  if (note === null) expect(stdout).not.toMatch(/websub/);
  else expect(stdout).toMatch(note);
});
