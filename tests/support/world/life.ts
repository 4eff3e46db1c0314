import { rmSync } from 'node:fs';
import type { RunReport } from '../../../src/run/report.ts';
import type { RunContext } from '../../../src/run/run-context.ts';
import { run } from '../../../src/run/run.ts';
import { createClockCheck } from './checks/clock.ts';
import { checkCorrections, checkTakenDown } from './checks/corrections.ts';
import { createRetentionCheck } from './checks/retention.ts';
import { createStoryCheck, readAll } from './checks/stories.ts';
import { createOwnCheck } from './checks/own-articles.ts';
import { createPublicationCheck } from './checks/publication.ts';
import { compareEnds, readEnd } from './checks/twins.ts';
import type { End } from './checks/twins.ts';
import { createMourning } from './deaths.ts';
import { folders } from './moves/folders.ts';
import { noteDelivered } from './hub.ts';
import { moves } from './moves/moves.ts';
import { processes } from './moves/processes.ts';
import { listen, notePrinted, toRunContext } from './node.ts';
import { startNodes } from './nodes.ts';
import type { Nodes, Process } from './nodes.ts';
import { makeFolder, openFiles } from './places.ts';
import type { Places } from './places.ts';
import { createServer } from './server.ts';
import type { Served } from './server.ts';
import { noteServed } from './note-served.ts';
import { createTruth } from './truth.ts';
import type { Truth } from './truth.ts';
import { Violation } from './violation.ts';
import { createWorld, HOUR } from './world.ts';
import type { World } from './world.ts';

/** One step of a history: the name of a move and its two numbers, from 0 to 99. */
export type Step = readonly [move: string, a: number, b: number];

/** A world that is being lived through, with the program beside it. */
export interface Life {
  readonly world: World;
  readonly truth: Truth;
  readonly nodes: Nodes;
  readonly places: Places;
  /** Lets time pass and makes one run; then checks it. */
  readonly run: (ms: number) => Promise<void>;
  /** Lets a process do its work on the store; null when it was killed and left dead. A killed
   *  process is otherwise started anew, at the same instant. */
  readonly perform: <T>(work: (context: RunContext) => Promise<T>) => Promise<{ readonly result: T } | null>;
  /** Does the same until it is done. */
  readonly insist: <T>(work: (context: RunContext) => Promise<T>) => Promise<T>;
  /** true: at the end the same history is lived through again, in peace. */
  wantsTwin: boolean;
}

/** Counts of lives. */
export interface Counts {
  runs: number;
  polls: number;
  kills: number;
  twins: number;
  /** Articles that are published more than once because nobody could tell that they are one. */
  doubts: number;
}

/** Options of a life. */
interface LifeOptions {
  /** Opens the stores of one life; SQLite files by default. */
  readonly open?: () => Promise<Places>;
  /** Counts to which the life adds its own, also when it fails. */
  readonly counts?: Counts;
}

export const noCounts: Counts = { runs: 0, polls: 0, kills: 0, twins: 0, doubts: 0 };

/** Lives through a history in a new world, then lets every source be well and runs twice more. If
 *  the history asks for it, a twin lives through the same history in an SQLite file, without deaths
 *  and other misfortunes of processes. Both must end alike.
 *  @throws Violation at the first invariant that does not hold. */
export async function live(history: readonly Step[], { open = openFiles, counts = { ...noCounts } }: LifeOptions = {}): Promise<void> {
  const lived = await liveIn(await open(), history, counts);
  if (!lived.wantsTwin) return;
  counts.twins++;
  const twin = await liveIn(await openFiles(), history, counts, { isPeaceful: true });
  const found = compareEnds(lived.end, twin.end);
  if (found.length > 0) throw new Violation(found.join('\n'));
}

async function liveIn(places: Places, history: readonly Step[], counts: Counts, { isPeaceful } = { isPeaceful: false }) {
  const home = makeFolder();
  const world = createWorld(home, { isMortal: history.some(([name]) => name.startsWith('kill')) });
  const truth = createTruth();
  const served: Served = new Map();
  const asked = new Set<string>();
  const server = createServer(world, served);
  const checks = {
    stories: createStoryCheck(world, truth),
    retention: createRetentionCheck(world, truth),
    clock: createClockCheck(world),
    publication: createPublicationCheck(world),
  };
  const own = createOwnCheck(world, truth);
  const mourning = createMourning(world, truth);
  const fetcher = listen(world, server, { asked, isSlow: isPeaceful, deaths: mourning.deaths });
  const nodes = await startNodes(await places.make());
  const toContext = ({ store, holder }: Process) => toRunContext(world, store, fetcher, holder);
  const leaveDead = () => {
    noteDelivered(world, truth, false);
    mourning.leaveDead(served);
    checks.clock.noteAsked(asked);
    own.note(false);
  };
  // A process that died may have stored what these sources said.
  const leaveAside = (sources: readonly string[]) => {
    noteServed(world, truth, new Map([...served].filter(([source]) => sources.includes(source))), false);
    for (const source of sources) served.delete(source);
  };
  let runs = 0;
  const life: Life = {
    world,
    truth,
    nodes,
    places,
    wantsTwin: false,
    async perform(work) {
      for (;;) {
        const done = await nodes.perform((one) => work(toContext(one)), isPeaceful ? undefined : world.kills.shift());
        if (done) return done;
        mourning.noteDeath();
        if (world.isLeftDead) return null;
      }
    },
    async insist(work) {
      for (;;) {
        const done = await life.perform(work);
        if (done) return done.result;
      }
    },
    async run(ms) {
      world.now = new Date(world.now.getTime() + ms);
      counts.runs++;
      runs++;
      served.clear();
      asked.clear();
      const done = await life.perform((context) => run(context, options));
      if (!done) return leaveDead();
      notePrinted(world, done.result);
      const aside = readSetAside(done.result);
      if (aside.length > 0) {
        if (!mourning.mayBeSetAside()) throw new Violation(`set aside: ${JSON.stringify(done.result.problems)}`);
        leaveAside(aside);
        const again = await life.perform((context) => run(context, { ...options, retry: true }));
        if (!again) return leaveDead();
        if (readSetAside(again.result).length > 0 && !mourning.mayBeSetAside())
          throw new Violation(`set aside after a retry: ${JSON.stringify(again.result.problems)}`);
        leaveAside(readSetAside(again.result));
      }
      // A source may wait since an earlier run, which said so.
      if (mourning.mayBeSetAside()) leaveAside((await nodes.current.store.readSetAside()).map(({ sourceId }) => sourceId));
      noteDelivered(world, truth, true);
      mourning.noteEnd(served, asked);
      own.note(true);
      const { store } = nodes.current;
      const isFull = runs % FULL === 0;
      const stories = await readAll(store);
      const found = [
        ...(await checkCorrections(world, truth, store, stories)),
        ...checks.retention.check(stories),
        ...checks.clock.check(stories, asked),
        ...checks.stories.check(stories, [own]),
        ...(await checks.publication(store, { isFull })),
        ...server.findWaiting(),
      ];
      if (found.length > 0) throw new Violation(found.join('\n'));
    },
  };
  try {
    for (const [name, a, b] of history) if (isPossible(world, name, isPeaceful)) await moves[name]?.(life, a, b);
    for (const outlet of world.outlets) outlet.mood = 'ok';
    await life.run(2 * HOUR);
    await life.run(2 * HOUR);
    const end: End = await readEnd(world, nodes.current.store);
    const found = await checkTakenDown(world, truth, nodes.current.store, end);
    if (found.length > 0) throw new Violation(found.join('\n'));
    const wantsTwin = life.wantsTwin && !mourning.mayDiffer();
    return { end, wantsTwin };
  } finally {
    counts.polls += server.polls();
    counts.kills += mourning.deaths();
    counts.doubts += checks.stories.doubts();
    await nodes.close();
    await places.remove();
    rmSync(home, { recursive: true });
  }
}

/** Reports whether a move may be made: not in a peaceful life if it disturbs processes, and not in
 *  folders by a wrong clock. */
function isPossible({ clock }: World, name: string, isPeaceful: boolean): boolean {
  return !(isPeaceful && name in processes) && !(clock.isEverSet && name in folders);
}

/** Every fifth run is followed by the checks that take long. */
const FULL = 5;

const options = { sourceId: null, all: false, dryRun: false, acceptDeletions: false };

/** Returns the sources that a run reports as set aside, also for one of their entries. */
function readSetAside({ problems }: RunReport): readonly string[] {
  return problems.filter(({ code }) => code.endsWith('set-aside')).map(({ source }) => source);
}
