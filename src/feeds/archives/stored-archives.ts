import { gunzipSync } from 'node:zlib';
import type { FeedReads } from '../../ports/store/feeds.ts';

/** An archive whose bytes are stored. */
export interface MadeArchive {
  readonly slug: string;
  readonly n: number;
  readonly bytes: Uint8Array;
}

/** Every archive that was made, also of feeds that are no more, feed by feed and the oldest first;
 *  one that goes meanwhile is left out. */
export async function* readMadeArchives({ store }: { readonly store: FeedReads }): AsyncGenerator<MadeArchive> {
  for (const slug of await store.readArchivedFeeds()) {
    for (const n of await store.readMadeArchives(slug)) {
      const stored = (await store.readArchive(slug, n))?.stored;
      if (stored) yield { slug, n, bytes: gunzipSync(stored.gzip) };
    }
  }
}
