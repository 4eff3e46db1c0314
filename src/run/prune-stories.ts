import { DAY_MS } from '../model/values/time.ts';
import { breathe } from '../runtime/memory.ts';
import type { AgePosition, RetentionLimit, StoryBundle } from '../ports/store/retention.ts';
import { readArrangement } from '../feeds/document-stories.ts';
import { removeArchives } from '../feeds/archives/remove-archives.ts';
import type { RunContext } from './run-context.ts';
import { isDoubted } from './trusted-clock.ts';

type RetentionContext = Pick<RunContext, 'store' | 'clock'> & { readonly settings: Pick<RunContext['settings'], 'feeds' | 'retention'> };

/** Entries examined, and stories removed, in one transaction: other writers wait some hundredths of
 *  a second at most. */
const AT_ONCE = 50;
/** Rows of other tables that one transaction removes. */
const ROWS_AT_ONCE = 1000;
/** Counts of the removed rows; in a dry run, of those that would be removed. */
export interface RetentionReport {
  entries: number;
  stories: number;
  /** Archive documents. */
  archives: number;
  /** Rows of other tables that no request can reach any more. */
  rows: number;
  /** false when the time was too short: the next run continues. */
  isDone: boolean;
  /** true after a jump of the clock: for a day nothing is removed by its age. */
  isClockDoubted: boolean;
}

/** Options of applying retention. */
interface RetentionOptions {
  /** true changes nothing. */
  readonly dryRun: boolean;
  /** true also removes archives all of whose stories are gone. */
  readonly archives: boolean;
  /** Reports whether the time is used up or the run was told to stop. */
  readonly isOver: () => boolean;
}

/** Removes expired stories from the store (`keep` of the configuration). A story has expired when
 *  all its entries are old. Exceptions are stories in a feed's document, also as a notice, pending
 *  ones, and those that the owner has pinned or hidden. Readers are told nothing: an expired story
 *  is not withdrawn. Once a day all other tables are cleaned up too. The caller holds the run lock,
 *  uses the trusted clock (trusted-clock.ts) and has updated the feeds. After an interruption the
 *  next run continues. */
export async function applyRetention(context: RetentionContext, options: RetentionOptions): Promise<RetentionReport> {
  const report: RetentionReport = { entries: 0, stories: 0, archives: 0, rows: 0, isDone: false, isClockDoubted: false };
  const limit = await readLimit(context, report);
  if (limit.before !== null || limit.perSource !== null) await pruneStories(context, limit, options, report);
  if (options.isOver()) return report;
  report.archives = await removeArchives(context, options);
  if (!options.dryRun) report.rows = await cleanUp(context, options);
  report.isDone = !options.isOver();
  return report;
}

async function readLimit({ store, clock, settings }: RetentionContext, report: RetentionReport): Promise<RetentionLimit> {
  const now = clock.now();
  const { days, perSource } = settings.retention;
  const mark = await store.readClock();
  report.isClockDoubted = days !== null && mark !== null && isDoubted(mark);
  return { before: days === null || report.isClockDoubted ? null : new Date(now.getTime() - days * DAY_MS), perSource };
}

async function pruneStories(
  context: RetentionContext,
  limit: RetentionLimit,
  options: RetentionOptions,
  report: RetentionReport,
): Promise<void> {
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
    for (const { sourceId, ...position } of members) {
      const bound = await limitOf(sourceId);
      if (bound === null || comparePositions(position, bound) >= 0) return false;
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
      const expired: StoryBundle[] = [];
      for (const bundle of await store.readBundles(numbers)) {
        if (bundle.stories.some((no) => seen.has(no))) continue;
        for (const no of bundle.stories) seen.add(no);
        if (await isOld(bundle)) expired.push(bundle);
      }
      await prune(expired, report);
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

/** Reads the numbers of the stories in the feeds' documents, withdrawn ones among them. */
async function readShown(context: RetentionContext): Promise<ReadonlySet<number>> {
  const shown = new Set<number>();
  for (const feed of context.settings.feeds) {
    const state = await context.store.bindFeed(feed.slug, context.clock.now());
    const { stories, tombstones } = await readArrangement(context, feed, state);
    for (const { storyNo } of [...stories, ...tombstones]) shown.add(storyNo);
    // A story that is in no archive yet exists nowhere else.
    const waiting = await context.store.readHistory(feed.slug, { after: Math.min(state.archivedSeq, state.beforeWindowSeq), upTo: null });
    for (const { storyNo, seq, isInWindow } of waiting) if (seq > state.archivedSeq || isInWindow) shown.add(storyNo);
  }
  return shown;
}

function comparePositions(a: AgePosition, b: AgePosition): number {
  return a.firstSeenAt.getTime() - b.firstSeenAt.getTime() || a.datedAt.getTime() - b.datedAt.getTime() || b.no - a.no;
}

/** Cleans up once a day. After the clock has gone back by a day, it cleans up too. */
async function cleanUp({ store, clock, settings }: RetentionContext, { isOver }: RetentionOptions): Promise<number> {
  const now = clock.now();
  const last = await store.readCleanedUp();
  if (last !== null && Math.abs(now.getTime() - last.getTime()) < DAY_MS) return 0;
  // Damage that nobody notices would be in the next backup too.
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
