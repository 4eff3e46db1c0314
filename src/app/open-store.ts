import type { AppConfig } from '../config/config.ts';
import type { Reads, Store } from '../ports/store/store.ts';
import { openSqlite } from '../store/engine/sqlite.ts';
import type { Backend } from '../store/engine/backend.ts';
import { openReader, openStore } from '../store/store.ts';

type StoreConfig = Pick<AppConfig, 'store'>;

/** Opens the store that a configuration names, and brings it up to date.
 *  @throws StoreError when it cannot be used. */
export async function openConfiguredStore(config: StoreConfig): Promise<Store> {
  return openStore(await openBackend(config, { mayWrite: true }));
}

/** Opens the store that a configuration names for reading, as it is.
 *  @throws StoreError when there is none, or it cannot be read. */
export async function openConfiguredReader(config: StoreConfig): Promise<Reads> {
  return openReader(await openBackend(config, { mayWrite: false }));
}

/** Does something with a store that may be written, which is open for as long as that takes.
 *  @throws StoreError when it cannot be used. */
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
  // A site with a file starts without the code that speaks to servers.
  const { openPostgres } = await import('../store/engine/postgres.ts');
  return openPostgres(store.url, options);
}
