/** A search for an article by its address, its key, or its title or a part of it. */
export interface SoughtArticle {
  /** The search text as typed. */
  readonly text: string;
  /** Canonical form of the text if it is an address; else null. */
  readonly urlKey: string | null;
  /** Words of the title, without short ones; empty when the text is not a title. */
  readonly words: readonly string[];
}

/** An entry that matches a search. */
export interface SeenEntry {
  readonly no: number;
  readonly key: string;
  readonly sourceId: string;
  readonly identity: string;
  readonly url: string | null;
  readonly title: string;
  readonly firstSeenAt: Date;
  /** Time when its file disappeared, or its source withdrew it; null while it exists. */
  readonly deletedAt: Date | null;
  /** null while the entry is pending (not folded). */
  readonly storyNo: number | null;
}

/** The remaining record of an entry that retention has removed. */
export interface PrunedEntry {
  readonly sourceId: string;
  readonly identity: string;
  readonly title: string;
  readonly prunedAt: Date;
}

/** A problem of a past run, with the time of that run. */
export interface PastProblem {
  readonly at: Date;
  readonly source: string;
  readonly entry: string | null;
  readonly code: string;
  readonly message: string;
}

/** Answers "where is this article?". May be called with or without the run lock. */
export interface FindReads {
  /** Returns entries with this address, id, key or title, newest first; deleted and hidden ones
   *  are included. Any part of a title matches, in upper or lower case. */
  findEntries(sought: SoughtArticle, limit: number): Promise<readonly SeenEntry[]>;
  /** Returns the entries whose titles share the most of these words; newest first. */
  findNearest(words: readonly string[], limit: number): Promise<readonly SeenEntry[]>;
  /** Returns removed entries with this address, id or title. */
  findPruned(sought: SoughtArticle, limit: number): Promise<readonly PrunedEntry[]>;
  /** Returns the problems of the last completed runs, newest first. The same problem of one
   *  entry is returned once. */
  readPastProblems(runs: number): Promise<readonly PastProblem[]>;
}
