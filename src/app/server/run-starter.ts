import { setTimeout } from 'node:timers/promises';

/** Shortest pause between two runs for deliveries. The pause is at least as long as the run
 *  before it, so that a flood of deliveries leaves the store free for the owner. */
const REST_MS = 2000;

/** Returns a function that starts a run for a delivery. While a run goes on, at most one more
 *  waits: a hundred deliveries start two runs. */
export function createRunStarter(run: () => Promise<void>, restMs: number = REST_MS): () => void {
  let isGoing = false;
  let isWanted = false;
  const begin = async () => {
    isGoing = true;
    try {
      for (isWanted = true; isWanted;) {
        isWanted = false;
        const begun = performance.now();
        await run();
        await setTimeout(Math.max(restMs, performance.now() - begun), undefined, { ref: false });
      }
    } finally {
      isGoing = false;
    }
  };
  return () => {
    if (isGoing) isWanted = true;
    else void begin();
  };
}
