import { gunzipSync } from 'node:zlib';
import type { FeedReads } from '../../ports/store/feeds.ts';

/** An archive whose bytes are stored. */
interface MadeArchive {
  readonly slug: string;
  readonly n: number;
  readonly bytes: Uint8Array;
}

/** Reads every stored archive, feed by feed and oldest first, also of feeds that were removed. An
 *  archive that is removed meanwhile is left out. */
export async function* readMadeArchives({ store }: { readonly store: FeedReads }): AsyncGenerator<MadeArchive> {
  for (const slug of await store.readArchivedFeeds()) {
    for (const n of await store.readMadeArchives(slug)) {
      const stored = (await store.readArchive(slug, n))?.stored;
      if (stored) yield { slug, n, bytes: gunzipSync(stored.gzip) };
    }
  }
}
