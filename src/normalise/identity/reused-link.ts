import type { PriorEntry } from '../../model/entry.ts';
import { isWithinDay } from '../../model/values/time.ts';
import { sharedPart, toPairs, UNLIKE } from './shared-words.ts';
import { toComparable } from '../text/text.ts';

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
  if (isReusedLink ? isSameDate(a.published, b.published) : isWithinDay(a.published, b.published)) return false;
  if (a.text === '' || b.text === '') return a.published !== null && b.published !== null;
  return sharedPart(toPairs(a.text), toPairs(b.text)).share < UNLIKE;
}

function isSameDate(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10);
}
