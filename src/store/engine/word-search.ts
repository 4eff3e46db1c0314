import type { Kysely, Transaction } from 'kysely';
import { toStorable } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';

/** How a kind of store finds the entries that may have some words, without looking at every
 *  text. */
export interface WordSearch {
  /** Entries that may have all these words, folded, in their newest version: none that has them is
   *  missing, some may not have them. null when there are more than `most`, or when it would take
   *  too long to say. */
  readonly findEntries: (db: Kysely<Schema>, words: readonly string[], most: number) => Promise<readonly number[] | null>;
  /** See Store.indexWords. */
  readonly index: (db: Kysely<Schema>) => Promise<boolean>;
  /** Finds these entries no more; they are about to go. */
  readonly forget: (trx: Transaction<Schema>, entries: readonly number[]) => Promise<void>;
}

/** A text as words are looked for in it: in lower case, both small sigmas alike, and İ as the i
 *  that most people type for it. */
function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ').replaceAll('i\u0307', 'i');
}

/** What is looked for: as it would be stored, folded, each once; what has no character that can be
 *  stored is left out. */
export function toIndexWords(words: readonly string[]): string[] {
  return [...new Set(words.map((word) => foldCase(toStorable(word))))].filter((word) => word !== '');
}

/** Title and text of a version as one text in which words are looked for. */
export function toSearched({ title, text }: { readonly title: string; readonly text: string }): string {
  return foldCase(`${title}\n${text}`);
}
