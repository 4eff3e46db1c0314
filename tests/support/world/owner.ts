/** Corrections of a world's owner, and the freedom that they give to the program. */
export interface Owner {
  /** Pairs of articles that were split: no story ever has both again. */
  readonly apart: Set<string>;
  /** Pairs of articles that were merged: one story has both. */
  readonly together: Set<string>;
  /** Keys of stories that are taken down. */
  readonly hiddenStories: Set<string>;
  /** By key, the articles of entries that are taken down. */
  readonly hiddenEntries: Map<string, number>;
  /** Articles of sources that were purged. */
  readonly purged: Set<number>;
  /** Ids of stories whose members the owner changed: their dates may differ once. */
  readonly changed: Set<string>;
}

/** Returns the record of an owner who has corrected nothing. */
export function createOwner(): Owner {
  const sets = { apart: new Set<string>(), together: new Set<string>(), hiddenStories: new Set<string>(), changed: new Set<string>() };
  return { ...sets, hiddenEntries: new Map(), purged: new Set() };
}

/** Returns the name of a pair of articles, whichever comes first. */
export function pairOf(one: number, other: number): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

/** Returns the names of all pairs of two lists. */
export function pairsOf(ones: readonly number[], others: readonly number[]): string[] {
  return ones.flatMap((one) => others.map((other) => pairOf(one, other)));
}
