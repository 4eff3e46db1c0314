import type { HeldFile } from '../model/release.ts';
import type { SetAsideItem } from '../model/set-aside.ts';
import type { FeedHealth, SourceView } from '../model/view.ts';
import { readHealth } from './feed-health.ts';
import { readSourceViews } from './sources.ts';
import type { ViewParts } from './stories.ts';

/** How everything stands that only runs and days change. */
export interface Overview {
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

/** Reads how everything stands: anew only when a run has ended or something was published since, or after STALE_MS, since it takes tens of milliseconds of a large store. */
export function createOverview(parts: ViewParts): () => Promise<Overview> {
  const { store, clock } = parts;
  let known: { readonly mark: string; readonly at: number; readonly overview: Promise<Overview> } | null = null;
  return async () => {
    const [{ n }, lastRunAt] = [await store.readGeneration(), await store.readLastRun()];
    const mark = `${n} ${lastRunAt?.getTime()}`;
    const now = clock.now().getTime();
    if (known?.mark === mark && Math.abs(now - known.at) < STALE_MS) return known.overview;
    const overview = read(parts);
    known = { mark, at: now, overview };
    overview.catch(() => (known = null));
    return overview;
  };
}

async function read(parts: ViewParts): Promise<Overview> {
  const { sources, entries } = await readSourceViews(parts);
  const held = await parts.store.readHeld();
  return {
    sources,
    entries,
    feeds: await readHealth(parts),
    stories: await parts.store.countStories(),
    setAside: await parts.store.readSetAside(),
    faulty: held.filter(({ reason }) => reason === 'fault'),
  };
}
