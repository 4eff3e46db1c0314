import { openPostgres } from '../../../src/store/engine/postgres.ts';
import { openStore } from '../../../src/store/store.ts';
import type { PostgresBench } from '../postgres.ts';
import { NAMESPACE } from './places.ts';
import type { Places } from './places.ts';

/** Returns a function that opens places for databases of a PostgreSQL server. Each database is a
 *  copy of one that has nothing but its tables. */
export async function prepareDatabases(bench: PostgresBench): Promise<() => Promise<Places>> {
  const url = await bench.createDatabase();
  await (await openStore(openPostgres(url))).close();
  const template = nameOf(url);
  await bench.ask(`update meta set value = '${NAMESPACE}' where key = 'namespace'`, template);
  return async () => {
    const made: string[] = [];
    return {
      async make() {
        // The other ways of copying wait for the disk.
        const copy = await bench.createDatabase(`template ${template} strategy wal_log`);
        made.push(nameOf(copy));
        return { open: () => openStore(openPostgres(copy)) };
      },
      restore: null,
      async remove() {
        for (const name of made) await bench.ask(`drop database ${name} with (force)`);
      },
    };
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
