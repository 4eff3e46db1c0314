import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store/store.ts';
import { run } from '../../../src/run/run.ts';
import { openSqlite } from '../../../src/store/engine/sqlite.ts';
import { openStore } from '../../../src/store/store.ts';
import { createStoryCheck } from './checks/stories.ts';
import { killAfter } from './killed.ts';
import { moves } from './moves/moves.ts';
import { toRunContext } from './node.ts';
import { createServer } from './server.ts';
import type { Served } from './server.ts';
import { createTruth, noteServed } from './truth.ts';
import { createWorld, HOUR } from './world.ts';
import type { World } from './world.ts';

/** One step of a history: the name of a move and its two numbers, from 0 to 99. */
export type Step = readonly [move: string, a: number, b: number];

/** A world that is being lived through, with the program beside it. */
export interface Life {
  readonly world: World;
  /** Lets time pass and makes one run; then checks it. */
  readonly run: (ms: number) => Promise<void>;
  /** Closes the store and opens it anew. */
  readonly restart: () => Promise<void>;
}

/** Counts of one life. */
export interface Counts {
  readonly runs: number;
  readonly polls: number;
  readonly kills: number;
  /** Articles published more than once, because nobody could tell that they are one. */
  readonly doubts: number;
}

/** An invariant that does not hold. */
export class Violation extends Error {}

/** Lives through a history in a new world, then lets every source be well and runs twice more.
 *  @throws Violation at the first invariant that does not hold. */
export async function live(history: readonly Step[]): Promise<Counts> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'newsfold-world-'));
  try {
    return await liveIn(folder, history);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function liveIn(folder: string, history: readonly Step[]): Promise<Counts> {
  const file = join(folder, 'newsfold.db');
  await copyEmptyStore(file);
  const open = () => openStore(openSqlite(file));
  const world = createWorld();
  const truth = createTruth();
  const served: Served = new Map();
  const server = createServer(world, served);
  const stories = createStoryCheck(world, truth);
  const counts = { runs: 0, kills: 0 };
  let store = await open();
  const life: Life = {
    world,
    async restart() {
      await store.close();
      store = await open();
    },
    async run(ms) {
      world.now = new Date(world.now.getTime() + ms);
      counts.runs++;
      served.clear();
      const calls = world.killAfter;
      world.killAfter = null;
      const used: Store = calls === null ? store : killAfter(store, calls);
      let hasEnded = true;
      try {
        const report = await run(toRunContext(world, used, server), options);
        const bad = report.problems.filter(({ code }) => code.endsWith('set-aside'));
        if (bad.length > 0) throw new Violation(`set aside: ${JSON.stringify(bad)}`);
      } catch (error) {
        if (calls === null || error instanceof Violation) throw error;
        hasEnded = false;
        counts.kills++;
        await life.restart();
      }
      noteServed(world, truth, served, hasEnded);
      if (!hasEnded) return;
      const found = await stories.check(store);
      if (found.length > 0) throw new Violation(found.join('\n'));
    },
  };
  try {
    for (const [name, a, b] of history) await moves[name]?.(life, a, b);
    for (const outlet of world.outlets) outlet.mood = 'ok';
    await life.run(2 * HOUR);
    await life.run(2 * HOUR);
  } finally {
    await store.close();
  }
  return { ...counts, polls: server.polls(), doubts: stories.doubts() };
}

const options = { sourceId: null, all: false, dryRun: false, acceptDeletions: false };

let empty: Promise<string> | null = null;

/** Copies a store that has nothing but its tables: migrating takes longer than copying. */
async function copyEmptyStore(file: string): Promise<void> {
  empty ??= makeEmptyStore();
  copyFileSync(await empty, file);
}

async function makeEmptyStore(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'newsfold-empty-')), 'newsfold.db');
  await (await openStore(openSqlite(file))).close();
  process.on('exit', () => rmSync(join(file, '..'), { recursive: true, force: true }));
  return file;
}
