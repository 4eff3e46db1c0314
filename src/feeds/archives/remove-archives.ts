import { gunzipSync, gzipSync } from 'node:zlib';
import { readMadeArchives } from './stored-archives.ts';
import { readEntryIds, withPreviousArchive } from '../../publish/documents/stored-archive.ts';
import type { ArchiveContext } from './archive-context.ts';

/** Removes archives that nobody has requested and that can no longer hold a story. With `archives`,
 *  it also removes stored archives whose stories are all gone. The archive after a removed one is
 *  relinked to the one before it. Returns the number of removed archives; a dry run only counts
 *  them. The caller holds the run lock. */
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

/** Returns a function that relinks an archive whose predecessor is removed. Only this and
 *  takedown.ts ever change a stored archive. */
function relinkFrom(n: number): (gzip: Uint8Array, previous: number | null) => Uint8Array | null {
  return (gzip, previous) => {
    const after = withPreviousArchive(gunzipSync(gzip), { n, previous });
    return after && gzipSync(after);
  };
}
