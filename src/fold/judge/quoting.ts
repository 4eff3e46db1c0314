import { toPhrases } from '../prepare/hashes.ts';
import type { Profile } from '../prepare/profile.ts';
import { concat, isEqualList, NO_BODY } from './features.ts';

/** A text this many times as long as another, with a different beginning, is not a version of
 *  it. */
const QUOTING = 1.8;
const BEGINNING = 3;
/** Most words before a reprint: a byline, a place, the name of the agency. */
const LEAD_IN = 12;
/** Least share of the shorter text that a reprint takes over. */
const TAKEN_OVER = 0.8;
/** A shared run has at least this many phrases of three words; fewer are chance or a name. */
const RUN = 5;
/** Least share of words in a run from its first to its last that are shared. */
const UNBROKEN = 0.8;
/** Own words from which on a text says something of its own. */
const OWN_WORDS = 30;
/** Share of a shorter text from which on the longer one is its full form. A text that is so many
 *  times as long is one too, since a summary has words of its own. */
export const MOSTLY = 0.75;
const FULL_FORM = 2.5;
/** Own words before the shared ones that a comment has. */
const OWN_BEFORE = 25;

/** The place in one body of what it shares with another. */
interface Shared {
  /** Index of the first word of the first shared run; Infinity without any. */
  readonly from: number;
  /** Words in shared phrases. */
  readonly words: number;
  /** true when nearly all of them are one run. */
  readonly isOneRun: boolean;
}

/** Reports whether one of two texts under other titles quotes the other. The longer text is much
 *  longer, and the shared part does not stand at its beginning. A reprint begins with what it
 *  reprints, at most after a byline. */
export function isQuoted(a: Profile, b: Profile): boolean {
  const [short, long] = a.bodyCount <= b.bodyCount ? [a, b] : [b, a];
  if (short.bodyCount < NO_BODY || long.bodyCount < QUOTING * short.bodyCount) return false;
  if (isEqualList(short.body.subarray(0, BEGINNING), long.body.subarray(0, BEGINNING))) return false;
  // A headline may be the first sentence of the text.
  const shared = findShared(long.body, concat(short));
  const isReprint = shared.from <= LEAD_IN && shared.isOneRun && shared.words >= TAKEN_OVER * short.body.length;
  return !isReprint;
}

/** Reports whether one of two texts comments on the other, under a similar title. A comment adds
 *  more of its own than it takes over. */
export function isComment(a: Profile, b: Profile): boolean {
  const [short, long] = a.bodyCount <= b.bodyCount ? [a, b] : [b, a];
  if (short.bodyCount < NO_BODY) return false;
  const { words } = findShared(short.body, long.body);
  const addsMore = (own: number) => own >= OWN_WORDS && own > words;
  if (addsMore(short.body.length - words)) return true;
  const isFullForm = words >= MOSTLY * short.body.length || long.bodyCount > FULL_FORM * short.bodyCount;
  const inLong = findShared(long.body, short.body);
  return !isFullForm && addsMore(long.body.length - inLong.words) && inLong.isOneRun && inLong.from >= OWN_BEFORE;
}

function findShared(one: Uint32Array, other: Uint32Array): Shared {
  const known = new Set(toPhrases(other));
  const phrases = toPhrases(one);
  let [from, to, words, run] = [Infinity, 0, 0, 0];
  phrases.forEach((phrase, at) => {
    if (!known.has(phrase)) {
      run = 0;
      return;
    }
    run++;
    if (run < RUN) return;
    if (run === RUN) {
      from = Math.min(from, at - RUN + 1);
      // The words of the whole run so far; runs that touch share two words.
      words += RUN + 2 - Math.max(0, to - (at - RUN + 1));
    } else words++;
    to = at + 3;
  });
  return { from, words, isOneRun: words > 0 && words >= UNBROKEN * (to - from) };
}
