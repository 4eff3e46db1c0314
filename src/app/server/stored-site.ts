import type { AppConfig } from '../../config/config.ts';
import type { Document } from '../../model/feed.ts';
import type { FeedStore } from '../../ports/store/feeds.ts';
import type { RunReads } from '../../ports/store/runs.ts';
import type { Store } from '../../ports/store/store.ts';
import { measureFeed, renderAll } from '../../feeds/render-documents.ts';
import { systemClock } from '../../runtime/clock.ts';
import { publishedFeeds } from '../config.ts';
import { toRenderContext } from '../render-context.ts';

/** The state of the store when a server starts. */
export interface StoredSite {
  /** true when a run has ended before. */
  readonly hasRun: boolean;
  /** Number of the last publication. */
  readonly published: number;
}

export async function readStoredSite(store: RunReads): Promise<StoredSite> {
  return { hasRun: (await store.readLastRun()) !== null, published: (await store.readGeneration()).n };
}

/** Reports whether no feed has ever been listed: the store is new, or an older version of the
 *  program wrote it. */
export async function areFeedsNew(config: AppConfig, store: FeedStore): Promise<boolean> {
  const states = await Promise.all(publishedFeeds(config).map((feed) => store.bindFeed(feed.slug, systemClock.now())));
  return states.every(({ chain }) => chain === 0);
}

/** Most bytes of one feed's texts that the server renders itself when it starts. */
const MOST_RENDERED = 8_000_000;

/** Returns the current documents of every published feed, and the list of sources. Returns null
 *  when their texts are too long to be rendered on the server's thread. */
export async function renderStored(config: AppConfig, store: Store): Promise<readonly Document[] | null> {
  const context = toRenderContext(config, store, systemClock);
  for (const feed of context.feeds) if ((await measureFeed(context, feed)) > MOST_RENDERED) return null;
  return renderAll(context);
}
