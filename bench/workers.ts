import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startPostgres } from '../tests/support/postgres.ts';
import { writeClusterConfig } from './cluster-config.ts';
import { serveManyHosts } from './many-hosts.ts';

/** Compares two workers on one PostgreSQL with one: `node bench/workers.ts [ROUNDS]`. 1,000 sources
 *  answer after a third of a second each. Prints the time from the first to the last request of a
 *  slot, the median of ROUNDS slots. */
const rounds = Number(process.argv[2] ?? 3);
const SOURCES = 1000;
const LATENCY_MS = 330;

const folder = mkdtempSync(join(tmpdir(), 'newsfold-workers-'));
const main = resolve(import.meta.dirname, '../src/main.ts');
const times: number[] = [];
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const urls = await serveManyHosts(SOURCES, 1, (n, response) => {
  times.push(performance.now());
  const text = `<rss version="2.0"><channel><title>Site ${n}</title><link>http://site-${n}.test/</link><description>d</description><item><title>Of ${n}</title><guid>g${n}</guid><description>The one entry of site ${n}.</description></item></channel></rss>`;
  setTimeout(() => response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(text), LATENCY_MS);
});
const postgres = await startPostgres();
const database = await postgres.createDatabase();
const config = writeClusterConfig(folder, { database, schedule: '* * * * *', urls, interval: '5s', limit: 50 });
const children: ChildProcess[] = [];
const start = () =>
  children.push(spawn(process.execPath, [main, 'worker', '--config', config], { stdio: ['ignore', 'ignore', 'inherit'] }));

/** Returns the seconds from the first to the last request of the next whole slots. */
async function measure(): Promise<number[]> {
  const found: number[] = [];
  for (times.length = 0; found.length < rounds;) {
    await sleep(500);
    if (times.length < SOURCES || performance.now() - (times.at(-1) ?? 0) < 3000) continue;
    found.push(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000);
    times.length = 0;
  }
  return found.toSorted((a, b) => a - b);
}
start();
// The first slot stores the entries.
await measure();
const one = await measure();
start();
await sleep(5000);
while (times.length === 0 || performance.now() - (times.at(-1) ?? 0) < 3000) await sleep(500);
const two = await measure();
const median = (values: readonly number[]) => values[Math.floor(values.length / 2)] ?? 0;
process.stdout.write(
  `${SOURCES} sources that take ${LATENCY_MS} ms each, 20 at once a node: one worker ${one.map((value) => value.toFixed(1)).join(', ')} s, two ${two.map((value) => value.toFixed(1)).join(', ')} s: ${(median(one) / median(two)).toFixed(2)} times as fast\n`,
);
await Promise.all(
  children.map(async (child) => {
    child.kill('SIGTERM');
    await new Promise((done) => child.once('exit', done));
  }),
);
await postgres[Symbol.asyncDispose]();
rmSync(folder, { recursive: true });
process.exit(0);
