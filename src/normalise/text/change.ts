import { toComparable } from './text.ts';

/** Text that changes without an edit: counters, ages, the date after "updated", numbers of shares
 *  and ratings. The patterns are bounded, in the languages of the test corpus. */
const VOLATILE: readonly RegExp[] = [
  /\b\d[\d.,]{0,12}\s?[km]?\s(?:comments?|commentaires?|kommentare?|comentarios?|commenti|views?|vues|aufrufe|likes?|shares?|partages|reads?|claps?|points?|votes?|replies|reactions?|upvotes?|ratings?|reviews?|followers?|subscribers?)\b/gi,
  /\b(?:comments?|commentaires|kommentare|comentarios|views|likes|shares|points|score|reading time|read time|lesezeit|temps de lecture)\s?[:(]\s?\d[\d.,]{0,12}\)?/gi,
  /\b(?:no comments?(?: yet)?|leave a comment|be the first to comment|add a comment)\b/gi,
  /\b(?:\d+|an?|one)\s(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)\sago\b/gi,
  // The match starts at the number, since numbers are few. The words before it stay in both texts.
  /(?<=\b(?:il y a|vor|hace|fa)\s)\d+\s\p{L}{1,10}/giu,
  /\b\d+\s?(?:min(?:ute)?s?)\s(?:read|de lecture|lesezeit|lectura)\b/gi,
  /\b(?:last (?:updated|modified)|updated|modified|mis à jour|aktualisiert|actualizado|aggiornato)\s?:?\s?(?:on|at|le|am|el|il)?\s?(?:today|yesterday|just now|aujourd’hui|heute|hoy|oggi|\p{L}{0,10},?\s?[\d\p{L}]{1,12}[\s.,/-]{1,2}[\d\p{L}]{1,12}[\s.,/-]{1,2}\d{2,4})(?:\s(?:at|à|um|a las)?\s?\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?)?/giu,
  /\btoday is\s\p{L}{3,12},?\s[^.\n]{3,30}/giu,
];

/** Least number of changed words that readers are told of, if no number is among them. Fewer are
 *  slips of the pen. */
const TOLD_WORDS = 4;
/** Least share of changed words in a short text that readers are told of. */
const TOLD_SHARE = 0.1;

/** Returns a text without the parts that change by themselves. */
export function dropVolatile(text: string): string {
  let stable = text;
  for (const pattern of VOLATILE) stable = stable.replace(pattern, ' ');
  return stable;
}

/** A version of a text, with the fields that are compared. */
interface Version {
  readonly title: string;
  readonly text: string;
}

/** Reports whether readers should be told of a change (docs/design.md §83): another title, another
 *  number, or more words than a slip. Both texts may be cut; a change that is not in these
 *  beginnings is real. Known error: an added "not" counts as a slip. */
export function isRealChange(before: Version, after: Version): boolean {
  const words = (text: string) => toComparable(dropVolatile(text)).split(' ');
  if (words(before.title).join(' ') !== words(after.title).join(' ')) return true;
  const [old, now] = [words(before.text), words(after.text)];
  const [lost, gained] = [without(old, now), without(now, old)];
  if (lost.length === 0 && gained.length === 0) return true;
  return areTold(lost, gained, Math.min(old.length, now.length));
}

/** Reports whether readers are told of words that a text of so many words has lost and gained. */
export function areTold(lost: readonly string[], gained: readonly string[], length: number): boolean {
  if ([...lost, ...gained].some((word) => /\p{N}/u.test(word))) return true;
  const changed = Math.max(lost.length, gained.length);
  return changed >= TOLD_WORDS || (changed > 1 && changed >= TOLD_SHARE * length);
}

/** Returns the words of one list that the other lacks or has less often. */
export function without(words: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of others) counts.set(word, (counts.get(word) ?? 0) + 1);
  return words.filter((word) => {
    const remaining = counts.get(word) ?? 0;
    counts.set(word, remaining - 1);
    return remaining <= 0;
  });
}
