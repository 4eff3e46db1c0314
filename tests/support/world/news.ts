import { toWordList } from './evidence.ts';
import type { Item } from './world.ts';

/** A version of which readers have been told. */
export interface Told {
  readonly title: string;
  readonly text: string;
  /** Every word that any version of it had. */
  readonly all: ReadonlySet<string>;
  /** false: a run that was killed may have told of another version. */
  readonly isCertain: boolean;
}

/** Fewer changed words may be a slip of the pen (docs/design.md §83). */
const TOLD_WORDS = 4;

/** Reports whether readers must be told of a version: another title, another number, words that are
 *  new, or words in the place of others. A text that is only cut, or that only gets back words, may
 *  be news or not. */
export function isNews(before: Omit<Told, 'isCertain'>, { title, text }: Item): boolean {
  if (before.title !== title) return true;
  const [old, now] = [toWordList(before.text), toWordList(text)];
  const [lost, gained] = [old.filter((word) => !now.includes(word)), now.filter((word) => !old.includes(word))];
  const fresh = gained.filter((word) => !before.all.has(word));
  if (fresh.length >= TOLD_WORDS || fresh.some((word) => /^\d+$/.test(word))) return true;
  return lost.length >= TOLD_WORDS && gained.length >= TOLD_WORDS;
}

/** Reports whether a version has the text of which readers have been told, and goes on. */
export function isContinued(before: Told | undefined, { text }: Pick<Item, 'text'>): boolean {
  return before !== undefined && text.length > before.text.length && text.startsWith(before.text);
}
