/** An article that somebody asks for: an address, a title or a part of it, or a key. */
export interface SoughtArticle {
  /** As it was asked for. */
  readonly text: string;
  /** Its canonical form, when it is an address; else null. */
  readonly urlKey: string | null;
  /** Words of a title, none of them short; the empty list where it is no title. */
  readonly words: readonly string[];
}

/** An entry that may be the one that is asked for. */
export interface SeenEntry {
  readonly no: number;
  readonly key: string;
  readonly sourceId: string;
  readonly identity: string;
  readonly url: string | null;
  readonly title: string;
  readonly firstSeenAt: Date;
  /** When its file was gone, or its source withdrew it; null while it is there. */
  readonly deletedAt: Date | null;
  /** null while it waits to be folded. */
  readonly storyNo: number | null;
}

/** The rest of an entry that is kept no longer. */
export interface PrunedEntry {
  readonly sourceId: string;
  readonly identity: string;
  readonly title: string;
  readonly prunedAt: Date;
}

/** A problem of a past run with the time of that run. */
export interface PastProblem {
  readonly at: Date;
  readonly source: string;
  readonly entry: string | null;
  readonly code: string;
  readonly message: string;
}

/** Answers "where is this article?". Anybody may call it, with the run lock or without. */
export interface FindReads {
  /** Entries of this address, id, key or title, deleted and hidden ones too, newest first. A title
   *  is found by any part of it, in any case. */
  findEntries(sought: SoughtArticle, limit: number): Promise<readonly SeenEntry[]>;
  /** Entries whose titles have the most of these words, newest first. */
  findNearest(words: readonly string[], limit: number): Promise<readonly SeenEntry[]>;
  /** The same of removed entries, by address, id or title. */
  findPruned(sought: SoughtArticle, limit: number): Promise<readonly PrunedEntry[]>;
  /** Problems of the last runs that came to their end, newest first; the same problem of one entry
   *  once. */
  readPastProblems(runs: number): Promise<readonly PastProblem[]>;
}
