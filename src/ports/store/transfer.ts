/** Number of rows by table. */
export type RowCounts = Readonly<Record<string, number>>;

/** One row of the state as `export` writes it. The state has nothing but such rows. */
export interface StateRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/** A line of an import that should be a StateRow; not yet checked. */
export interface StateLine {
  /** Line number from 1, for messages. */
  readonly line: number;
  readonly value: unknown;
}

/** Reads the complete state. */
export interface TransferReads {
  /** Reads the state as of one instant, whatever is written meanwhile; nobody is kept from
   *  writing. Calls `onCounts` first with the number of rows to come, then `onRow` for each row.
   *  A table comes after the tables that it refers to; its rows come by primary key. */
  readState(onCounts: (counts: RowCounts) => Promise<void>, onRow: (row: StateRow) => Promise<void>): Promise<void>;
  /** Copies the store as of one instant into a new file. Nobody is kept from writing.
   *  @throws StoreError `backup/unsupported` when the store is a database server, which has its
   *  own backup. */
  backup(file: string): Promise<void>;
}

/** Writes the complete state. */
export interface TransferWrites {
  /** Imports a state into a store without sources and entries; all its other rows are replaced.
   *  `counts` gives the rows to expect (null: unknown). The caller holds the run lock. All or
   *  nothing, also when `lines` throws.
   *  @throws NewsfoldError `import/store` when the store is not empty, `import/line` with the
   *  number of a wrong line, `import/incomplete` when rows are missing. */
  writeState(lines: AsyncIterable<StateLine>, counts: RowCounts | null): Promise<RowCounts>;
}

export type TransferStore = TransferReads & TransferWrites;
