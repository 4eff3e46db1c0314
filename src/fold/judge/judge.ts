import type { Verdict } from '../../model/story.ts';
import { HOUR_MS } from '../../model/values/time.ts';
import { isEqualList, isFar, measure } from './features.ts';
import type { Commonness, Features } from './features.ts';
import { findGuard, haveOtherKeys } from './guards.ts';
import type { Prepared, Repeated } from './guards.ts';
import { datedAt } from '../prepare/order.ts';
import { saySignals } from './reasons.ts';
import { scoreOf } from './score.ts';

/** How far folding goes. */
export type Level = 'off' | 'keys' | 'careful' | 'normal';

/** Version of the rules, stored with every verdict: the folded texts are prepared anew when it
 *  changes. */
export const RULES = 'text-2';

/** From this probability on two entries fold silently, by level. */
export const THRESHOLDS: Readonly<Record<Level, number>> = { off: Infinity, keys: Infinity, careful: 0.7, normal: 0.6 };
/** From this one on they are shown as related; below it they are apart. */
const RELATED = 0.35;
/** One source seldom posts one article under two ids and two titles: of forty folds of a stream
 *  that were read, four of the six such ones below this were wrong (two events of one society, two
 *  prices of one survey). Titles with this much in common count as one. */
const RENAMED = 0.85;
const SAME_TITLES = 0.75;
/** Bodies with fewer words are too short to keep a whole story apart. */
const TELLING_BODY = 40;
/** A body of fewer words is a phrase that many entries share. */
const MIN_BODY_WORDS = 12;
/** Two mentions of one headline without text are one story only when published this close together:
 *  briefings repeat their titles. */
const HEADLINE_HOURS = 36;
const MIN_HEADLINE_WORDS = 5;
/** A title of fewer words is a rubric ("News", "Weekly update"), not a headline. */
const MIN_TITLE_WORDS = 3;

/** What two entries are judged beside: how common their words are, and what one of their sources
 *  uses for other entries too. */
export interface JudgeContext extends Commonness, Repeated {
  /** false: two entries with next to nothing in common are not measured further, which most
   *  neighbours of an entry are. */
  readonly measuresAll: boolean;
}

/** A verdict, and whether it keeps two entries out of one story for good. */
export interface PairJudgement {
  readonly verdict: Verdict;
  readonly isApart: boolean;
  /** true when a guard has spoken: no likeness folds them. */
  readonly isGuarded: boolean;
}

/** Judges two entries, the later one second (docs/design.md §78). A shared address folds them only
 *  where it is the home of both sources; one that is claimed on somebody else's host, by one of
 *  many polled sources, needs the texts to agree. */
export function judgePair(earlier: Prepared, later: Prepared, context: JudgeContext, level: Level): PairJudgement {
  const [a, b] = [earlier.entry, later.entry];
  if (a.sourceId === b.sourceId && a.identity === b.identity)
    return say('revision', 1, [`same id ${b.identity.slice(0, 200)} in one source`]);
  // Two entries of one source at one address are two articles: versions of one have been told from
  // them before.
  const isUrlEqual = a.sourceId !== b.sourceId && a.urlKey !== null && a.urlKey === b.urlKey;
  if (isUrlEqual && a.homeHost !== null && a.homeHost === b.homeHost && a.sourceId !== b.sourceId && !context.isUrlRepeated)
    return say('same', 1, [`same address ${a.urlKey}, of the home of both sources`]);
  const isTelling = Math.min(earlier.profile.bodyCount, later.profile.bodyCount) >= TELLING_BODY;
  if (!context.measuresAll && !isUrlEqual && isFar(earlier.profile, later.profile, context))
    return say('different', 0, ['little in common'], { isApart: isTelling });
  const features = measure(earlier.profile, later.profile, context);
  const guard = findGuard(earlier, later, features, context);
  const isTitleEqual = features.titleEqual === 1 || features.titleOnly === 1;
  if (level === 'keys') return judgeByKeys(earlier, later, features, guard);
  const score = scoreOf(features);
  const why = [...(isUrlEqual ? [`both name ${b.urlKey ?? ''}`] : []), ...saySignals(features)];
  const isRenamed = a.sourceId === b.sourceId && haveOtherKeys(a, b) && features.titles < SAME_TITLES;
  const needed = isUrlEqual ? RELATED : Math.max(THRESHOLDS[level], isRenamed ? RENAMED : 0);
  const signals = { ...features, threshold: needed };
  if (guard !== null) {
    const isNear = isTitleEqual || isUrlEqual || score >= RELATED;
    return say(isNear ? 'related' : 'different', Math.min(score, RELATED), [guard, ...why], { signals, isGuarded: true });
  }
  const key = a.sourceId === b.sourceId ? null : findTextKey(earlier, later, features);
  if (key !== null) return say('same', key.score, key.why, { signals });
  if (score >= needed) return say(a.sourceId === b.sourceId ? 'revision' : 'same', score, why, { signals });
  if (score >= RELATED || isTitleEqual || isUrlEqual) return say('related', score, why, { signals });
  return say('different', score, why, { signals, isApart: isTelling });
}

/** What folds two entries of two sources by equality alone, guards aside: one text, or one headline
 *  of the same day where one has no text. */
function findTextKey(a: Prepared, b: Prepared, features: Features): { readonly score: number; readonly why: readonly string[] } | null {
  const { bodyCount } = b.profile;
  if (bodyCount >= MIN_BODY_WORDS && a.profile.bodyCount === bodyCount && isEqualList(a.profile.body, b.profile.body))
    return { score: 0.98, why: [`same text of ${bodyCount} words`, ...(features.titleEqual === 1 ? ['same title'] : [])] };
  const hours = Math.abs(datedAt(a.entry) - datedAt(b.entry)) / HOUR_MS;
  if (features.titleOnly === 1 && b.profile.title.length >= MIN_HEADLINE_WORDS && hours <= HEADLINE_HOURS)
    return { score: 0.9, why: ['same title', 'one has no text', `${Math.round(hours)} hours apart`] };
  return null;
}

/** By address, equal text and equal title alone. */
function judgeByKeys(earlier: Prepared, later: Prepared, features: Features, guard: string | null): PairJudgement {
  if (guard !== null) return say('related', RELATED, [guard], { isGuarded: true });
  const key = findTextKey(earlier, later, features);
  if (key !== null) return say('same', key.score, key.why);
  const isContained = features.titleEqual === 1 && features.bodyContained >= 0.9;
  if (isContained && later.profile.title.length >= MIN_TITLE_WORDS)
    return say('same', 0.95, ['same title', 'one text stands in the other']);
  return features.titleEqual === 1 ? say('related', 0.4, ['same title, other text']) : say('different', 0, ['no key in common']);
}

function say(
  label: Verdict['label'],
  score: number,
  why: readonly string[],
  rest: { readonly signals?: Readonly<Record<string, number>>; readonly isApart?: boolean; readonly isGuarded?: boolean } = {},
): PairJudgement {
  const { signals = null, isGuarded = false, isApart = isGuarded } = rest;
  return { verdict: { label, score, why, rules: RULES, signals }, isApart, isGuarded };
}
