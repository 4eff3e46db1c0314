import { gzipSync } from 'node:zlib';
import { readMadeArchives } from './stored-archives.ts';
import { readEntryIds, withoutEntry } from '../../publish/documents/stored-archive.ts';
import type { ArchiveContext } from './archive-context.ts';

/** Cuts what was taken down out of every archive that was made, also of feeds that are no more: an
 *  archive never changes but for this, since spam and what the law takes down must not stand there
 *  for ever. The caller has the run lock, and has settled the stories, so that no archive that is
 *  made from now on has it. Cut short, the next run goes on. */
export async function cutArchives({ store, clock }: ArchiveContext): Promise<void> {
  const ids = await store.readTakedowns();
  if (ids.length === 0) return;
  for await (const { slug, n, bytes } of readMadeArchives({ store })) {
    const after = ids.reduce((before, id) => withoutEntry(before, id) ?? before, bytes);
    if (after !== bytes) await store.replaceArchive(slug, n, gzipSync(after), clock.now());
  }
  for (const id of ids) await store.endTakedown(id);
}

/** Notes that what stands in archives alone, its story being pruned, is to be cut out of them, by
 *  the id that readers see; false when it stands in none. */
export async function noteArchived({ store, clock }: ArchiveContext, id: string): Promise<boolean> {
  for await (const { bytes } of readMadeArchives({ store })) {
    if (!readEntryIds(bytes).includes(id)) continue;
    await store.noteTakedown(id, clock.now());
    return true;
  }
  return false;
}
