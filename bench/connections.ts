import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Agent, request } from 'undici';
import { makeFeed } from './made-feeds.ts';
import { startServe } from './serve-child.ts';

/** Measures how many clients `newsfold serve` bears: 2,000 idle connections after one request each,
 *  then 200 clients that never read the answer. The slow clients ask for a document of 50 entries,
 *  for one of 1,000, and for that one twice. The kernel buffers some 3 MB a connection; the server
 *  holds the rest. Prints the memory of its process, now and at most since the last line, and the
 *  bytes in the kernel. Also prints the time of ordinary requests meanwhile. Linux only. Node
 *  raises the soft limit of open files to the hard one by itself, here and in the server. */
/** The server closes connections that are idle for some seconds: they count in the line after their
 *  opening, and may be gone later. */
const IDLE = 2000;
const SLOW = 200;
const REQUESTS = 500;
/** Connections opened at once; the backlog of a listening socket is 511. */
const AT_ONCE = 200;
/** Time in which the server may fill the buffers of clients that do not read. */
const SETTLE_MS = 1000;
const FEEDS = 40;

const most = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
if (most < IDLE + 2 * SLOW + 100) throw new Error(`only ${most} files may be open: raise the hard limit (ulimit -Hn)`);
const folder = mkdtempSync(join(tmpdir(), 'newsfold-connections-'));
const config = join(folder, 'newsfold.yaml');
for (let n = 0; n < FEEDS; n++) writeFileSync(join(folder, `${n}.xml`), makeFeed(n, new Date()));
writeFileSync(
  config,
  'site: { title: Bench }\nstore: sqlite:newsfold.db\nsources:\n  - file: "*.xml"\nfeeds: [{ slug: all, limit: 50 }, { slug: long, limit: 1000 }]\n',
);
const main = resolve(import.meta.dirname, '../src/main.ts');
const ran = spawnSync(process.execPath, [main, 'run', '--config', config], { encoding: 'utf8' });
if (ran.status !== 0) throw new Error(ran.stderr);

const server = await startServe(['--no-run', '--config', config]);
const { hostname, port } = new URL(server.url);
const agent = new Agent({ connections: 4 });
const sockets: Socket[] = [];
const state = { closed: 0, broken: 0 };

await ask('warm-up');
await ask('alone');
const startedAt = performance.now();
for (let at = 0; at < IDLE; at += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, () => openIdle()));
process.stdout.write(`${IDLE} connections asked once each in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
await ask(`${IDLE} idle connections`);
for (const paths of [['/feed.atom'], ['/feeds/long.atom'], ['/feeds/long.atom', '/feeds/long.atom']]) {
  const slow = Array.from({ length: SLOW }, () => openSlow(paths));
  await new Promise((next) => setTimeout(next, SETTLE_MS));
  await ask(`and ${SLOW} that do not read ${paths.join(' and ')}`);
  for (const socket of slow) socket.destroy();
  await new Promise((next) => setTimeout(next, SETTLE_MS));
}
await ask(`${SLOW} gone`);
for (const socket of sockets) socket.destroy();
await new Promise((next) => setTimeout(next, SETTLE_MS));
await ask('all gone');
await agent.close();
await server.stop();
rmSync(folder, { recursive: true });

/** Sends ordinary requests in series, then reads the memory of the server. */
async function ask(name: string): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < REQUESTS; n++) {
    const start = performance.now();
    const answer = await request(`${server.url}/feed.atom`, { dispatcher: agent, headers: { 'accept-encoding': 'gzip' } });
    await answer.body.arrayBuffer();
    times.push(performance.now() - start);
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const openNow = sockets.length - state.closed;
  const { nowMb, mostMb } = server.readRss();
  process.stdout.write(
    `${name}: ${openNow} sockets open${state.broken > 0 ? ` (${state.broken} broken off)` : ''}; ${nowMb.toFixed(0)} MB, at most ${mostMb.toFixed(0)} MB, ${readWaitingMb().toFixed(0)} MB in the kernel; ${REQUESTS} requests: median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms\n`,
  );
}

/** Sends one request, reads the whole answer and keeps the connection. */
function openIdle(): Promise<void> {
  return new Promise((done, fail) => {
    const socket = open(['/feed.atom'], 'accept-encoding: gzip\r\n');
    let missing = Infinity;
    let head = '';
    socket.on('data', (bytes: Buffer) => {
      if (missing === Infinity) {
        head += bytes.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        missing = Number(/content-length: (\d+)/i.exec(head)?.[1]) - (head.length - end - 4);
      } else missing -= bytes.length;
      if (missing <= 0) done();
    });
    socket.once('close', () => fail(new Error('closed before the answer was out')));
  });
}

/** Sends requests and never reads the answers. */
function openSlow(paths: readonly string[]): Socket {
  return open(paths, '').pause();
}

function open(paths: readonly string[], fields: string): Socket {
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => state.broken++).on('close', () => state.closed++);
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n${fields}\r\n`).join(''));
  return socket;
}

/** Returns the megabytes that the kernel holds for the server's connections (proc(5),
 *  /proc/net/tcp: tx_queue). */
function readWaitingMb(): number {
  const local = `:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return lines.filter((fields) => fields[1]?.endsWith(local)).reduce((sum, fields) => sum + Number.parseInt(fields[4] ?? '0', 16), 0) / 1e6;
}
