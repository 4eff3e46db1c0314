import { sql } from 'kysely';
import type { ColumnDefinitionBuilder, RawBuilder } from 'kysely';

/** Adds constraints to a column. */
export type Build = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
type Type = 'text' | RawBuilder<unknown>;

/** Type names and options that differ between the stores. */
export interface Dialect {
  /** Text that is compared and sorted by bytes, whatever the server's locale. */
  readonly text: Type;
  readonly double: Type;
  /** A number that the store assigns. SQLite needs AUTOINCREMENT, so that the number of a
   *  deleted row is never used again. */
  readonly autoNumber: Build;
  readonly bytes: Type;
  /** Option of a table whose columns are all part of the primary key. SQLite then stores each
   *  row once. */
  readonly keyOnly: RawBuilder<unknown>;
}

/** Column types of each store. */
export const dialects: Readonly<Record<'sqlite' | 'postgres', Dialect>> = {
  sqlite: {
    text: 'text',
    double: sql`real`,
    autoNumber: (column) => column.primaryKey().autoIncrement(),
    bytes: sql`blob`,
    keyOnly: sql`without rowid`,
  },
  postgres: {
    text: sql`text collate "C"`,
    double: sql`double precision`,
    autoNumber: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
    bytes: sql`bytea`,
    keyOnly: sql``,
  },
};
