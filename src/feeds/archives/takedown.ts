import { gzipSync } from 'node:zlib';
import { readMadeArchives } from './stored-archives.ts';
import { readEntryIds, withoutEntry } from '../../publish/documents/stored-archive.ts';
import type { ArchiveContext } from './archive-context.ts';

/** Cuts entries that were taken down out of every stored archive, also of removed feeds. Archives
 *  never change otherwise, but spam and illegal content must not stay in them for ever. The caller
 *  holds the run lock and has settled the stories, so new archives lack these entries. If this is
 *  interrupted, the next run completes it. */
export async function cutArchives({ store, clock }: ArchiveContext): Promise<void> {
  const ids = await store.readTakedowns();
  if (ids.length === 0) return;
  for await (const { slug, n, bytes } of readMadeArchives({ store })) {
    const after = ids.reduce((before, id) => withoutEntry(before, id) ?? before, bytes);
    if (after !== bytes) await store.replaceArchive(slug, n, gzipSync(after), clock.now());
  }
  for (const id of ids) await store.endTakedown(id);
}

/** Notes that the entry with this published id is to be cut out of the archives. It is meant for
 *  entries whose story was pruned. Returns false when no stored archive has the entry. */
export async function noteArchived({ store, clock }: ArchiveContext, id: string): Promise<boolean> {
  for await (const { bytes } of readMadeArchives({ store })) {
    if (!readEntryIds(bytes).includes(id)) continue;
    await store.noteTakedown(id, clock.now());
    return true;
  }
  return false;
}
