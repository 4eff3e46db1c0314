import { spawn } from 'node:child_process';

/** The result of a command. */
interface CommandResult {
  /** Exit code; null when the command was killed or could not be started. */
  readonly code: number | null;
  /** The end of its standard error, or the reason why it could not be started. */
  readonly said: string;
  readonly isLate: boolean;
}

/** Settings of one execution. */
interface CommandOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
  readonly timeoutMs: number;
  /** Aborting it kills the command. */
  readonly signal: AbortSignal;
}

/** Characters of standard error that are kept: the last ones. */
const MOST_STDERR_LENGTH = 500;

/** Time to wait for more standard error after the command has exited. */
const STDERR_GRACE_MS = 100;

/** Runs a command of the owner in the shell, with `input` on standard input. After `timeoutMs` the
 *  command and its child processes are killed. Never rejects. */
export function runAlertCommand(command: string, { folder, env, input, timeoutMs, signal }: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    let stderr = '';
    let isLate = false;
    // A process group of its own, so that its child processes are killed with it.
    const child = spawn(command, { shell: true, cwd: folder, env: { ...env }, stdio: ['pipe', 'ignore', 'pipe'], detached: true });
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The command has ended meanwhile.
      }
    };
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, timeoutMs);
    const end = (code: number | null, reason: string) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
      resolve({ code, said: reason.trim().slice(-MOST_STDERR_LENGTH), isLate });
    };
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-MOST_STDERR_LENGTH)));
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code) => end(code, stderr));
    // A background process of the command may hold standard error open for ever.
    child.once('exit', (code) =>
      setTimeout(() => {
        child.stderr.destroy();
        end(code, stderr);
      }, STDERR_GRACE_MS),
    );
    // The command may end without reading its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
