import { expect, test } from 'vitest';
import { createTextExtractor } from '../../src/app/full-text/extract-thread.ts';
import { createCrawler } from '../../src/ingest/crawl.ts';
import { createFetcher } from '../../src/ingest/http/fetch.ts';
import { createFileReader } from '../../src/ingest/local/files.ts';
import { createHttpClient } from '../../src/ingest/http/http-client.ts';
import { createNodeWork } from '../../src/cluster/node-work.ts';
import type { RunContext } from '../../src/run/run-context.ts';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import { loopbackSettings } from '../support/http-fetcher.ts';
import { startLoopback } from '../support/loopback.ts';

/** Sources of one host. The `deadly` ones crash each node that reads them; here they reject the
 *  work, as a crash ends it. */
async function openHostQueue(ids: readonly string[], deadly: readonly string[], perHost: number) {
  const bench = await openWorkbench();
  const server = await startLoopback();
  const clock = { now: () => bench.now };
  const settings = { ...loopbackSettings, perHost };
  const [fetcher, http, extractor] = [
    createFetcher(settings, clock),
    createHttpClient(settings),
    createTextExtractor({ timeoutMs: 1, memoryMb: 1 }),
  ];
  const urls = new Map(ids.map((id) => [server.answer(`/${id}`, 200, {}, rss(`https://${id}.test/`, [[id, '/1', id]])), id]));
  const asked: string[] = [];
  const note = () => undefined;
  const context: RunContext = {
    store: bench.store,
    fetcher: {
      ...fetcher,
      async fetch(request) {
        const id = urls.get(request.url) ?? '';
        asked.push(id);
        if (deadly.includes(id)) throw new TypeError(`ended over ${id}`);
        return fetcher.fetch(request);
      },
    },
    crawler: createCrawler({ fetcher, store: bench.store, clock, userAgent: 'x' }),
    extractor,
    files: createFileReader(),
    clock,
    log: { debug: note, info: note, warn: note, error: note },
    settings: {
      declarations: [...urls].map(([url, id]) => declare('feed', url, { id, intervalMs: null })),
      feeds: [],
      ownUrls: new Set(),
      rules: { level: 'careful', windowMs: 1 },
      concurrency: 20,
      perHost,
      runTimeoutMs: 600_000,
      maxBytes: 1e6,
      zone: 'UTC',
      minIntervalMs: 3_600_000,
      maxIntervalMs: 86_400_000,
      retention: bench.retention,
    },
    queue: null,
    checkConfig: async () => undefined,
    holder: { command: 'test', pid: 1, host: 'here' },
  };
  const task = { startedAt: bench.now, all: false };
  const work = createNodeWork(context);
  return {
    /** Returns the sources read by three nodes in turn, as the queue gives them the host queue, and
     *  the sources reported as failing in the end. */
    async tryThrice(): Promise<{ readonly asked: string; readonly failing: string }> {
      let isRead = false;
      for (let tries = 0; tries < 3 && !isRead; tries++) {
        bench.now = new Date(bench.now.getTime() + 1000);
        asked.push('|');
        isRead = await work
          .readHostQueue({ ...task, tries }, ids, () => false)
          .then(
            (outcomes) => outcomes.length === ids.length,
            () => false,
          );
      }
      bench.now = new Date(bench.now.getTime() + 1000);
      if (!isRead) await work.giveUp(task, ids);
      const statuses = await bench.store.readSources();
      const failing = statuses.filter(({ poll }) => poll.problem?.code === 'source/lost').map(({ source }) => source.id);
      return { asked: asked.join(''), failing: failing.join(' ') };
    },
    async [Symbol.asyncDispose]() {
      await fetcher.close();
      await http.close();
      await extractor.close();
      await server[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

test.for<[what: string, ids: string, deadly: string, perHost: number, asked: RegExp]>([
  ['none', 'a b c', '', 1, /^\|abc$/],
  ['one in the middle', 'a b X c d', 'X', 1, /^\|abX\|cdX\|X$/],
  // The result depends on whether b has been read by then.
  ['one in the middle, two asked at once', 'a b X c d', 'X', 2, /^\|abX\|(cdbX\|X|dX\|cX)$/],
  ['two beside each other', 'a X Y b', 'X Y', 1, /^\|aX\|Y\|bX$/],
  ['two apart', 'X a b Y c', 'X Y', 1, /^\|X\|abY\|cX$/],
  ['three, with two behind them that nobody comes to', 'X Y Z a b', 'X Y Z', 1, /^\|X\|Y\|Z$/],
])('three nodes crash over %s: only those are reported as failing', async ([, ids, deadly, perHost, asked]) => {
  await using hostQueue = await openHostQueue(ids.split(' '), deadly.split(' '), perHost);
  expect(await hostQueue.tryThrice()).toEqual({ asked: expect.stringMatching(asked), failing: deadly });
});
