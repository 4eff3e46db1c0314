import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Carrier, CarrierEvents, FromThread } from './messages.ts';

/** Starts a process of its own that runs a file, with at most `memoryMb` of heap. A worker thread
 *  of Node that runs out of memory inside a built-in takes the whole server with it: V8 cannot stop
 *  it there. Examples are an ArrayBuffer and a regular expression. */
export function startProcess(address: URL, memoryMb: number, { onMessage, onEnd }: CarrierEvents): Carrier {
  const child = fork(fileURLToPath(address), [], {
    serialization: 'advanced',
    // A terminal's Ctrl-C is for the server, which lets the step at hand finish.
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
    // A message that cannot be sent is told by the end of the process.
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

/** V8 aborts when its heap is full; a system that is short of memory kills. */
function toReason(said: string, code: number | null, signal: NodeJS.Signals | null, memoryMb: number): string {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134) return `it needed more than its ${memoryMb} MB of memory`;
  if (signal === 'SIGKILL') return 'it was killed, as a system does that is short of memory';
  return signal !== null ? `it was ended by ${signal}` : code === 0 ? said : `it ended with code ${code}`;
}
