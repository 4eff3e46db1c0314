import type { Feed, Representation } from '../../model/feed.ts';
import type { FeedReads } from '../../ports/store/feeds.ts';
import { toRepresentation } from '../render-documents.ts';

/** Reads an archive of a feed by its number. Null: the feed has no such archive. `later`: it cannot
 *  be made now. */
type ReadArchive = (feed: Feed, n: number) => Promise<Representation | 'later' | null>;

/** Most archives kept in memory, in all their encodings; the one loaded first is dropped. */
const ARCHIVES_KEPT = 64;

/** Returns a reader of stored archives. An archive that is not stored yet is made by `make`, once
 *  for all requests that arrive meanwhile. */
export function createArchiveReader(store: FeedReads, make: ReadArchive): ReadArchive {
  const kept = new Map<string, { readonly madeAt: Date; readonly archive: Representation }>();
  const beingMade = new Map<string, ReturnType<typeof make>>();
  return async (feed, n) => {
    const key = `${feed.slug} ${n} ${feed.private}`;
    const madeAt = await store.readArchiveDate(feed.slug, n);
    const known = kept.get(key);
    if (madeAt !== null && known?.madeAt.getTime() === madeAt.getTime()) return known.archive;
    const found = await store.readArchive(feed.slug, n);
    if (found === null || (found.isPrivate && !feed.private)) return null;
    if (found.stored === null) {
      if (found.chain !== (await store.readFeed(feed.slug))?.chain) return null;
      const making = beingMade.get(key) ?? make(feed, n).finally(() => beingMade.delete(key));
      beingMade.set(key, making);
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
