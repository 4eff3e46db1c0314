import type { Feed, Representation } from '../../model/feed.ts';
import type { FeedReads } from '../../ports/store/feeds.ts';
import { toRepresentation } from '../render-documents.ts';

/** Reads an archive of a feed by its number; null when there is none, `later` while it cannot be
 *  made. */
type ReadArchive = (feed: Feed, n: number) => Promise<Representation | 'later' | null>;

/** Archives that are kept in memory in all their forms, the last asked for. */
const ARCHIVES_KEPT = 64;

/** Archives as they are stored, and made by `make` when they are not, once however many ask for one
 *  at a time. */
export function createArchiveReader(store: FeedReads, make: ReadArchive): ReadArchive {
  const kept = new Map<string, { readonly madeAt: Date; readonly archive: Representation }>();
  const going = new Map<string, ReturnType<typeof make>>();
  return async (feed, n) => {
    const key = `${feed.slug} ${n} ${feed.private}`;
    const madeAt = await store.readArchiveDate(feed.slug, n);
    const known = kept.get(key);
    if (madeAt !== null && known?.madeAt.getTime() === madeAt.getTime()) return known.archive;
    const found = await store.readArchive(feed.slug, n);
    if (found === null || (found.isPrivate && !feed.private)) return null;
    if (found.stored === null) {
      if (found.chain !== (await store.readFeed(feed.slug))?.chain) return null;
      const making = going.get(key) ?? make(feed, n).finally(() => going.delete(key));
      going.set(key, making);
      return making;
    }
    const archive = toRepresentation(found.stored);
    kept.delete(key);
    kept.set(key, { madeAt: found.stored.madeAt, archive });
    const [oldest] = kept.keys();
    if (kept.size > ARCHIVES_KEPT && oldest !== undefined) kept.delete(oldest);
    return archive;
  };
}
