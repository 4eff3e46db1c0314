import { toAsideProblem } from '../model/set-aside.ts';
import type { SetAsideItem } from '../model/set-aside.ts';

/** A set-aside item in words: what, why, since when, and by which version. */
export function toAsideText(item: SetAsideItem): string {
  const { version, at, tries, isOpen } = item;
  const count = tries === 1 ? 'tried once' : `tried ${tries} times`;
  const next = isOpen ? '; the next run tries it again' : '';
  return `${toAsideProblem(item).message} (newsfold ${version}, ${at.toISOString().slice(0, 10)}, ${count}${next})`;
}
