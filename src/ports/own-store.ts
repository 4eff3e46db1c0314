import type { HeldFile } from '../model/release.ts';

/** The record of a file of a folder that is held back, or for which something is due. */
export interface OwnFileRecord extends Omit<HeldFile, 'sourceId' | 'reason' | 'until'> {
  /** SHA-256 of its bytes, hex. */
  readonly contentHash: string;
  /** null when it is shown, and something is due. */
  readonly reason: HeldFile['reason'] | null;
  /** When it is to be looked at again, whatever its bytes: the end of an embargo, or its expiry; null for never. */
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
  /** Beginning of the plain text, KIN_TEXT_LENGTH characters at most; the empty string of an entry that is kept no longer. */
  readonly text: string;
  readonly published: Date | null;
}

/** Reads the folders of own articles: what was read of them and what of them waits. */
export interface OwnReads {
  readFolder(sourceId: string): Promise<FolderState>;
  /** The last words of entries of a source, by identity; deleted ones, and those that are kept
   *  no longer, too. */
  readTexts(sourceId: string, identities: readonly string[]): Promise<ReadonlyMap<string, StoredText>>;
  /** Every file that is held back, of the sources of the configuration, by source and location. */
  readHeld(): Promise<readonly HeldFile[]>;
  /** The first two instants of what is due in these sources: the earliest, and the latest that is not after `now`; null for none. */
  readDue(now: Date): Promise<{ readonly next: Date | null; readonly passed: Date | null }>;
}

/** Writes the folders of own articles. */
export interface OwnWrites {
  /** Keeps this in the place of what was remembered before. */
  saveFolder(sourceId: string, state: FolderState): Promise<void>;
  /** Deletes entries at once, as if their files had been missed for long enough. Returns how many were there. */
  withdrawEntries(sourceId: string, identities: readonly string[], at: Date): Promise<number>;
}

export type OwnStore = OwnReads & OwnWrites;
