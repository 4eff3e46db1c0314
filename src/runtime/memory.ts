import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 lets garbage grow to gigabytes on a machine that has them; a planet's server has other things
 *  to do with its memory. */
const WANTED_BYTES = 280 * 1_048_576;
/** A collection of what a run holds takes a tenth of a second: it waits until so much has come
 *  since the last one … */
const STEP_BYTES = 64 * 1_048_576;
/** … but for little of it where the process comes near to what it may have. */
const NEARLY_BYTES = 330 * 1_048_576;
const LEAST_STEP_BYTES = 16 * 1_048_576;

setFlagsFromString('--expose-gc');
/** V8's own (src/extensions/gc-extension.h). */
const collectGarbage = runInNewContext('gc') as (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;
let keptBytes = 0;

/** Frees what nobody needs any more, if the process has grown beyond what it should have and by
 *  enough since that was last done. To be called between the steps of a run. */
export function freeMemory(): void {
  const most = Math.max(WANTED_BYTES, Math.min(keptBytes + STEP_BYTES, NEARLY_BYTES), keptBytes + LEAST_STEP_BYTES);
  if (process.memoryUsage.rss() >= most) collect();
}

/** Ends a step of a run: frees what nobody needs, and lets signals and messages in. SQLite answers
 *  at once, so that a run of nothing but its steps would never hear that it is to stop. */
export async function breathe(): Promise<void> {
  freeMemory();
  await setImmediate();
}

/** Collects garbage now. The last resort gives the emptied pages back to the system. After any
 *  other collection V8 14 keeps them for good (Node 26.10: 552 MB resident after 540 MB of objects
 *  were dropped, 65 MB by this one). */
export function collect(): void {
  collectGarbage({ type: 'major', flavor: 'last-resort' });
  keptBytes = process.memoryUsage.rss();
}
