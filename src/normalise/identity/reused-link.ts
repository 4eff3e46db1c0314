import type { PriorEntry } from '../../model/entry.ts';
import { DAY_MS } from '../../model/values/time.ts';
import { sharedPart, toPairs } from './shared-words.ts';
import { toComparable } from '../text/text.ts';

/** Below this share of common word pairs, with another title and another day, two texts are two
 *  articles. */
const LITTLE_SHARED = 0.2;

/** Reports whether one link names two articles: another title, another day, little shared text.
 *  `isReusedLink`: the link has named two articles before (a page of daily reports); then the
 *  calendar date decides. Otherwise a day is 24 hours, because a live page continues past
 *  midnight. */
export function isAnotherArticle(
  a: Pick<PriorEntry, 'title' | 'text' | 'published'>,
  b: Pick<PriorEntry, 'title' | 'text' | 'published'>,
  { isReusedLink }: { readonly isReusedLink: boolean },
): boolean {
  if (toComparable(a.title) === toComparable(b.title)) return false;
  if (isReusedLink ? isSameDate(a.published, b.published) : isOneDay(a.published, b.published)) return false;
  if (a.text === '' || b.text === '') return a.published !== null && b.published !== null;
  return sharedPart(toPairs(a.text), toPairs(b.text)).share < LITTLE_SHARED;
}

function isSameDate(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10);
}

function isOneDay(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && Math.abs(a.getTime() - b.getTime()) < DAY_MS;
}
