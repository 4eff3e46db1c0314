import { sql } from 'kysely';
import type { ColumnDefinitionBuilder, RawBuilder } from 'kysely';

/** What is said of a column beside its type. */
export type Build = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
type Type = 'text' | RawBuilder<unknown>;

/** What the stores call by different names. */
export interface Dialect {
  /** Compared and sorted by its bytes, whatever the server's language. */
  readonly text: Type;
  readonly double: Type;
  /** A number that the store gives. SQLite: AUTOINCREMENT, so that the number of a deleted row
   *  never returns. */
  readonly autoNumber: Build;
  readonly bytes: Type;
  /** Of a table that is nothing but its primary key: SQLite then stores it once. */
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
