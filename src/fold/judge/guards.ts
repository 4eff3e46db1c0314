import type { FoldEntry } from '../../model/fold.ts';
import { HOUR_MS, MINUTE_MS } from '../../model/values/time.ts';
import { align, countSwaps } from './alignment.ts';
import { isEqualList, NO_BODY } from './features.ts';
import type { Features } from './features.ts';
import { datedAt } from '../prepare/order.ts';
import type { Profile } from '../prepare/profile.ts';

/** An entry with its prepared text. */
export interface Prepared {
  readonly entry: FoldEntry;
  readonly profile: Profile;
}

/** What the source of one of two entries uses for other entries too: it then names none of them. */
export interface Repeated {
  readonly isUrlRepeated: boolean;
  readonly isTitleRepeated: boolean;
  /** The same body under another title: a podcast's blurb, a site's description. */
  readonly isBodyRepeated: boolean;
}

/** A text that is so many times as long as another is not a version of it, if it begins
 *  otherwise. */
const QUOTING = 1.8;
const BEGINNING = 3;
/** A body of fewer words is a phrase that a source may use again: "All files were copied". */
const SHORT_BODY = 20;
/** Titles of so few words are those of rubrics ("The week in pictures"), which several papers
 *  have. */
const RUBRIC = 4;
/** Two bodies with this many words and none in common are two texts. */
const FEW_WORDS = 8;
/** In bodies of so many words one that is put for another may be a slip. */
const LONG_BODY = 100;
/** Bodies of which so much stands in the same order say the same. */
const NEARLY_ALL = 0.97;

/** Why two entries do not fold, whatever their texts have in common; null when nothing forbids it
 *  (docs/design.md §79). Most are about one source that uses one form for many things: an alert for
 *  each zone, a programme for each hour, a briefing for each day. Known exception: a source that
 *  posts a story again within two hours under another title is taken for two programmes. */
export function findGuard(a: Prepared, b: Prepared, features: Features, repeated: Repeated): string | null {
  const isTitleEqual = features.titleEqual === 1 || features.titleOnly === 1;
  const apart = Math.abs(datedAt(a.entry) - datedAt(b.entry));
  const isOneAddress = a.entry.urlKey !== null && a.entry.urlKey === b.entry.urlKey;
  if ((a.entry.linkPost || b.entry.linkPost) && !isOneAddress) return 'one only points to a page';
  if (features.titles < 0.5 && isQuoted(a.profile, b.profile)) return 'the longer text only quotes the shorter one';
  if (features.titleOnly === 1 && repeated.isTitleRepeated) return 'same title without text, which a source uses again and again';
  if (repeated.isBodyRepeated && !isTitleEqual) return 'same text, which a source uses under several titles';
  if (features.titleOnly === 1 && apart > 72 * HOUR_MS) return `same title without text, ${Math.round(apart / HOUR_MS)} hours apart`;
  const isRubric = features.titleEqual === 1 && a.profile.title.length <= RUBRIC && a.entry.sourceId !== b.entry.sourceId;
  const shorter = Math.min(a.profile.bodyCount, b.profile.bodyCount);
  if (isRubric && shorter >= FEW_WORDS && features.bodyContained < 0.1) return 'same short title, other text';
  if (a.entry.sourceId !== b.entry.sourceId) return null;
  if (isTitleEqual && features.contained < 0.35) return 'same title, other text, of one source: a series';
  const isForm = features.titles < 0.5 && isEqualList(a.profile.body, b.profile.body);
  if (isForm && a.entry.firstSeenAt.getTime() === b.entry.firstSeenAt.getTime())
    return 'one source gives both the same text under other titles';
  if (!haveOtherKeys(a.entry, b.entry)) return null;
  if (apart < 2 * HOUR_MS && features.titles < 0.7) return 'two pieces of one source within two hours, under other titles';
  if (isTogether(a.entry, b.entry) && !saysTheSame(a.profile, b.profile))
    return 'one source published both at once, under other ids and with other texts';
  if (isTitleEqual && features.numbersSwapped > 0 && apart > 6 * HOUR_MS)
    return 'one source, the same title, other numbers: a form that it fills again';
  if (isTitleEqual && shorter < LONG_BODY && apart > 6 * HOUR_MS && !saysTheSame(a.profile, b.profile))
    return 'one source, the same title, other words in a short text: a form that it fills again';
  if (shorter < SHORT_BODY && apart > 12 * HOUR_MS) return 'one source, another day, and too few words to tell: a series';
  return null;
}

/** Reports whether two entries of one source have ids or addresses. Such entries have been told
 *  apart by all that they say, also under one id or address (normalise/recognise.ts). A source
 *  that gives neither says nothing about it. */
export function haveOtherKeys(a: FoldEntry, b: FoldEntry): boolean {
  return (a.guid ?? a.url) !== null && (b.guid ?? b.url) !== null;
}

/** Seen in one reading of a document, or published within the same minute: a version of an entry
 *  comes later than the entry. */
function isTogether(a: FoldEntry, b: FoldEntry): boolean {
  if (a.firstSeenAt.getTime() === b.firstSeenAt.getTime()) return true;
  return a.published !== null && b.published !== null && Math.abs(a.published.getTime() - b.published.getTime()) < MINUTE_MS;
}

/** Whether a much longer text, which begins otherwise, holds the shorter one: a version of an
 *  article begins as it does, or has its title. */
function isQuoted(a: Profile, b: Profile): boolean {
  const [short, long] = a.bodyCount <= b.bodyCount ? [a, b] : [b, a];
  if (short.bodyCount < NO_BODY || long.bodyCount < QUOTING * short.bodyCount) return false;
  return !isEqualList(short.body.subarray(0, BEGINNING), long.body.subarray(0, BEGINNING));
}

/** Whether two bodies are the same but for a slip; numbers must agree. */
function saysTheSame(a: Profile, b: Profile): boolean {
  if (Math.min(a.bodyCount, b.bodyCount) < NO_BODY) return false;
  if (a.bodyCount === b.bodyCount && isEqualList(a.body, b.body)) return true;
  const alignment = align(a.body, b.body);
  const length = Math.min(a.body.length, b.body.length);
  const swaps = countSwaps(alignment, a.body, b.body, () => true);
  // In a short text another word is another thing: a form that is filled with a name.
  return alignment.common >= NEARLY_ALL * length && swaps.numbers === 0 && (length >= LONG_BODY || swaps.words === 0);
}
