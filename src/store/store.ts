import { randomUUID } from 'node:crypto';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StoreError } from '../model/errors.ts';
import type { Store } from '../ports/store.ts';
import { alertMethods } from './alert-state.ts';
import { removalMethods } from './archive-removal.ts';
import { archiveMethods } from './archives.ts';
import { candidateMethods } from './candidates.ts';
import { changeMethods } from './changes.ts';
import { clockMethods } from './clock-mark.ts';
import { correctionMethods } from './corrections.ts';
import { countMethods } from './counts.ts';
import type { Backend } from './dialects.ts';
import { entryMethods } from './entries.ts';
import { evidenceMethods } from './evidence.ts';
import { indexMethods } from './fold-index.ts';
import { findMethods } from './finds.ts';
import { foldMethods } from './folds.ts';
import { headlineMethods } from './headlines.ts';
import { hubMethods } from './hub.ts';
import { hubWorkMethods } from './hub-work.ts';
import { keepMethods } from './keep.ts';
import { listingMethods } from './listings.ts';
import { lockMethods, waitForLock } from './lock.ts';
import { nodeConfigMethods } from './node-config.ts';
import { migrations } from './migrations.ts';
import { ownMethods } from './own-files.ts';
import { pageMethods } from './pages.ts';
import { placeMethods } from './places.ts';
import { pruneMethods } from './prune.ts';
import { prunedMethods } from './pruned.ts';
import type { Schema } from './schema.ts';
import { pushQueueMethods } from './push-queue.ts';
import { setAsideMethods } from './set-aside.ts';
import { sourceMethods } from './sources.ts';
import { addMeta } from './sql/meta.ts';
import { stateMethods } from './state.ts';
import { storyMethods } from './stories.ts';
import { subscriptionMethods } from './subscriptions.ts';
import { tidyMethods } from './tidy.ts';

/** Opens a store: one that may be written is migrated to the newest version first, under the lock.
 *  @throws StoreError `store/newer` when a newer Newsfold has written it, `store/migration` when a migration fails (nothing is changed then),
 *  `store/locked` when a migration is due and a run goes on. */
export async function openStore(backend: Backend): Promise<Store> {
  const db = new Kysely<Schema>({ dialect: backend.dialect });
  try {
    if (backend.mayWrite) await migrate(db, backend);
    // A connection that cannot be made is told now, not by the first question.
    else await db.connection().execute(async () => undefined);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    name: backend.name,
    ...sourceMethods(db),
    ...findMethods(db),
    ...entryMethods(db),
    ...foldMethods(db),
    ...indexMethods(db),
    ...correctionMethods(db),
    ...storyMethods(db),
    ...headlineMethods(db, backend),
    ...countMethods(db),
    ...changeMethods(db, backend),
    ...candidateMethods(db),
    ...listingMethods(db),
    ...archiveMethods(db),
    ...evidenceMethods(db),
    ...pageMethods(db),
    ...hubMethods(db),
    ...hubWorkMethods(db, backend),
    ...placeMethods(db),
    ...stateMethods(db, backend),
    ...subscriptionMethods(db),
    ...pushQueueMethods(db),
    ...keepMethods(db),
    ...pruneMethods(db, backend),
    ...prunedMethods(db),
    ...tidyMethods(db, backend),
    ...clockMethods(db),
    ...removalMethods(db),
    ...ownMethods(db),
    ...lockMethods(db, backend),
    ...nodeConfigMethods(db, backend),
    ...alertMethods(db),
    ...setAsideMethods(db),
    close: () => db.destroy(),
  };
}

async function migrate(db: Kysely<Schema>, backend: Backend): Promise<void> {
  const { name } = backend;
  const known = migrations(backend.kind);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  // Without something to do nothing is locked: a look at the store must not wait for a run.
  if (await isCurrent(db, Object.keys(known))) return;
  const release = await waitForLock(backend);
  if (!release)
    throw new StoreError(
      'store/locked',
      name,
      `the store ${name} must be brought up to date, and a run goes on: try again when it has ended`,
    );
  try {
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) {
      await addMeta(db, 'namespace', randomUUID());
      await db
        .insertInto('generation')
        .values({ id: 1, n: 0, at: 0 })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
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
    throw new StoreError('store/migration', name, `the store ${name} could not be brought up to date: ${reason}`, error);
  } finally {
    await release();
  }
}

/** Whether the store has had exactly these migrations, and what follows them. */
async function isCurrent(db: Kysely<Schema>, names: readonly string[]): Promise<boolean> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return false;
  const rows = await db.withTables<{ kysely_migration: { name: string } }>().selectFrom('kysely_migration').select('name').execute();
  const done = rows.map((row) => row.name).sort();
  if (done.join(' ') !== names.join(' ')) return false;
  return (await db.selectFrom('generation').select('id').executeTakeFirst()) !== undefined;
}
