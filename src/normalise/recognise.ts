import type { Kin, KnownEntry } from '../model/entry.ts';
import { hashVersion } from './text-hash.ts';
import { readDate } from './date.ts';
import type { IdentifiedItem } from './identity.ts';
import { toComparable, toText } from './text.ts';
import { toPlainTitle } from './title.ts';
import { toItemKey } from './url.ts';

/** Entries that are looked through when most ids of a document are new: more than any feed carries at once. */
const MAX_KIN = 1000;
/** From this share of common word pairs on, two texts are versions of one article; unrelated ones of one site share a tenth at most. */
const SHARED = 0.5;
/** Below it, under another title and on another day, they are two articles. */
const LITTLE_SHARED = 0.2;
/** Titles and paths with fewer letters ("News", "/video") name nothing. */
const MIN_NAME = 12;
/** So many entries at least make a migration, if no date proves each of them. */
const MIN_MOVED = 3;
const DAY_MS = 86_400_000;

/** What to read of the store to recognise items: see `Store.readKin`. */
export interface KinQuery {
  readonly identities: readonly string[];
  readonly urlKeys: readonly string[];
  readonly newest: number;
}

/** Items with the identities that they are stored under, and for those that the source has renamed the identity they had, by the new one. */
export interface Recognised {
  readonly items: readonly IdentifiedItem[];
  readonly former: ReadonlyMap<string, string>;
}

/** What is known of a document beside its items. */
export interface RecognitionOptions {
  /** true when its owner says that the source has moved: then fewer matches are enough. */
  readonly hasMoved: boolean;
}

/** Which entries could be meant by items whose ids are unknown, or whose links may have been used again, and what those said that have changed;
 *  null when all is as it was. */
export function toKinQuery(
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  { hasMoved }: RecognitionOptions,
): KinQuery | null {
  const unknown = items.filter(({ identity }) => !known.has(identity));
  const changed = items.filter(({ identity, contentHash }) => known.has(identity) && known.get(identity)?.contentHash !== contentHash);
  if (unknown.length === 0 && changed.length === 0) return null;
  return {
    identities: changed.map(({ identity }) => identity),
    urlKeys: [...new Set([...unknown, ...changed.filter((item) => isReused(item, known))].flatMap(({ item }) => toItemKey(item) ?? []))],
    newest: hasMoved || unknown.length * 2 > items.length ? MAX_KIN : 0,
  };
}

/** Finds entries again whose source gives them other ids, links or domains, so that nothing is published twice (DESIGN §3, §4).
 *  - A link that its source has used for another article (another title, another day, little shared text) names a new entry.
 *  - An item under an unknown id is the entry that has its address, unless that is plainly another article.
 *  - When most ids of a document are new, an item is also the entry with its title or path and its date, or with one of them and its text.
 *    Without the date that needs most of the new ids to find an entry: a series gives every day the same title, a status feed the same text.
 *    A declared move needs neither.
 *  Known exception: a site that changes ids, addresses and titles at once is read as new. */
export function recognise(
  items: readonly IdentifiedItem[],
  known: ReadonlyMap<string, KnownEntry>,
  kin: readonly Kin[],
  { hasMoved }: RecognitionOptions,
): Recognised {
  if (kin.length === 0) return { items: items.map((item) => beside(item, known, new Map(), new Map())), former: new Map() };
  const byUrl = groupBy(kin, ({ urlKey }) => urlKey);
  const byIdentity = new Map(kin.map((entry) => [entry.identity, entry]));
  const settled = items.map((item) => beside(item, known, byIdentity, byUrl));
  const claimed = new Set(settled.map(({ identity }) => identity));
  const free = new Set(kin.filter(({ identity }) => !claimed.has(identity)));
  const former = new Map<string, string>();
  const attach = (item: IdentifiedItem, entry: Kin) => {
    former.set(item.identity, entry.identity);
    free.delete(entry);
  };
  const unknown = settled.filter(({ identity }) => !known.has(identity));
  for (const item of unknown) {
    const key = toItemKey(item.item);
    const sharers = key === null ? [] : (byUrl.get(key) ?? []);
    const entry = sharers.find((other) => free.has(other) && !isAnother(item, other, sharers.length > 1));
    if (entry) attach(item, entry);
  }
  if (hasMoved || unknown.length * 2 > items.length) attachAlike(unknown, { free, former, hasMoved }, attach);
  return { items: settled, former };
}

/** The item under the identity beside its link, if the store knows it by that or its link names another article. */
function beside(
  item: IdentifiedItem,
  known: ReadonlyMap<string, KnownEntry>,
  kin: ReadonlyMap<string, Kin>,
  byUrl: ReadonlyMap<string, readonly Kin[]>,
): IdentifiedItem {
  const { besideLink, identity } = item;
  if (besideLink === null) return item;
  if (known.has(besideLink)) return { ...item, identity: besideLink };
  const entry = kin.get(identity);
  const isReusedLink = (byUrl.get(entry?.urlKey ?? '')?.length ?? 0) > 1;
  return entry && isReused(item, known) && isAnother(item, entry, isReusedLink) ? { ...item, identity: besideLink } : item;
}

function isReused({ besideLink, identity, contentHash }: IdentifiedItem, known: ReadonlyMap<string, KnownEntry>): boolean {
  return besideLink !== null && known.has(identity) && known.get(identity)?.contentHash !== contentHash;
}

function isAnother(item: IdentifiedItem, entry: Kin, isReusedLink: boolean): boolean {
  return isAnotherArticle(read(item), entry, { isReusedLink });
}

/** Whether one link names two articles: another title, another day, little shared text. Where it has done so before (`isReusedLink`: a page of
 *  daily reports), the date alone makes the day; else a day has 24 hours, since a live page goes on past midnight. */
export function isAnotherArticle(
  a: Pick<Kin, 'title' | 'text' | 'published'>,
  b: Pick<Kin, 'title' | 'text' | 'published'>,
  { isReusedLink }: { readonly isReusedLink: boolean },
): boolean {
  if (toComparable(a.title) === toComparable(b.title)) return false;
  if (isReusedLink ? isSameDate(a.published, b.published) : isOneDay(a.published, b.published)) return false;
  return a.text === '' || b.text === '' ? a.published !== null && b.published !== null : sharedPart(a.text, b.text) < LITTLE_SHARED;
}

function isSameDate(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10);
}

function attachAlike(
  unknown: readonly IdentifiedItem[],
  { free, former, hasMoved }: RecognitionOptions & { readonly free: ReadonlySet<Kin>; readonly former: ReadonlyMap<string, string> },
  attach: (item: IdentifiedItem, entry: Kin) => void,
): void {
  const rest = unknown.filter(({ identity }) => !former.has(identity)).map((item) => ({ item, ...read(item) }));
  const likely: [IdentifiedItem, Kin][] = [];
  for (const nameOf of [toTitleName, toPathName]) {
    const sharers = groupBy(rest, nameOf);
    const entries = groupBy([...free], nameOf);
    for (const one of rest) {
      const name = nameOf(one);
      if (name === null || former.has(one.item.identity)) continue;
      const candidates = entries.get(name)?.filter((entry) => free.has(entry)) ?? [];
      const sameDay = candidates.filter((entry) => isOneDay(one.published, entry.published));
      const isAlone = sharers.get(name)?.length === 1;
      const [dated] = sameDay;
      const [only] = candidates;
      // The title of a whole series stands on many entries: only one that is alone, on both sides, says which is meant.
      if (dated && sameDay.length === 1 && (isAlone || dated.hash === one.hash)) attach(one.item, dated);
      else if (only && candidates.length === 1 && isAlone && name.length >= MIN_NAME && isAlike(only, one)) likely.push([one.item, only]);
    }
  }
  const found = former.size + likely.length;
  if (!hasMoved && (found < MIN_MOVED || found * 2 < unknown.length)) return;
  for (const [item, entry] of likely) if (free.has(entry) && !former.has(item.identity)) attach(item, entry);
}

function toTitleName({ title }: Pick<Kin, 'title'>): string | null {
  const name = toComparable(title);
  return name === '' ? null : name;
}

/** The address without its host: what stays when a site moves to another domain. */
function toPathName({ urlKey }: Pick<Kin, 'urlKey'>): string | null {
  const path = urlKey?.replace(/^[^/?]*/, '') ?? '';
  return path.length < MIN_NAME ? null : path;
}

function isAlike(entry: Kin, { hash, text }: { readonly hash: string; readonly text: string }): boolean {
  return entry.hash === hash || text === '' || entry.text === '' || sharedPart(text, entry.text) >= SHARED;
}

function read({ item }: IdentifiedItem) {
  const title = toPlainTitle(item.title, item.titleType);
  const text = toText(item.html ?? item.summary ?? '');
  return {
    title,
    text,
    hash: hashVersion(title, text, item.html ?? item.summary),
    urlKey: toItemKey(item),
    published: item.published === null ? null : (readDate([item.published, ...(item.spareDates?.published ?? [])])?.date ?? null),
  };
}

function isOneDay(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && Math.abs(a.getTime() - b.getTime()) < DAY_MS;
}

/** Share of the word pairs of the shorter text that stand in the other one too, 0 to 1; of characters where words are not set apart. */
function sharedPart(a: string, b: string): number {
  const [left, right] = [toPairs(a), toPairs(b)];
  const [small, large] = left.size <= right.size ? [left, right] : [right, left];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const pair of small) if (large.has(pair)) shared++;
  return shared / small.size;
}

function toPairs(text: string): ReadonlySet<string> {
  const words =
    toComparable(text.slice(0, 4000)).match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s]+/gu) ?? [];
  return new Set(words.slice(1).map((word, index) => `${words[index] ?? ''} ${word}`));
}

function groupBy<T>(list: readonly T[], keyOf: (part: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const part of list) {
    const key = keyOf(part);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(part);
    else groups.set(key, [part]);
  }
  return groups;
}
