import { setTimeout } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { LockHolder, LockWrites, WatchReads } from '../../ports/store/runs.ts';
import type { Backend } from '../engine/backend.ts';
import { fromJson, toJsonColumn } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';
import { readMeta, saveMeta } from '../sql/meta.ts';

/** Detects writes of other processes. */
export function watchReads(db: Reader, backend: Backend): WatchReads {
  return {
    readMark: () => backend.readMark(db),
    isReadOnly: () => backend.isReadOnly(db),
    watchPublished: async (onPublished) => (await backend.listen?.(onPublished)) ?? (async () => undefined),
  };
}

/** Takes the run lock and stores its holder, whom the message to the next process names. */
export function lockWrites(db: Kysely<Schema>, backend: Pick<Backend, 'takeLock'>): LockWrites {
  return {
    async takeLock(holder) {
      const release = await backend.takeLock();
      if (!release) return { kind: 'held', holder: await readHolder(db) };
      await saveMeta(db, 'lock', toJsonColumn(holder));
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

/** Time to wait for the lock, in milliseconds. When several processes open a new store at once,
 *  one migrates it and the others wait. */
const WAIT_MS = 15_000;
const RETRY_MS = 50;

/** Waits for the lock and takes it; null when it is still held after WAIT_MS. */
export async function waitForLock(backend: Backend): Promise<(() => Promise<void>) | null> {
  for (let waited = 0; waited <= WAIT_MS; waited += RETRY_MS) {
    const release = await backend.takeLock();
    if (release) return release;
    await setTimeout(RETRY_MS);
  }
  return null;
}
