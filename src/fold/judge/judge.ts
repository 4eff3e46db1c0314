import type { Verdict } from '../../model/story.ts';
import { HOUR_MS, MINUTE_MS } from '../../model/values/time.ts';
import { haveOneText, isFar, measure } from './features.ts';
import { isCorrection } from './corrections.ts';
import type { Commonness, Features } from './features.ts';
import { findGuard, haveOtherKeys, TELLING_BODY } from './guards.ts';
import type { Prepared, Repeated } from './guards.ts';
import { datedAt } from '../prepare/order.ts';
import { describeFeatures } from './reasons.ts';
import { scoreOf } from './score.ts';

/** Level of folding that the owner has configured. */
export type Level = 'off' | 'keys' | 'careful' | 'normal';

/** Version of the rules, stored with every verdict. When it changes, stored entries are prepared
 *  again. */
export const RULES = 'text-3';

/** Least probability at which two entries fold, by level. */
export const THRESHOLDS: Readonly<Record<Level, number>> = { off: Infinity, keys: Infinity, careful: 0.7, normal: 0.6 };
/** Least probability at which two entries are shown as related. */
const RELATED = 0.35;
/** Least probability for two headlines without text that are not equal: "Opinion: …" is another
 *  article. Also for two short texts of two sources under other headlines, which may quote one
 *  sentence. Also for two entries of one source with different ids and titles, since a source
 *  seldom publishes one article so. Of forty folds of a stream that were read, six were of this
 *  kind and below this value. Four of the six were wrong (two events of one society, two prices of
 *  one survey). Titles with at least SAME_TITLES in common count as equal. */
const RENAMED = 0.88;
const SAME_TITLES = 0.75;
/** Titles with less in common have nothing in common. */
const OTHER_TITLES = 0.2;
/** Share of the shorter text's phrases from which on the other text contains it. */
const CONTAINED = 0.9;
/** Score of a correction that is marked as one. */
const CORRECTED = 0.95;
/** A body of fewer words is a phrase that many entries share. */
const MIN_BODY_WORDS = 12;
/** Most hours between two entries with one headline of which one has no text: briefings repeat
 *  their titles. */
const HEADLINE_HOURS = 36;
const MIN_HEADLINE_WORDS = 5;
/** A title of fewer words is a rubric ("News", "Weekly update") and not a headline. */
const MIN_TITLE_WORDS = 3;

/** Two entries with what was measured. */
interface Measured {
  readonly features: Features;
  readonly guard: string | null;
  readonly isTitleEqual: boolean;
  readonly isUrlEqual: boolean;
  /** true when both texts are long enough to keep a whole story apart. */
  readonly isTelling: boolean;
  readonly level: Level;
}

/** The facts beside which two entries are judged: the rarity of their words, and the data that
 *  their sources repeat. */
export interface JudgeContext extends Commonness, Repeated {
  /** false: entries with next to nothing in common are not measured further. Most neighbours are
   *  such entries. */
  readonly measuresAll: boolean;
}

/** A verdict on two entries, with its effect on their stories. */
export interface PairJudgement {
  readonly verdict: Verdict;
  /** true when the two entries must never be in one story. */
  readonly isApart: boolean;
  /** true when a guard has decided; then no similarity folds the entries. */
  readonly isGuarded: boolean;
}

/** Judges two entries, the later one second (docs/design.md §78). A shared address folds them only
 *  when it is at the home of both sources. Any source can claim an address of another host, so such
 *  entries also need similar texts. */
export function judgePair(earlier: Prepared, later: Prepared, context: JudgeContext, level: Level): PairJudgement {
  const [a, b] = [earlier.entry, later.entry];
  if (a.sourceId === b.sourceId && a.identity === b.identity)
    return say('revision', 1, [`same id ${b.identity.slice(0, 200)} in one source`]);
  const post = a.sourceId === b.sourceId ? findSamePost(earlier, later) : null;
  if (post !== null) return say('revision', 0.98, post);
  // Two entries of one source at one address are two articles, because re-identification has
  // already joined versions of one.
  const isElsewhere = a.sourceId !== b.sourceId;
  // An address that several entries of its source have is none.
  const isUrlEqual = isElsewhere && a.urlKey !== null && a.urlKey === b.urlKey && !context.isUrlRepeated;
  if (isUrlEqual && a.homeHost !== null && a.homeHost === b.homeHost)
    return say('same', 1, [`same address ${a.urlKey}, at the home of both sources`]);
  const isTelling = isLongEnough(earlier, later);
  if (!context.measuresAll && !isUrlEqual && isFar(earlier.profile, later.profile, context))
    return say('different', 0, ['the texts have little in common'], { isApart: isTelling });
  const features = { ...measure(earlier.profile, later.profile, context), isElsewhere: isElsewhere ? 1 : 0 };
  const guard = findGuard(earlier, later, features, context);
  const isTitleEqual = features.titleEqual === 1 || features.titleOnly === 1;
  const judgement = judgeTexts(earlier, later, { features, guard, isTitleEqual, isUrlEqual, isTelling, level });
  return level === 'keys' ? onlyByKey(earlier, later, features, judgement) : judgement;
}

/** Judges two entries whose texts have been measured. */
function judgeTexts(earlier: Prepared, later: Prepared, measured: Measured): PairJudgement {
  const { features, guard, isTitleEqual, isUrlEqual, isTelling } = measured;
  const level = measured.level === 'keys' ? 'careful' : measured.level;
  const [a, b] = [earlier.entry, later.entry];
  const isElsewhere = a.sourceId !== b.sourceId;
  const score = scoreOf(features);
  const why = [...(isUrlEqual ? [`both name ${b.urlKey ?? ''}`] : []), ...describeFeatures(features)];
  const isRenamed = !isElsewhere && haveOtherKeys(a, b) && features.titles < SAME_TITLES;
  const isOtherHeadline = features.noBody === 1 && features.titleOnly === 0;
  const isShortCopy = isElsewhere && !isLongEnough(earlier, later) && mayBeQuotation(earlier, later, features);
  const needed = isUrlEqual ? RELATED : Math.max(THRESHOLDS[level], isRenamed || isOtherHeadline || isShortCopy ? RENAMED : 0);
  const signals = { ...features, threshold: needed };
  if (guard !== null) {
    const isNear = isTitleEqual || isUrlEqual || score >= RELATED;
    return say(isNear ? 'related' : 'different', Math.min(score, RELATED), [guard, ...why], { signals, isGuarded: true });
  }
  if (!isElsewhere && isCorrection(earlier.profile, later.profile, features))
    return say('revision', CORRECTED, ['one is marked as a correction of the other', ...why], { signals });
  const key = isElsewhere ? findTextKey(earlier, later, features) : null;
  if (key !== null) return say('same', key.score, key.why, { signals });
  if (score >= needed) return say(isElsewhere ? 'same' : 'revision', score, why, { signals });
  if (score >= RELATED || isTitleEqual || isUrlEqual) return say('related', score, why, { signals });
  return say('different', score, why, { signals, isApart: isTelling });
}

/** Reports whether two short texts may quote one sentence. Their headlines differ, and neither text
 *  contains the other, or their headlines have nothing in common. */
function mayBeQuotation(a: Prepared, b: Prepared, { noBody, titles, bodyContained, aligned }: Features): boolean {
  const haveTitles = a.profile.title.length > 0 && b.profile.title.length > 0;
  const isContained = titles >= OTHER_TITLES && (bodyContained >= CONTAINED || aligned >= CONTAINED);
  return noBody === 0 && haveTitles && titles < SAME_TITLES && !isContained;
}

function isLongEnough(a: Prepared, b: Prepared): boolean {
  return Math.min(a.profile.bodyCount, b.profile.bodyCount) >= TELLING_BODY;
}

/** Returns why two entries of one source without titles are one post: one text, at one time. A bot
 *  may repeat a text on another day. Null when they are not. */
function findSamePost(a: Prepared, b: Prepared): readonly string[] | null {
  const { title, bodyCount } = b.profile;
  if (a.profile.title.length + title.length > 0 || bodyCount < MIN_BODY_WORDS || !haveOneText(a.profile, b.profile)) return null;
  const isAtOnce = Math.abs(datedAt(a.entry) - datedAt(b.entry)) < MINUTE_MS;
  return isAtOnce ? [`same text of ${bodyCount} words`, 'no titles', 'at the same time'] : null;
}

/** Returns the verdict when equality alone folds entries of two sources, and no guard forbids it.
 *  They have one text, or one headline of the same day when one entry has no text. */
function findTextKey(a: Prepared, b: Prepared, features: Features): { readonly score: number; readonly why: readonly string[] } | null {
  const { bodyCount } = b.profile;
  if (bodyCount >= MIN_BODY_WORDS && haveOneText(a.profile, b.profile))
    return { score: 0.98, why: [`same text of ${bodyCount} words`, ...(features.titleEqual === 1 ? ['same title'] : [])] };
  const hours = Math.abs(datedAt(a.entry) - datedAt(b.entry)) / HOUR_MS;
  if (features.titleOnly === 1 && b.profile.title.length >= MIN_HEADLINE_WORDS && hours <= HEADLINE_HOURS)
    return { score: 0.9, why: ['same title', 'one has no text', `${Math.round(hours)} hours apart`] };
  return null;
}

/** Returns the judgement of level `keys`. Entries fold that `careful` folds, if they have a key in
 *  common: an address, a text or a headline. */
function onlyByKey(earlier: Prepared, later: Prepared, features: Features, careful: PairJudgement): PairJudgement {
  const { label } = careful.verdict;
  if (label !== 'same' && label !== 'revision') return careful;
  const { signals } = careful.verdict;
  const key = findTextKey(earlier, later, features);
  if (key !== null) return say(label, key.score, key.why, { signals });
  const isContained = features.titleEqual === 1 && features.bodyContained >= CONTAINED;
  if (isContained && later.profile.title.length >= MIN_TITLE_WORDS)
    return say(label, 0.95, ['same title', 'one text contains the other'], { signals });
  return say('related', RELATED, ['no key in common', ...careful.verdict.why], { signals });
}

function say(
  label: Verdict['label'],
  score: number,
  why: readonly string[],
  rest: { readonly signals?: Readonly<Record<string, number>> | null; readonly isApart?: boolean; readonly isGuarded?: boolean } = {},
): PairJudgement {
  const { signals = null, isGuarded = false, isApart = isGuarded } = rest;
  return { verdict: { label, score, why, rules: RULES, signals }, isApart, isGuarded };
}
