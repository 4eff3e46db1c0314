import { DAY_MS } from '../model/values/time.ts';
import { breathe } from '../runtime/memory.ts';
import type { AgePosition, RetentionLimit, StoryBundle } from '../ports/store/retention.ts';
import { readArrangement } from '../feeds/arrangement.ts';
import { removeArchives } from '../feeds/archives/remove-archives.ts';
import type { RunContext } from './run-context.ts';
import { isDoubted } from './trusted-clock.ts';

type Parts = Pick<RunContext, 'store' | 'clock'> & { readonly settings: Pick<RunContext['settings'], 'feeds' | 'retention'> };

/** Entries looked at, and stories taken out in one transaction: others wait to write no longer than
 *  some hundredths of a second. */
const AT_ONCE = 50;
/** Rows that one transaction tidies away. */
const ROWS_AT_ONCE = 1000;
/** What went, and what would have gone but for the clock. */
export interface RetentionReport {
  entries: number;
  stories: number;
  /** Archive documents. */
  archives: number;
  /** Rows of other tables that nobody can ask for any more. */
  rows: number;
  /** false when there was no time for all of it: the next run goes on. */
  isDone: boolean;
  /** true when the clock has jumped, so that nothing is judged by its age until it has gone on for
   *  a day. */
  isClockDoubted: boolean;
}

/** What the caller asks for. */
export interface RetentionOptions {
  /** Nothing is changed. */
  readonly dryRun: boolean;
  /** Also archives all of whose stories are gone. */
  readonly archives: boolean;
  /** Whether the time is used, or it was told to stop. */
  readonly isOver: () => boolean;
}

/** Takes out of the store what is kept no longer (`keep` of the configuration): stories all of
 *  whose entries are old, but for those that a feed's document shows or tells of, that wait, or
 *  that the owner has pinned or hidden. Readers are told nothing: a story that has grown old is not
 *  withdrawn. Once a day everything is looked through and tidied of what nobody can ask for. The
 *  caller has the run lock, keeps the time (steady-clock.ts) and has brought the feeds up to date.
 *  Cut short, the next run goes on. */
export async function applyRetention(context: Parts, options: RetentionOptions): Promise<RetentionReport> {
  const report: RetentionReport = { entries: 0, stories: 0, archives: 0, rows: 0, isDone: false, isClockDoubted: false };
  const limit = await readLimit(context, report);
  if (limit.before !== null || limit.perSource !== null) await pruneStories(context, limit, options, report);
  if (options.isOver()) return report;
  report.archives = await removeArchives(context, options);
  if (!options.dryRun) report.rows = await tidy(context, options);
  report.isDone = !options.isOver();
  return report;
}

async function readLimit({ store, clock, settings }: Parts, report: RetentionReport): Promise<RetentionLimit> {
  const now = clock.now();
  const { days, perSource } = settings.retention;
  const mark = await store.readClock();
  report.isClockDoubted = days !== null && mark !== null && isDoubted(mark);
  return { before: days === null || report.isClockDoubted ? null : new Date(now.getTime() - days * DAY_MS), perSource };
}

async function pruneStories(context: Parts, limit: RetentionLimit, options: RetentionOptions, report: RetentionReport): Promise<void> {
  const { store, clock } = context;
  const shown = await readShown(context);
  const limits = new Map<string, AgePosition | null>();
  const limitOf = async (sourceId: string) => {
    const known = limits.get(sourceId);
    if (known !== undefined) return known;
    const read = await store.readRetentionLimit(sourceId, limit);
    limits.set(sourceId, read);
    return read;
  };
  const isOld = async ({ stories, members, isHeld }: StoryBundle) => {
    if (isHeld || stories.some((no) => shown.has(no))) return false;
    for (const { sourceId, ...place } of members) {
      const bound = await limitOf(sourceId);
      if (bound === null || comparePlaces(place, bound) >= 0) return false;
    }
    return true;
  };
  const seen = new Set<number>();
  for (const sourceId of (await store.readSourceTags()).keys()) {
    const bound = await limitOf(sourceId);
    if (bound === null) continue;
    for (let after: AgePosition | null = null; ;) {
      if (options.isOver()) return;
      const old: Awaited<ReturnType<typeof store.findOld>> = await store.findOld(sourceId, { limit: bound, after }, AT_ONCE);
      const numbers = [...new Set(old.flatMap(({ storyNo }) => storyNo ?? []))].filter((no) => !seen.has(no));
      const going: StoryBundle[] = [];
      for (const bundle of await store.readBundles(numbers)) {
        if (bundle.stories.some((no) => seen.has(no))) continue;
        for (const no of bundle.stories) seen.add(no);
        if (await isOld(bundle)) going.push(bundle);
      }
      await prune(going, report);
      after = old.at(-1) ?? null;
      if (old.length < AT_ONCE) break;
      await breathe();
    }
  }

  async function prune(bundles: readonly StoryBundle[], counts: RetentionReport): Promise<void> {
    if (bundles.length === 0) return;
    const sum = (lengthOf: (bundle: StoryBundle) => number) => bundles.reduce((total, bundle) => total + lengthOf(bundle), 0);
    const gone = options.dryRun
      ? { entries: sum(({ members }) => members.length), stories: sum(({ stories }) => stories.length) }
      : await store.pruneStories(bundles, clock.now());
    counts.entries += gone.entries;
    counts.stories += gone.stories;
  }
}

/** Stories of which the documents of feeds tell now, withdrawn ones among them. */
async function readShown(context: Parts): Promise<ReadonlySet<number>> {
  const shown = new Set<number>();
  for (const feed of context.settings.feeds) {
    const state = await context.store.bindFeed(feed.slug, context.clock.now());
    const { stories, tombstones } = await readArrangement(context, feed, state);
    for (const { storyNo } of [...stories, ...tombstones]) shown.add(storyNo);
    // What no archive has yet is nowhere else.
    const waiting = await context.store.readHistory(feed.slug, { after: Math.min(state.archivedSeq, state.beforeWindowSeq), upTo: null });
    for (const { storyNo, seq, isInWindow } of waiting) if (seq > state.archivedSeq || isInWindow) shown.add(storyNo);
  }
  return shown;
}

function comparePlaces(a: AgePosition, b: AgePosition): number {
  return a.firstSeenAt.getTime() - b.firstSeenAt.getTime() || a.datedAt.getTime() - b.datedAt.getTime() || b.no - a.no;
}

/** Once a day; a day that the clock has gone back by is one too. */
async function tidy({ store, clock, settings }: Parts, { isOver }: RetentionOptions): Promise<number> {
  const now = clock.now();
  const last = await store.readCleanedUp();
  if (last !== null && Math.abs(now.getTime() - last.getTime()) < DAY_MS) return 0;
  // What is damaged and not noticed is in the next backup too.
  await store.checkWhole();
  const slugs = settings.feeds.map(({ slug }) => slug);
  let total = 0;
  while (!isOver()) {
    const counts = Object.values(await store.cleanUp(now, { slugs, limit: ROWS_AT_ONCE }));
    total += counts.reduce((sum, count) => sum + count, 0);
    if (counts.every((count) => count < ROWS_AT_ONCE)) {
      await store.markCleanedUp(now);
      break;
    }
    await breathe();
  }
  return total;
}
