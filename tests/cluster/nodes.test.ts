import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { rss } from '../support/bench.ts';
import { newsfold, startNewsfold as startProcess } from '../support/newsfold.ts';
import { sharePostgres } from '../support/shared-postgres.ts';

const postgres = sharePostgres();
const { folder } = postgres;

/** Processes that a failing test leaves running. */
const started: ReturnType<typeof startProcess>[] = [];
afterEach(() => started.splice(0).forEach((one) => one.kill('SIGKILL')));
function startNewsfold(args: readonly string[]) {
  const one = startProcess(args);
  started.push(one);
  return one;
}

const SOURCES = 24;
const ids = Array.from({ length: SOURCES }, (_, n) => `s${n}`);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Waits until a condition holds. The limit belongs to the test, not to the program. */
async function until(isSo: () => Promise<boolean>, seconds: number): Promise<void> {
  for (const end = performance.now() + seconds * 1000; !(await isSo()); await sleep(100))
    if (performance.now() > end) throw new Error('it did not come to be so');
}

/** Writes a configuration with slow sources and a database of its own. */
async function openShared(name: string, said: { readonly latencyMs: number; readonly schedule: string }) {
  const requests: string[] = [];
  // The server listens on all of 127.0.0.0/8, so that each source has a host of its own.
  const server = createServer((request, response) => {
    const n = Number(/\d+/.exec(request.url ?? '')?.[0]);
    requests.push(`s${n}`);
    const words = `Text that stands in source ${n} alone: ${'abcdefghij'.charAt(n % 10).repeat(n + 5)}.`;
    const text = rss(`https://s${n}.test/`, [[`Entry of ${n}`, `https://s${n}.test/1`, words]]);
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(text), said.latencyMs);
  });
  await new Promise<void>((done) => server.listen(0, done));
  const { port } = server.address() as AddressInfo;
  const url = await postgres.createDatabase();
  const file = join(folder, `${name}.yaml`);
  const sources = ids.map((id, n) => `  - { id: ${id}, feed: "http://127.0.0.${n + 1}:${port}/${n}.xml" }`);
  const text = `site: { title: Shared, url: "http://localhost:1" }\nstore: ${url}\nschedule: "${said.schedule}"\nfetch: { allowPrivateAddresses: [127.0.0.0/8], concurrency: 2 }\nsources:\n${sources.join('\n')}\nfeeds: [{ slug: all, title: All }]\n`;
  writeFileSync(file, text);
  const ask = async (sql: string) => (await postgres.ask(sql, url.split('/').at(-1))) as readonly Record<string, number | string>[];
  const titlesOf = async (site: string) => {
    const answer = await fetch(`${site}/feed.json`);
    // The status stays 503 until the first run of all nodes has ended.
    if (answer.status === 503) return { etag: null, titles: [] };
    const { items } = (await answer.json()) as { items: { title: string }[] };
    return { etag: answer.headers.get('etag'), titles: items.map(({ title }) => title).toSorted() };
  };
  return {
    requests,
    text,
    config: ['--config', file],
    ask,
    titlesOf,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
const expected = Array.from({ length: SOURCES }, (_, n) => `Entry of ${n}`).toSorted();

test(
  'nodes share a run: each source is requested once, and every server has the same documents',
  // Several processes start, and wait for each other's heartbeats to end.
  { timeout: 180_000 },
  async () => {
    await using shared = await openShared('share', { latencyMs: 300, schedule: '*/3 * * * * *' });
    const { requests, config, ask, titlesOf } = shared;
    const worker = startNewsfold(['worker', ...config]);
    await worker.waitFor(/works for/);
    const servers = [startNewsfold(['serve', '--port', '0', ...config]), startNewsfold(['serve', '--port', '0', ...config])];
    const urls = await Promise.all(servers.map(async (one) => (await one.waitFor(/ on (http:\/\/\S+)/))[1] ?? ''));
    await until(async () => (await Promise.all(urls.map(titlesOf))).every(({ titles }) => titles.length === SOURCES), 60);
    const [one, two] = await Promise.all(urls.map(titlesOf));
    expect(one).toEqual({ ...two, titles: expected });
    // Two requests to a source are at least an hour apart, whichever node sends them.
    expect(requests.toSorted()).toEqual(ids.toSorted());
    const nodes = await ask('select count(*)::int as n from newsfold_jobs.job where name like $$lane-%$$ and state = $$completed$$');
    expect(nodes[0]?.['n']).toBe(SOURCES);
    expect((await fetch(`${urls[0]}/readyz`)).status).toBe(200);
    await Promise.all([worker.stop(), ...servers.map((each) => each.stop())]);

    // The configuration loaded last counts: a node with another one reports that it is not ready.
    const [old, next] = ['old', 'new'].map((name) => {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, `${shared.text}${name === 'new' ? 'titlePrefix: true\n' : ''}`);
      return () => startNewsfold(['serve', '--port', '0', '--config', file]);
    });
    const before = old?.();
    const [, url = ''] = (await before?.waitFor(/ on (http:\/\/\S+)/)) ?? [];
    await until(async () => (await fetch(`${url}/readyz`)).status === 200, 30);
    const after = next?.();
    await until(async () => (await fetch(`${url}/readyz`)).status === 503, 30);
    expect(await (await fetch(`${url}/readyz`)).text()).toContain('another node has started with another configuration');
    // The restarted node is not ready: to go back, the owner must save the old configuration while
    // a server runs.
    await before?.stop();
    const again = old?.();
    const [, urlAgain = ''] = (await again?.waitFor(/ on (http:\/\/\S+)/)) ?? [];
    await until(async () => again?.log().includes('run/other-config') ?? false, 30);
    expect((await fetch(`${urlAgain}/readyz`)).status).toBe(503);
    writeFileSync(join(folder, 'new.yaml'), shared.text);
    await until(async () => (await fetch(`${urlAgain}/readyz`)).status === 200, 30);
    await Promise.all([again?.stop(), after?.stop()]);
    expect((await after?.ended)?.stderr).not.toContain('run/other-config');
  },
);

test(
  'a node killed during a run loses and repeats nothing: another node finishes the run within a minute',
  // Several processes start, and wait for each other's heartbeats to end.
  { timeout: 240_000 },
  async () => {
    await using shared = await openShared('killed', { latencyMs: 1500, schedule: '0 0 1 1 *' });
    const { requests, config, ask } = shared;
    const first = startNewsfold(['serve', '--port', '0', ...config]);
    // The first run has begun: a third of the sources has been read.
    await until(async () => requests.length >= SOURCES / 3, 60);
    const second = startNewsfold(['worker', ...config]);
    await second.waitFor(/works for/);
    first.kill('SIGKILL');
    const killedAt = performance.now();
    await until(
      async () => Number((await ask('select count(*)::int as n from story where settled_at is not null'))[0]?.['n']) === SOURCES,
      90,
    );
    process.stdout.write(`finished ${((performance.now() - killedAt) / 1000).toFixed(0)} s after the kill\n`);
    expect(await ask('select count(*)::int as n, count(distinct (source_id, identity))::int as d from entry')).toEqual([
      { n: SOURCES, d: SOURCES },
    ]);
    // Only the sources that were being read at the kill are requested again.
    expect(new Set(requests).size).toBe(SOURCES);
    expect(requests.length - SOURCES).toBeLessThanOrEqual(2);
    await second.stop();
  },
);

test('worker needs a PostgreSQL store', async () => {
  const file = join(folder, 'sqlite.yaml');
  writeFileSync(file, 'site: { title: Alone }\nstore: sqlite:alone.db\n');
  const { code, stderr } = await newsfold(['worker', '--config', file]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/worker needs a PostgreSQL store/);
});

test(
  'no command publishes with another configuration than live nodes; without live nodes it does',
  // Several processes start, and wait for each other's heartbeats to end.
  { timeout: 120_000 },
  async () => {
    await using shared = await openShared('beside', { latencyMs: 0, schedule: '0 0 1 1 *' });
    const { config, ask, requests } = shared;
    const serve = startNewsfold(['serve', '--port', '0', ...config]);
    await serve.waitFor(/Next runs/);
    const published = async () => [
      await ask('select slug, chain, seq from feed order by 1'),
      await ask('select * from listing order by 1, 2, 3'),
    ];
    const before = await published();
    // This configuration has one source: publishing with it would withdraw all others from the
    // feed.
    const file = join(folder, 'other.yaml');
    writeFileSync(file, shared.text.replace('title: All', 'title: All, sources: [s1]'));
    const [one, two] = (await ask('select key from story order by no limit 2')).map(({ key }) => String(key));
    const state = join(folder, 'beside.jsonl');
    expect((await newsfold(['export', state, ...config])).code).toBe(0);
    const commands = [
      ['run'],
      ['prune'],
      ['hide', one],
      ['split', one, one],
      ['merge', one, two],
      ['refold'],
      ['import', state],
      ['build', join(folder, 'public')],
      ['sources', 'remove', 's5', '--purge'],
    ];
    for (const words of commands) {
      const { code, stderr } = await newsfold([...words.map((word) => word ?? ''), '--config', file]);
      expect([words[0], code, stderr]).toEqual([words[0], 3, expect.stringContaining('live nodes use another configuration')]);
    }
    const articles = join(folder, 'articles');
    mkdirSync(articles);
    writeFileSync(join(articles, 'one.md'), '---\ntitle: One\n---\n\nText.\n');
    const added = await newsfold(['sources', 'add', articles, '--config', file]);
    expect([added.code, added.stdout]).toEqual([
      0,
      expect.stringContaining('other nodes read the source once they have this configuration'),
    ]);
    expect(await published()).toEqual(before);
    // The address of the store is not part of the compared configuration.
    writeFileSync(join(folder, 'same.yaml'), shared.text.replace('127.0.0.1', 'localhost'));
    expect((await newsfold(['run', '--config', join(folder, 'same.yaml')])).code).toBe(0);
    await serve.stop();
    expect((await newsfold(['run', '--config', file])).code).toBe(0);
    expect(await published()).not.toEqual(before);
    expect(requests).toHaveLength(SOURCES);
  },
);
