import type { KnownEntry } from '../../model/entry.ts';
import type { ParsedItem } from '../../model/parsed.ts';
import { isWithinDay } from '../../model/values/time.ts';
import { parseDate } from '../dates/date.ts';
import { toStoredName } from '../identity/identity.ts';
import { ALIKE, sharedPart, toNeighbours, UNLIKE } from '../identity/shared-words.ts';
import type { Pairs } from '../identity/shared-words.ts';
import { hashVersion } from '../identity/text-hash.ts';
import { toComparable, htmlToText } from '../text/text.ts';
import { toPlainTitle } from '../text/title.ts';

/** The words of an article by which it is compared with others. */
interface OwnText {
  /** null when the article has no title of its own. A title made from the file's name says nothing
   *  about the content. */
  readonly title: string | null;
  /** Plain text. */
  readonly text: string;
  /** null when the article is undated. */
  readonly published: Date | null;
}

/** A file of a folder that may be one of the folder's entries. */
export interface OwnFile {
  /** Path below the folder. */
  readonly location: string;
  /** SHA-256 of its bytes, hex. */
  readonly contentHash: string;
  /** The id in its front matter; null for none. */
  readonly guid: string | null;
  readonly said: OwnText;
}

/** An entry of a folder that may be one of its files. `said`: its words as last stored; null when
 *  unknown. */
export type OwnEntry = Pick<KnownEntry, 'identity' | 'location' | 'contentHash' | 'isDeleted' | 'isPruned'> & {
  readonly said: OwnText | null;
};

/** Least share of common word pairs that alone proves two texts to be one article. */
const NEAR = 0.8;
/** Texts with fewer word pairs are too short to prove anything. */
const FEW = 8;
/** Most pairs of files and entries that are all compared. Beyond it, only pairs with a common id,
 *  path or title are. */
const MAX_PAIRS = 20_000;

/** Finds the entry of each file; files without an entry are left out. A file is the entry with the
 *  same bytes, at any path, because files are moved, swapped and rotated. Otherwise it is the entry
 *  with its id, its path, or its title and text, in this order: a rename may come with an edit. A
 *  path or an id proves nothing when title, day and text all say that it is another article. The
 *  former article is then free: it may be another file, or it is missing. Known error: the old
 *  article of an undated file whose title and text are both replaced counts as missing. */
export function matchFiles(files: readonly OwnFile[], entries: readonly OwnEntry[]): ReadonlyMap<OwnFile, OwnEntry> {
  const matches = new Map<OwnFile, OwnEntry>();
  const free = new Set(entries);
  const claim = (file: OwnFile, entry: OwnEntry) => {
    matches.set(file, entry);
    free.delete(entry);
  };
  const byHash = Map.groupBy(entries, ({ contentHash }) => contentHash);
  // An entry at the file's own path goes first, then a present entry, then a deleted one.
  for (const isFit of [isAtOwnPath, isPresent, () => true])
    for (const file of files) {
      if (matches.has(file)) continue;
      const entry = byHash.get(file.contentHash)?.find((one) => free.has(one) && isFit(file, one));
      if (entry) claim(file, entry);
    }
  const rest = files.filter((file) => !matches.has(file));
  const scored = toPairs(rest, [...free]).flatMap(([file, entry]) => {
    const score = toScore(file, entry);
    return score === null ? [] : [{ file, entry, score }];
  });
  for (const { file, entry } of scored.toSorted((a, b) => b.score - a.score)) if (!matches.has(file) && free.has(entry)) claim(file, entry);
  return matches;
}

function isAtOwnPath(file: OwnFile, entry: OwnEntry): boolean {
  return entry.location === file.location && !entry.isDeleted;
}

function isPresent(_: OwnFile, entry: OwnEntry): boolean {
  return !entry.isDeleted && !entry.isPruned;
}

/** Returns the words of an item by which it is compared with others. */
export function toOwnText(item: ParsedItem, { hasTitle, zone }: { readonly hasTitle: boolean; readonly zone: string }): OwnText {
  return {
    title: hasTitle ? item.title : null,
    text: htmlToText(item.html ?? item.summary ?? ''),
    published: item.published === null ? null : parseDate(item.published, zone),
  };
}

/** Returns a name for a new file that no entry of its source has: its id, else its path. `isId` is
 *  false when another entry has the id. */
export function nameFile(
  file: Pick<OwnFile, 'guid' | 'location'>,
  taken: ReadonlySet<string>,
): { readonly identity: string; readonly isId: boolean } {
  const id = file.guid === null ? null : toStoredName(file.guid);
  if (id !== null && !taken.has(id)) return { identity: id, isId: true };
  for (let n = 1; ; n++) {
    const identity = toStoredName(n === 1 ? file.location : `${file.location}#${n}`);
    if (!taken.has(identity)) return { identity, isId: false };
  }
}

/** Reports whether title and text of a file are those of a stored version. `hash`: the version's
 *  hash (normalise/identity/text-hash.ts). */
export function hasVersion({ title, titleType, html, summary }: ParsedItem, hash: string | undefined): boolean {
  const said = html ?? summary;
  return hashVersion(toPlainTitle(title, titleType), htmlToText(said ?? ''), said) === hash;
}

/** Reports whether two files have the same text, except for a slip. */
export function isCopy(a: OwnText, b: OwnText): boolean {
  return isOneTitle(a, b) !== false && !hasOtherDay(a, b) && isNear(a, b, shareOf(a, b));
}

function* eachPair(files: readonly OwnFile[], entries: readonly OwnEntry[]): Generator<[OwnFile, OwnEntry]> {
  for (const file of files) for (const entry of entries) yield [file, entry];
}

function toPairs(files: readonly OwnFile[], entries: readonly OwnEntry[]): [OwnFile, OwnEntry][] {
  if (files.length * entries.length <= MAX_PAIRS) return [...eachPair(files, entries)];
  const index = new Map<string, OwnEntry[]>();
  const add = (key: string, entry: OwnEntry) => index.set(key, [...(index.get(key) ?? []).slice(0, 20), entry]);
  for (const entry of entries) {
    add(`id ${entry.identity}`, entry);
    if (entry.location !== null) add(`path ${entry.location}`, entry);
    if (entry.said?.title != null) add(`title ${toComparable(entry.said.title)}`, entry);
  }
  return files.flatMap((file) => {
    const keys = [`id ${file.guid ?? ''}`, `path ${file.location}`, `title ${toComparable(file.said.title ?? '')}`];
    return [...new Set(keys.flatMap((key) => index.get(key) ?? []))].map((entry): [OwnFile, OwnEntry] => [file, entry]);
  });
}

/** Returns the certainty that a file is an entry; null when it is not. */
function toScore(file: OwnFile, entry: OwnEntry): number | null {
  const isNamed = file.guid !== null && toStoredName(file.guid) === entry.identity;
  const isSamePath = entry.location === file.location;
  const { said } = entry;
  // A pruned entry has no text. It must neither return as new nor absorb another article.
  if (entry.isPruned || said === null)
    return (isNamed || isSamePath) && (said === null || isOneTitle(file.said, said) !== false) ? 1 : null;
  const share = shareOf(file.said, said);
  const isOne = isOneTitle(file.said, said) === true;
  const near = isNear(file.said, said, share);
  const late = entry.isDeleted ? 0.4 : 0;
  if ((isNamed || isSamePath) && (near || (isOne && share >= ALIKE))) return (isNamed ? 4 : 3) + share / 2 - late;
  // At another path a few words prove nothing, nor does last week's text with another date.
  if (near && (isOne || !isShort(said)) && !hasOtherDay(file.said, said)) return 2 + share / 2 - late;
  return (isNamed || isSamePath) && !isAnother(file.said, said, share) ? 1 + (isOne ? 0.2 : 0) + share / 2 - late : null;
}

/** Reports whether two texts at one path belong to two articles: another title, another day and
 *  little shared text. */
function isAnother(a: OwnText, b: OwnText, share: number): boolean {
  if (isOneTitle(a, b) === true || isWithinDay(a.published, b.published)) return false;
  if (a.text === '' || b.text === '') return a.published !== null && b.published !== null;
  return share < UNLIKE;
}

/** Reports whether both titles are equal; null when one article has none. */
function isOneTitle(a: OwnText, b: OwnText): boolean | null {
  return a.title === null || b.title === null ? null : toComparable(a.title) === toComparable(b.title);
}

function hasOtherDay(a: OwnText, b: OwnText): boolean {
  return a.published !== null && b.published !== null && !isWithinDay(a.published, b.published);
}

/** Reports whether two texts are one except for some words. A text of few words must be equal. A
 *  text half as long as the other is only quoted in it. */
function isNear(a: OwnText, b: OwnText, share: number): boolean {
  const [left, right] = [toWordPairs(a).size, toWordPairs(b).size];
  const [least, most] = [Math.min(left, right), Math.max(left, right)];
  if (least < FEW) return least > 0 && left === right && share === 1;
  return share >= NEAR && least * 2 >= most;
}

function isShort(said: OwnText): boolean {
  return toWordPairs(said).size < FEW;
}

/** Returns the share, 0 to 1, of the shorter text's word pairs that the other text contains. */
function shareOf(a: OwnText, b: OwnText): number {
  const { share, counted } = sharedPart(toWordPairs(a), toWordPairs(b));
  if (counted > 0) return share;
  return toComparable(a.text) === toComparable(b.text) ? 1 : 0;
}

const wordPairs = new WeakMap<OwnText, Pairs>();

function toWordPairs(said: OwnText): Pairs {
  const known = wordPairs.get(said);
  if (known) return known;
  const pairs = toNeighbours(said.text);
  wordPairs.set(said, pairs);
  return pairs;
}
