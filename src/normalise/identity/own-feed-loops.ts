import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';

/** The feeds that this Newsfold publishes, by the names that other feeds may use. */
export interface OwnFeeds {
  /** The atom:ids of these feeds. */
  readonly ids: ReadonlySet<string>;
  /** Absolute URLs of every document. */
  readonly urls: ReadonlySet<string>;
}

/** Returns the problem of a document that this Newsfold publishes itself, by its own data or by its
 *  address; null for any other. Otherwise Newsfold would publish its own entries again and
 *  again. */
export function findLoop(feed: ParsedFeed, addresses: readonly string[], own: OwnFeeds): Problem | null {
  const isOwn =
    (feed.feedId !== null && own.ids.has(feed.feedId)) || [feed.selfUrl, ...addresses].some((url) => url !== null && isOwnUrl(url, own));
  if (!isOwn) return null;
  const message = 'this Newsfold publishes this feed itself, so nothing is read from it; remove it from the sources';
  return { code: 'source/loop', message };
}

/** Returns the items that do not come from our own feeds, and a problem for each other one. A
 *  planet that reads our feeds publishes our entries, with their origin (RFC 4287 §4.2.11, RSS 2.0
 *  source). */
export function dropOwnItems(
  items: readonly ParsedItem[],
  own: OwnFeeds,
): { readonly items: readonly ParsedItem[]; readonly problems: readonly Problem[] } {
  const kept = items.filter(
    ({ origin }) =>
      !(origin?.id !== null && origin?.id !== undefined && own.ids.has(origin.id)) &&
      !(origin?.url !== null && origin?.url !== undefined && isOwnUrl(origin.url, own)),
  );
  if (kept.length === items.length) return { items, problems: [] };
  const keptItems = new Set(kept);
  const message = 'the entry comes from a feed that this Newsfold publishes itself: left out';
  const problems = items
    .filter((item) => !keptItems.has(item))
    .map(({ url, guid }) => ({ code: 'entry/loop', ...((url ?? guid) !== null && { entry: (url ?? guid ?? '').slice(0, 200) }), message }));
  return { items: kept, problems };
}

/** Returns HTML without the line "Also published by …" that a Newsfold adds below a text. Other
 *  feeds send our own line back, sometimes without its class, and it names other places each time.
 *  Only the last paragraph is examined. */
export function dropOwnFooter(html: string): string {
  let kept = html;
  for (const own of [OWN_FOOTER, OWN_UPDATES]) {
    const start = kept.lastIndexOf('<p');
    if (start >= 0 && kept.length - start <= 20_000 && own.test(kept.slice(start))) kept = kept.slice(0, start).trimEnd();
  }
  return kept;
}

const OWN_FOOTER = /^<p(?:\s[^>]*)?>Also published by <a\s[^<]*<\/a>(?:, <a\s[^<]*<\/a>)*<\/p>\s*(?:<\/div>\s*)?$/;
const OWN_UPDATES = /^<p(?:\s[^>]*)?>Updates: <time\s[^<]*<\/time>[^<]*(?:<time\s[^<]*<\/time>[^<]*)*<\/p>\s*(?:<\/div>\s*)?$/;

function isOwnUrl(url: string, own: OwnFeeds): boolean {
  return own.urls.has(url.replace(/[?#].*$/s, '').replace(/\/$/, ''));
}
