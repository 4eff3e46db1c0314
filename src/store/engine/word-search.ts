import type { Kysely, Transaction } from 'kysely';
import { toStorable } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';

/** Finds the entries that may contain some words, without reading every text. */
export interface WordSearch {
  /** Returns a superset of the entries whose newest version contains all these folded words.
   *  null: there are more than `most`, or the search would take too long. */
  readonly findEntries: (db: Kysely<Schema>, words: readonly string[], most: number) => Promise<readonly number[] | null>;
  /** See HeadlineWrites.indexWords. */
  readonly index: (db: Kysely<Schema>) => Promise<boolean>;
  /** Removes entries from the index, before they are removed from the store. */
  readonly forget: (trx: Transaction<Schema>, entries: readonly number[]) => Promise<void>;
}

/** Returns text in lower case as the index has it. Both small sigmas become one, and İ becomes
 *  i, as most people type it. */
function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ').replaceAll('i\u0307', 'i');
}

/** Returns the words to look for: storable, folded, and each once. A word without storable
 *  characters is left out. */
export function toIndexWords(words: readonly string[]): string[] {
  return [...new Set(words.map((word) => foldCase(toStorable(word))))].filter((word) => word !== '');
}

/** Returns title and text of a version as the one text that is searched. */
export function toSearched({ title, text }: { readonly title: string; readonly text: string }): string {
  return foldCase(`${title}\n${text}`);
}
