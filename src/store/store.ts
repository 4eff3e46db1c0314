import { randomUUID } from 'node:crypto';
import { Kysely } from 'kysely';
import type { Dialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StoreError } from '../model/errors.ts';
import type { Store } from '../ports/store.ts';
import { changeMethods } from './changes.ts';
import { entryMethods } from './entries.ts';
import { foldMethods } from './folds.ts';
import { migrations, sqliteBackend } from './migrations.ts';
import type { Schema } from './schema.ts';
import { sourceMethods } from './sources.ts';
import { storyMethods } from './stories.ts';

/** Opens a store over a dialect: migrates it to the newest version first.
 *  @throws StoreError `store/newer` when a newer Newsfold has written it, `store/migration` when a migration fails (nothing is changed then). */
export async function openStore(dialect: Dialect, name: string): Promise<Store> {
  const db = new Kysely<Schema>({ dialect });
  try {
    await migrate(db, name);
    await db
      .insertInto('meta')
      .values({ key: 'namespace', value: randomUUID() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db
      .insertInto('generation')
      .values({ id: 1, n: 0, at: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    name,
    ...sourceMethods(db),
    ...entryMethods(db),
    ...foldMethods(db),
    ...storyMethods(db),
    ...changeMethods(db),
    close: () => db.destroy(),
  };
}

async function migrate(db: Kysely<Schema>, name: string): Promise<void> {
  const known = migrations(sqliteBackend);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
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
}
