import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';
import { sha256Hex } from '../../model/values/hash.ts';
import { isNothing } from '../text/media-html.ts';
import { toItemKey } from './url.ts';

/** An item with the identity that it has inside its source. */
export interface IdentifiedItem {
  readonly item: ParsedItem;
  readonly identity: string;
  /** The id that its source gives it; null when there is none, or only what stands in an id's
   *  place. */
  readonly guid: string | null;
  /** Place in the document, from 0. */
  readonly position: number;
  /** SHA-256 of all that the item says, hex. */
  readonly contentHash: string;
  /** The identity it has when its link names another article of its source already; null when it is
   *  not known by its link. */
  readonly besideLink: string | null;
  /** Names that it may have when its identity is another article's, in order; the last one is its
   *  own for certain. */
  readonly otherNames: readonly string[];
}

/** The part of a document by which its items are identified. */
type ItemsOfSite = Pick<ParsedFeed, 'items'> & Partial<Pick<ParsedFeed, 'homePage' | 'selfUrl'>>;

/** Identities longer than this are stored as their hash: index rows of the stores are bounded. */
const MAX_IDENTITY = 512;

/** The identity of every item of one document: its guid as sent, else its link, else its title
 *  with its date, else its content. Ids compare character by character (RFC 4287 §4.2.6.1).
 *  The addresses of the site and of the feed are nobody's id. A guid that stands on
 *  several different items of one document names none of them. They fall back on the next name
 *  in this order, and so on. Repetitions are left out: to the letter, or but for how the address
 *  is tracked. */
export function identifyItems({ items, homePage = null, selfUrl = null }: ItemsOfSite): {
  readonly items: readonly IdentifiedItem[];
  readonly problems: readonly Problem[];
} {
  const hashes = items.map((item) => hashItem(item));
  const ofPages = new Set([homePage, selfUrl].flatMap((page) => (page === null ? [] : toBare(page))));
  const ids = items.map(({ guid, location }) => (guid === null || isNoId(guid, ofPages) ? location : guid));
  const guids = countBy(ids.map((id, index) => [id, hashes[index] ?? '']));
  const links = countBy(items.map((item, index) => [item.url, hashes[index] ?? '']));
  const titles = items.map(nameByTitle);
  const titled = countBy(titles.map((name, index) => [name, hashes[index] ?? '']));
  const isCopy = createCopyCheck(items);
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const identified = items.flatMap((item, position): IdentifiedItem[] => {
    if (isNothing(item)) {
      problems.push({
        code: 'entry/empty',
        ...((item.guid ?? item.url) !== null && { entry: (item.guid ?? item.url ?? '').slice(0, 200) }),
        message: `entry ${position + 1} of the document has neither title nor text, nor picture, sound, file or link: left out`,
      });
      return [];
    }
    const contentHash = hashes[position] ?? '';
    const guid = ids[position] ?? null;
    const isOwn = (name: string | null, counts: ReadonlyMap<string, number>) => name !== null && counts.get(name) === 1;
    const byTitle = titles[position] ?? null;
    const byContent = isOwn(byTitle, titled) ? byTitle : null;
    const name = isOwn(guid, guids) ? guid : isOwn(item.url, links) ? item.url : byContent;
    const identity = name === null ? `sha256:${contentHash}` : toStoredName(name);
    const besideLink = name !== null && name === item.url && name !== guid ? (byContent ?? `sha256:${contentHash}`) : null;
    if (guid !== null && !isOwn(guid, guids) && !seen.has(identity)) {
      problems.push({
        code: 'entry/repeated-id',
        entry: guid.slice(0, 200),
        message: `the id ${guid.slice(0, 200)} stands on several entries of one document: told apart by link and content`,
      });
    }
    if (seen.has(identity) || isCopy(item)) return [];
    seen.add(identity);
    const ofLink = isOwn(item.url, links) && item.url !== null ? toStoredName(item.url) : null;
    const otherNames = [ofLink, byContent, `sha256:${contentHash}`].flatMap((other) => (other === null || other === identity ? [] : other));
    return [{ item, identity, guid, position, contentHash, besideLink, otherNames }];
  });
  return { items: identified, problems };
}

/** Reports whether an id says nothing: white space, a word for "none", or the address of the
 *  site or of the feed. */
function isNoId(guid: string, pages: ReadonlySet<string>): boolean {
  return /^(?:\s*|0+|-1|null|none|undefined|nan|n\/a)$/i.test(guid) || pages.has(toBare(guid));
}

function toBare(address: string): string {
  return address
    .trim()
    .replace(/^https?:\/\/(?:www\.)?/i, '')
    .replace(/\/$/, '')
    .toLowerCase();
}

/** Title with date, and with the link if there is one; null without a title: what remains of an
 *  item whose text is mended later. */
function nameByTitle({ title, published, url }: ParsedItem): string | null {
  return title.trim() === '' ? null : `title:${sha256Hex(JSON.stringify([title.trim(), published, url]))}`;
}

/** Tells an item that an earlier one of the document is already, but for ids and the tracking in
 *  its address. */
function createCopyCheck(items: readonly ParsedItem[]): (item: ParsedItem) => boolean {
  const keys = new Map(items.map((item) => [item, toItemKey(item)]));
  const counts = countBy([...keys].map(([item, key]) => [key, `${item.guid} ${item.url}`]));
  const seen = new Set<string>();
  return (item) => {
    const key = keys.get(item) ?? null;
    if (key === null || (counts.get(key) ?? 0) < 2) return false;
    const said = sha256Hex(JSON.stringify([key, item.title, item.html, item.summary]));
    if (seen.has(said)) return true;
    seen.add(said);
    return false;
  };
}

/** A name as stores keep it. */
export function toStoredName(name: string): string {
  return name.length > MAX_IDENTITY ? `sha256:${sha256Hex(name)}` : name;
}

/** How many different contents each name stands on. */
function countBy(pairs: readonly (readonly [name: string | null, content: string])[]): ReadonlyMap<string, number> {
  const contents = new Map<string, Set<string>>();
  for (const [name, content] of pairs) if (name !== null) contents.set(name, (contents.get(name) ?? new Set()).add(content));
  return new Map([...contents].map(([name, set]) => [name, set.size]));
}

/** The hash is an identity where nothing else is: what is read of items since then counts only
 *  where it says something. */
function hashItem(whole: ParsedItem): string {
  // Further dates say nothing new of what is known.
  const { originalUrl, ...item } = { ...whole, spareDates: undefined };
  return sha256Hex(JSON.stringify(originalUrl === null ? item : { ...item, originalUrl }));
}
