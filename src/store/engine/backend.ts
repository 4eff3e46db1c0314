import type { Dialect, RawBuilder, Transaction } from 'kysely';
import type { Schema } from '../schema/schema.ts';
import type { WordSearch } from './word-search.ts';
import type { Reader } from './reader.ts';

/** The differences between the kinds of database, beside the SQL that kysely writes. */
export interface Backend {
  readonly kind: 'sqlite' | 'postgres';
  /** Path or URL without credentials, for messages. */
  readonly name: string;
  readonly dialect: Dialect;
  /** false for a connection that may only read: it is not migrated. */
  readonly mayWrite: boolean;
  /** Takes the run lock, or returns null when somebody has it. The system frees it when the process
   *  ends, however it ends. */
  readonly takeLock: () => Promise<(() => Promise<void>) | null>;
  /** See RunReads.readMark. */
  readonly readMark: (db: Reader) => Promise<string>;
  /** Calls back soon after any process has published. Resolves with the function that ends the
   *  watch. null where the database tells nobody. */
  readonly listen: ((onPublished: () => void) => Promise<() => Promise<void>>) | null;
  /** See ClusterWrites.announceNode; null where there are no nodes. */
  readonly announceNode: ((hash: string) => Promise<() => Promise<void>>) | null;
  /** Reports whether a node of this configuration is alive. */
  readonly hasNode: (db: Reader, hash: string) => Promise<boolean>;
  /** See RunReads.isReadOnly. */
  readonly isReadOnly: (db: Reader) => Promise<boolean>;
  /** Copies the store as it stands at one instant into a new file; null when it is a server. */
  readonly backup: ((file: string) => Promise<void>) | null;
  /** Begins a transaction that sees one state throughout and keeps nobody from writing. */
  readonly beginSnapshot: string;
  /** Lifts the server's limit on waiting between two statements of a transaction: its input may
   *  come from a slow pipe. */
  readonly waitForPipe: (trx: Transaction<Schema>) => Promise<void>;
  /** Makes the numbers that the database gives to this column go on after the highest stored
   *  one. */
  readonly resumeNumbers: (trx: Transaction<Schema>, table: string, column: string) => Promise<void>;
  /** Checks the file for damage, unless that would take long; a server does so itself.
   *  @throws StoreError `store/damaged` when it is not. */
  readonly checkWhole: () => void;
  readonly search: WordSearch;
  /** A list of numbers, given as JSON, as a table of one column, `no`. */
  readonly numbers: (json: string) => RawBuilder<{ no: number }>;
  /** Reports whether a statement failed because of its row: the key exists already, or a reference
   *  leads nowhere. */
  readonly isBadRow: (error: unknown) => boolean;
}
