/** How many pieces of work run at once, in all and in one lane. */
export interface HostQueueLimits {
  readonly total: number;
  readonly perLane: number;
}

interface Lane<T> {
  readonly waiting: T[];
  active: number;
}

/** Works every item, those of one lane (one host) in their order and at most `perLane` at once;
 *  lanes take turns, so that a host with many sources, or a slow one, holds up nobody else
 *  (docs/polling.md A15). Resolves when all are done, or, once `isStopped` says so, when those
 *  under way are. Rejects with the first error of `work`, which then begins nothing new. */
export async function workByHost<T>(
  items: readonly T[],
  laneOf: (item: T) => string,
  limits: HostQueueLimits,
  work: (item: T) => Promise<void>,
  isStopped: () => boolean,
): Promise<void> {
  const lanes = new Map<string, Lane<T>>();
  for (const item of items) {
    const name = laneOf(item);
    const lane = lanes.get(name) ?? { waiting: [], active: 0 };
    lanes.set(name, lane);
    lane.waiting.push(item);
  }
  // Lanes that could begin another item now, each at most once.
  const ready = [...lanes.values()];
  let hasFailed = false;
  const follow = async (): Promise<void> => {
    for (let lane = ready.shift(); lane && !hasFailed && !isStopped(); lane = ready.shift()) {
      const item = lane.waiting.shift();
      if (item === undefined) continue;
      lane.active++;
      if (lane.waiting.length > 0 && lane.active < limits.perLane) ready.push(lane);
      try {
        await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
      lane.active--;
      if (lane.waiting.length > 0 && !ready.includes(lane)) ready.push(lane);
    }
  };
  // A worker that finds nothing to begin ends; whoever frees a lane goes on with it itself.
  await Promise.all(Array.from({ length: Math.min(limits.total, items.length) }, follow));
}
