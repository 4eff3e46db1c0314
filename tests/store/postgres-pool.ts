import { openPostgres } from '../../src/store/engine/postgres.ts';
import { openStore } from '../../src/store/store.ts';
import type { PostgresBench } from '../support/postgres.ts';
import { isFull } from '../support/scale.ts';
import type { Database } from './store-bench.ts';

/** Reads the tables, columns, migrations and other schemas of a database as one text. */
const SHAPE = `select md5(string_agg(line, ',' order by line)) as shape from (
  select c.relname || '.' || a.attname || ' ' || a.atttypid || a.attnotnull as line from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i', 'S') and a.attnum > 0
  union all select name from kysely_migration
  union all select nspname from pg_namespace where nspname not like 'pg\\_%'
) as lines`;

/** Empties a database: ends its other connections, and fails if its tables have changed. Only
 *  the rows of a new store stay; numbers begin anew. */
const empty = (shape: unknown) => `set session_replication_role = replica;
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
do $$ declare found record; begin
  if (${SHAPE}) <> '${String(shape)}' then raise exception 'the tables were changed'; end if;
  for found in select oid, quote_ident(relname) as name, relkind from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') and relname not like 'kysely%' loop
    if found.relkind = 'r' then
      if pg_relation_size(found.oid) > 0 then execute 'truncate ' || found.name || ' cascade'; end if;
    else execute 'alter sequence ' || found.name || ' restart'; end if;
  end loop;
end $$;
insert into meta values ('namespace', gen_random_uuid()::text);
insert into generation (id, n, at) values (1, 0, 0)`;

/** Hands out databases for stores. The short form of the tests empties and reuses a database
 *  with unchanged tables, because creating one takes longer than most tests. `isNew`: one
 *  without tables. */
export function createPostgresPool(server: () => PostgresBench): (options?: { readonly isNew?: boolean }) => Promise<Database> {
  const free: string[] = [];
  let shape: unknown = null;
  const nameOf = (url: string) => new URL(url).pathname.slice(1);
  const readShape = async (url: string) => (await server().ask(SHAPE, nameOf(url)))[0]?.['shape'];
  const make = async () => {
    const url = await server().createDatabase();
    await (await openStore(openPostgres(url))).close();
    shape ??= await readShape(url);
    return url;
  };
  const takeBack = async (url: string) => {
    const isEmpty = await server()
      .ask(empty(shape), nameOf(url))
      .then(
        () => true,
        (error: unknown) => {
          if (String(error).includes('the tables were changed')) return false;
          throw error;
        },
      );
    if (isEmpty) free.push(url);
  };
  return async ({ isNew = false } = {}) => {
    const isReused = !isFull && !isNew;
    const target = isReused ? (free.pop() ?? (await make())) : await server().createDatabase();
    return {
      target,
      opener: 'openPostgres',
      open: (options) => openPostgres(target, options),
      remove: () => (isReused ? takeBack(target) : Promise.resolve()),
    };
  };
}
