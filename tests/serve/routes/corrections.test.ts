import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../../../src/store/engine/sqlite.ts';
import { openStore } from '../../../src/store/store.ts';
import { rss } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';

/** A site with a story from a file, and a feed at `address`. */
function writeSite(address: string): { readonly folder: string; readonly config: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-corrections-'));
  writeFileSync(join(folder, 'a.xml'), rss('https://a.test/', [['Ferry', 'https://a.test/1', 'The ferry sails again.']]));
  const config = join(folder, 'newsfold.yaml');
  writeFileSync(
    config,
    `site: { title: Test, url: "http://localhost:1" }
store: sqlite:test.db
server: { token: own }
fetch: { timeout: 5s, allowPrivateAddresses: [127.0.0.0/8] }
sources:
  - { id: a, file: a.xml }
  - { id: b, feed: "${address}" }
`,
  );
  return { folder, config: ['--config', config] };
}

async function hide(
  url: string,
  key: string,
  action = 'hide',
): Promise<{ readonly status: number; readonly retryAfter: string | null; readonly ms: number }> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/v1/stories/${key}/${action}`, { method: 'POST', headers: { authorization: 'Bearer own' } });
  await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ms: performance.now() - startedAt };
}

test(
  'refuses a correction at once during a run, here or in another process, and makes it afterwards',
  // Several processes start one after the other.
  { timeout: 60_000 },
  async () => {
    await using source = await startLoopback();
    const { folder, config } = writeSite(source.on('/feed', () => undefined));
    const server = startNewsfold(['serve', '--port', '0', ...config]);
    try {
      const [, url = ''] = await server.waitFor(/ on (http:\S+)/);
      await expect.poll(() => source.requests.length, { timeout: 20_000 }).toBeGreaterThan(0);
      const during = await hide(url, 'none');
      expect(during).toMatchObject({ status: 409, retryAfter: '10' });
      expect(during.ms).toBeLessThan(2000);
      source.answer('/feed', 404);
    } finally {
      await server.stop();
    }
    await newsfold(['run', ...config]);
    const quiet = startNewsfold(['serve', '--no-run', '--port', '0', ...config]);
    const store = await openStore(openSqlite(join(folder, 'test.db')));
    try {
      const [, url = ''] = await quiet.waitFor(/ on (http:\S+)/);
      const [story] = (await (await fetch(`${url}/api/v1/stories`)).json()) as { key: string }[];
      const key = story?.key ?? '';
      const lock = await store.takeLock({ command: 'test', pid: 1, host: 'here', since: new Date() });
      expect((await hide(url, key)).status).toBe(409);
      if (lock.kind === 'taken') await lock.release();
      expect((await hide(url, 'none')).status).toBe(404);
      expect((await hide(url, key)).status).toBe(200);
      expect((await fetch(`${url}/stories/${key}/`)).status).toBe(410);
      await expect.poll(async () => (await fetch(`${url}/feed.atom`)).text(), { timeout: 10_000 }).not.toContain('<title>Ferry');
      expect((await hide(url, key, 'unhide')).status).toBe(200);
      expect((await fetch(`${url}/stories/${key}/`)).status).toBe(200);
      await expect.poll(async () => (await fetch(`${url}/feed.atom`)).text(), { timeout: 10_000 }).toContain('<title>Ferry');
    } finally {
      await quiet.stop();
      await store.close();
      rmSync(folder, { recursive: true });
    }
  },
);
