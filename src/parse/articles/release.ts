import { DATE_REMEDY } from '../../model/release.ts';
import type { Release, ReleaseFault, WrittenDate } from '../../model/release.ts';
import { isKnownKey } from './front-matter.ts';
import type { FrontValue, FrontValues } from './front-values.ts';

/** Keys that make an article a draft when their value is true. */
const DRAFT_KEYS = ['draft', 'isdraft', 'private', 'unpublished', 'pending'];
/** Keys of other programs that count only with a known word as value. */
const LOOSE_KEYS = ['state', 'visibility', 'poststatus', 'workflowstate'];
/** Keys of other programs that count only when they are true: the article is held back or unlisted
 *  (Docusaurus, Hugo, Eleventy). */
const HIDING_KEYS = toKeys(
  'hidden ishidden isprivate unlisted wip hold onhold embargoed scheduled headless eleventyexcludefromcollections',
);
/** Keys of other programs that count only when they are false (Obsidian, Eleventy and others). */
const SHOWING_KEYS = ['publish', 'public', 'ispublished', 'ispublic', 'live', 'islive', 'permalink'];
/** Dates before which an article is not shown, in the spelling of Hugo, Astro, Ghost and others.
 *  They override `date`. */
const FROM_KEYS = toKeys(
  'publishdate publisheddate publicationdate datepublished pubdate publish publishat publishedat publishon publishedon publishafter',
  'scheduled scheduledfor scheduledat embargo embargodate embargountil',
);
const UNTIL_KEYS = toKeys(
  'expirydate expiry expire expires expiresat expireson expirationdate expiration unpublishdate unpublishat unpublishon',
);
/** Keys whose value is a date or a boolean. */
const MIXED_KEYS = new Set(['published', 'publish', 'embargo', 'scheduled']);
const CHANGED_KEYS = ['updated', 'modified', 'lastmod'];

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);
const HELD = new Set(['draft', 'private', 'pending', 'unpublished', 'review']);
/** Values that hold an article back in keys of other programs, whose other values are ignored. */
const HELD_ELSEWHERE = new Set([...HELD, 'scheduled', 'hidden', 'unlisted', 'internal', 'password', 'wip', 'embargoed']);
const SHOWN = new Set(['published', 'public', 'live', 'final', 'publish']);

function toKeys(...lists: readonly string[]): readonly string[] {
  return lists.flatMap((list) => list.split(' '));
}

/** Returns when an article may be shown, by the values of its front matter or meta elements.
 *  `nameDate` is the date in the file name; null for none. A value of unknown form is a fault,
 *  because it may hold the article back. */
export function readRelease(values: FrontValues, nameDate: string | null): Release {
  const faults: ReleaseFault[] = [];
  const drafts = [...DRAFT_KEYS, 'published', 'status', 'embargo', ...LOOSE_KEYS, ...HIDING_KEYS, ...SHOWING_KEYS].flatMap((key) => {
    const found = values.get(key);
    return found ? (readDraft(key, found, faults) ?? []) : [];
  });
  if (drafts.length === 0) faults.push(...findDoubts(values));
  const readDates = (...keys: readonly string[]) => keys.flatMap((key) => toSaidDate(key, values.get(key), faults) ?? []);
  const [from, dated, until, changed] = [
    readDates(...FROM_KEYS),
    readDates('date', 'published'),
    readDates(...UNTIL_KEYS),
    readDates(...CHANGED_KEYS),
  ];
  const named: WrittenDate[] = nameDate === null ? [] : [{ key: 'file name', text: nameDate, line: null }];
  const chosen = [from, dated, named].find((dates) => dates.length > 0) ?? [];
  return {
    faults,
    draft: drafts[0] ?? null,
    from: chosen,
    until: until[0] ?? null,
    others: [...(chosen === from ? dated : []), ...until.slice(1), ...changed],
  };
}

/** Returns faults for unknown keys that look like a draft key: misspelt, or with a draft word as
 *  value. */
function findDoubts(values: FrontValues): ReleaseFault[] {
  return [...values.values()].flatMap(({ key, value, line }) => {
    const word = toWord(value);
    if (word === null || isKnownKey(key)) return [];
    const letters = key.toLowerCase().replace(/[^a-z]/g, '');
    const isMisspelt = (TRUE.has(word) && isNearly(letters, 'draft')) || (FALSE.has(word) && isNearly(letters, 'published'));
    if (!isMisspelt && word !== 'draft' && word !== 'unpublished') return [];
    const cause = `${key.slice(0, 60)} is not a known key, but looks as if it should hold the article back`;
    return [{ code: 'article/draft', line, cause, mend: 'write draft: true or draft: false' }];
  });
}

/** Reports whether two words differ by at most one letter that is missing, extra, wrong or swapped
 *  with its neighbour. */
function isNearly(word: string, wanted: string): boolean {
  if (Math.abs(word.length - wanted.length) > 1) return false;
  let start = 0;
  while (start < wanted.length && word[start] === wanted[start]) start++;
  const rest = (text: string, from: number) => text.slice(start + from);
  const isSwapped = word[start] === wanted[start + 1] && word[start + 1] === wanted[start] && rest(word, 2) === rest(wanted, 2);
  return isSwapped || rest(word, 1) === rest(wanted, 1) || rest(word, 0) === rest(wanted, 1) || rest(word, 1) === rest(wanted, 0);
}

/** Returns the words that make the article a draft; null for none. */
function readDraft(key: string, { key: written, value, line }: FrontValue, faults: ReleaseFault[]): Release['draft'] {
  const word = toWord(value);
  const reason = { said: `${written}: ${word}`, line };
  if (LOOSE_KEYS.includes(key)) return word !== null && HELD_ELSEWHERE.has(word) ? reason : null;
  if (HIDING_KEYS.includes(key)) return word !== null && TRUE.has(word) ? reason : null;
  if (SHOWING_KEYS.includes(key)) return word !== null && FALSE.has(word) ? reason : null;
  if (key === 'status') {
    if (word !== null && HELD.has(word)) return reason;
    if (word === null || !SHOWN.has(word)) faults.push(toFault('article/status', written, value, line, statusMend));
    return null;
  }
  if (key === 'published' || key === 'embargo') {
    if (word !== null && (key === 'published' ? FALSE : TRUE).has(word)) return reason;
    // Any other value is read as a date.
    return null;
  }
  if (word !== null && TRUE.has(word)) return reason;
  if (word === null || !FALSE.has(word)) faults.push(toFault('article/draft', written, value, line, 'write true or false'));
  return null;
}

const statusMend = 'write published, public, live or final, or draft, private, pending, unpublished or review';

/** Returns a date as written; null when the key is absent or its value is no date. */
function toSaidDate(key: string, found: FrontValue | undefined, faults: ReleaseFault[]): WrittenDate | null {
  if (!found) return null;
  const { key: written, value, line } = found;
  const word = toWord(value);
  const isBoolean = MIXED_KEYS.has(key) && word !== null && (TRUE.has(word) || FALSE.has(word));
  if (isBoolean) return null;
  if (typeof value === 'string' && value.trim() !== '') return { key: written, text: value.trim(), line };
  if (typeof value === 'number') return { key: written, text: String(value), line };
  // An empty `date:` comes from a template and is ignored. An empty `publishDate:` or `published:`
  // shows that the date is not decided yet.
  const mayBeEmpty = !FROM_KEYS.includes(key) && key !== 'published';
  const isEmpty = value === null || value === undefined || value === '' || (typeof value === 'string' && value.trim() === '');
  if (!(isEmpty && mayBeEmpty)) faults.push(toFault('article/date', written, value, line, DATE_REMEDY));
  return null;
}

function toFault(code: string, key: string, value: unknown, line: number | null, mend: string): ReleaseFault {
  const isEmpty = value === undefined || value === null || value === '';
  const cause = isEmpty ? `${key} has no value` : `${key} has the unknown value ${(JSON.stringify(value) ?? '?').slice(0, 60)}`;
  return { code, line, cause, mend };
}

function toWord(value: unknown): string | null {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : null;
}
