import type { Article } from './article.ts';
import { DAY_MS } from '../../model/values/time.ts';
import type { EntryMatch } from './assign.ts';
import { sharedPart, toPairs } from './shared-words.ts';

/** From this share of common word pairs on, two texts are versions of one article; unrelated ones
 *  of one site share a tenth at most. */
const SHARED = 0.5;
/** Below it they are two texts. */
const UNLIKE = 0.2;
/** Titles and paths with fewer letters ("News", "/video") name nothing. */
const MIN_NAME = 12;
/** So many entries at least make a migration, if no date proves each of them. */
const MIN_MOVED = 3;
/** Of entries without dates that say the same to the letter. */
const MIN_EQUAL = 2;
/** A name that more entries have is that of a series. */
const MAX_SHARERS = 60;

/** All that is known when most ids of a document are new. */
export interface MoveContext {
  /** Entries that no item has. */
  readonly free: readonly Article[];
  /** All that are known of the source: an address of several of them says nothing. */
  readonly entries: readonly Article[];
  /** Items under new ids that have found their entries already. */
  readonly found: number;
  /** true when the owner says that the source has moved. */
  readonly hasMoved: boolean;
}

/** Finds the entries of a source that has moved, with all ids, addresses or domains changed. An
 *  item is the entry with its title, path or words and its date, or with one of them and its text.
 *  Without the date, most of the new ids must find an entry. A series gives every day the same
 *  title, a status feed the same text. A declared move needs neither. */
export function attachMoved(items: readonly Article[], { free, entries: all, found, hasMoved }: MoveContext): readonly EntryMatch[] {
  const left = new Set(free);
  const matches = new Map<Article, Article>();
  const attach = (item: Article, entry: Article) => {
    matches.set(item, entry);
    left.delete(entry);
  };
  const likely: EntryMatch[] = [];
  const paths = Map.groupBy(all, toPathName);
  const toOwnPath = (article: Article) => {
    const path = toPathName(article);
    return (paths.get(path)?.length ?? 0) > 1 ? null : path;
  };
  for (const nameOf of [toTitleName, toOwnPath, toVersionName]) {
    const sharers = Map.groupBy(items, nameOf);
    const entries = Map.groupBy(left, nameOf);
    for (const one of items) {
      const name = nameOf(one);
      if (name === null || matches.has(one) || (entries.get(name)?.length ?? 0) > MAX_SHARERS) continue;
      const candidates = entries.get(name)?.filter((entry) => left.has(entry)) ?? [];
      const sameDay = candidates.filter((entry) => isOneDay(one.published, entry.published) && !isOther(one, entry));
      const isAlone = sharers.get(name)?.length === 1;
      const [dated] = sameDay;
      const [only] = candidates;
      // The title of a whole series stands on many entries: only one that is alone, on both sides,
      // says which is meant.
      if (dated && sameDay.length === 1 && (isAlone || dated.hash === one.hash)) attach(one, dated);
      else if (only && candidates.length === 1 && isAlone && name.length >= MIN_NAME && isAlike(only, one)) likely.push([one, only]);
    }
  }
  const count = found + matches.size + likely.length;
  const least = likely.every(([one, entry]) => one.hash === entry.hash && !isDated(one, entry)) ? MIN_EQUAL : MIN_MOVED;
  if (hasMoved || (count >= least && count * 2 >= found + items.length))
    for (const [item, entry] of likely) if (left.has(entry) && !matches.has(item)) attach(item, entry);
  return [...matches];
}

function isDated(one: Article, entry: Article): boolean {
  return one.published !== null && entry.published !== null;
}

function toTitleName({ title }: Article): string | null {
  return title === '' ? null : title;
}

/** All that it says, to the letter. */
function toVersionName({ hash, text }: Article): string | null {
  return text === '' ? null : hash;
}

/** The address without its host: what stays when a site moves to another domain. */
function toPathName({ urlKey }: Article): string | null {
  const path = urlKey?.replace(/^[^/?]*/, '') ?? '';
  return path.length < MIN_NAME ? null : path;
}

function isAlike(entry: Article, { hash, text }: Article): boolean {
  return entry.hash === hash || text === '' || entry.text === '' || sharedPart(toPairs(text), toPairs(entry.text)).share >= SHARED;
}

/** Reports whether two texts have next to nothing in common; where one has none, whether their
 *  titles differ. */
function isOther(one: Article, entry: Article): boolean {
  if (one.text === '' || entry.text === '') return one.title !== entry.title;
  return sharedPart(toPairs(one.text), toPairs(entry.text)).share < UNLIKE;
}

function isOneDay(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && Math.abs(a.getTime() - b.getTime()) < DAY_MS;
}
