import { Worker } from 'node:worker_threads';
import type { Carrier, CarrierEvents, FromThread } from './messages.ts';

/** Starts a worker thread of this process that runs a file, with a heap of at most `memoryMb`. A
 *  worker thread takes less memory than a child process. It is for work that cannot run out of
 *  memory inside a built-in. Works in any thread. */
export function startWorker(address: URL, memoryMb: number, { onMessage, onEnd }: CarrierEvents): Carrier {
  const worker = new Worker(address, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
  let reason = 'it ended';
  worker.on('message', (message: FromThread) => onMessage(message));
  worker.on('error', (error: Error) => (reason = error.message));
  worker.on('exit', (code) => onEnd(reason, code !== 0));
  return {
    send: (message) => worker.postMessage(message),
    hold(isHeld) {
      if (isHeld) worker.ref();
      else worker.unref();
    },
    kill: async () => void (await worker.terminate()),
  };
}
