import type { PriorEntry } from '../../model/entry.ts';
import { readDate } from '../dates/date.ts';
import { isFarAhead } from '../poll-facts.ts';
import type { IdentifiedItem } from './identity.ts';
import { hashVersion } from './text-hash.ts';
import { toComparable, htmlToText } from '../text/text.ts';
import { toPlainTitle } from '../text/title.ts';
import { toItemKey } from './url.ts';

/** An item of a document, or an entry of the store, in the form in which the two are compared. */
export interface Article {
  /** guid as sent; null for none. */
  readonly guid: string | null;
  /** The stored identity of an entry; for an item, the identity that its document gives it. */
  readonly identity: string;
  /** The address as sent; null when there is none or the entry is pruned. */
  readonly url: string | null;
  /** The address in canonical form; null for none or a home page. */
  readonly urlKey: string | null;
  /** In comparable form; the empty string when there is none. */
  readonly title: string;
  /** Beginning of the plain text; the empty string when there is none or it is not needed. */
  readonly text: string;
  /** Hash of title and text (normalise/identity/text-hash.ts). */
  readonly hash: string;
  /** null when unknown. */
  readonly published: Date | null;
}

/** Returns an item in the form for comparison. Its text is read only on demand, since that costs
 *  most. A date that is far ahead of the reading at `seenAt` counts as unknown, because the entry
 *  has the date of its first sight. */
export function toArticle(
  { item, identity, guid }: Pick<IdentifiedItem, 'item' | 'identity' | 'guid'>,
  { withText, seenAt }: { readonly withText: boolean; readonly seenAt: Date },
): Article {
  const title = toPlainTitle(item.title, item.titleType);
  const text = withText ? htmlToText(item.html ?? item.summary ?? '') : '';
  const { url } = item;
  const published = readDate([item.published, ...(item.spareDates?.published ?? [])])?.date ?? null;
  return {
    guid,
    identity,
    url,
    urlKey: toItemKey(item),
    title: toComparable(title),
    text,
    hash: withText ? hashVersion(title, text, item.html ?? item.summary) : '',
    published: published !== null && isFarAhead(published, seenAt) ? null : published,
  };
}

/** Returns an entry in the form for comparison. */
export function toStoredArticle(entry: PriorEntry): Article {
  return { ...entry, title: toComparable(entry.title) };
}

/** Returns the page of an address with the position on it; null for a home page without a position,
 *  which identifies no article. */
export function toLinkName({ url, urlKey }: Article): string | null {
  const fragment = /#[^/!].*$/s.exec(url ?? '')?.[0] ?? '';
  if (urlKey === null && fragment === '') return null;
  return `${urlKey ?? ''}${fragment}`;
}
