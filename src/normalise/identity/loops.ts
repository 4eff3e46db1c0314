import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';

/** The feeds that this Newsfold publishes, as others may name them. */
export interface OwnFeeds {
  /** atom:ids. */
  readonly ids: ReadonlySet<string>;
  /** Absolute URLs of every document. */
  readonly urls: ReadonlySet<string>;
}

/** The problem of a document that is one of our own, as it says or by where it came from: we would
 *  publish ourselves, again and again. null for every other one. */
export function findLoop(feed: ParsedFeed, addresses: readonly string[], own: OwnFeeds): Problem | null {
  const isOwn =
    (feed.feedId !== null && own.ids.has(feed.feedId)) || [feed.selfUrl, ...addresses].some((url) => url !== null && isOwnUrl(url, own));
  if (!isOwn) return null;
  const message = 'this is a feed that this Newsfold publishes itself: nothing is taken from it; remove it from the sources';
  return { code: 'source/loop', message };
}

/** The items that do not come from one of our own feeds, and a problem for each that does. A
 *  planet that has us among its sources gives our entries back to us (RFC 4287 §4.2.11, RSS 2.0
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
  const left = new Set(kept);
  const message = 'the entry comes from a feed that this Newsfold publishes itself: left out';
  const problems = items
    .filter((item) => !left.has(item))
    .map(({ url, guid }) => ({ code: 'entry/loop', ...((url ?? guid) !== null && { entry: (url ?? guid ?? '').slice(0, 200) }), message }));
  return { items: kept, problems };
}

/** HTML without the line "Also published by …" that a Newsfold puts below it: our words come back
 *  to us through others, who may have stripped its class, and it names other places each time.
 *  Looks at the last paragraph alone. */
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
