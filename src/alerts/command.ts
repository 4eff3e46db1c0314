import { spawn } from 'node:child_process';

/** What came of a command. */
export interface CommandResult {
  /** null when it was ended, or could not be started. */
  readonly code: number | null;
  /** The end of what it wrote to standard error, or why it could not be started. */
  readonly said: string;
  readonly isLate: boolean;
}

/** How a command is run. */
export interface CommandOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
  readonly timeoutMs: number;
  /** Aborted: it is ended. */
  readonly signal: AbortSignal;
}

/** What is kept of standard error, characters. */
const MOST_SAID = 500;

/** How long after its end what it wrote may still come. */
const LAST_WORDS_MS = 100;

/** Runs a command of the owner by the shell, with a text on standard input. It and what it has
 *  started is killed when it takes too long. Never rejects. */
export function runAlertCommand(command: string, { folder, env, input, timeoutMs, signal }: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    let said = '';
    let isLate = false;
    // A group of its own, so that what the shell has started is killed with it.
    const child = spawn(command, { shell: true, cwd: folder, env: { ...env }, stdio: ['pipe', 'ignore', 'pipe'], detached: true });
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    };
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, timeoutMs);
    const end = (code: number | null, reason: string) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
      resolve({ code, said: reason.trim().slice(-MOST_SAID), isLate });
    };
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-MOST_SAID)));
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code) => end(code, said));
    // What it has left in the background may hold standard error open for ever.
    child.once('exit', (code) =>
      setTimeout(() => {
        child.stderr.destroy();
        end(code, said);
      }, LAST_WORDS_MS),
    );
    // It need not read what it is told.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
