import type { AppConfig } from '../../config/config.ts';
import type { Document } from '../../model/feed.ts';
import type { FeedStore } from '../../ports/store/feeds.ts';
import type { RunReads } from '../../ports/store/runs.ts';
import type { Store } from '../../ports/store/store.ts';
import { measureFeed, renderAll } from '../../feeds/render-documents.ts';
import { systemClock } from '../../runtime/clock.ts';
import { answering } from '../config.ts';
import { toRenderContext } from '../render-context.ts';

/** The store as a server finds it. */
export interface StoredSite {
  /** Whether a run has ever come to its end. */
  readonly hasRun: boolean;
  /** Number of what was published last. */
  readonly published: number;
}

export async function readStoredSite(store: RunReads): Promise<StoredSite> {
  return { hasRun: (await store.readLastRun()) !== null, published: (await store.readGeneration()).n };
}

/** Reports whether no feed has ever been listed: the store is new, or a version before this one has
 *  written it. */
export async function areFeedsNew(config: AppConfig, store: FeedStore): Promise<boolean> {
  const states = await Promise.all(answering(config).map((feed) => store.bindFeed(feed.slug, systemClock.now())));
  return states.every(({ chain }) => chain === 0);
}

/** Bytes of the texts of one feed's document that the server renders at its start. */
const MOST_RENDERED = 8_000_000;

/** Returns every document of every feed that answers, and the list of sources, as they stand now.
 *  null when their texts are so long that they are to be rendered where that costs the server
 *  nothing. */
export async function renderStored(config: AppConfig, store: Store): Promise<readonly Document[] | null> {
  const context = toRenderContext(config, store, systemClock);
  for (const feed of context.feeds) if ((await measureFeed(context, feed)) > MOST_RENDERED) return null;
  return renderAll(context);
}
