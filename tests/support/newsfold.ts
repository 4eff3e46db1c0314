import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { isFull } from './scale.ts';
import { askSharedProcess } from './shared-process.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

/** Exit code and output of a command that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `newsfold …` as a user does. In the long form each command has a process of its own. In the
 *  short form the commands of a file share a process, unless another command is running in it.
 *  Tests that read standard input or set options of Node always get a process of their own. */
export function newsfold(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  const isPlain = !isFull && !(args.includes('import') && args.includes('-')) && options.env?.['NODE_OPTIONS'] === undefined;
  const shared = isPlain ? askSharedProcess({ args, cwd: options.cwd ?? process.cwd(), env: toEnvironment(options.env) }) : null;
  return shared ?? startNewsfold(args, options).ended;
}

/** Returns the environment of a command, without colours. */
function toEnvironment(env: Record<string, string> | undefined): Record<string, string> {
  const inherited = Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env };
}

/** Starts a command that continues. `waitFor` resolves when standard output matches; `stop` sends
 *  SIGTERM. */
export function startNewsfold(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: toEnvironment(options.env),
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
