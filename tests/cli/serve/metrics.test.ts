import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';
import { rss } from '../../support/bench.ts';
import { startPostgres } from '../../support/postgres.ts';
import type { PostgresBench } from '../../support/postgres.ts';

let postgres: PostgresBench;
let folder = '';
beforeAll(async () => {
  postgres = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'newsfold-metrics-'));
  writeFileSync(join(folder, 'a.xml'), rss('https://a.test/', [['A story', 'https://a.test/1', 'Its text.']]));
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Serves a planet of two feeds, one of them private; resolves when its first run has ended. */
async function serve(store: string, feeds = '[{ slug: all }, { slug: hidden, private: true, token: word }]') {
  const file = join(folder, 'newsfold.yaml');
  writeFileSync(
    file,
    `site: { title: Metrics, url: "http://localhost:1" }\nstore: "${store}"\nsources:\n  - { id: a, file: a.xml }\nfeeds: ${feeds}\n`,
  );
  const server = startNewsfold(['serve', '--port', '0', '--config', file]);
  const [, url = ''] = await server.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
  return { ...server, url, file };
}

test(
  'serve exposes its counts, of runs in other processes too, and keeps counting when its configuration changes',
  // Servers count every ten seconds.
  { timeout: 60_000 },
  async () => {
    const server = await serve('sqlite:test.db');
    const read = async () => (await fetch(`${server.url}/metrics`)).text();
    await fetch(`${server.url}/feed.atom`);
    const first = await read();
    expect(first).toMatch(/^newsfold_runs_total\{outcome="clean"\} 1$/m);
    expect(first).toMatch(/^newsfold_sources\{state="ok"\} 1$/m);
    expect(first).toMatch(/^newsfold_stories 1$/m);
    expect(first).toMatch(/^newsfold_feed_stories\{feed="all"\} 1$/m);
    expect(first).toMatch(/^newsfold_feed_document_timestamp_seconds\{feed="all"\} \d+$/m);
    expect(first).toMatch(/^newsfold_http_requests_total\{route="\/feed.atom",status="200"\} 1$/m);
    expect(first).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(first).not.toMatch(/hidden|newsfold_queue_lanes\{/);
    await newsfold(['run', '--config', server.file]);
    // Saving the file starts a session and a run of its own.
    writeFileSync(
      server.file,
      `site: { title: Changed, url: "http://localhost:1" }\nstore: "sqlite:test.db"\nsources:\n  - { id: a, file: a.xml }\n`,
    );
    await server.waitFor(/the configuration was changed/);
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    const later = await read();
    expect(Number(/^newsfold_runs_total\{outcome="clean"\} (\d+)$/m.exec(later)?.[1])).toBeGreaterThanOrEqual(2);
    expect(later).toMatch(/^newsfold_http_requests_total\{route="\/feed.atom",status="200"\} 1$/m);
    expect((await server.stop()).code).toBe(0);
  },
);

test('on PostgreSQL the host queues that nodes share are counted', async () => {
  const server = await serve(await postgres.createDatabase());
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toMatch(/^newsfold_queue_lanes\{state="waiting"\} 0$/m);
  expect(text).toMatch(/^newsfold_queue_lanes\{state="active"\} 0$/m);
  expect(text).toMatch(/^newsfold_stories 1$/m);
  expect((await server.stop()).code).toBe(0);
});

test('a wrong password of the store appears in no message', async () => {
  const url = new URL(await postgres.createDatabase());
  url.password = 'Zq-wrong-word';
  url.username = 'nobody';
  const file = join(folder, 'away.yaml');
  writeFileSync(file, `store: "${url.href}"\nlog: { level: debug, format: json }\n`);
  for (const command of ['run', 'serve', 'worker', 'sources', 'export']) {
    const { code, stdout, stderr } = await newsfold([command, ...(command === 'export' ? ['-'] : []), '--config', file]);
    expect(stdout + stderr).not.toContain('Zq-wrong');
    expect([command, code]).toEqual([command, 3]);
  }
});
