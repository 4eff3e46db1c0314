import type { EntryChange, PriorEntry, KnownEntry, Revision } from '../../model/entry.ts';

/** Reads entries as their sources published them. */
export interface EntryReads {
  /** Returns the stored entries of a source with these identities, deleted ones included. null:
   *  all entries. */
  readKnown(sourceId: string, identities: readonly string[] | null): Promise<ReadonlyMap<string, KnownEntry>>;
  /** Returns the newest revision of each of these entries of a source, by identity. */
  readNewest(sourceId: string, identities: readonly string[]): Promise<ReadonlyMap<string, Revision>>;
  /** Returns the least number from which on all entries of a source have these identities; null
   *  when its newest entry has none of them. */
  readListedFrom(sourceId: string, identities: readonly string[]): Promise<number | null>;
  /** Returns entries of a source that an item could be a new form of, newest first, without
   *  deleted ones. They have one of these identities, canonical addresses or exact dates, or one
   *  of these guids under another identity. The last `newest` stored entries are included. */
  readPriorEntries(
    sourceId: string,
    by: {
      readonly identities: readonly string[];
      readonly guids: readonly string[];
      readonly urlKeys: readonly string[];
      readonly dates: readonly Date[];
      readonly newest: number;
    },
  ): Promise<readonly PriorEntry[]>;
}

/** Writes entries as their sources published them. */
export interface EntryWrites {
  /** Adds pending entries and revisions, at most BATCH_SIZE at once. A second call with the same
   *  changes adds no second entry. `formerIdentity` of a change: the entry gets the new identity
   *  instead of that one. `backlogAt`: the added entries are from the first reading of their
   *  source. Their age is then the date in the document, else `at`. `listedFrom`: all earlier
   *  entries of their source from this number on stood in their document. `thinned`: identities of
   *  entries with so many or so long versions that old ones were dropped; absent for none. */
  saveEntries(
    changes: readonly EntryChange[],
    at: Date,
    rest?: { readonly backlogAt?: Date | null; readonly listedFrom?: number | null },
  ): Promise<{ readonly added: number; readonly revised: number; readonly thinned?: readonly string[] }>;
  /** Notes which local entries were missing this time; all others were found. Deletes the
   *  entries that were missing for at least this many runs and this long. Returns the number of
   *  deleted entries. */
  markMissing(
    sourceId: string,
    missing: readonly string[],
    at: Date,
    patience: { readonly graceMs: number; readonly runs: number },
  ): Promise<number>;
  /** Withdraws entries that their source has withdrawn, by their guids. An entry that its source
   *  changed after the withdrawal stays. Returns the number of withdrawn entries; a second call
   *  with the same withdrawals returns 0. */
  followWithdrawals(
    sourceId: string,
    withdrawals: readonly { readonly guid: string; readonly at: Date | null }[],
    at: Date,
  ): Promise<number>;
  /** Deletes every entry of a source, as if its files had disappeared, and its poll state and
   *  poll log. Returns the number of deleted entries. */
  purgeSource(sourceId: string, at: Date): Promise<number>;
}

export type EntryStore = EntryReads & EntryWrites;
