import type { PriorEntry } from '../../model/entry.ts';
import { DAY_MS } from '../../model/values/time.ts';
import { sharedPart, toPairs } from './shared-words.ts';
import { toComparable } from '../text/text.ts';

/** Below this share of common word pairs, under another title and on another day, two texts are two
 *  articles. */
const LITTLE_SHARED = 0.2;

/** Reports whether one link names two articles: another title, another day, little shared text.
 *  If it has done so before (`isReusedLink`: a page of daily reports), the date alone makes the
 *  day. Else a day has 24 hours, since a live page goes on past midnight. */
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
