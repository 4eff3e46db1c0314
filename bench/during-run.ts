import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { makeFeed } from './made-feeds.ts';
import { measureNewsfold, startFeedServer } from './measure.ts';
import { startServe } from './serve-child.ts';

/** Measures answers while `newsfold serve` polls generated feeds for the first time: `node
 *  bench/during-run.ts [COUNT]`. The server already has the entries of a few files to show. About
 *  50 requests a second for /feed.atom follow a clock and do not wait for answers. So a pause of
 *  the server delays all requests in it. The same requests after the run are the baseline of the
 *  same machine and minute. */
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
// Without these entries the document would be empty until the run has ended.
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

async function askWhile(isWanted: () => boolean): Promise<Answers> {
  const answers: Answers = { times: [], failed: 0, bytes: 0 };
  const open = new Set<Promise<void>>();
  for (let slot = performance.now(); isWanted(); slot += EVERY_MS) {
    const asked = ask(answers, slot);
    open.add(asked);
    void asked.finally(() => open.delete(asked));
    await new Promise((next) => setTimeout(next, Math.max(0, slot + EVERY_MS - performance.now())));
  }
  await Promise.all(open);
  return answers;
}

/** Measures from the planned instant. The small delay of this process itself is included. */
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
