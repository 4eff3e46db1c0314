import { decodeHTMLStrict } from 'entities';
import { parseOpml as parseWithFeedsmith } from 'feedsmith';
import type { Problem } from '../../model/errors.ts';
import type { SourceBytes } from '../../model/parsed.ts';
import { MOST_SLUG, toSlug } from '../../model/values/slug.ts';
import { decodeText } from '../text/decode.ts';
import { toAddressKey, toFeedAddress } from './feed-address.ts';

/** A source in a list of subscriptions. */
export interface ListedSource {
  /** `page`: a web page, whose feed the list does not name. */
  readonly kind: 'feed' | 'page';
  /** An http or https address. */
  readonly address: string;
  /** null when the list gives only the address. */
  readonly title: string | null;
  readonly homePage: string | null;
  /** Tags from the folders around it, outermost first, then from its categories. */
  readonly tags: readonly string[];
}

/** The sources of a list, and the problems with it. */
interface ParsedList {
  readonly title: string | null;
  /** In the order of the list, without duplicates. */
  readonly sources: readonly ListedSource[];
  /** Reasons for outlines that were left out; `entry` is the title of the outline. */
  readonly problems: readonly Problem[];
}

/** Most sources of one list: five times the limit of the largest feed reader. */
const MOST_SOURCES = 10_000;
/** Longest title of a list or an outline, in characters. */
const MOST_TITLE = 300;

type Outline = NonNullable<NonNullable<ReturnType<typeof parseWithFeedsmith<string>>['body']>['outlines']>[number];

/** Reads a list of subscriptions (OPML 1.0, 1.1, 2.0) in the dialects of feed readers. Folders and
 *  `category` become tags. A feed that is listed twice becomes one source with the tags of both.
 *  `url` counts as the feed address when `xmlUrl` is missing (OPML 1.0). A link (`type="link"`)
 *  with equal `url` and `htmlUrl` is a page whose feed is unknown, as Newsfold exports it. Settings
 *  of Tiny Tiny RSS are ignored. A list that is cut off is read to the cut. Returns at most 10,000
 *  sources; never throws. */
export function parseOpml(source: SourceBytes | string): ParsedList {
  const { text, problems } = typeof source === 'string' ? { text: source, problems: [] } : decodeText(source.bytes, source.contentType);
  const read = readDocument(text);
  if ('code' in read) return { title: null, sources: [], problems: [...problems, read] };
  const { outlines, title, isCut } = read;
  const cut: Problem = { code: 'opml/cut-off', message: 'the list is cut off: feeds after the cut are missing' };
  const collector = createCollector();
  for (const outline of outlines) collector.add(outline, []);
  return { title: toTitle(title), sources: collector.sources(), problems: [...problems, ...(isCut ? [cut] : []), ...collector.problems] };
}

function readDocument(text: string): { readonly outlines: readonly Outline[]; readonly title?: string; readonly isCut: boolean } | Problem {
  if (!/<(?:\w+:)?opml[\s>]/i.test(text.slice(0, 65_536))) {
    const other = /<(?:!doctype\s+html|html)[\s>]/i.test(text.slice(0, 4096))
      ? 'a web page'
      : /<(?:rss|feed|rdf:RDF)[\s>]/.test(text)
        ? 'a feed'
        : null;
    const hint = other === 'a feed' ? 'add it with newsfold sources add' : 'export one from your feed reader';
    return { code: 'opml/not-opml', message: `this is not a list of feeds (OPML)${other === null ? '' : ` but ${other}`}: ${hint}` };
  }
  const whole = tryParse(text);
  if (!(whole instanceof Error)) return { ...whole, isCut: !/<\/(?:\w+:)?opml\s*>/i.test(text.slice(-65_536)) };
  // A list that ends inside a tag is read up to that tag.
  const end = text.lastIndexOf('<');
  const start = text.includes('>', end) ? whole : tryParse(text.slice(0, end));
  if (!(start instanceof Error)) return { ...start, isCut: true };
  const { cause } = whole;
  const reason = (cause instanceof Error ? cause.message : whole.message).slice(0, 120);
  return { code: 'opml/unreadable', message: `the list cannot be read (${reason}): export it again` };
}

function tryParse(text: string): { readonly outlines: readonly Outline[]; readonly title?: string } | Error {
  try {
    const { head, body } = parseWithFeedsmith(text);
    return { outlines: body?.outlines ?? [], ...(head?.title !== undefined && { title: head.title }) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error;
  }
}

function createCollector() {
  const found = new Map<string, ListedSource>();
  const problems: Problem[] = [];
  const tags = new Map<string, string | null>();
  const addProblem = (code: string, name: string, message: string) => problems.push({ code, message: `${name}: ${message}`, entry: name });
  const tagOf = (name: string): string[] => {
    const known = tags.get(name);
    const tag = known === undefined ? toSlug(name, MOST_SLUG) : known;
    if (known === undefined && tag === null)
      addProblem('opml/no-tag', name, 'this folder name has no character that a tag can have (a-z, 0-9): its feeds get no tag');
    tags.set(name, tag);
    return tag === null ? [] : [tag];
  };
  const add = (outline: Outline, folders: readonly string[]): void => {
    const title = titleOf(outline);
    if (/^tt-rss-(?:prefs|labels|filters)$/.test(title ?? '')) return;
    const { outlines = [], category = '' } = outline;
    const address = outline.xmlUrl ?? (/^(?:rss|atom)$/i.test(outline.type ?? '') ? outline.url : undefined);
    const isPage = address === undefined && outline.type === 'link' && outline.url !== undefined && outline.url === outline.htmlUrl;
    if (address !== undefined || isPage) {
      const categories = category.split(/[,/]/).flatMap((part) => (part.trim() === '' ? [] : tagOf(clean(part))));
      addSource(outline, { title, address: address ?? outline.url ?? '', isPage, tags: [...folders, ...categories] });
    } else if (outlines.length === 0) addProblem('opml/no-address', title ?? 'an outline without a title', refusalReason(outline));
    // An outline with an address is a feed or page, so its title is no tag of its children.
    const isFolder = address === undefined && !isPage && outlines.length > 0;
    const inner = isFolder && title !== null ? [...folders, ...tagOf(title)] : folders;
    for (const child of outlines) add(child, inner);
  };
  const addSource = (
    outline: Outline,
    entry: { title: string | null; address: string; isPage: boolean; tags: readonly string[] },
  ): void => {
    const name = entry.title ?? toName(entry.address);
    const address = toFeedAddress(entry.address);
    if (outline.type !== undefined && /^(?:html|xml|json)\+/i.test(outline.type))
      return void addProblem(
        'opml/scraped',
        name,
        `the feed reader generates this feed itself (${outline.type.slice(0, 40)}): its address has no feed`,
      );
    if (address === null) return void addProblem('opml/address', name, `${toName(entry.address)} is not an http:// or https:// address`);
    const key = toAddressKey(address);
    const known = found.get(key);
    if (!known && found.size >= MOST_SOURCES)
      return void addProblem('opml/too-many', name, `left out, because a list may have at most ${MOST_SOURCES} feeds`);
    const homePage = outline.htmlUrl === undefined ? null : toFeedAddress(outline.htmlUrl);
    found.set(key, {
      kind: entry.isPage ? 'page' : 'feed',
      address: known?.address ?? address,
      title: known?.title ?? (entry.title === null || toAddressKey(entry.title) === key ? null : entry.title),
      homePage: known?.homePage ?? homePage,
      tags: [...new Set([...(known?.tags ?? []), ...entry.tags])],
    });
  };
  return { add, problems, sources: () => [...found.values()] };
}

function refusalReason({ type, url, htmlUrl }: Outline): string {
  if (type !== undefined && /^(?:link|include)$/i.test(type)) return 'a link to a page or to another list: import that list separately';
  if (url !== undefined || htmlUrl !== undefined)
    return 'has the address of a page, but none of a feed: newsfold sources add PAGE finds the feed';
  return 'names no feed';
}

/** Returns the first of `text` and `title` that is not the address itself. */
function titleOf({ text, title, xmlUrl = '' }: Outline): string | null {
  const names = [text, title].flatMap((name) => toTitle(name) ?? []);
  return names.find((name) => toAddressKey(name) !== toAddressKey(xmlUrl)) ?? names[0] ?? null;
}

function toTitle(text: string | undefined): string | null {
  const title = clean(text ?? '');
  return title === '' ? null : title;
}

/** Returns a text on one line. Some readers escape titles twice, so entities are decoded once
 *  more. */
function clean(text: string): string {
  const line = decodeHTMLStrict(text)
    .replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length > MOST_TITLE ? `${line.slice(0, MOST_TITLE - 1).toWellFormed()}…` : line;
}

/** Returns an address for a message, without a password. */
function toName(address: string): string {
  return clean(address)
    .replace(/\/\/[^/?#]*@/, '//')
    .slice(0, 100);
}
