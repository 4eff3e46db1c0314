import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRandom } from '../tests/support/damage.ts';
import { startPostgres } from '../tests/support/postgres.ts';
import { writeClusterConfig } from './cluster-config.ts';
import { serveManyHosts } from './many-hosts.ts';

/** Checks three nodes on one PostgreSQL with 500 sources on 250 hosts that always have news: `node
 *  bench/nodes.ts [SECONDS] [SEED]`. Every ten to twenty seconds one node is killed (SIGKILL) and
 *  restarted five seconds later. Every entry must be stored once, and every source asked once a
 *  cycle. No host may get more than two requests at once. All nodes must serve the same bytes. Exit
 *  code 1 when a check fails. */
const seconds = Number(process.argv[2] ?? 180);
const random = createRandom(Number(process.argv[3] ?? 7));
const SOURCES = 500;
const NODES = 3;
/** Seconds between two slots of the schedule, and so between two entries of a source. */
const CYCLE = 20;
/** Seconds after an answer in which a source is not asked again. */
const INTERVAL = 12;

const main = resolve(import.meta.dirname, '../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'newsfold-nodes-'));
const print = (text: string) => process.stdout.write(`${text}\n`);
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Number of entries that each source has shown, and the instants of its requests. */
const shown = Array.from({ length: SOURCES }, () => 0);
const asked: number[][] = Array.from({ length: SOURCES }, () => []);
const open = new Map<string, number>();
let mostOpen = 0;
let hasNews = true;
const startedAt = Date.now();

function makeFeed(n: number, count: number): string {
  const items = Array.from({ length: count }, (_, index) => {
    const words = createHash('sha512').update(`${n} ${index}`).digest('hex').match(/.{6}/g)?.join(' ');
    const date = new Date(startedAt + index * CYCLE * 1000).toUTCString();
    return `<item><title>Entry ${index} of ${n}: ${words?.slice(0, 40)}</title><link>http://site-${n}.test/${index}</link><guid>g-${n}-${index}</guid><pubDate>${date}</pubDate><description>${words}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>Site ${n}</title><link>http://site-${n}.test/</link><description>d</description>${items.join('')}</channel></rss>`;
}

const urls = await serveManyHosts(SOURCES, 2, (source, response, _request, host) => {
  asked[source]?.push(Date.now());
  const now = (open.get(host) ?? 0) + 1;
  open.set(host, now);
  mostOpen = Math.max(mostOpen, now);
  if (hasNews) shown[source] = Math.floor((Date.now() - startedAt) / 1000 / CYCLE) + 1;
  const body = makeFeed(source, shown[source] ?? 0);
  const fields = { 'content-type': 'application/rss+xml', etag: `"${source}-${shown[source]}"` };
  setTimeout(() => response.writeHead(200, fields).end(body), 20 + random() * 100);
  response.on('close', () => open.set(host, (open.get(host) ?? 1) - 1));
});

const postgres = await startPostgres();
const database = await postgres.createDatabase();
const config = writeClusterConfig(folder, { database, schedule: `*/${CYCLE} * * * * *`, urls, interval: `${INTERVAL}s`, limit: 500 });

interface NodeProcess {
  child: ChildProcess;
  url: string;
}
const nodes: (NodeProcess | null)[] = Array.from({ length: NODES }, () => null);
async function start(index: number): Promise<void> {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((done) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const found = / on (http:\/\/\S+)/.exec(printed)?.[1];
      if (found) done(found);
    });
  });
  nodes[index] = { child, url };
}
await start(0);
await Promise.all([start(1), start(2)]);
print(`${NODES} nodes, ${SOURCES} sources on ${SOURCES / 2} hosts; a slot every ${CYCLE} s`);

let kills = 0;
const end = Date.now() + seconds * 1000;
while (Date.now() < end) {
  await sleep(10_000 + random() * 10_000);
  const index = Math.floor(random() * NODES);
  nodes[index]?.child.kill('SIGKILL');
  kills++;
  await sleep(5000);
  await start(index);
}
hasNews = false;
const settledAt = Date.now();
const total = () => shown.reduce((sum, count) => sum + count, 0);
const readCount = async (sql: string) => Number((await postgres.ask(sql, database.split('/').at(-1)))[0]?.['n']);
// The last entries arrive with one or two more slots.
while (Date.now() - settledAt < 120_000 && (await readCount('select count(*)::int as n from story where settled_at is not null')) < total())
  await sleep(1000);
await sleep(3000);

const entries = await readCount('select count(*)::int as n from entry');
const identities = await readCount('select count(distinct (source_id, identity))::int as n from entry');
const stories = await readCount('select count(*)::int as n from story where settled_at is not null and withdrawn_at is null');
const pending = await readCount('select count(*)::int as n from entry where pending > 0');
const runs = await readCount('select count(*)::int as n from run where ended_at is not null');
const gaps = asked.flatMap((times) => times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000));
const twice = gaps.filter((gap) => gap < INTERVAL - 2).length;
const polls = asked.reduce((sum, times) => sum + times.length, 0);
print(
  `${kills} kills in ${((settledAt - startedAt) / 1000).toFixed(0)} s, ${runs} runs came to their end, ${polls} polls, all settled ${((Date.now() - settledAt) / 1000).toFixed(0)} s after the last news`,
);
print(`entries shown ${total()}, stored ${entries}, distinct ${identities}, stories ${stories}, pending ${pending}`);
print(
  `polls within ${INTERVAL - 2} s of the one before: ${twice} (${((100 * twice) / polls).toFixed(2)} %); longest wait ${Math.max(...gaps).toFixed(0)} s; most requests at once to a host ${mostOpen}`,
);
const readDocuments = async () =>
  Promise.all(
    nodes.map(async (node) => {
      const answer = await fetch(`${node?.url}/feed.atom`);
      const body = Buffer.from(await answer.arrayBuffer());
      return `${answer.headers.get('etag')} ${answer.headers.get('last-modified')} ${createHash('sha256').update(body).digest('hex').slice(0, 12)}`;
    }),
  );
// A node may still be publishing.
let answers = await readDocuments();
for (let tries = 0; new Set(answers).size > 1 && tries < 30; tries++) {
  await sleep(1000);
  answers = await readDocuments();
}
print(`documents of the nodes: ${new Set(answers).size === 1 ? 'the same bytes, ETag and date' : answers.join(' | ')}`);
const isRight =
  entries === total() && identities === entries && stories === entries && pending === 0 && mostOpen <= 2 && new Set(answers).size === 1;
await Promise.all(
  nodes.map(async (node) => {
    node?.child.kill('SIGTERM');
    await new Promise((done) => node?.child.once('exit', done));
  }),
);
await postgres[Symbol.asyncDispose]();
rmSync(folder, { recursive: true });
process.exit(isRight ? 0 : 1);
