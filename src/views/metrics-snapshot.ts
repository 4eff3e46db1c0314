import type { HeldFile } from '../model/release.ts';
import type { SetAsideItem } from '../model/set-aside.ts';
import type { FeedHealth, SourceView } from '../model/view.ts';
import { readHealth } from './feed-health.ts';
import { readSourceViews } from './sources.ts';
import type { ViewContext } from './stories.ts';

/** How everything stands that only runs and days change. */
export interface MetricsSnapshot {
  /** Those of the configuration. */
  readonly sources: readonly SourceView[];
  /** Entries stored of all sources ever bound. */
  readonly entries: number;
  readonly feeds: readonly FeedHealth[];
  readonly stories: number;
  /** Items that are set aside, oldest first. */
  readonly setAside: readonly SetAsideItem[];
  /** Own articles that are held back because something in them cannot be read for certain. */
  readonly faulty: readonly HeldFile[];
}

/** What is told by a clock alone, such as silence, may be so old. */
const STALE_MS = 300_000;

/** Reads how everything stands: anew only when a run has ended or something was published since, or
 *  after STALE_MS, since it takes tens of milliseconds of a large store. */
export function createMetricsSnapshot(context: ViewContext): () => Promise<MetricsSnapshot> {
  const { store, clock } = context;
  let known: { readonly mark: string; readonly at: number; readonly overview: Promise<MetricsSnapshot> } | null = null;
  return async () => {
    const [{ n }, lastRunAt] = [await store.readGeneration(), await store.readLastRun()];
    const mark = `${n} ${lastRunAt?.getTime()}`;
    const now = clock.now().getTime();
    if (known?.mark === mark && Math.abs(now - known.at) < STALE_MS) return known.overview;
    const overview = read(context);
    known = { mark, at: now, overview };
    overview.catch(() => (known = null));
    return overview;
  };
}

async function read(context: ViewContext): Promise<MetricsSnapshot> {
  const { sources, entries } = await readSourceViews(context);
  const held = await context.store.readHeld();
  return {
    sources,
    entries,
    feeds: await readHealth(context),
    stories: await context.store.countStories(),
    setAside: await context.store.readSetAside(),
    faulty: held.filter(({ reason }) => reason === 'fault'),
  };
}
