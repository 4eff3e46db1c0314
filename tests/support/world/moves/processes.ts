import { NewsfoldError } from '../../../../src/model/errors.ts';
import { run } from '../../../../src/run/run.ts';
import { readDocuments, compareEnds } from '../checks/twins.ts';
import type { Life } from '../life.ts';
import type { Place } from '../places.ts';
import { Violation } from '../violation.ts';
import type { Moves } from './move.ts';

/** Deaths, restarts and removals of the program. None of them changes what is published. */
export const processes: Moves = {
  kill: ({ world }, a, b) => world.kills.push((a + b) % 60),
  killEarly: ({ world }, a) => world.kills.push(a % 12),
  killOften: ({ world }, a, b) => world.kills.push(a % 60, b % 60, (a + b) % 60),
  leaveDead: ({ world }, a) => (world.isLeftDead = a % 2 === 0),
  restart: ({ nodes }) => nodes.restart(),
  otherNode: ({ nodes }, a) => nodes.use(a % 3),
  lockOut: (life) => beLockedOut(life),
  slowDown: ({ world }, a) => (world.concurrency = a % 2 === 0 ? 1 : 20),
  moveOut: (life) => move(life, exportTo),
  restoreBackup: (life) => move(life, async ({ nodes, places }) => places.restore?.(nodes.current.store)),
};

/** Lets another process hold the lock: a run is refused and does nothing. */
async function beLockedOut({ world, nodes, perform }: Life): Promise<void> {
  const lock = await nodes.current.store.takeLock({ command: 'backup', pid: 1, host: 'elsewhere', since: world.now });
  if (lock.kind === 'held') throw new Violation('a dead process still holds the lock');
  try {
    await perform((context) => run(context, { sourceId: null, all: false, dryRun: false, acceptDeletions: false }));
    if (!world.isLeftDead) throw new Violation('a run did not heed the lock of another process');
  } catch (error) {
    if (!(error instanceof NewsfoldError && error.code === 'run/locked')) throw error;
  } finally {
    await lock.release();
  }
}

/** Goes on with a copy of the store, which must give the same documents. */
async function move(life: Life, copy: (life: Life) => Promise<Place | undefined>): Promise<void> {
  const { world, nodes } = life;
  // An export leaves the clock of the machine out.
  if (world.clock.isEverSet) return;
  // Nothing is rendered before the first run has ended (docs/design.md §52).
  if ((await nodes.current.store.readLastRun()) === null) return;
  const before = await readDocuments(world, nodes.current.store);
  const place = await copy(life);
  if (!place) return;
  await nodes.moveTo(place);
  const found = compareEnds(before, await readDocuments(world, nodes.current.store));
  if (found.length > 0) throw new Violation(`after a copy of the store: ${found.join('\n')}`);
}

async function exportTo({ nodes, places }: Life): Promise<Place> {
  const rows: object[] = [];
  await nodes.current.store.readState(
    async () => undefined,
    async (row) => void rows.push(row),
  );
  const place = await places.make();
  const store = await place.open();
  await store.writeState(toLines(rows), null);
  await store.close();
  return place;
}

async function* toLines(rows: readonly object[]) {
  for (const [index, row] of rows.entries()) yield { line: index + 2, value: JSON.parse(JSON.stringify(row)) as unknown };
}
