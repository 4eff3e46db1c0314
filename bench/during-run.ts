import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { makeFeed } from './made-feeds.ts';
import { measureNewsfold, startFeedServer } from './measure.ts';
import { startServe } from './serve-child.ts';

/** Answers while `newsfold serve`, which has the entries of a few files to show, polls made feeds
 *  for the first time: about 50 requests a second for /feed.atom, sent by the clock and not when
 *  the one before is answered, so that a pause of the server is seen by all who come in it; the
 *  same afterwards, as the baseline of the same machine and minute: `node bench/during-run.ts
 *  [COUNT]`. */
const count = Number(process.argv[2] ?? 1000);
const FILES = 4;
const EVERY_MS = 20;
const REQUESTS_AFTER = 500;

interface Answers {
  readonly times: number[];
  failed: number;
  bytes: number;
}

const folder = mkdtempSync(join(tmpdir(), 'newsfold-during-'));
const feeds = await startFeedServer(count);
const config = join(folder, 'newsfold.yaml');
// Else the document would be empty until the run is over.
for (let n = 0; n < FILES; n++) writeFileSync(join(folder, `file-${n}.xml`), makeFeed(count + n, new Date()));
writeConfig([]);
const first = await measureNewsfold('run', '--config', config);
if (first.code !== 0) throw new Error(first.stderr);
writeConfig(feeds.urls);
const agent = new Agent({ connections: 50 });
const server = await startServe(['--config', config]);
const startedAt = performance.now();
const during = await askWhile(() => !server.hasPrinted('Next runs'));
const ranFor = performance.now() - startedAt;
const { mostMb } = server.readRss();
let sent = 0;
const after = await askWhile(() => sent++ < REQUESTS_AFTER);
process.stdout.write(
  `${count} feeds, ${(feeds.bytes / 1e6).toFixed(0)} MB; the run took ${(ranFor / 1000).toFixed(1)} s; at most ${mostMb.toFixed(0)} MB\n`,
);
show('during', during);
show('after', after);
await server.stop();
await feeds.stop();
await agent.close();
rmSync(folder, { recursive: true });

function writeConfig(urls: readonly string[]): void {
  const sources = ['  - { file: "file-*.xml" }', ...urls.map((url, n) => `  - { id: source-${n}, feed: "${url}" }`)];
  writeFileSync(
    config,
    `site: { title: Bench }\nstore: sqlite:newsfold.db\nfetch: { allowPrivateAddresses: [127.0.0.0/8] }\nsources:\n${sources.join('\n')}\n`,
  );
}

async function askWhile(goesOn: () => boolean): Promise<Answers> {
  const answers: Answers = { times: [], failed: 0, bytes: 0 };
  const open = new Set<Promise<void>>();
  for (let slot = performance.now(); goesOn(); slot += EVERY_MS) {
    const asked = ask(answers, slot);
    open.add(asked);
    void asked.finally(() => open.delete(asked));
    await new Promise((next) => setTimeout(next, Math.max(0, slot + EVERY_MS - performance.now())));
  }
  await Promise.all(open);
  return answers;
}

/** Counts from the slot: what this process itself is late by is part of it, and small. */
async function ask(answers: Answers, slot: number): Promise<void> {
  const answer = await request(`${server.url}/feed.atom`, { dispatcher: agent, headers: { 'accept-encoding': 'gzip' } });
  answers.bytes = (await answer.body.arrayBuffer()).byteLength;
  answers.times.push(performance.now() - slot);
  if (answer.statusCode !== 200) answers.failed++;
}

function show(name: string, { times, failed, bytes }: Answers): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  process.stdout.write(
    `${name}: ${times.length} requests, ${failed} not answered with 200, the last of ${bytes} bytes: median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms\n`,
  );
}
