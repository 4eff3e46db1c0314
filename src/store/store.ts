import { randomUUID } from 'node:crypto';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StoreError } from '../model/errors.ts';
import type { Reads, Store } from '../ports/store/store.ts';
import { alertReads, alertWrites } from './operation/alert-state.ts';
import { removalReads, removalWrites } from './feeds/archive-removal.ts';
import { archiveReads, archiveWrites } from './feeds/archives.ts';
import { candidateReads } from './feeds/candidates.ts';
import { changeReads, changeWrites } from './feeds/changes.ts';
import { clockReads, clockWrites } from './operation/last-run-clock.ts';
import { correctionWrites } from './stories/corrections.ts';
import { countReads } from './stories/counts.ts';
import type { Backend } from './engine/backend.ts';
import { entryReads, entryWrites } from './entries/entries.ts';
import { evidenceReads } from './stories/evidence.ts';
import { findReads } from './entries/find-articles.ts';
import { indexReads, indexWrites } from './folding/fold-index.ts';
import { foldReads, foldWrites } from './folding/folds.ts';
import { headlineReads, headlineWrites } from './search/headlines.ts';
import { hubWorkWrites } from './websub/hub-work.ts';
import { hubReads, hubWrites } from './websub/hub.ts';
import { ageReads } from './retention/old-stories.ts';
import { listingReads, listingWrites } from './feeds/listings.ts';
import { lockWrites, waitForLock, watchReads } from './operation/lock.ts';
import { migrations } from './schema/migrations.ts';
import { clusterReads, clusterWrites } from './operation/node-config.ts';
import { runReads, runWrites } from './operation/runs.ts';
import { ownReads, ownWrites } from './files/own-files.ts';
import { pageReads, pageWrites } from './sources/linked-pages.ts';
import { placementReads } from './folding/memberships.ts';
import { pruneWrites } from './retention/prune.ts';
import { droppedWrites } from './entries/pruned.ts';
import { deliveryQueueReads, deliveryQueueWrites } from './websub/delivery-queue.ts';
import type { Schema } from './schema/schema.ts';
import { setAsideReads, setAsideWrites } from './operation/set-aside.ts';
import { sourceReads, sourceWrites } from './sources/sources.ts';
import { addMeta } from './sql/meta.ts';
import { transferReads, transferWrites } from './transfer/state.ts';
import { storyReads } from './stories/stories.ts';
import { subscriptionReads, subscriptionWrites } from './websub/subscriptions.ts';
import { cleanUpReads, cleanUpWrites } from './retention/clean-up.ts';

/** Opens a store for reading and writing. First migrates it to the newest version, under the run
 *  lock.
 *  @throws StoreError `store/newer`: a newer Newsfold has written the store. `store/migration`: a
 *  migration failed, and the store is unchanged. `store/locked`: a migration is due, but a run is
 *  active. */
export async function openStore(backend: Backend): Promise<Store> {
  const db = await connect(backend);
  return { ...toReads(db, backend), ...toWrites(db, backend) };
}

/** Opens a store for reading. It is migrated only when `backend` may write.
 *  @throws StoreError as openStore does. */
export async function openReader(backend: Backend): Promise<Reads> {
  return toReads(await connect(backend), backend);
}

async function connect(backend: Backend): Promise<Kysely<Schema>> {
  const db = new Kysely<Schema>({ dialect: backend.dialect });
  try {
    if (backend.mayWrite) await migrate(db, backend);
    // Reports a failed connection now, not at the first query.
    else await db.connection().execute(async () => undefined);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function toReads(db: Kysely<Schema>, backend: Backend): Reads {
  return {
    name: backend.name,
    close: () => db.destroy(),
    ...sourceReads(db),
    ...pageReads(db),
    ...entryReads(db),
    ...ownReads(db),
    ...foldReads(db),
    ...indexReads(db),
    ...placementReads(db),
    ...storyReads(db),
    ...evidenceReads(db),
    ...headlineReads(db, backend),
    ...findReads(db),
    ...candidateReads(db),
    ...listingReads(db),
    ...archiveReads(db),
    ...countReads(db),
    ...runReads(db),
    ...changeReads(db),
    ...watchReads(db, backend),
    ...setAsideReads(db),
    ...hubReads(db),
    ...subscriptionReads(db),
    ...deliveryQueueReads(db),
    ...ageReads(db),
    ...cleanUpReads(db, backend),
    ...clockReads(db),
    ...removalReads(db),
    ...transferReads(db, backend),
    ...clusterReads(db, backend),
    ...alertReads(db),
  };
}

function toWrites(db: Kysely<Schema>, backend: Backend): Omit<Store, keyof Reads> {
  return {
    ...sourceWrites(db),
    ...pageWrites(db),
    ...entryWrites(db),
    ...ownWrites(db),
    ...foldWrites(db),
    ...indexWrites(db),
    ...correctionWrites(db),
    ...headlineWrites(db, backend),
    ...listingWrites(db),
    ...archiveWrites(db),
    ...runWrites(db, backend),
    ...changeWrites(db, backend),
    ...lockWrites(db, backend),
    ...setAsideWrites(db),
    ...hubWrites(db),
    ...hubWorkWrites(db, backend),
    ...subscriptionWrites(db),
    ...deliveryQueueWrites(db),
    ...pruneWrites(db, backend),
    ...droppedWrites(db),
    ...cleanUpWrites(db),
    ...clockWrites(db),
    ...removalWrites(db),
    ...transferWrites(db, backend),
    ...clusterWrites(db, backend),
    ...alertWrites(db),
  };
}

async function migrate(db: Kysely<Schema>, backend: Backend): Promise<void> {
  const { name } = backend;
  const known = migrations(backend.kind);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  // No lock when there is nothing to migrate, because reading must not wait for a run.
  if (await isCurrent(db, Object.keys(known))) return;
  const release = await waitForLock(backend);
  if (!release)
    throw new StoreError(
      'store/locked',
      name,
      `the store ${name} must be upgraded, but a run is active: try again after the run has ended`,
    );
  try {
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) {
      await db.transaction().execute(async (trx) => {
        await addMeta(trx, 'namespace', randomUUID());
        await trx
          .insertInto('generation')
          .values({ id: 1, n: 0, at: 0 })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
      return;
    }
    if (error instanceof StoreError) throw error;
    const reason = error instanceof Error ? error.message : 'unknown';
    if (/corrupted migrations/.test(reason)) {
      throw new StoreError(
        'store/newer',
        name,
        `the store ${name} was written by a newer Newsfold: install that one, or restore an older backup`,
        error,
      );
    }
    throw new StoreError('store/migration', name, `the store ${name} could not be upgraded and was not changed: ${reason}`, error);
  } finally {
    await release();
  }
}

/** Reports whether the store has had exactly these migrations and the initial rows that follow
 *  them. */
async function isCurrent(db: Kysely<Schema>, names: readonly string[]): Promise<boolean> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return false;
  const rows = await db.withTables<{ kysely_migration: { name: string } }>().selectFrom('kysely_migration').select('name').execute();
  const done = rows.map((row) => row.name).sort();
  if (done.join(' ') !== names.join(' ')) return false;
  return (await db.selectFrom('generation').select('id').executeTakeFirst()) !== undefined;
}
