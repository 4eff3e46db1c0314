import { setTimeout } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { LockHolder, LockWrites, WatchReads } from '../../ports/store/runs.ts';
import type { Backend } from '../engine/backend.ts';
import { fromJson, toJsonColumn } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';
import { readMeta, saveMeta } from '../sql/meta.ts';

/** Tells of the writes of other processes. */
export function watchReads(db: Reader, backend: Backend): WatchReads {
  return {
    readMark: () => backend.readMark(db),
    isReadOnly: () => backend.isReadOnly(db),
    watchPublished: async (onPublished) => (await backend.listen?.(onPublished)) ?? (async () => undefined),
  };
}

/** The run lock, with the row that names its holder for the message of the next one who asks. */
export function lockWrites(db: Kysely<Schema>, backend: Pick<Backend, 'takeLock'>): LockWrites {
  return {
    async takeLock(holder) {
      const release = await backend.takeLock();
      if (!release) return { kind: 'held', holder: await readHolder(db) };
      await db.transaction().execute((trx) => saveMeta(trx, 'lock', toJsonColumn(holder)));
      return { kind: 'taken', release };
    },
  };
}

async function readHolder(db: Reader): Promise<LockHolder | null> {
  const stored = await readMeta(db, 'lock');
  if (stored === null) return null;
  const holder = fromJson<Omit<LockHolder, 'since'> & { since: string }>(stored);
  return { ...holder, since: new Date(holder.since) };
}

/** Several processes that start at once on a new store: one migrates, the others wait for it, this
 *  long. */
const WAIT_MS = 15_000;
const RETRY_MS = 50;

/** The lock, waited for; null when it is still held after WAIT_MS. */
export async function waitForLock(backend: Backend): Promise<(() => Promise<void>) | null> {
  for (let waited = 0; waited <= WAIT_MS; waited += RETRY_MS) {
    const release = await backend.takeLock();
    if (release) return release;
    await setTimeout(RETRY_MS);
  }
  return null;
}
