import { spawn } from 'node:child_process';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../src/main.ts');

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `newsfold …` as its own process, as a user does. */
export function newsfold(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  return startNewsfold(args, options).ended;
}

/** The same, for commands that go on: `waitFor` resolves when standard output matches, `stop` sends SIGTERM. */
export function startNewsfold(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const inherited = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: { ...inherited, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    waiting.forEach((look) => look());
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  const waitFor = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(stdout);
        if (found) resolve(found);
      };
      waiting.push(look);
      look();
      void ended.then(() => reject(new Error(`ended before ${pattern}: ${stdout}${stderr}`)));
    });
  const kill = (signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL') => child.kill(signal);
  const stop = () => {
    kill('SIGTERM');
    return ended;
  };
  return { ended, waitFor, stop, kill, log: () => stderr };
}
