import type { FoldEntry } from '../../model/fold.ts';
import { HOUR_MS, MINUTE_MS } from '../../model/values/time.ts';
import { align, countSwaps } from './alignment.ts';
import { haveOneText, isEqualList, NO_BODY } from './features.ts';
import type { Commonness, Features } from './features.ts';
import { isCorrection } from './corrections.ts';
import { isComment, isQuoted, MOSTLY } from './quoting.ts';
import { differByNumbersAlone, haveSubjectInCommon, isLivePage, tellingWords } from './titles.ts';
import { datedAt } from '../prepare/order.ts';
import type { Profile } from '../prepare/profile.ts';

/** An entry with its prepared text. */
export interface Prepared {
  readonly entry: FoldEntry;
  readonly profile: Profile;
}

/** Data of one of two entries that its source also uses for other entries. Such data identify no
 *  entry. */
export interface Repeated {
  /** true when other entries have the same address. */
  readonly isUrlRepeated: boolean;
  /** true when other entries have the same title. */
  readonly isTitleRepeated: boolean;
  /** true when other entries have the same body under another title: a podcast's blurb, a site's
   *  description. */
  readonly isBodyRepeated: boolean;
}

/** A headline without text needs this many words that name a subject. */
const TELLING_WORDS = 2;
/** Bodies with fewer words are too short to be one article under titles that have nothing in
 *  common. */
const SHORT_COPY = 60;
/** Bodies with fewer words are too short to keep a whole story apart. */
export const TELLING_BODY = 40;
/** A body of fewer words is a phrase that a source may use again: "All files were copied". */
const SHORT_BODY = 20;
/** Titles of at most this many words are rubrics ("The week in pictures") that several papers
 *  have. */
const RUBRIC = 4;
/** Two bodies with this many words and none in common are two texts. */
const FEW_WORDS = 8;
/** In bodies of at least this many words, one replaced word may be a slip. */
const LONG_BODY = 100;
/** Bodies with at least this share of words in the same order are equal. */
const NEARLY_ALL = 0.97;

/** The facts beside which a guard decides. */
type GuardContext = Repeated & Pick<Commonness, 'rarityOf'>;

/** Returns why two entries do not fold, whatever their texts have in common; null when no guard
 *  forbids it (docs/design.md §79). Most guards concern a source that uses one form for many
 *  things. Examples are an alert for each zone, a programme for each hour, a briefing for each day.
 *  Known error: an article published again within two hours under another title counts as two
 *  programmes. */
export function findGuard(a: Prepared, b: Prepared, features: Features, repeated: GuardContext): string | null {
  const isUrlEqual = a.entry.urlKey !== null && a.entry.urlKey === b.entry.urlKey;
  if ((a.entry.linkPost || b.entry.linkPost) && !isUrlEqual) return 'one entry only links to a page';
  const guard = findTextGuard(a, b, features, repeated);
  if (guard !== null || a.entry.sourceId !== b.entry.sourceId) return guard;
  return isCorrection(a.profile, b.profile, features) ? null : findSourceGuard(a, b, features, repeated);
}

/** Returns why the texts of two entries of any sources are not one. */
function findTextGuard(a: Prepared, b: Prepared, features: Features, context: GuardContext): string | null {
  const isTitleEqual = features.titleEqual === 1 || features.titleOnly === 1;
  const apart = Math.abs(datedAt(a.entry) - datedAt(b.entry));
  const shorter = Math.min(a.profile.bodyCount, b.profile.bodyCount);
  const isElsewhere = a.entry.sourceId !== b.entry.sourceId;
  if (features.titles < 0.5 && isQuoted(a.profile, b.profile)) return 'the longer text only quotes the shorter one';
  if (isElsewhere && !isTitleEqual && isLivePage(a.profile) !== isLivePage(b.profile))
    return 'one is a live page, which quotes many others';
  if (features.titles >= 0.5 && isElsewhere && features.bodyContained < MOSTLY && isComment(a.profile, b.profile))
    return 'one text adds more of its own than it takes over';
  if (features.titleOnly === 1 && context.isTitleRepeated) return 'same title without text, and a source uses that title again and again';
  if (features.titleOnly === 1 && isElsewhere && tellingWords(a.profile, context).size < TELLING_WORDS)
    return 'same title without text, and the title is one of every day';
  if (context.isBodyRepeated && !isTitleEqual) return 'same text, and a source uses that text under several titles';
  if (features.titleOnly === 1 && apart > 72 * HOUR_MS) return `same title without text, ${Math.round(apart / HOUR_MS)} hours apart`;
  if (isRubric(a.profile, features) && isElsewhere && shorter >= FEW_WORDS && features.bodyContained < 0.1)
    return 'same short title, other text';
  if (features.noBody === 0 && shorter < SHORT_COPY && !haveSubjectInCommon(a.profile, b.profile, context))
    return 'a short text under titles that have nothing in common';
  return null;
}

/** Returns why two entries of one source are two articles. */
function findSourceGuard(a: Prepared, b: Prepared, features: Features, context: GuardContext): string | null {
  const isTitleEqual = features.titleEqual === 1 || features.titleOnly === 1;
  const apart = Math.abs(datedAt(a.entry) - datedAt(b.entry));
  const shorter = Math.min(a.profile.bodyCount, b.profile.bodyCount);
  if (isTitleEqual && features.contained < 0.35) return 'same title, other text, of one source: a series';
  const isForm = features.titles < 0.5 && isEqualList(a.profile.body, b.profile.body);
  if (isForm && a.entry.firstSeenAt.getTime() === b.entry.firstSeenAt.getTime())
    return 'one source gives both the same text under other titles';
  if (isTitleEqual && features.numbersSwapped > 0 && apart > 6 * HOUR_MS)
    return 'one source, the same title, other numbers: a template that it fills in again';
  if (apart > 6 * HOUR_MS && differByNumbersAlone(a.profile, b.profile))
    return 'one source, titles that differ in a number or a day: a series';
  if (!haveOtherKeys(a.entry, b.entry)) return null;
  if (apart < 2 * HOUR_MS && features.titles < 0.7) return 'two entries of one source within two hours, under other titles';
  if (areSimultaneous(a.entry, b.entry) && !saysTheSame(a.profile, b.profile))
    return 'one source published both at once, under other ids and with other texts';
  if (isForm && shorter < LONG_BODY && !haveSubjectInCommon(a.profile, b.profile, context))
    return 'one source, the same short text under other titles';
  const isUsualTitle = context.isTitleRepeated || (isRubric(a.profile, features) && areSimultaneous(a.entry, b.entry));
  if (isTitleEqual && isUsualTitle && shorter < SHORT_BODY)
    return 'one source, a title that it gives to several entries, and too few words to compare';
  if (isTitleEqual && shorter < LONG_BODY && apart > 6 * HOUR_MS && !saysTheSame(a.profile, b.profile))
    return 'one source, the same title, other words in a short text: a template that it fills in again';
  if (shorter < SHORT_BODY && apart > 12 * HOUR_MS) return 'one source, another day, and too few words to compare: a series';
  return null;
}

/** Reports whether two equal titles are so short that they may be a rubric. */
function isRubric({ title }: Profile, { titleEqual }: Features): boolean {
  return titleEqual === 1 && title.length <= RUBRIC;
}

/** Reports whether both entries of one source have an id or an address. Re-identification has
 *  compared such entries and told them apart (normalise/identity/reidentify.ts). For a source that
 *  gives neither, nothing is known. */
export function haveOtherKeys(a: FoldEntry, b: FoldEntry): boolean {
  return (a.guid ?? a.url) !== null && (b.guid ?? b.url) !== null;
}

/** Reports whether two entries of one source came in one reading of a document, stood together in
 *  one, or were published within one minute. A version of an entry comes in its place. */
function areSimultaneous(a: FoldEntry, b: FoldEntry): boolean {
  const [older, newer] = a.no < b.no ? [a, b] : [b, a];
  if (newer.listedFrom !== null && older.no >= newer.listedFrom) return true;
  if (a.firstSeenAt.getTime() === b.firstSeenAt.getTime()) return true;
  return a.published !== null && b.published !== null && Math.abs(a.published.getTime() - b.published.getTime()) < MINUTE_MS;
}

/** Reports whether two bodies are the same except for a slip; numbers must agree. */
function saysTheSame(a: Profile, b: Profile): boolean {
  if (Math.min(a.bodyCount, b.bodyCount) < NO_BODY) return false;
  if (haveOneText(a, b)) return true;
  const alignment = align(a.body, b.body);
  const length = Math.min(a.body.length, b.body.length);
  const swaps = countSwaps(alignment, a.body, b.body, () => true);
  // In a short text another word means another thing: the text is a form that is filled with a
  // name.
  return alignment.common >= NEARLY_ALL * length && swaps.numbers === 0 && (length >= LONG_BODY || swaps.words === 0);
}
