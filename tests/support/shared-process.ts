import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Ended } from './newsfold.ts';

/** A command for the shared process of a test file. */
export interface CommandRequest {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Starts the process. It ends with the test file, whose end closes the channel to it. */
  readonly mark: string;
}

let child: ChildProcess | null = null;
let isBusy = false;

/** Executes a command in a process that the test file keeps. The process loads the program once,
 *  which is most of the work of a short command. Returns null while that process executes another
 *  command. */
export function askSharedProcess(request: Omit<CommandRequest, 'mark'>): Promise<Ended> | null {
  if (isBusy) return null;
  isBusy = true;
  const shared = (child ??= start());
  const mark = `\u0000end ${randomUUID()} `;
  return new Promise<Ended>((resolve, reject) => {
    const texts = { stdout: '', stderr: '' };
    const listeners = (['stdout', 'stderr'] as const).map((name) => {
      const stream = shared[name];
      if (!stream) throw new Error('the shared process has no streams');
      const append = (text: string) => {
        texts[name] += text;
        look();
      };
      stream.on('data', append);
      return () => stream.off('data', append);
    });
    const finish = () => {
      isBusy = false;
      listeners.forEach((remove) => remove());
      shared.off('exit', die);
    };
    const look = () => {
      const [stdout, code, rest] = cut(texts.stdout, mark);
      const [stderr, again] = cut(texts.stderr, mark);
      if (code === null || again === null) return;
      finish();
      if (rest !== '') reject(new Error(`the command wrote more after its end: ${rest}`));
      else resolve({ code, stdout, stderr });
    };
    const die = (code: number | null) => {
      finish();
      child = null;
      resolve({ code, stdout: texts.stdout, stderr: texts.stderr });
    };
    shared.once('exit', die);
    shared.send({ ...request, mark } satisfies CommandRequest);
  });
}

/** The process ends with the test file, whose end closes the channel to it. */
function start(): ChildProcess {
  const started = spawn(process.execPath, [join(import.meta.dirname, 'command-process.ts')], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  started.stdout?.setEncoding('utf8');
  started.stderr?.setEncoding('utf8');
  started.unref();
  return started;
}

/** Splits a text at its end mark; the code is null without a mark. */
function cut(text: string, mark: string): [said: string, code: number | null, rest: string] {
  const at = text.indexOf(mark);
  const end = text.indexOf('\n', at);
  if (at === -1 || end === -1) return [text, null, ''];
  return [text.slice(0, at), Number(text.slice(at + mark.length, end)), text.slice(end + 1)];
}
