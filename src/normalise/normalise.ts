import type { Entry, EntryChange, PriorEntry, KnownEntry } from '../model/entry.ts';
import type { Problem } from '../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../model/parsed.ts';
import type { SourceDescription } from '../model/source.ts';
import { readDates } from './dates/entry-dates.ts';
import type { IdentifiedItem } from './identity/identity.ts';
import { isLinkPost } from './text/link-post.ts';
import { dropOwnFooter } from './identity/own-feed-loops.ts';
import type { NormaliseContext } from './normalise-context.ts';
import { toMediaHtml } from './text/media-html.ts';
import { htmlToText } from './text/text.ts';
import { toPlainTitle } from './text/title.ts';
import { MAX_UPDATES, mostUpdates } from './dates/update-marks.ts';
import { toHostKey, toItemKey } from './identity/url.ts';
import { toNewRevisions, toVersions } from './versions.ts';
import type { SettledChange } from './versions.ts';
import type { Shown } from './text/difference.ts';

/** Returns a document's data on its source, as plain text. */
export function describe(feed: ParsedFeed): SourceDescription {
  const title = feed.title === null ? null : toPlainTitle(feed.title, feed.titleType);
  return { title: title === '' ? null : title, homePage: feed.homePage, feedId: feed.feedId, language: feed.language };
}

/** Turns an item into the change that it makes in the store: an entry with its revisions, oldest
 *  first. `change` is null when nothing has changed. `before` is the version that readers last saw;
 *  null when unknown, and then every change of words is real. `settled` is what the whole document
 *  says about the change, and comes before that. An unreadable date is a problem and
 *  counts as unknown. A text with update marks makes a revision for each (docs/design.md §69,
 *  §83). */
export function normalise(
  sent: Omit<IdentifiedItem, 'besideLink' | 'otherNames' | 'guid'>,
  known: KnownEntry | null,
  context: NormaliseContext,
  before: PriorEntry | null = null,
  settled: SettledChange | null = null,
): { readonly change: EntryChange | null; readonly problems: readonly Problem[] } {
  const { identity, contentHash } = sent;
  const said = withoutFooter(sent.item);
  const item = withMedia(said);
  const identified = { ...sent, item };
  const formerIdentity = known && known.identity !== identity ? known.identity : null;
  if (known && known.contentHash === contentHash && known.location === item.location && !known.isDeleted && formerIdentity === null)
    return { change: null, problems: [] };
  // A pruned entry stays pruned, whatever its source says now. Only its identity and path are kept
  // up to date.
  if (known?.isPruned === true && formerIdentity === null && known.location === item.location) return { change: null, problems: [] };
  // HTML that only shows a picture is no text, so it is neither compared nor folded.
  const text = htmlToText(said.html ?? said.summary ?? '');
  if (known && (known.contentHash === contentHash || known.isPruned)) {
    return { change: { entry: toEntry(identified, text, context), revisions: [], replacesLast: false, formerIdentity }, problems: [] };
  }
  const problems: Problem[] = [];
  const dates = readDates(item, identity, known, context, problems);
  const versions = toVersions(item, known, dates, context, text);
  const most = mostUpdates(item.html?.length ?? 0);
  if (most < MAX_UPDATES && versions.length > most) {
    const message = `a text of ${item.html?.length} characters has many update marks: at most the newest ${most} become versions`;
    problems.push({ code: 'entry/many-updates', message, entry: identity.slice(0, 200) });
  }
  const { revisions, replacesLast } = known
    ? toNewRevisions(versions, known, dates, { context, before, settled })
    : { revisions: versions, replacesLast: false };
  return { change: { entry: toEntry(identified, text, context), revisions, replacesLast, formerIdentity }, problems };
}

/** Returns what readers would see of an item. */
export function toShown(sent: ParsedItem): Shown {
  const said = withoutFooter(sent);
  const { html, summary, authors, categories, enclosures, image } = withMedia(said);
  return {
    title: toPlainTitle(said.title, said.titleType),
    html,
    summary,
    text: htmlToText(said.html ?? said.summary ?? ''),
    authors,
    categories,
    enclosures,
    image,
    rights: said.rights === null ? null : htmlToText(said.rights),
  };
}

function withoutFooter(item: ParsedItem): ParsedItem {
  const drop = (html: string | null) => (html === null ? null : dropOwnFooter(html));
  return { ...item, html: drop(item.html), summary: drop(item.summary) };
}

/** Returns an item whose media are its text, if it has neither title nor words. */
function withMedia(item: ParsedItem): ParsedItem {
  const html = toMediaHtml(item);
  return html === null ? item : { ...item, html };
}

function toEntry(identified: Omit<IdentifiedItem, 'besideLink' | 'otherNames' | 'guid'>, text: string, context: NormaliseContext): Entry {
  const { item, identity, position, contentHash } = identified;
  const homeHost = toHostKey(context.homePage);
  return {
    identity,
    sourceId: context.sourceId,
    guid: item.guid,
    url: item.url,
    urlKey: toItemKey(item),
    homeHost,
    linkPost: isLinkPost({
      text,
      urlHost: toHostKey(item.originalUrl ?? item.url),
      homeHost,
      hasComments: item.commentsUrl !== null && item.commentsUrl !== item.url,
    }),
    location: item.location,
    language: item.language ?? context.language,
    origin: item.origin,
    position,
    contentHash,
  };
}
