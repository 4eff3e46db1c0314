import type { HeldFile } from '../../model/release.ts';

/** The record of a file of a folder that is held back, or for which something is due. */
export interface OwnFileRecord extends Omit<HeldFile, 'sourceId' | 'reason' | 'until'> {
  /** SHA-256 of its bytes, hex. */
  readonly contentHash: string;
  /** null when it is shown, and something is due. */
  readonly reason: HeldFile['reason'] | null;
  /** The time to read it again, whatever its bytes: the end of its embargo, or its expiry; null for
   *  never. */
  readonly dueAt: Date | null;
}

/** The record of a folder of own articles beside its entries. */
export interface FolderState {
  /** The version of the reader that has read all its files; null when none has. */
  readonly reader: string | null;
  /** By location. */
  readonly files: readonly OwnFileRecord[];
}

/** The part of an entry's newest revision that tells it from another article. */
export interface StoredText {
  readonly title: string;
  /** Beginning of the plain text, KIN_TEXT_LENGTH characters at most; the empty string of a removed
   *  entry. */
  readonly text: string;
  readonly published: Date | null;
}

/** Reads the folders of own articles: what was read of them and what of them waits. */
export interface OwnReads {
  readFolder(sourceId: string): Promise<FolderState>;
  /** The newest texts of entries of a source, by identity, deleted and removed ones included. */
  readTexts(sourceId: string, identities: readonly string[]): Promise<ReadonlyMap<string, StoredText>>;
  /** Every file that is held back, of configured sources, by source and location. */
  readHeld(): Promise<readonly HeldFile[]>;
  /** The earliest date of an own article, and the latest one that is not after `now`; null for
   *  none. */
  readDue(now: Date): Promise<{ readonly next: Date | null; readonly passed: Date | null }>;
}

/** Writes the folders of own articles. */
export interface OwnWrites {
  /** Stores the state of a folder in place of the one before. */
  saveFolder(sourceId: string, state: FolderState): Promise<void>;
  /** Deletes entries at once, as if their files had been missed for long enough. Returns the number
   *  of entries found. */
  withdrawEntries(sourceId: string, identities: readonly string[], at: Date): Promise<number>;
}

export type OwnStore = OwnReads & OwnWrites;
