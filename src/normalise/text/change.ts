import { toComparable } from './text.ts';

/** Text that changes by itself while nothing is edited: counters, ages, the day's date behind
 *  "updated", shares and prices of attention. Bounded patterns, in the languages that feeds of the
 *  corpus speak. */
const VOLATILE: readonly RegExp[] = [
  /\b\d[\d.,]{0,12}\s?[km]?\s(?:comments?|commentaires?|kommentare?|comentarios?|commenti|views?|vues|aufrufe|likes?|shares?|partages|reads?|claps?|points?|votes?|replies|reactions?|upvotes?|ratings?|reviews?|followers?|subscribers?)\b/gi,
  /\b(?:comments?|commentaires|kommentare|comentarios|views|likes|shares|points|score|reading time|read time|lesezeit|temps de lecture)\s?[:(]\s?\d[\d.,]{0,12}\)?/gi,
  /\b(?:no comments?(?: yet)?|leave a comment|be the first to comment|add a comment)\b/gi,
  /\b(?:\d+|an?|one)\s(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)\sago\b/gi,
  // From the number on, since there are few: the words before it stay, as they do in both texts.
  /(?<=\b(?:il y a|vor|hace|fa)\s)\d+\s\p{L}{1,10}/giu,
  /\b\d+\s?(?:min(?:ute)?s?)\s(?:read|de lecture|lesezeit|lectura)\b/gi,
  /\b(?:last (?:updated|modified)|updated|modified|mis à jour|aktualisiert|actualizado|aggiornato)\s?:?\s?(?:on|at|le|am|el|il)?\s?(?:today|yesterday|just now|aujourd’hui|heute|hoy|oggi|\p{L}{0,10},?\s?[\d\p{L}]{1,12}[\s.,/-]{1,2}[\d\p{L}]{1,12}[\s.,/-]{1,2}\d{2,4})(?:\s(?:at|à|um|a las)?\s?\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?)?/giu,
  /\btoday is\s\p{L}{3,12},?\s[^.\n]{3,30}/giu,
];

/** Words changed from which on a change is told, if no number is among them: fewer are slips of the
 *  pen. */
const TOLD_WORDS = 4;
/** Share of a text's words that is told although they are few. */
const TOLD_SHARE = 0.1;

/** A text without what changes by itself in it. */
export function dropVolatile(text: string): string {
  let stable = text;
  for (const pattern of VOLATILE) stable = stable.replace(pattern, ' ');
  return stable;
}

/** A version of a text, as far as it is compared. */
interface Version {
  readonly title: string;
  readonly text: string;
}

/** Whether readers should be told of a change (docs/design.md §83): another title, another number,
 *  or more words than a slip has. Both texts may be beginnings; a change that is not in them is
 *  real. Known exception: a "not" that is put in is a slip to this. */
export function isRealChange(before: Version, after: Version): boolean {
  const words = (text: string) => toComparable(dropVolatile(text)).split(' ');
  if (words(before.title).join(' ') !== words(after.title).join(' ')) return true;
  const [old, now] = [words(before.text), words(after.text)];
  const [lost, gained] = [without(old, now), without(now, old)];
  if (lost.length === 0 && gained.length === 0) return true;
  if ([...lost, ...gained].some((word) => /\p{N}/u.test(word))) return true;
  const changed = Math.max(lost.length, gained.length);
  return changed >= TOLD_WORDS || (changed > 1 && changed >= TOLD_SHARE * Math.min(old.length, now.length));
}

/** Words of one list that the other has not, or not so often. */
function without(words: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of others) counts.set(word, (counts.get(word) ?? 0) + 1);
  return words.filter((word) => {
    const left = counts.get(word) ?? 0;
    counts.set(word, left - 1);
    return left <= 0;
  });
}
