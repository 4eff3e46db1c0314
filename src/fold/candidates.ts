import { createHash } from 'node:crypto';
import type { StoredEntry } from '../model/entry.ts';
import { toWords, wordCount } from './similarity.ts';

/** A title of fewer words is a rubric ("News", "Weekly update"), not a headline. */
const MIN_TITLE_WORDS = 3;
/** A body of fewer words is a phrase that many entries share. */
const MIN_BODY_WORDS = 12;

/** The keys under which an entry looks for its equals: canonical address, whole title, whole text. Each is a letter for its kind and the
 *  start of a SHA-256; equality is checked on the entries themselves. */
export function toFoldKeys(entry: StoredEntry): readonly string[] {
  const title = toWords(entry.revision.title);
  const body = toWords(entry.revision.text);
  return [
    ...(entry.urlKey !== null && entry.homeHost !== null ? [toKey('u', entry.urlKey)] : []),
    ...(wordCount(title) >= MIN_TITLE_WORDS ? [toKey('t', title)] : []),
    ...(wordCount(body) >= MIN_BODY_WORDS ? [toKey('b', body)] : []),
  ];
}

function toKey(kind: 'u' | 't' | 'b', text: string): string {
  return `${kind}${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`;
}
