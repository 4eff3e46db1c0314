/** The number of rows of each table, by its name. */
export type RowCounts = Readonly<Record<string, number>>;

/** One row of the whole state, as `export` writes it: nothing is stored outside of columns. */
export interface StateRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/** A line that should be a StateRow, as it was read. */
export interface StateLine {
  /** Counted from 1, for messages. */
  readonly line: number;
  readonly value: unknown;
}

/** Reads the whole state. */
export interface TransferReads {
  /** Reads the state as it stood at one instant, whatever is written meanwhile. `onCounts` is told
   *  first how many rows will come, then `onRow` each row. A table comes after the tables that it
   *  refers to, its rows by primary key. Nobody is kept from writing. */
  readState(onCounts: (counts: RowCounts) => Promise<void>, onRow: (row: StateRow) => Promise<void>): Promise<void>;
  /** Writes a copy of the store, as it stands at one instant, into a new file; nobody is kept from
   *  writing.
   *  @throws StoreError `backup/unsupported` when the store is a server, which has its own means. */
  backup(file: string): Promise<void>;
}

/** Writes the whole state. */
export interface TransferWrites {
  /** Puts a whole state into a store that has neither sources nor entries, and replaces its other
   *  rows. `counts`: the rows to expect; null when they are unknown. The caller has the run lock. All
   *  or nothing, also when `lines` throws.
   *  @throws NewsfoldError `import/store` when there is something already, `import/line` with the
   *  number of a line that is wrong, `import/incomplete` when rows are missing. */
  writeState(lines: AsyncIterable<StateLine>, counts: RowCounts | null): Promise<RowCounts>;
}

export type TransferStore = TransferReads & TransferWrites;
