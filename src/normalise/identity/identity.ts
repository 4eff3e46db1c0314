import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';
import { sha256Hex } from '../../model/values/hash.ts';
import { isNothing } from '../text/media-html.ts';
import { toItemKey } from './url.ts';

/** An item with its identity within its source. */
export interface IdentifiedItem {
  readonly item: ParsedItem;
  /** The name of the item within its source. */
  readonly identity: string;
  /** The item's id as its source gives it; null for none, or for a word that only fills the place
   *  of an id. */
  readonly guid: string | null;
  /** Position in the document, counted from 0. */
  readonly position: number;
  /** SHA-256 of everything that the item says, hex. */
  readonly contentHash: string;
  /** The item's identity if its link already names another article of the source; null when the
   *  link is not its identity. */
  readonly besideLink: string | null;
  /** Further identities, in order, for the case that another article has the first one. The last
   *  one is certain to be the item's own. */
  readonly otherNames: readonly string[];
}

/** The parts of a document by which its items are identified. */
type ItemsOfSite = Pick<ParsedFeed, 'items'> & Partial<Pick<ParsedFeed, 'homePage' | 'selfUrl'>>;

/** Longer identities are stored as their hash, because index rows of the stores are bounded. */
const MAX_IDENTITY = 512;

/** Returns the identity of every item of one document: its guid as sent, else its link, else its
 *  title with its date, else its content. Ids are compared character by character (RFC 4287
 *  §4.2.6.1). The addresses of the site and of the feed are no ids. A name of several different
 *  items of one document identifies none of them, and the next kind of name is used. Repeated items
 *  are left out, even when only the tracking of their address differs. */
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
    // A link that is the id of another item does not name this one.
    const { url } = item;
    const link = url !== null && isOwn(url, links) && (guid === url || !guids.has(url)) ? url : null;
    const name = isOwn(guid, guids) ? guid : (link ?? byContent);
    const identity = name === null ? `sha256:${contentHash}` : toStoredName(name);
    const besideLink = name !== null && name === item.url && name !== guid ? (byContent ?? `sha256:${contentHash}`) : null;
    if (guid !== null && !isOwn(guid, guids) && !seen.has(identity)) {
      problems.push({
        code: 'entry/repeated-id',
        entry: guid.slice(0, 200),
        message: `several entries of one document have the id ${guid.slice(0, 200)}: they are told apart by link and content`,
      });
    }
    if (seen.has(identity) || isCopy(item)) return [];
    seen.add(identity);
    const ofLink = link === null ? null : toStoredName(link);
    const otherNames = [ofLink, byContent, `sha256:${contentHash}`].flatMap((other) => (other === null || other === identity ? [] : other));
    return [{ item, identity, guid, position, contentHash, besideLink, otherNames }];
  });
  return { items: identified, problems };
}

/** Reports whether an id says nothing: white space, a word for "none", or the address of the site
 *  or of the feed. */
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

/** Returns a name made of title, date, and link if there is one; null without a title. It stays the
 *  same when the text is corrected later. */
function nameByTitle({ title, published, url }: ParsedItem): string | null {
  return title.trim() === '' ? null : `title:${sha256Hex(JSON.stringify([title.trim(), published, url]))}`;
}

/** Returns a function that detects a repeated item. It equals an earlier one of the document except
 *  for its id and the tracking in its address. */
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

/** Returns a name as stores keep it. */
export function toStoredName(name: string): string {
  return name.length > MAX_IDENTITY ? `sha256:${sha256Hex(name)}` : name;
}

/** Counts the different contents under each name. */
function countBy(pairs: readonly (readonly [name: string | null, content: string])[]): ReadonlyMap<string, number> {
  const contents = new Map<string, Set<string>>();
  for (const [name, content] of pairs) if (name !== null) contents.set(name, (contents.get(name) ?? new Set()).add(content));
  return new Map([...contents].map(([name, set]) => [name, set.size]));
}

/** Returns the hash of an item. It may be a stored identity, so fields that were added later count
 *  only when they have a value. */
function hashItem(whole: ParsedItem): string {
  // Further dates add nothing to a known item.
  const { originalUrl, ...item } = { ...whole, spareDates: undefined };
  return sha256Hex(JSON.stringify(originalUrl === null ? item : { ...item, originalUrl }));
}
