import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** A `newsfold serve` in a process of its own, on a free port. */
export interface ServeChild {
  readonly url: string;
  readonly pid: number;
  /** Reports whether the server has printed this text. */
  readonly hasPrinted: (text: string) => boolean;
  /** Reads the resident memory (VmRSS) and its peak since the last call (VmHWM, which the call
   *  resets). Linux only. */
  readonly readRss: () => { readonly nowMb: number; readonly mostMb: number };
  readonly stop: () => Promise<void>;
}

/** Starts the server; resolves when it listens.
 *  @throws Error when it ends before. */
export function startServe(args: readonly string[]): Promise<ServeChild> {
  const main = resolve(import.meta.dirname, '../src/main.ts');
  return startScript([main, 'serve', '--port', '0', ...args]);
}

/** Starts any script that prints its address as `serve` does: `… on http://…`. */
export async function startScript(args: readonly string[]): Promise<ServeChild> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let printed = '';
  const url = await new Promise<string>((done, fail) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const found = / on (http:\/\/\S+)/.exec(printed);
      if (found) done(found[1] ?? '');
    });
    void ended.then(() => fail(new Error(`${args.join(' ')} ended: ${printed}`)));
  });
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    hasPrinted: (text) => printed.includes(text),
    readRss() {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
      const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
      return { nowMb: read('VmRSS'), mostMb: read('VmHWM') };
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
