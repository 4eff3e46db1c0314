import type { HeldFile } from '../../model/release.ts';

/** The record of a file of own articles that is held back, or that changes at a known time. */
export interface OwnFileRecord extends Omit<HeldFile, 'sourceId' | 'reason' | 'until'> {
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly contentHash: string;
  /** Reason why it is held back; null when it is shown and changes at `dueAt`. */
  readonly reason: HeldFile['reason'] | null;
  /** Time to read the file again even if its bytes are the same: the end of its embargo, or its
   *  expiry. null: never. */
  readonly dueAt: Date | null;
}

/** The state of a folder of own articles, apart from its entries. */
export interface FolderState {
  /** Version of the reader that has read all files; null when none has. */
  readonly reader: string | null;
  /** Sorted by location. */
  readonly files: readonly OwnFileRecord[];
}

/** The fields of an entry's newest revision that distinguish it from other articles. */
export interface StoredText {
  readonly title: string;
  /** Start of the plain text, at most PRIOR_TEXT_LENGTH characters; empty for a removed entry. */
  readonly text: string;
  readonly published: Date | null;
}

/** Reads the state of folders of own articles, and which of their files are held back. */
export interface OwnReads {
  /** Returns the state of a folder; without reader and files when it was never read. */
  readFolder(sourceId: string): Promise<FolderState>;
  /** Returns the newest texts of entries of a source, by identity; deleted and removed entries
   *  included. */
  readTexts(sourceId: string, identities: readonly string[]): Promise<ReadonlyMap<string, StoredText>>;
  /** Returns every held-back file of the configured sources, by source and location. */
  readHeld(): Promise<readonly HeldFile[]>;
  /** Returns the earliest date of an own article (`next`), and the latest one up to `now`
   *  (`passed`); null for none. */
  readDue(now: Date): Promise<{ readonly next: Date | null; readonly passed: Date | null }>;
}

/** Writes the state of folders of own articles. */
export interface OwnWrites {
  /** Replaces the stored state of a folder. */
  saveFolder(sourceId: string, state: FolderState): Promise<void>;
  /** Deletes entries at once, without waiting as for missing files. Returns the number of
   *  entries found. */
  withdrawEntries(sourceId: string, identities: readonly string[], at: Date): Promise<number>;
}

export type OwnStore = OwnReads & OwnWrites;
