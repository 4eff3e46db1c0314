/** Most pieces of work at once, in all and in one queue. */
interface HostQueueLimits {
  readonly total: number;
  readonly perQueue: number;
}

interface Queue<T> {
  readonly waiting: T[];
  active: number;
}

/** Works on every item. Items of one queue (one host) are worked on in their order, at most
 *  `perLane` at once. The queues take turns, so that a slow host, or one with many sources, does
 *  not delay the others (docs/polling.md A15). Resolves when all items are done; after `isStopped`
 *  returns true, when the items under way are done. Rejects with the first error of `work`, and
 *  begins nothing new then. */
export async function workByHost<T>(
  items: readonly T[],
  laneOf: (item: T) => string,
  limits: HostQueueLimits,
  work: (item: T) => Promise<void>,
  isStopped: () => boolean,
): Promise<void> {
  const queues = new Map<string, Queue<T>>();
  for (const item of items) {
    const name = laneOf(item);
    const queue = queues.get(name) ?? { waiting: [], active: 0 };
    queues.set(name, queue);
    queue.waiting.push(item);
  }
  // Queues that could begin another item now, each at most once.
  const ready = [...queues.values()];
  let hasFailed = false;
  const follow = async (): Promise<void> => {
    for (let queue = ready.shift(); queue && !hasFailed && !isStopped(); queue = ready.shift()) {
      const item = queue.waiting.shift();
      if (item === undefined) continue;
      queue.active++;
      if (queue.waiting.length > 0 && queue.active < limits.perQueue) ready.push(queue);
      try {
        await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
      queue.active--;
      if (queue.waiting.length > 0 && !ready.includes(queue)) ready.push(queue);
    }
  };
  // A worker without an item to begin ends; the worker that later frees a queue continues with that
  // queue itself.
  await Promise.all(Array.from({ length: Math.min(limits.total, items.length) }, follow));
}
