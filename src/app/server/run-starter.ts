import { setTimeout } from 'node:timers/promises';

/** Between two runs that are asked for by pushes is as much time as the first of them took, and no
 *  less than this: whoever sends on and on must not keep the owner from the store. */
const REST_MS = 2000;

/** Runs that are asked for one by one, at most one of them waiting while another goes on: a hub
 *  that sends a hundred documents starts two runs. */
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
