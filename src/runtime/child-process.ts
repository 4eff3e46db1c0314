import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Carrier, CarrierEvents, FromThread } from './messages.ts';

/** Starts a child process that runs a file, with a heap of at most `memoryMb`. A worker thread that
 *  runs out of memory inside a built-in (an ArrayBuffer, a regular expression) takes the whole
 *  server with it: V8 cannot stop the built-in. */
export function startProcess(address: URL, memoryMb: number, { onMessage, onEnd }: CarrierEvents): Carrier {
  const child = fork(fileURLToPath(address), [], {
    serialization: 'advanced',
    // Ctrl-C in a terminal is meant for the server, which lets the present step finish.
    detached: true,
    execArgv: [...process.execArgv, `--max-old-space-size=${memoryMb}`],
  });
  let reason = 'it ended';
  let isOver = false;
  const end = (why: string, isDeath: boolean) => {
    if (!isOver) onEnd(why, isDeath);
    isOver = true;
  };
  child.on('message', (message) => onMessage(message as FromThread));
  child.on('error', (error: Error) => {
    reason = error.message;
    if (child.pid === undefined) end(reason, true);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('exit', (code, signal) => end(toReason(reason, code, signal, memoryMb), code !== 0));
  return {
    // If a message cannot be sent, the end of the process reports the error.
    send: (message) => void child.send(message, () => undefined),
    hold(isHeld) {
      if (isHeld) child.ref();
      else child.unref();
      if (isHeld) child.channel?.ref();
      else child.channel?.unref();
    },
    async kill() {
      if (child.kill('SIGKILL')) await exited;
    },
  };
}

/** V8 aborts when its heap is full; the kernel kills when the machine is short of memory. */
function toReason(said: string, code: number | null, signal: NodeJS.Signals | null, memoryMb: number): string {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134) return `it needed more than its ${memoryMb} MB of memory`;
  if (signal === 'SIGKILL') return 'it was killed, probably because the machine is short of memory';
  return signal !== null ? `it was ended by ${signal}` : code === 0 ? said : `it ended with code ${code}`;
}
