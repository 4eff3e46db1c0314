import { createHash } from 'node:crypto';
import type { Problem } from '../model/errors.ts';
import type { ParsedItem } from '../model/parsed.ts';
import { toItemKey } from './url.ts';

/** An item with the identity that it has inside its source. */
export interface IdentifiedItem {
  readonly item: ParsedItem;
  readonly identity: string;
  /** Place in the document, from 0. */
  readonly position: number;
  /** SHA-256 of all that the item says, hex. */
  readonly contentHash: string;
  /** The identity it has when its link names another article of its source already; null when it is not known by its link. */
  readonly besideLink: string | null;
}

/** Identities longer than this are stored as their hash: index rows of the stores are bounded. */
const MAX_IDENTITY = 512;

/** The identity of every item of one document: its guid as sent (ids compare character by character, RFC 4287 §4.2.6.1), else its link,
 *  else its title with its date, else its content. A guid that stands on several different items of one document names none of them: they
 *  fall back on the next in this order, and so on. Repetitions are left out: to the letter, or but for how the address is tracked. */
export function identifyItems(items: readonly ParsedItem[]): {
  readonly items: readonly IdentifiedItem[];
  readonly problems: readonly Problem[];
} {
  const hashes = items.map((item) => hashItem(item));
  const guids = countBy(
    items.map((item, index) => [item.location === null ? item.guid : (item.guid ?? item.location), hashes[index] ?? '']),
  );
  const links = countBy(items.map((item, index) => [item.url, hashes[index] ?? '']));
  const titles = items.map(nameByTitle);
  const titled = countBy(titles.map((name, index) => [name, hashes[index] ?? '']));
  const isCopy = createCopyCheck(items);
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const identified = items.flatMap((item, position): IdentifiedItem[] => {
    if (item.title.trim() === '' && item.html === null && item.summary === null) {
      problems.push({ code: 'entry/empty', message: `entry ${position + 1} of the document has neither title nor text: left out` });
      return [];
    }
    const contentHash = hashes[position] ?? '';
    const guid = item.location === null ? item.guid : (item.guid ?? item.location);
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
    return [{ item, identity, position, contentHash, besideLink }];
  });
  return { items: identified, problems };
}

/** The identity of a local article: the front matter's id, else the one it has, else the path at which it is first seen. */
export function identifyArticle(item: ParsedItem, known: string | null, location: string): string {
  return toStoredName(item.guid ?? known ?? location);
}

/** Title with date, and with the link if there is one; null without a title: what remains of an item whose text is mended later. */
function nameByTitle({ title, published, url }: ParsedItem): string | null {
  return title.trim() === '' ? null : `title:${hash(JSON.stringify([title.trim(), published, url]))}`;
}

/** Tells an item that an earlier one of the document is already, but for ids and the tracking in its address. */
function createCopyCheck(items: readonly ParsedItem[]): (item: ParsedItem) => boolean {
  const keys = new Map(items.map((item) => [item, toItemKey(item)]));
  const counts = countBy([...keys].map(([item, key]) => [key, `${item.guid} ${item.url}`]));
  const seen = new Set<string>();
  return (item) => {
    const key = keys.get(item) ?? null;
    if (key === null || (counts.get(key) ?? 0) < 2) return false;
    const said = hash(JSON.stringify([key, item.title, item.html, item.summary]));
    if (seen.has(said)) return true;
    seen.add(said);
    return false;
  };
}

function toStoredName(name: string): string {
  return name.length > MAX_IDENTITY ? `sha256:${hash(name)}` : name;
}

/** How many different contents each name stands on. */
function countBy(pairs: readonly (readonly [name: string | null, content: string])[]): ReadonlyMap<string, number> {
  const contents = new Map<string, Set<string>>();
  for (const [name, content] of pairs) if (name !== null) contents.set(name, (contents.get(name) ?? new Set()).add(content));
  return new Map([...contents].map(([name, set]) => [name, set.size]));
}

/** The hash is an identity where nothing else is: what is read of items since then counts only where it says something. */
function hashItem(whole: ParsedItem): string {
  // Further dates say nothing new of what is known.
  const { originalUrl, ...item } = { ...whole, spareDates: undefined };
  return hash(JSON.stringify(originalUrl === null ? item : { ...item, originalUrl }));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
