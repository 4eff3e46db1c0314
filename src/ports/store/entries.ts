import type { EntryChange, PriorEntry, KnownEntry } from '../../model/entry.ts';

/** Reads entries as their sources published them. */
export interface EntryReads {
  /** The known entries of a source with these identities; all of them, deleted ones included, when
   *  `identities` is null. */
  readKnown(sourceId: string, identities: readonly string[] | null): Promise<ReadonlyMap<string, KnownEntry>>;
  /** Entries of a source that an item could be, newest first, deleted ones left out. They have one
   *  of these identities, canonical addresses or exact dates, or one of these guids under another
   *  identity. The `newest` last stored are among them. */
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
  /** Adds entries and revisions as pending, at most BATCH_SIZE at once. Saving the same change
   *  twice adds no second entry. A change that names the identity its entry had before gives it
   *  the new one. With `backlogAt` the entries that are added came with the first reading of
   *  their source. It is the age that their document gives itself, else `at`. `thinned`:
   *  identities of entries that had so many versions, or such long ones, that older ones are
   *  kept no longer; absent for none. */
  saveEntries(
    changes: readonly EntryChange[],
    at: Date,
    backlogAt?: Date | null,
  ): Promise<{ readonly added: number; readonly revised: number; readonly thinned?: readonly string[] }>;
  /** Notes which local entries were missed this time; the others were there. Deletes the entries
   *  that were missed in so many runs and for so long. Returns the number of deleted entries. */
  markMissing(
    sourceId: string,
    missing: readonly string[],
    at: Date,
    patience: { readonly graceMs: number; readonly runs: number },
  ): Promise<number>;
  /** Withdraws entries of a source that it has withdrawn itself, by the ids that it published
   *  them with. Entries that it has changed after its withdrawal stay. Returns how many there
   *  were; the same withdrawals twice in a row withdraw nothing more. */
  followWithdrawals(
    sourceId: string,
    withdrawals: readonly { readonly guid: string; readonly at: Date | null }[],
    at: Date,
  ): Promise<number>;
  /** Deletes every entry of a source as if its file had gone, and forgets its poll state and
   *  record. Returns the number of deleted entries. */
  purgeSource(sourceId: string, at: Date): Promise<number>;
}

export type EntryStore = EntryReads & EntryWrites;
