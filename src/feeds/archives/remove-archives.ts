import { gunzipSync, gzipSync } from 'node:zlib';
import { readMadeArchives } from './stored-archives.ts';
import { readEntryIds, withPreviousArchive } from '../../publish/documents/stored-archive.ts';
import type { ArchiveContext } from './archive-context.ts';

/** Removes archives that nobody has asked for and that could hold nothing any more; with `archives`
 *  also those that were made and all of whose stories are gone. Returns how many went, or would go
 *  in a dry run. The archive after one that is removed leads to the one before it. The caller has
 *  the run lock. */
export async function removeArchives(
  { store, clock }: ArchiveContext,
  options: { readonly dryRun: boolean; readonly archives: boolean; readonly isOver: () => boolean },
): Promise<number> {
  let count = 0;
  const remove = async (slug: string, n: number) => {
    if (options.dryRun || (await store.removeArchive(slug, n, relinkFrom(n), clock.now()))) count++;
  };
  for (const { slug, n } of await store.findEmptyArchives()) if (!options.isOver()) await remove(slug, n);
  if (!options.archives) return count;
  for await (const { slug, n, bytes } of readMadeArchives({ store })) {
    if (options.isOver()) return count;
    const live = await store.findLiveIds(readEntryIds(bytes));
    if (live.size === 0) await remove(slug, n);
  }
  return count;
}

/** The bytes of the archive after one that is removed, leading to the one before it. An archive
 *  changes but for this and for takedown.ts. */
function relinkFrom(n: number): (gzip: Uint8Array, previous: number | null) => Uint8Array | null {
  return (gzip, previous) => {
    const after = withPreviousArchive(gunzipSync(gzip), { n, previous });
    return after && gzipSync(after);
  };
}
