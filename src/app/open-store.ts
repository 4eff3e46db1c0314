import type { AppConfig } from '../config/config.ts';
import type { Reads, Store } from '../ports/store/store.ts';
import { openSqlite } from '../store/engine/sqlite.ts';
import type { Backend } from '../store/engine/backend.ts';
import { openReader, openStore } from '../store/store.ts';

type StoreConfig = Pick<AppConfig, 'store'>;

/** Opens the configured store and migrates it.
 *  @throws StoreError when it cannot be used. */
export async function openConfiguredStore(config: StoreConfig): Promise<Store> {
  return openStore(await openBackend(config, { mayWrite: true }));
}

/** Opens the configured store for reading, without migrating it.
 *  @throws StoreError when there is none, or it cannot be read. */
export async function openConfiguredReader(config: StoreConfig): Promise<Reads> {
  return openReader(await openBackend(config, { mayWrite: false }));
}

/** Runs `work` with a writable store and closes the store afterwards.
 *  @throws StoreError when the store cannot be used. */
export async function withWriter<T>(config: StoreConfig, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openConfiguredStore(config);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function openBackend({ store }: StoreConfig, options: { readonly mayWrite: boolean }): Promise<Backend> {
  if (store.kind === 'sqlite') return openSqlite(store.path, options);
  // A site with a SQLite file starts without loading the PostgreSQL client.
  const { openPostgres } = await import('../store/engine/postgres.ts');
  return openPostgres(store.url, options);
}
