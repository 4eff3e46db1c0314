import { gunzipSync, gzipSync } from 'node:zlib';
import { withoutEntry } from './publish/document.ts';
import type { RunParts } from './run-parts.ts';

/** Cuts what was taken down out of every archive that was made, also of feeds that are no more: an archive never changes but for this, since spam
 *  and what the law takes down must not stand there for ever. The caller has the run lock, and has settled the stories, so that no archive that is
 *  made from now on has it. Cut short, the next run goes on. */
export async function cutArchives({ store, clock }: Pick<RunParts, 'store' | 'clock'>): Promise<void> {
  const ids = await store.readTakedowns();
  if (ids.length === 0) return;
  for (const slug of await store.readArchivedFeeds()) {
    for (const n of await store.readMadeArchives(slug)) {
      const stored = (await store.readArchive(slug, n))?.stored;
      if (!stored) continue;
      const before: Uint8Array = gunzipSync(stored.gzip);
      const after = ids.reduce((bytes, id) => withoutEntry(bytes, id) ?? bytes, before);
      if (after !== before) await store.saveArchive(slug, n, gzipSync(after), clock.now(), { isNew: false });
    }
  }
  for (const id of ids) await store.endTakedown(id);
}
