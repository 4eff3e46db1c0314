import type { StoredEntry } from '../model/entry.ts';
import type { Verdict } from '../model/story.ts';
import { datedAt } from './place.ts';
import { agrees, toWords, wordCount } from './similarity.ts';

/** Version of the rules, stored with every verdict. */
export const RULES = 'keys-1';

/** Two mentions of one headline without text are one story only when published this close together: briefings repeat their titles. */
const HEADLINE_MS = 36 * 3_600_000;
/** A body of fewer words counts as empty (folding/METHODS.md, noBody). */
const EMPTY_BODY_WORDS = 5;

/** Judges two entries of different sources that share a fold key (DESIGN §6.1). `isAmbiguous`: one source has the key twice.
 *  Requirements: a polled source cannot capture another's story by naming its address, so a URL counts only between sources of one home
 *  host; a link post never folds by its title; a title alone folds only headlines of the same day. */
export function compare(earlier: StoredEntry, later: StoredEntry, key: string, options: { isAmbiguous: boolean }): Verdict {
  if (earlier.sourceId === later.sourceId) return verdict('different', 0, 'two entries of one source');
  const [a, b] = [toWords(earlier.revision.text), toWords(later.revision.text)];
  const isTitleEqual = toWords(earlier.revision.title) === toWords(later.revision.title);
  if (key.startsWith('u')) {
    const isOwn = earlier.homeHost !== null && earlier.homeHost === later.homeHost && earlier.urlKey === later.urlKey;
    if (!isOwn) return verdict('related', 0.5, `both name ${later.urlKey ?? 'an address'}, which is not for both to claim`);
    if (options.isAmbiguous) return verdict('related', 0.5, `same address ${later.urlKey}, but a source has it twice`);
    return verdict('same', 1, `same address ${later.urlKey}, of the home of both sources`);
  }
  if (key.startsWith('b')) {
    if (a !== b) return verdict('different', 0, 'texts differ');
    if (options.isAmbiguous && !isTitleEqual) return verdict('related', 0.5, 'same text, but a source uses it for several entries');
    return verdict('same', 0.98, `same text of ${wordCount(a)} words`, ...(isTitleEqual ? ['same title'] : []));
  }
  if (!isTitleEqual) return verdict('different', 0, 'titles differ');
  if (earlier.linkPost || later.linkPost) return verdict('related', 0.5, 'same title, but one only points to a page');
  const isOneEmpty = Math.min(wordCount(a), wordCount(b)) < EMPTY_BODY_WORDS;
  if (!isOneEmpty && agrees(a, b))
    return verdict('same', a === b ? 0.98 : 0.95, 'same title', a === b ? 'same text' : 'one text stands in the other');
  if (!isOneEmpty) return verdict('related', 0.4, 'same title, other text');
  if (options.isAmbiguous) return verdict('related', 0.4, 'same title without text, but a source uses it for several entries');
  const apart = Math.abs(datedAt(earlier) - datedAt(later));
  if (apart > HEADLINE_MS) return verdict('related', 0.4, `same title without text, ${Math.round(apart / 3_600_000)} hours apart`);
  return verdict('same', 0.9, 'same title', 'one has no text', `${Math.round(apart / 3_600_000)} hours apart`);
}

function verdict(label: Verdict['label'], score: number, ...why: readonly string[]): Verdict {
  return { label, score, why, rules: RULES };
}
