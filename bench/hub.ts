import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { startServe } from './serve-child.ts';

/** Measures the hub with 1,000 subscribers on as many hosts, 100 of which hang, fail or redirect:
 *  `node bench/hub.ts [ROUNDS]`. Prints the time from a saved article to the first and to the last
 *  of the 900 good subscribers. Also prints the latency of readers meanwhile, and without
 *  deliveries. Then kills the server (SIGKILL) during a distribution and restarts it, ROUNDS times.
 *  Prints how many subscribers missed the news or received it twice. */
const rounds = Number(process.argv[2] ?? 5);
const COUNT = 1000;
const BAD = 100;
const READS = 500;
const EVERY_MS = 20;

const folder = mkdtempSync(join(tmpdir(), 'newsfold-hub-'));
mkdirSync(join(folder, 'articles'));
const words = (n: number) => Array.from({ length: 400 }, (_, at) => `word${n}x${at}`).join(' ');
const save = (n: number) => writeFileSync(join(folder, 'articles', `story-${n}.txt`), `Story number ${n}\n\n${words(n)}\n`);
for (let n = 0; n < 50; n++) save(n);
const config = join(folder, 'newsfold.yaml');
writeFileSync(
  config,
  `site: { title: Hub, url: "http://localhost:1" }
store: sqlite:hub.db
server: { trustProxy: true }
fetch: { allowPrivateAddresses: [127.0.0.0/8] }
websub: { hub: own }
sources: [{ articles: articles }]
`,
);

/** Deliveries of one subscriber by the first story in them. */
const got: Map<number, number>[] = Array.from({ length: COUNT }, () => new Map());
let newest = 49;
let onDelivery = () => {};
let firstAt = 0;
let lastAt = 0;
const subscribers = createServer((asked, response) => {
  const id = Number(/^\/(\d+)/.exec(asked.url ?? '')?.[1]);
  if (asked.method === 'GET') {
    response.end(new URL(asked.url ?? '', 'http://x').searchParams.get('hub.challenge'));
    return;
  }
  if (id >= COUNT - BAD) misbehave(id, asked, response);
  else take(id, asked, response);
});
await new Promise<void>((resolve) => subscribers.listen(0, resolve));
const { port } = subscribers.address() as AddressInfo;

function misbehave(id: number, asked: IncomingMessage, response: ServerResponse): void {
  asked.resume();
  if (id % 3 === 0) return;
  response.writeHead(id % 3 === 1 ? 500 : 302, { location: '/0' }).end();
}

function take(id: number, asked: IncomingMessage, response: ServerResponse): void {
  const pieces: Buffer[] = [];
  asked.on('data', (piece: Buffer) => pieces.push(piece));
  asked.on('end', () => {
    const story = Math.max(
      ...[
        ...Buffer.concat(pieces)
          .toString()
          .matchAll(/>Story number (\d+)</g),
      ].map((found) => Number(found[1])),
    );
    got[id]?.set(story, (got[id].get(story) ?? 0) + 1);
    if (story === newest) {
      lastAt = performance.now();
      firstAt ||= lastAt;
    }
    response.end();
    onDelivery();
  });
}

const agent = new Agent({ connections: 50 });
const countGot = () => got.slice(0, COUNT - BAD).filter((stories) => stories.has(newest)).length;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (isDone: () => boolean, seconds: number) => {
  const end = performance.now() + seconds * 1000;
  while (!isDone() && performance.now() < end) await sleep(20);
};

/** Returns the latencies of requests that follow a clock, while `isWanted` returns true. */
async function read(url: string, isWanted: () => boolean): Promise<number[]> {
  const times: number[] = [];
  const going = new Set<Promise<void>>();
  const one = async () => {
    const start = performance.now();
    const answer = await request(`${url}/feed.atom`, { dispatcher: agent, headers: { 'accept-encoding': 'gzip' } });
    await answer.body.arrayBuffer();
    times.push(performance.now() - start);
  };
  while (isWanted()) {
    const asking = one().finally(() => going.delete(asking));
    going.add(asking);
    await sleep(EVERY_MS);
  }
  await Promise.all(going);
  return times.toSorted((a, b) => a - b);
}
const at = (times: readonly number[], share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
const print = (text: string) => process.stdout.write(`${text}\n`);

let server = await startServe(['--config', config]);
await until(() => server.hasPrinted('Next runs'), 60);
const subscribedAt = performance.now();
for (let id = 0; id < COUNT; id++) {
  const host = `127.1.${id >> 8}.${id & 255}`;
  const form = {
    'hub.mode': 'subscribe',
    'hub.topic': 'http://localhost:1/feed.atom',
    'hub.callback': `http://${host}:${port}/${id}`,
    'hub.secret': 's',
  };
  const body = new URLSearchParams(form).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': `10.0.${id >> 8}.${id & 255}` };
  const { statusCode, body: answer } = await request(`${server.url}/websub`, { method: 'POST', body, headers, dispatcher: agent });
  if (statusCode !== 202) throw new Error(await answer.text());
  await answer.dump();
}
print(`${COUNT} subscriptions asked for and answered in ${((performance.now() - subscribedAt) / 1000).toFixed(1)} s`);
await sleep(5000);
let sent = 0;
const quiet = await read(server.url, () => sent++ < READS);
const { nowMb } = server.readRss();

newest = 50;
const savedAt = performance.now();
const cpuBefore = readCpu(server.pid);
save(newest);
const during = await read(server.url, () => countGot() < COUNT - BAD && performance.now() - savedAt < 60_000);
const cpu = readCpu(server.pid) - cpuBefore;
const bytes = (await (await request(`${server.url}/feed.atom`, { dispatcher: agent })).body.arrayBuffer()).byteLength;
print(
  `a saved article of a document of ${(bytes / 1000).toFixed(0)} kB: the first of ${COUNT - BAD} has it after ${((firstAt - savedAt) / 1000).toFixed(2)} s, the last after ${((lastAt - savedAt) / 1000).toFixed(2)} s (${countGot()} have it); ${cpu.toFixed(1)} s CPU, ${nowMb.toFixed(0)} MB before, at most ${server.readRss().mostMb.toFixed(0)} MB`,
);
print(
  `readers meanwhile, ms: median ${at(during, 0.5)}, p99 ${at(during, 0.99)} of ${during.length}; without deliveries: median ${at(quiet, 0.5)}, p99 ${at(quiet, 0.99)} of ${quiet.length}`,
);
print(`twice: ${countTwice()}`);

for (let round = 1; round <= rounds; round++) {
  newest++;
  const before = countGot();
  const target = 50 + Math.floor(((COUNT - BAD - 100) * round) / (rounds + 1));
  const reached = new Promise<void>((resolve) => {
    onDelivery = () => countGot() >= target && resolve();
  });
  save(newest);
  await reached;
  process.kill(server.pid, 'SIGKILL');
  const killedAt = performance.now();
  const hadIt = countGot();
  onDelivery = () => {};
  server = await startServe(['--config', config]);
  await until(() => countGot() === COUNT - BAD, 90);
  print(
    `killed when ${hadIt} of ${COUNT - BAD} had it (${before} before): all but ${COUNT - BAD - countGot()} have it ${((performance.now() - killedAt) / 1000).toFixed(1)} s later, ${countTwice()} twice`,
  );
}
await server.stop();
subscribers.closeAllConnections();
subscribers.close();
await agent.close();
rmSync(folder, { recursive: true });

function countTwice(): number {
  return got.filter((stories) => (stories.get(newest) ?? 0) > 1).length;
}

/** Returns the CPU seconds of a process (Linux). */
function readCpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
