import type { HeldFile } from '../model/release.ts';
import type { SetAsideItem } from '../model/set-aside.ts';
import type { FeedHealth, SourceView } from '../model/view.ts';
import { readHealth } from './feed-health.ts';
import { readSourceViews } from './sources.ts';
import type { ViewContext } from './stories.ts';

/** The state of sources, feeds and stories, which changes only with runs and with time. */
export interface MetricsSnapshot {
  /** The sources of the configuration. */
  readonly sources: readonly SourceView[];
  /** Stored entries of all sources, removed ones included. */
  readonly entries: number;
  readonly feeds: readonly FeedHealth[];
  readonly stories: number;
  /** Items that are set aside, oldest first. */
  readonly setAside: readonly SetAsideItem[];
  /** Own articles that are held back because a part of them cannot be read for certain. */
  readonly faulty: readonly HeldFile[];
}

/** Longest age of a snapshot. A problem that only the clock reveals, such as silence, may be
 *  reported this late. */
const STALE_MS = 300_000;

/** Returns a function that reads the snapshot, and caches it since a large store takes tens of
 *  milliseconds. It reads again after a run, after a publication, and after STALE_MS. */
export function createMetricsSnapshot(context: ViewContext): () => Promise<MetricsSnapshot> {
  const { store, clock } = context;
  let known: { readonly mark: string; readonly at: number; readonly snapshot: Promise<MetricsSnapshot> } | null = null;
  return async () => {
    const [{ n }, lastRunAt] = [await store.readGeneration(), await store.readLastRun()];
    const mark = `${n} ${lastRunAt?.getTime()}`;
    const now = clock.now().getTime();
    if (known?.mark === mark && Math.abs(now - known.at) < STALE_MS) return known.snapshot;
    const snapshot = read(context);
    known = { mark, at: now, snapshot };
    snapshot.catch(() => (known = null));
    return snapshot;
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
