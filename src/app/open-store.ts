import type { Config } from '../config/load.ts';
import type { Store } from '../ports/store.ts';
import { openSqlite } from '../store/dialects.ts';
import { openStore } from '../store/store.ts';

/** Opens the store that a configuration names. With `mayWrite` it is brought up to date, else it must be.
 *  @throws StoreError when it cannot be used. */
export async function openConfiguredStore({ store }: Pick<Config, 'store'>, options: { readonly mayWrite: boolean }): Promise<Store> {
  if (store.kind === 'sqlite') return openStore(openSqlite(store.path, options));
  // A site with a file starts without the code that speaks to servers.
  const { openPostgres } = await import('../store/open-postgres.ts');
  return openStore(openPostgres(store.url, options));
}

/** Does something with a store that may be written, which is open for as long as that takes.
 *  @throws StoreError when it cannot be used. */
export async function withWriter<T>(config: Pick<Config, 'store'>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openConfiguredStore(config, { mayWrite: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
