import { decodeHTMLStrict } from 'entities';
import { parseOpml as parseWithFeedsmith } from 'feedsmith';
import type { Problem } from '../../model/errors.ts';
import type { SourceBytes } from '../../model/parsed.ts';
import { MOST_SLUG, toSlug } from '../../model/values/slug.ts';
import { decodeText } from '../text/decode.ts';
import { toAddressKey, toFeedAddress } from './feed-address.ts';

/** A source that a list of subscriptions names. */
export interface ListedSource {
  /** `page`: a web page whose feed is not in the list. */
  readonly kind: 'feed' | 'page';
  /** An http or https address. */
  readonly address: string;
  /** null when the list has none but the address. */
  readonly title: string | null;
  readonly homePage: string | null;
  /** Of every folder around it, outermost first, then of its categories. */
  readonly tags: readonly string[];
}

/** What could be read of a list. */
interface ParsedList {
  readonly title: string | null;
  /** In the order of the list, each once. */
  readonly sources: readonly ListedSource[];
  /** What could not be taken; `entry` is the title of the outline. */
  readonly problems: readonly Problem[];
}

/** Sources taken of one list: five times what the largest reader offers to follow. */
const MOST_SOURCES = 10_000;
/** Characters of a title or of the name of an outline. */
const MOST_TITLE = 300;

type Outline = NonNullable<NonNullable<ReturnType<typeof parseWithFeedsmith<string>>['body']>['outlines']>[number];

/** Reads a list of subscriptions (OPML 1.0, 1.1, 2.0) as feed readers write it. Folders and
 *  `category` become tags; a feed that is listed twice is one source with the tags of both. What is
 *  cut off counts as far as it goes, a feed whose address is in `url` alone (OPML 1.0) as one that
 *  has it in `xmlUrl`. A link (`type="link"`) whose `url` is its `htmlUrl` is a page: so this
 *  program writes one whose feed it does not know. The settings that Tiny Tiny RSS adds are passed
 *  over. At most 10,000 sources; never throws. */
export function parseOpml(source: SourceBytes | string): ParsedList {
  const { text, problems } = typeof source === 'string' ? { text: source, problems: [] } : decodeText(source.bytes, source.contentType);
  const read = readDocument(text);
  if ('code' in read) return { title: null, sources: [], problems: [...problems, read] };
  const { outlines, title, isCut } = read;
  const cut: Problem = { code: 'opml/cut-off', message: 'the list is cut off: what is missing at its end cannot be taken' };
  const reading = createReading();
  for (const outline of outlines) reading.add(outline, []);
  return { title: toTitle(title), sources: reading.sources(), problems: [...problems, ...(isCut ? [cut] : []), ...reading.problems] };
}

function readDocument(text: string): { readonly outlines: readonly Outline[]; readonly title?: string; readonly isCut: boolean } | Problem {
  if (!/<(?:\w+:)?opml[\s>]/i.test(text.slice(0, 65_536))) {
    const what = /<(?:!doctype\s+html|html)[\s>]/i.test(text.slice(0, 4096))
      ? 'a web page'
      : /<(?:rss|feed|rdf:RDF)[\s>]/.test(text)
        ? 'a feed'
        : null;
    const hint = what === 'a feed' ? 'newsfold sources add takes it' : 'export one from your feed reader';
    return { code: 'opml/not-opml', message: `this is no list of feeds (OPML)${what === null ? '' : ` but ${what}`}: ${hint}` };
  }
  const whole = tryParse(text);
  if (!(whole instanceof Error)) return { ...whole, isCut: !/<\/(?:\w+:)?opml\s*>/i.test(text.slice(-65_536)) };
  // A list that ends inside a tag is read up to that.
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

function createReading() {
  const found = new Map<string, ListedSource>();
  const problems: Problem[] = [];
  const tags = new Map<string, string | null>();
  const note = (code: string, name: string, message: string) => problems.push({ code, message: `${name}: ${message}`, entry: name });
  const tagOf = (name: string): string[] => {
    const known = tags.get(name);
    const tag = known === undefined ? toSlug(name, MOST_SLUG) : known;
    if (known === undefined && tag === null)
      note('opml/no-tag', name, 'this folder has no letter that a tag can have (a-z, 0-9): its feeds go without');
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
      take(outline, { title, address: address ?? outline.url ?? '', isPage, tags: [...folders, ...categories] });
    } else if (outlines.length === 0) note('opml/no-address', title ?? 'an outline without a title', whyNot(outline));
    // What has an address is no folder, whatever stands in it.
    const isFolder = address === undefined && !isPage && outlines.length > 0;
    const inner = isFolder && title !== null ? [...folders, ...tagOf(title)] : folders;
    for (const child of outlines) add(child, inner);
  };
  const take = (outline: Outline, said: { title: string | null; address: string; isPage: boolean; tags: readonly string[] }): void => {
    const name = said.title ?? toName(said.address);
    const address = toFeedAddress(said.address);
    if (outline.type !== undefined && /^(?:html|xml|json)\+/i.test(outline.type))
      return void note(
        'opml/scraped',
        name,
        `its reader makes this feed itself (${outline.type.slice(0, 40)}): there is none to read at its address`,
      );
    if (address === null) return void note('opml/address', name, `${toName(said.address)} is no http:// or https:// address`);
    const key = toAddressKey(address);
    const known = found.get(key);
    if (!known && found.size >= MOST_SOURCES)
      return void note('opml/too-many', name, `more than ${MOST_SOURCES} feeds are not taken from one list`);
    const homePage = outline.htmlUrl === undefined ? null : toFeedAddress(outline.htmlUrl);
    found.set(key, {
      kind: said.isPage ? 'page' : 'feed',
      address: known?.address ?? address,
      title: known?.title ?? (said.title === null || toAddressKey(said.title) === key ? null : said.title),
      homePage: known?.homePage ?? homePage,
      tags: [...new Set([...(known?.tags ?? []), ...said.tags])],
    });
  };
  return { add, problems, sources: () => [...found.values()] };
}

function whyNot({ type, url, htmlUrl }: Outline): string {
  if (type !== undefined && /^(?:link|include)$/i.test(type))
    return 'a link to a page or to another list, which has to be imported by itself';
  if (url !== undefined || htmlUrl !== undefined) return 'has the address of a page, but none of a feed: newsfold sources add finds it';
  return 'names no feed';
}

/** The first of text and title that is not the address. */
function titleOf({ text, title, xmlUrl = '' }: Outline): string | null {
  const names = [text, title].flatMap((name) => toTitle(name) ?? []);
  return names.find((name) => toAddressKey(name) !== toAddressKey(xmlUrl)) ?? names[0] ?? null;
}

function toTitle(text: string | undefined): string | null {
  const title = clean(text ?? '');
  return title === '' ? null : title;
}

/** On one line; what some readers have escaped twice is decoded here for the second time. */
function clean(text: string): string {
  const line = decodeHTMLStrict(text)
    .replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length > MOST_TITLE ? `${line.slice(0, MOST_TITLE - 1).toWellFormed()}…` : line;
}

/** An address as a message shows it: without a password in it. */
function toName(address: string): string {
  return clean(address)
    .replace(/\/\/[^/?#]*@/, '//')
    .slice(0, 100);
}
