import { noteServed } from './note-served.ts';
import type { Truth } from './truth.ts';
import type { Served } from './server.ts';
import type { World } from './world.ts';

/** Deaths in a row after which a source may be set aside on purpose (docs/design.md §8). The first
 *  makes runs careful; two more count against the source that is being read. */
const MOST_DEATHS = 3;

/** Keeps what the world knows about runs that were killed. */
export function createMourning(world: World, truth: Truth) {
  let deaths = 0;
  let row = 0;
  let longestRow = 0;
  let isAnyLeftDead = false;
  /** Items that killed runs were given, and the truth before. */
  let left: { readonly before: Served; readonly served: Served }[] = [];
  return {
    deaths: () => deaths,
    noteDeath(): void {
      deaths++;
      row++;
      longestRow = Math.max(longestRow, row);
    },
    /** Notes that a killed run was not started again: the next one completes it. */
    leaveDead(served: Served): void {
      isAnyLeftDead = true;
      const before: Served = new Map([...served.keys()].map((source) => [source, [...(truth.shown.get(source)?.values() ?? [])].flat()]));
      left.push({ before, served: new Map(served) });
      noteServed(world, truth, served, false);
    },
    /** Notes that a run has ended, and was given `served` by the sources in `asked`. */
    noteEnd(served: Served, asked: ReadonlySet<string>): void {
      row = 0;
      for (const { before, served: lost } of left) {
        // A source that is not asked again was recorded by the killed run, so its items are stored.
        const isStored = (source: string) => !asked.has(source) && (world.outlets.find(({ id }) => id === source)?.isDeclared ?? false);
        noteServed(world, truth, new Map([...lost].filter(([source]) => isStored(source))), true);
        // Nobody knows which versions the killed run has stored: each may follow on each.
        for (const version of [before, served, lost]) noteServed(world, truth, version, false);
      }
      left = [];
      noteServed(world, truth, served, true);
    },
    /** Reports whether so many runs have died that a source may be set aside. */
    mayBeSetAside: () => deaths >= MOST_DEATHS,
    /** Reports whether the end may differ from that of a life in peace. After a run that was left
     *  dead the next one sees other documents. After two deaths in a row suspects fold last. A run
     *  that is made again after the clock was set may believe another time. */
    mayDiffer: () => isAnyLeftDead || longestRow > 1 || (deaths > 0 && world.clock.isEverSet),
  };
}
