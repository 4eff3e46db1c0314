import type { KnownEntry } from '../../model/entry.ts';
import type { ParsedItem } from '../../model/parsed.ts';
import { DAY_MS } from '../../model/values/time.ts';
import { parseDate } from '../dates/date.ts';
import { toStoredName } from '../identity/identity.ts';
import { hashVersion } from '../identity/text-hash.ts';
import { toComparable, htmlToText } from '../text/text.ts';
import { toPlainTitle } from '../text/title.ts';

/** The words of an article, to tell it from another one. */
interface OwnText {
  /** null when it has none of its own: that of its file says nothing of what stands in it. */
  readonly title: string | null;
  /** Plain. */
  readonly text: string;
  /** null when it is undated. */
  readonly published: Date | null;
}

/** A file of a folder that may be one of its entries. */
export interface OwnFile {
  readonly location: string;
  /** SHA-256 of its bytes, hex. */
  readonly contentHash: string;
  /** The id in its front matter; null for none. */
  readonly guid: string | null;
  readonly said: OwnText;
}

/** An entry of a folder that may be one of its files. `said`: as it was last stored; null when that
 *  is not known. */
export type OwnEntry = Pick<KnownEntry, 'identity' | 'location' | 'contentHash' | 'isDeleted' | 'isPruned'> & {
  readonly said: OwnText | null;
};

/** Two texts that share so many of their word pairs are one article, whatever else they say. */
const NEAR = 0.8;
/** The same of an article with the same title at the same place. */
const ALIKE = 0.5;
/** Texts that share less are of two articles, unless their title or their day is the same. */
const LITTLE = 0.2;
/** Fewer word pairs are in many texts. */
const FEW = 8;
/** Characters that are compared. */
const COMPARED = 4000;
/** So many pairs of files and entries are compared; of more only those with one title. */
const MAX_PAIRS = 20_000;

/** Finds the entry that each file is, by identity; files that are none of them are left out. A
 *  file is the entry
 *  - whose bytes it has, wherever that stood: files are moved, swapped and rotated;
 *  - else that its id, its path, or its title and text name, in this order, the surest first: a
 *  rename may come with an edit. A path or an id names an entry only while title, day and text
 *  do not all say that it is another article. The article that stood there before is then free:
 *  one of the other files, or missing. Known exception: of an undated file whose title and text
 *  are both replaced the old article counts as missing. */
export function matchFiles(files: readonly OwnFile[], entries: readonly OwnEntry[]): ReadonlyMap<OwnFile, OwnEntry> {
  const matches = new Map<OwnFile, OwnEntry>();
  const free = new Set(entries);
  const claim = (file: OwnFile, entry: OwnEntry) => {
    matches.set(file, entry);
    free.delete(entry);
  };
  const byHash = Map.groupBy(entries, ({ contentHash }) => contentHash);
  // One at its own place goes first, and one that is there before one that is deleted.
  for (const isFit of [isAtPlace, isPresent, () => true])
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

function isAtPlace(file: OwnFile, entry: OwnEntry): boolean {
  return entry.location === file.location && !entry.isDeleted;
}

function isPresent(_: OwnFile, entry: OwnEntry): boolean {
  return !entry.isDeleted && !entry.isPruned;
}

/** The words of an item that tell it from another one. */
export function toOwnText(item: ParsedItem, { hasTitle, zone }: { readonly hasTitle: boolean; readonly zone: string }): OwnText {
  return {
    title: hasTitle ? item.title : null,
    text: htmlToText(item.html ?? item.summary ?? ''),
    published: item.published === null ? null : parseDate(item.published, zone),
  };
}

/** A name for a new file that no entry of its source has: its id, else its path. `isId` is false
 *  when its id is another one's. */
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

/** Whether title and text of a file are those of a version that is stored; `hash`: that of the
 *  version (normalise/text-hash.ts). */
export function hasVersion({ title, titleType, html, summary }: ParsedItem, hash: string | undefined): boolean {
  const said = html ?? summary;
  return hashVersion(toPlainTitle(title, titleType), htmlToText(said ?? ''), said) === hash;
}

/** Whether two files say the same, but for a slip. */
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

/** Certainty that a file is an entry; null when it is not. */
function toScore(file: OwnFile, entry: OwnEntry): number | null {
  const isNamed = file.guid !== null && toStoredName(file.guid) === entry.identity;
  const isPlaced = entry.location === file.location;
  const { said } = entry;
  // Little is known of an entry that is kept no longer: it is not to come back as new, and not to
  // swallow another article.
  if (entry.isPruned || said === null) return (isNamed || isPlaced) && (said === null || isOneTitle(file.said, said) !== false) ? 1 : null;
  const share = shareOf(file.said, said);
  const isOne = isOneTitle(file.said, said) === true;
  const near = isNear(file.said, said, share);
  const late = entry.isDeleted ? 0.4 : 0;
  if ((isNamed || isPlaced) && (near || (isOne && share >= ALIKE))) return (isNamed ? 4 : 3) + share / 2 - late;
  // Elsewhere a few words, or the text of last week's article with another date in it, are no sign.
  if (near && (isOne || !isShort(said)) && !hasOtherDay(file.said, said)) return 2 + share / 2 - late;
  return (isNamed || isPlaced) && !isAnother(file.said, said, share) ? 1 + (isOne ? 0.2 : 0) + share / 2 - late : null;
}

/** Whether two texts at one place are of two articles: another title, another day and little shared
 *  text. */
function isAnother(a: OwnText, b: OwnText, share: number): boolean {
  if (isOneTitle(a, b) === true || isOneDay(a, b)) return false;
  if (a.text === '' || b.text === '') return a.published !== null && b.published !== null;
  return share < LITTLE;
}

/** null when one of them has none. */
function isOneTitle(a: OwnText, b: OwnText): boolean | null {
  return a.title === null || b.title === null ? null : toComparable(a.title) === toComparable(b.title);
}

function isOneDay(a: OwnText, b: OwnText): boolean {
  return a.published !== null && b.published !== null && Math.abs(a.published.getTime() - b.published.getTime()) < DAY_MS;
}

function hasOtherDay(a: OwnText, b: OwnText): boolean {
  return a.published !== null && b.published !== null && !isOneDay(a, b);
}

/** Whether two texts are one but for some words. Of a few words that needs all of them; a text that
 *  stands in one twice as long is quoted there. */
function isNear(a: OwnText, b: OwnText, share: number): boolean {
  const [left, right] = [toWordPairs(a).size, toWordPairs(b).size];
  const [least, most] = [Math.min(left, right), Math.max(left, right)];
  if (least < FEW) return least > 0 && left === right && share === 1;
  return share >= NEAR && least * 2 >= most;
}

function isShort(said: OwnText): boolean {
  return toWordPairs(said).size < FEW;
}

/** Share of the word pairs of the shorter text that stand in the other one too, 0 to 1.
 *  Characters count where words are not set apart. */
function shareOf(a: OwnText, b: OwnText): number {
  const [left, right] = [toWordPairs(a), toWordPairs(b)];
  const [small, large] = left.size <= right.size ? [left, right] : [right, left];
  if (small.size === 0) return toComparable(a.text) === toComparable(b.text) ? 1 : 0;
  let shared = 0;
  for (const pair of small) if (large.has(pair)) shared++;
  return shared / small.size;
}

const wordPairs = new WeakMap<OwnText, ReadonlySet<string>>();

function toWordPairs(said: OwnText): ReadonlySet<string> {
  const known = wordPairs.get(said);
  if (known) return known;
  const words =
    toComparable(said.text.slice(0, COMPARED)).match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s]+/gu) ??
    [];
  const pairs = new Set(words.slice(1).map((word, index) => `${words[index] ?? ''} ${word}`));
  wordPairs.set(said, pairs);
  return pairs;
}
