import { z } from 'zod';

/** The description of a table. It gives both the type of its rows and the check of an exported
 *  row. */
export interface Table<Columns extends z.ZodRawShape = z.ZodRawShape> {
  /** The primary key: one column or two. */
  readonly key: readonly [string, string?];
  readonly row: z.ZodObject<Columns, z.core.$strict>;
  /** true: the store numbers the rows in the one key column. */
  readonly isNumbered: boolean;
  /** Columns that exports of earlier versions lack, each with a function for its value. */
  readonly added: Readonly<Record<string, (row: Readonly<Record<string, unknown>>) => unknown>>;
  /** Name of the table in exports of earlier versions; null when it never had another. */
  readonly formerName: string | null;
}

/** The columns of a table as kysely sees them. */
export type Row<T extends Table> = z.infer<T['row']>;

/** Describes a table by its primary key and its columns, in the order of the export. */
export function table<Columns extends z.ZodRawShape>(
  key: readonly [keyof Columns & string, (keyof Columns & string)?],
  columns: Columns,
  options: Partial<Pick<Table, 'isNumbered' | 'added' | 'formerName'>> = {},
): Table<Columns> {
  return { key, row: z.strictObject(columns), isNumbered: false, added: {}, formerName: null, ...options };
}
