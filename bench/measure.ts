import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Exit, output and resource usage of a child process. */
export interface Measured {
  /** CPU time, user and system, of all threads. */
  readonly cpuMs: number;
  /** Peak of the resident memory. */
  readonly rssMb: number;
  readonly seconds: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const usage = resolve(import.meta.dirname, 'usage.ts');
const main = resolve(import.meta.dirname, '../src/main.ts');

/** Runs a script in a process of its own. */
export async function measure(script: string, args: readonly string[]): Promise<Measured> {
  const file = join(tmpdir(), `newsfold-usage-${process.pid}-${performance.now()}`);
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', usage, script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, BENCH_USAGE: file, NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  const seconds = (performance.now() - start) / 1000;
  const used = JSON.parse(readFileSync(file, 'utf8')) as { cpuMs: number; rssMb: number };
  rmSync(file);
  return { ...used, seconds, code, stdout, stderr };
}

/** Runs `newsfold …` and measures it. */
export function measureNewsfold(...args: readonly string[]): Promise<Measured> {
  return measure(main, args);
}

/** Starts a feed server in a process of its own (bench/feed-server.ts). */
export function startFeedServer(count: number): Promise<Server> {
  return startServer('feed-server.ts', String(count));
}

/** Starts hostile servers in a process of their own (bench/hostile-server.ts): a number of them, or
 *  the one with this name. */
export function startHostileServer(wanted: number | string): Promise<Server> {
  return startServer('hostile-server.ts', String(wanted));
}

interface Server {
  readonly urls: readonly string[];
  /** Total of all bodies. */
  readonly bytes: number;
  readonly stop: () => Promise<void>;
}

async function startServer(script: string, argument: string): Promise<Server> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, script), argument], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  let printed = '';
  await new Promise<void>((done) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.endsWith('\n')) done();
    });
  });
  const { urls, bytes } = JSON.parse(printed) as { urls: string[]; bytes: number };
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  return { urls, bytes, stop };
}
