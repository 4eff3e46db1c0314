import { gunzipSync, gzipSync } from 'node:zlib';
import { readEntryIds, withPreviousArchive } from './publish/document.ts';
import type { RunParts } from './run-parts.ts';

type Parts = Pick<RunParts, 'store' | 'clock'>;

/** Removes archives that nobody has asked for and that could hold nothing any more; with `archives` also those that were made and all of whose stories are gone.
 *  Returns how many went, or would go in a dry run. The archive after one that is removed leads to the one before it. The caller has the run lock. */
export async function removeArchives(
  parts: Parts,
  options: { readonly dryRun: boolean; readonly archives: boolean; readonly isOver: () => boolean },
): Promise<number> {
  const { store } = parts;
  let count = 0;
  const remove = async (slug: string, n: number) => {
    const place = options.dryRun ? { next: null, previous: null } : await store.removeArchive(slug, n);
    if (place !== null) count++;
    if (place?.next != null) await relink(parts, slug, { ...place, n, next: place.next });
  };
  for (const { slug, n } of await store.findEmptyArchives()) if (!options.isOver()) await remove(slug, n);
  if (!options.archives) return count;
  for (const slug of await store.readArchivedFeeds()) {
    for (const n of await store.readMadeArchives(slug)) {
      if (options.isOver()) return count;
      const stored = (await store.readArchive(slug, n))?.stored;
      if (!stored) continue;
      const live = await store.findLiveIds(readEntryIds(gunzipSync(stored.gzip)));
      if (live.size === 0) await remove(slug, n);
    }
  }
  return count;
}

/** An archive changes but for this and for takedown.ts: who walks from one to the next must not end at one that is gone. */
async function relink(
  { store, clock }: Parts,
  slug: string,
  { n, next, previous }: { readonly n: number; readonly next: number; readonly previous: number | null },
): Promise<void> {
  const stored = (await store.readArchive(slug, next))?.stored;
  if (!stored) return;
  const before = gunzipSync(stored.gzip);
  const after = withPreviousArchive(before, { n, previous });
  if (after !== null) await store.saveArchive(slug, next, gzipSync(after), clock.now(), { isNew: false });
}
