import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTextExtractor } from '../src/app/full-text/extract-thread.ts';
import { createCrawler } from '../src/ingest/crawl.ts';
import { createFetcher } from '../src/ingest/http/fetch.ts';
import { createFileReader } from '../src/ingest/local/files.ts';
import { createHttpClient } from '../src/ingest/http/http-client.ts';
import type { EntryChange } from '../src/model/entry.ts';
import { foldPending } from '../src/run/fold-entries.ts';
import { BATCH_SIZE } from '../src/ports/store/store.ts';
import { publishStories } from '../src/run/publish-stories.ts';
import { openSqlite } from '../src/store/engine/sqlite.ts';
import { openStore } from '../src/store/store.ts';
import { declare } from '../tests/support/bench.ts';
import { createRandom } from '../tests/support/damage.ts';
import { makeEntry, makeRevision } from '../tests/support/entry.ts';
import { createTextMaker } from './made-feeds.ts';
import { loopbackSettings } from '../tests/support/http-fetcher.ts';

/** Measures how the size of the store affects a run: `node bench/stored.ts [MOST]` (100,000). Fills
 *  an SQLite store with generated entries of some hundred words in a thousand sources, a tenth of
 *  them copies. At 1,000, 10,000, 100,000 … entries it adds ROUND more in a run: saving, folding
 *  and settling, text preparation included. Prints CPU seconds and entries a second of that run,
 *  beside the smallest store. Also prints resident memory and bytes on disk. A store of a million
 *  takes half an hour. */
const most = Number(process.argv[2] ?? 100_000);
const ROUND = 5000;
const SOURCES = 1000;
const folder = mkdtempSync(join(tmpdir(), 'newsfold-stored-'));
const file = join(folder, 'newsfold.db');
const store = await openStore(openSqlite(file));
const now = new Date('2026-03-10T12:00:00Z');
const clock = { now: () => now };
const quiet = () => undefined;
const sources = await store.bindSources(
  Array.from({ length: SOURCES }, (_, n) => declare('feed', `https://s${n}.test/feed`, { id: `s${n}` })),
  now,
);
const fetcher = createFetcher(loopbackSettings, clock);
const context = {
  store,
  clock,
  fetcher,
  crawler: createCrawler({ fetcher, store, clock, userAgent: loopbackSettings.userAgent }),
  extractor: createTextExtractor({ timeoutMs: 1000, memoryMb: 64 }),
  files: createFileReader(),
  http: createHttpClient(loopbackSettings),
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  queue: null,
  checkConfig: async () => undefined,
  holder: { command: 'bench', pid: process.pid, host: 'here' },
  settings: {
    declarations: [],
    feeds: [],
    ownUrls: new Set<string>(),
    rules: { level: 'careful' as const, windowMs: 14 * 86_400_000 },
    concurrency: 20,
    perHost: 2,
    runTimeoutMs: 600_000,
    maxBytes: 1,
    zone: 'UTC',
    minIntervalMs: 1,
    maxIntervalMs: 1,
    push: { isOn: false, siteUrl: 'http://localhost', allowPrivateAddresses: [] },
    retention: { days: null, perSource: null },
  },
};
const makeText = createTextMaker(createRandom(1));

function makeChange(no: number): EntryChange {
  const sourceId = `s${no % SOURCES}`;
  const url = `https://${sourceId}.test/${no}`;
  const published = new Date(now.getTime() - (no % 100_000) * 10_000);
  return {
    entry: makeEntry({ sourceId, identity: url, guid: url, url, urlKey: url.slice(8), homeHost: `${sourceId}.test`, position: no }),
    revisions: [makeRevision({ ...makeText(), published, seenAt: now })],
    replacesLast: false,
    formerIdentity: null,
  };
}

/** Adds `count` entries in one run. Returns the CPU seconds without those for making the
 *  entries. */
async function add(from: number, count: number): Promise<number> {
  let used = 0;
  const measured = async (work: () => Promise<unknown>) => {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    used += (user + system) / 1e6;
  };
  for (let at = 0; at < count; at += BATCH_SIZE) {
    const changes = Array.from({ length: Math.min(BATCH_SIZE, count - at) }, (_, n) => makeChange(from + at + n));
    await measured(() => store.saveEntries(changes, now));
  }
  await measured(() => foldPending(context, sources, () => false));
  await measured(() => publishStories(context, () => false));
  return used;
}

let stored = 0;
let smallest = 0;
for (let goal = 1000; goal <= most; goal *= 10) {
  for (; stored < goal; stored += Math.min(20_000, goal - stored)) await add(stored, Math.min(20_000, goal - stored));
  const seconds = await add(stored, ROUND);
  smallest ||= seconds;
  const bytes = (statSync(file).size + statSync(`${file}-wal`).size) / (stored + ROUND);
  process.stdout.write(
    `${goal} stored: ${seconds.toFixed(2)} s CPU for ${ROUND} more, ${(ROUND / seconds).toFixed(0)} entries/s, ${(seconds / smallest).toFixed(2)} of the smallest; ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB resident, ${bytes.toFixed(0)} bytes an entry on disk\n`,
  );
  stored += ROUND;
}
await store.close();
rmSync(folder, { recursive: true });
