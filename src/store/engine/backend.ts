import type { Dialect, RawBuilder, Transaction } from 'kysely';
import type { Schema } from '../schema.ts';
import type { WordSearch } from '../words.ts';
import type { Reader } from './reader.ts';

/** What differs between the stores, beside the SQL that kysely writes. */
export interface Backend {
  readonly kind: 'sqlite' | 'postgres';
  /** Path or URL without credentials, for messages. */
  readonly name: string;
  readonly dialect: Dialect;
  /** false for a connection that may only read: it is not migrated. */
  readonly mayWrite: boolean;
  /** Takes the run lock, or returns null when somebody has it. The system frees it when the process ends, however it ends. */
  readonly takeLock: () => Promise<(() => Promise<void>) | null>;
  /** See Store.readMark. */
  readonly readMark: (db: Reader) => Promise<string>;
  /** Calls back, soon, after any process has published; resolves with what ends that. null where there is nothing that tells. */
  readonly listen: ((onPublished: () => void) => Promise<() => Promise<void>>) | null;
  /** See Store.announceNode; null where there are no nodes. */
  readonly announceNode: ((hash: string) => Promise<() => Promise<void>>) | null;
  /** Whether a node of this configuration is alive. */
  readonly hasNode: (db: Reader, hash: string) => Promise<boolean>;
  /** See Store.isReadOnly. */
  readonly isReadOnly: (db: Reader) => Promise<boolean>;
  /** Copies the store as it stands at one instant into a new file; null when it is a server. */
  readonly backup: ((file: string) => Promise<void>) | null;
  /** Begins a transaction that sees one state throughout and keeps nobody from writing. */
  readonly beginSnapshot: string;
  /** Lets a transaction that writes wait between two statements as long as it may take until more comes from a pipe. */
  readonly waitForPipe: (trx: Transaction<Schema>) => Promise<void>;
  /** Lets the numbers that the store gives to this column go on after the highest stored one. */
  readonly resumeNumbers: (trx: Transaction<Schema>, table: string, column: string) => Promise<void>;
  /** Looks whether the file is whole, unless that would take long; a server does so itself.
   *  @throws StoreError `store/damaged` when it is not. */
  readonly checkWhole: () => void;
  readonly search: WordSearch;
  /** A list of numbers, given as JSON, as a table of one column, `no`. */
  readonly numbers: (json: string) => RawBuilder<{ no: number }>;
  /** Whether a statement failed on the row that it was given: a key that is there already, a reference into nothing. */
  readonly isBadRow: (error: unknown) => boolean;
}
