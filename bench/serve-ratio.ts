import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { findClosedPort } from '../tests/support/loopback.ts';
import { makeFeed } from './made-feeds.ts';
import { startScript, startServe } from './serve-child.ts';
import type { ServeChild } from './serve-child.ts';

/** Measures requests a second of `newsfold serve` for a document of 50 entries (docs/design.md
 *  §96). The baselines are a bare Hono handler that sends the same bytes and fields, and nginx with
 *  the same file and its gzip, where installed. Rounds alternate; each server has a process of its
 *  own and 20 connections from this one. Only the ratios count, because machines are noisy. The
 *  ratio of CPU a request holds even when this process is the bottleneck. Takes forty seconds;
 *  Linux only. */
const CONNECTIONS = 20;
const ROUNDS = 5;
const ROUND_MS = 500;
/** Warm-up before the measured rounds: compiles code and fills caches. */
const WARM_UP_MS = 700;
const FEEDS = 4;

interface Server {
  readonly name: string;
  readonly pool: Pool;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'newsfold-ratio-'));
const config = join(folder, 'newsfold.yaml');
const main = resolve(import.meta.dirname, '../src/main.ts');
for (let n = 0; n < FEEDS; n++) writeFileSync(join(folder, `${n}.xml`), makeFeed(n, new Date()));
writeFileSync(
  config,
  'site: { title: Bench }\nstore: sqlite:newsfold.db\nsources:\n  - file: "*.xml"\nfeeds: [{ slug: all, limit: 50 }]\n',
);
const ran = spawnSync(process.execPath, [main, 'run', '--config', config], { encoding: 'utf8' });
if (ran.status !== 0) throw new Error(ran.stderr);

const print = (line: string) => process.stdout.write(`${line}\n`);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const newsfold = toServer('newsfold', await startServe(['--no-run', '--config', config]));
const answers = { identity: await ask(newsfold, {}), gzip: await ask(newsfold, { 'accept-encoding': 'gzip' }) };
const etag = String(answers.gzip.headers['etag']);
writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers, withBase64));
const script = join(folder, 'bare.mjs');
writeFileSync(script, toBareServer());
const servers = [newsfold, toServer('bare Hono', await startScript([script, join(folder, 'answers.json')]))];
const nginx = await startNginx();
if (nginx) servers.push(nginx);

const kinds: Readonly<Record<string, { headers: Record<string, string>; status: number }>> = {
  '304': { headers: { 'accept-encoding': 'gzip', 'if-none-match': etag }, status: 304 },
  gzip: { headers: { 'accept-encoding': 'gzip' }, status: 200 },
  identity: { headers: {}, status: 200 },
};
print(
  `a document of ${answers.identity.body.length} bytes, ${answers.gzip.body.length} with gzip; ${CONNECTIONS} connections, ${ROUNDS} rounds`,
);
for (const [kind, { headers, status }] of Object.entries(kinds)) {
  const runs = new Map<Server, Run[]>(servers.map((server) => [server, []]));
  const own = new Map<Server, Record<string, string>>();
  for (const server of servers) {
    // nginx makes its own tags.
    const isTagged = kind === '304' && server === nginx;
    const tag = isTagged ? { 'if-none-match': String((await ask(server, { 'accept-encoding': 'gzip' })).headers['etag']) } : {};
    own.set(server, { ...headers, ...tag });
    await load(server, { headers: own.get(server) ?? {}, status, durationMs: WARM_UP_MS });
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const server of servers)
      runs.get(server)?.push(await load(server, { headers: own.get(server) ?? {}, status, durationMs: ROUND_MS }));
  const rateOf = (server: Server) => median((runs.get(server) ?? []).map((run) => run.rate));
  const cpuOf = (server: Server) => median((runs.get(server) ?? []).map((run) => run.cpuUs));
  for (const server of servers) {
    const ratio =
      server === newsfold
        ? ''
        : `; newsfold has ${(rateOf(newsfold) / rateOf(server)).toFixed(2)} of the requests, ${(cpuOf(newsfold) / cpuOf(server)).toFixed(2)} of the CPU`;
    print(
      `${kind.padEnd(8)} ${server.name.padEnd(9)} median ${rateOf(server).toFixed(0).padStart(6)} requests/s, ${cpuOf(server).toFixed(0).padStart(4)} µs CPU a request${ratio}`,
    );
  }
}
for (const server of servers) {
  await server.pool.close();
  await server.stop();
}
rmSync(folder, { recursive: true });

/** Result of one round. */
interface Run {
  /** Requests a second. */
  readonly rate: number;
  /** CPU of the server for one request, all threads and workers, microseconds. */
  readonly cpuUs: number;
}

/** Sends requests in series on every connection. */
async function load(
  server: Server,
  asked: { readonly headers: Record<string, string>; readonly status: number; readonly durationMs: number },
): Promise<Run> {
  const cpuBefore = readCpuMs(server.pid);
  const startedAt = performance.now();
  const end = startedAt + asked.durationMs;
  let count = 0;
  const client = async () => {
    while (performance.now() < end) {
      const answer = await server.pool.request({ path: '/feed.atom', method: 'GET', headers: asked.headers });
      if (answer.statusCode !== asked.status) throw new Error(`${server.name} answered ${answer.statusCode}, expected ${asked.status}`);
      await answer.body.arrayBuffer();
      count++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  return { rate: count / seconds, cpuUs: ((readCpuMs(server.pid) - cpuBefore) * 1000) / count };
}

/** Returns user and system time of a process and its children, by /proc/PID/stat (proc(5): fields
 *  14 and 15, in hundredths of a second). */
function readCpuMs(pid: number): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(11, 13)
    .map(Number);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '');
  return (user + system) * 10 + children.reduce((sum, child) => sum + readCpuMs(Number(child)), 0);
}

async function ask(
  server: Server,
  headers: Record<string, string>,
): Promise<{ headers: Dispatcher.ResponseData['headers']; body: Buffer }> {
  const answer = await server.pool.request({ path: '/feed.atom', method: 'GET', headers });
  return { headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
}

function toServer(name: string, { pid, url, stop }: ServeChild): Server {
  return { name, pid, stop, pool: new Pool(url, { connections: CONNECTIONS }) };
}

/** The smallest Hono program with these answers: stored documents, the fields that Newsfold sends,
 *  and one comparison for 304. */
function toBareServer(): string {
  const modules = ['hono', '@hono/node-server'].map((name) => import.meta.resolve(name));
  return `import { readFileSync } from 'node:fs';
import { Hono } from ${JSON.stringify(modules[0])};
import { serve } from ${JSON.stringify(modules[1])};
const read = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const make = ({ headers, body }) => {
  const { date, connection, 'keep-alive': keepAlive, ...sent } = headers;
  const { 'content-type': type, 'content-length': length, 'content-encoding': coding, ...unchanged } = sent;
  return { sent, unchanged, bytes: new Uint8Array(Buffer.from(body, 'base64')) };
};
const identity = make(read.identity);
const gzip = make(read.gzip);
const app = new Hono();
app.get('/feed.atom', (context) => {
  const answer = context.req.header('accept-encoding') === 'gzip' ? gzip : identity;
  if (context.req.header('if-none-match') === answer.sent.etag) return new Response(null, { status: 304, headers: answer.unchanged });
  return new Response(answer.bytes, { headers: answer.sent });
});
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) => console.log('listens on http://127.0.0.1:' + info.port));
process.on('SIGTERM', () => { server.closeAllConnections(); server.close(() => process.exit()); });
`;
}

function withBase64(_key: string, value: unknown): unknown {
  const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;
  return isBuffer ? Buffer.from(value.data as number[]).toString('base64') : value;
}

/** Starts nginx with one worker in the foreground, with all its files in the folder. Returns null
 *  where nginx is not installed. */
async function startNginx(): Promise<Server | null> {
  if (spawnSync('nginx', ['-v']).error) return null;
  const root = join(folder, 'www');
  const port = await findClosedPort();
  mkdirSync(root);
  writeFileSync(join(root, 'feed.atom'), answers.identity.body);
  writeFileSync(join(root, 'feed.atom.gz'), answers.gzip.body);
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 256; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=10; gzip_vary on;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  types { application/atom+xml atom; }
  server { listen 127.0.0.1:${port}; root ${root}; gzip_static on; add_header Cache-Control "public, max-age=300"; }
}\n`,
  );
  // nginx workers run as another user than root, who may not enter a folder made by mkdtemp.
  chmodSync(folder, 0o755);
  const child = spawn('nginx', ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const server: Server = { name: 'nginx', pid: child.pid ?? 0, pool, stop };
  for (let tries = 0; tries < 50; tries++) {
    const status = await pool.request({ path: '/feed.atom', method: 'HEAD' }).then(
      (answer) => answer.statusCode,
      () => 0,
    );
    if (status === 200) return server;
    await new Promise((next) => setTimeout(next, 40));
  }
  await stop();
  throw new Error(`nginx does not answer on port ${port}`);
}
