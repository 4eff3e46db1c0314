import { hashWord, isNumberHash } from '../prepare/hashes.ts';
import { toWordList } from '../prepare/words.ts';
import type { Profile } from '../prepare/profile.ts';
import { COMMON_WORDS } from './common-words.ts';
import { isEqualList } from './features.ts';
import type { Commonness } from './features.ts';

/** A rarer word of a title names a subject: a person, a place, a thing. */
const TELLING = 0.45;

/** Rubrics in Chinese and Japanese. Words have no spaces there, so the pair of signs between two
 *  rubrics is none. */
const unspacedRubrics: ReadonlySet<number> = new Set([...COMMON_WORDS.keys()].filter((word) => /\p{Script=Han}/u.test(word)).map(hashWord));

/** Returns the words of a title that name a subject. Rubrics, days and numbers do not. */
export function tellingWords({ title }: Pick<Profile, 'title'>, { rarityOf }: Pick<Commonness, 'rarityOf'>): ReadonlySet<number> {
  const isBetweenRubrics = (at: number) => unspacedRubrics.has(title[at - 1] ?? 0) && unspacedRubrics.has(title[at + 1] ?? 0);
  return new Set(title.filter((word, at) => !isNumberHash(word) && rarityOf(word) > TELLING && !isBetweenRubrics(at)));
}

/** Reports whether two titles speak of one thing. They have a telling word in common, or a telling
 *  word of one stands in both texts. A text without a title speaks for itself. */
export function haveSubjectInCommon(a: Profile, b: Profile, commonness: Pick<Commonness, 'rarityOf'>): boolean {
  if (a.title.length === 0 || b.title.length === 0) return true;
  const [ofA, ofB] = [tellingWords(a, commonness), tellingWords(b, commonness)];
  const bodies = [new Set(a.body), new Set(b.body)];
  const isInBoth = (word: number) => bodies.every((body) => body.has(word));
  return [...ofA].some((word) => ofB.has(word) || isInBoth(word)) || [...ofB].some(isInBoth);
}

/** Marks of a live page at the beginning of its title, in canonical form. */
const LIVE = [
  'live',
  'en direct',
  'direct',
  'live blog',
  'liveblog',
  'liveticker',
  'en vivo',
  'en directo',
  'in diretta',
  'diretta',
  '直播',
  'ライブ',
];
const live: readonly Uint32Array[] = LIVE.map((mark) => Uint32Array.from(toWordList(mark), (word) => hashWord(word)));

/** Reports whether a title begins with the mark of a live page, which quotes everybody. */
export function isLivePage({ title }: Pick<Profile, 'title'>): boolean {
  return live.some((mark) => title.length > mark.length && mark.every((word, at) => title[at] === word));
}

/** Letters and Roman numbers that count the parts of a series ("Part B", "Volume IV"). */
const counters: ReadonlySet<number> = new Set(
  [...'abcdefghijklmnopqrstuvwxyz'.split(''), 'ii', 'iii', 'iv', 'vi', 'vii', 'viii', 'ix', 'xi', 'xii'].map(hashWord),
);

/** Reports whether two titles are equal but for numbers, days, months and letters that count. */
export function differByNumbersAlone(a: Profile, b: Profile): boolean {
  const [left, right] = [a.title.filter(isNoCounter), b.title.filter(isNoCounter)];
  return left.length > 0 && isEqualList(left, right) && !isEqualList(a.title, b.title);
}

function isNoCounter(word: number): boolean {
  return !isNumberHash(word) && !counters.has(word);
}
