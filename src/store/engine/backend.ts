import type { Dialect, RawBuilder, Transaction } from 'kysely';
import type { Schema } from '../schema/schema.ts';
import type { WordSearch } from './word-search.ts';
import type { Reader } from './reader.ts';

/** The differences between the kinds of database, apart from the SQL that kysely writes. */
export interface Backend {
  readonly kind: 'sqlite' | 'postgres';
  /** Path or URL without credentials, for messages. */
  readonly name: string;
  readonly dialect: Dialect;
  /** false: the connection only reads, and the store is not migrated. */
  readonly mayWrite: boolean;
  /** Takes the run lock; returns null when another process has it. The system releases it when
   *  the process ends for any reason. */
  readonly takeLock: () => Promise<(() => Promise<void>) | null>;
  /** See RunReads.readMark. */
  readonly readMark: (db: Reader) => Promise<string>;
  /** Calls back soon after any process has published. Resolves with a function that ends the
   *  watch. null: the database cannot notify. */
  readonly listen: ((onPublished: () => void) => Promise<() => Promise<void>>) | null;
  /** See ClusterWrites.announceNode. null: this kind of store has no nodes. */
  readonly announceNode: ((hash: string) => Promise<() => Promise<void>>) | null;
  /** Reports whether a node of this configuration is alive. */
  readonly hasNode: (db: Reader, hash: string) => Promise<boolean>;
  /** See RunReads.isReadOnly. */
  readonly isReadOnly: (db: Reader) => Promise<boolean>;
  /** Copies the store as of one instant into a new file; null for a server. */
  readonly backup: ((file: string) => Promise<void>) | null;
  /** SQL that begins a transaction that sees one state and blocks no writer. */
  readonly beginSnapshot: string;
  /** Lifts the server's idle limit of a transaction, because its input may come from a slow
   *  pipe. */
  readonly waitForPipe: (trx: Transaction<Schema>) => Promise<void>;
  /** Makes the next number of this column follow the highest stored one. */
  readonly resumeNumbers: (trx: Transaction<Schema>, table: string, column: string) => Promise<void>;
  /** Checks the file for damage, unless it is too large for that. A server checks its own files.
   *  @throws StoreError `store/damaged` when the file is damaged. */
  readonly checkWhole: () => void;
  readonly search: WordSearch;
  /** Returns a table of one column, `no`, from a JSON list of numbers. */
  readonly numbers: (json: string) => RawBuilder<{ no: number }>;
  /** Reports whether a statement failed because of its row: the key exists, or a reference has
   *  no target. */
  readonly isBadRow: (error: unknown) => boolean;
}
