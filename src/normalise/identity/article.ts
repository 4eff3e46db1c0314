import type { PriorEntry } from '../../model/entry.ts';
import { readDate } from '../dates/date.ts';
import type { IdentifiedItem } from './identity.ts';
import { hashVersion } from './text-hash.ts';
import { toComparable, htmlToText } from '../text/text.ts';
import { toPlainTitle } from '../text/title.ts';
import { toItemKey } from './url.ts';

/** An item of a document, or an entry of the store, as far as the two are compared. */
export interface Article {
  readonly guid: string | null;
  /** The identity that the store has it under, or that its document gives it. */
  readonly identity: string;
  /** The address as sent; null when there is none, or it is kept no longer. */
  readonly url: string | null;
  readonly urlKey: string | null;
  /** In comparable form; the empty string when there is none. */
  readonly title: string;
  /** Beginning of the plain text. */
  readonly text: string;
  /** Of title and text (normalise/text-hash.ts). */
  readonly hash: string;
  readonly published: Date | null;
}

/** An item, read for comparison; its text, which costs most, only when that is to be compared. */
export function toArticle(
  { item, identity, guid }: Pick<IdentifiedItem, 'item' | 'identity' | 'guid'>,
  { withText }: { readonly withText: boolean },
): Article {
  const title = toPlainTitle(item.title, item.titleType);
  const text = withText ? htmlToText(item.html ?? item.summary ?? '') : '';
  const { url } = item;
  return {
    guid,
    identity,
    url,
    urlKey: toItemKey(item),
    title: toComparable(title),
    text,
    hash: withText ? hashVersion(title, text, item.html ?? item.summary) : '',
    published: readDate([item.published, ...(item.spareDates?.published ?? [])])?.date ?? null,
  };
}

/** An entry, read for comparison. */
export function toStoredArticle(entry: PriorEntry): Article {
  return { ...entry, title: toComparable(entry.title) };
}

/** The page that an address names, with the place on it; null for a home page, which stands for
 *  nothing in particular. */
export function toLinkName({ url, urlKey }: Article): string | null {
  const fragment = /#[^/!].*$/s.exec(url ?? '')?.[0] ?? '';
  if (urlKey === null && fragment === '') return null;
  return `${urlKey ?? ''}${fragment}`;
}
