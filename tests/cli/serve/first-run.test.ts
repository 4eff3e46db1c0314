import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { findClosedPort, startLoopback } from '../../support/loopback.ts';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';
import { sharePostgres } from '../../support/shared-postgres.ts';

const postgres = sharePostgres();
const document = rss('https://a.test/', [['A first story', 'https://a.test/1', 'It is read in the first run.']]);

/** A configuration with one source and a server for it. */
async function openSite(source: string, store = 'sqlite:test.db') {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-first-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const port = await findClosedPort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'newsfold.yaml');
  writeFileSync(
    config,
    `site: { title: New, url: "${url}" }\nstore: "${store}"\nschedule: "0 0 1 1 *"\nfetch: { allowPrivateAddresses: [127.0.0.0/8] }\nsources: [${source}]\nfeeds:\n  - { slug: all }\n  - { slug: inner, private: true, token: secret }\n`,
  );
  const serve = async (...options: string[]) => {
    const server = startNewsfold(['serve', '--port', String(port), ...options, '--config', config]);
    onTestFinished(async () => void (await server.stop()));
    await server.waitFor(/feed\.atom/);
    return server;
  };
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(url + path, { method });
    const field = (name: string) => response.headers.get(name);
    return [response.status, field('retry-after'), field('cache-control'), await response.text()] as const;
  };
  /** Requests an address until it is answered with a status. */
  const answered = async (path: string, status: number) => {
    for (const end = performance.now() + 20_000; performance.now() < end;) {
      const answer = await ask(path);
      if (answer[0] === status) return answer[3];
    }
    throw new Error(`${path} is not answered ${status}`);
  };
  return { folder, config, serve, ask, answered, newsfold: (...args: string[]) => newsfold([...args, '--config', config]) };
}
type Site = Awaited<ReturnType<typeof openSite>>;

const documents = ['/feed.atom', '/feed.rss', '/feed.json', '/feeds/inner.atom?token=secret', '/feeds/all/archive/1.atom', '/sources.opml'];
const pages = ['/', '/feeds/inner/?token=secret', '/stories/abcdefghijkl/', '/?q=storm'];

async function checkNotYet({ ask }: Site): Promise<void> {
  for (const path of [...documents, ...pages, '/api/v1/stories', '/api/v1/stories/abcdefghijkl']) {
    const [status, wait, caching, text] = await ask(path);
    expect([path, status, wait, caching, text.includes('Nothing has been published here yet')]).toEqual([path, 503, '5', 'no-store', true]);
  }
  expect((await ask('/feed.atom', 'HEAD')).slice(0, 3)).toEqual([503, '5', 'no-store']);
  expect(await ask('/readyz')).toEqual([503, '5', 'no-store', 'nothing has been published yet\n']);
  // Other addresses answer as usual: unknown ones with 404, and those that do not need a run.
  for (const [path, status] of [
    ['/feeds/none.atom', 404],
    ['/feeds/inner.atom', 401],
    ['/feed.atom?q=storm', 404],
    ['/healthz', 200],
    ['/sources/', 200],
    ['/style.css', 200],
    ['/api/v1/sources', 200],
    ['/metrics', 200],
  ] as const)
    expect([path, (await ask(path))[0]]).toEqual([path, status]);
}

test('a new store answers 503 until its first run has ended, and 200 at once after a restart', async () => {
  await using source = await startLoopback();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const url = source.on('/slow.xml', (_request, response) => {
    void released.then(() => response.end(document));
  });
  const site = await openSite(`{ feed: "${url}" }`);
  const server = await site.serve();
  await checkNotYet(site);
  release();
  await server.waitFor(/Next runs/);
  expect(await site.answered('/feed.atom', 200)).toContain('A first story');
  for (const path of [...documents.filter((one) => !one.includes('archive')), '/', '/readyz', '/api/v1/stories'])
    expect([path, (await site.ask(path))[0]]).toEqual([path, 200]);
  await server.stop();
  await site.serve('--no-run');
  expect((await site.ask('/feed.atom'))[3]).toContain('A first story');
  expect((await site.ask('/readyz'))[0]).toBe(200);
});

test.each(['SQLite', 'PostgreSQL'])(
  'without runs of its own a server on a new %s store waits for the run of another process',
  async (kind) => {
    const site = await openSite('{ file: a.xml }', kind === 'SQLite' ? 'sqlite:test.db' : await postgres.createDatabase());
    writeFileSync(join(site.folder, 'a.xml'), document);
    await site.serve('--no-run');
    await checkNotYet(site);
    expect(await site.newsfold('run')).toMatchObject({ code: 0 });
    expect(await site.answered('/feed.atom', 200)).toContain('A first story');
    expect(await site.answered('/readyz', 200)).toBe('ok\n');
  },
);

test.each([
  ['is empty', rss('https://a.test/', [])],
  ['cannot be read', 'no feed at all'],
])('once a first run has ended a feed whose only source %s is an empty feed, on both stores', async (_name, text) => {
  for (const store of ['sqlite:test.db', await postgres.createDatabase()]) {
    const site = await openSite('{ file: a.xml }', store);
    writeFileSync(join(site.folder, 'a.xml'), text);
    await site.serve();
    expect(await site.answered('/feed.atom', 200)).not.toContain('<entry>');
    expect(await site.answered('/readyz', 200)).toBe('ok\n');
  }
});
