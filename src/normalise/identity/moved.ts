import type { Article } from './article.ts';
import { isWithinDay } from '../../model/values/time.ts';
import type { EntryMatch } from './assign.ts';
import { ALIKE, sharedPart, toPairs, UNLIKE } from './shared-words.ts';

/** Titles and paths with fewer letters ("News", "/video") identify nothing. */
const MIN_NAME = 12;
/** Least number of entries that prove a migration when dates do not prove each of them. */
const MIN_MOVED = 3;
/** The same when the entries have no dates and are equal in every letter. */
const MIN_EQUAL = 2;
/** A name of more entries belongs to a series. */
const MAX_SHARERS = 60;

/** Facts for a document in which most ids are new. */
interface MoveContext {
  /** Entries without an item. */
  readonly free: readonly Article[];
  /** All known entries of the source: an address of several of them identifies none. */
  readonly entries: readonly Article[];
  /** Number of items under new ids that already have an entry. */
  readonly found: number;
  /** true when the owner has declared that the source moved. */
  readonly hasMoved: boolean;
}

/** Finds the entries of a source that has moved, with all ids, addresses or domains changed. An
 *  item is an entry when its title, path or words agree and its date or text too. Without a date,
 *  most of the new ids must find an entry: a series repeats its title every day, a status feed its
 *  text. A declared move needs neither. */
export function attachMoved(items: readonly Article[], { free, entries: all, found, hasMoved }: MoveContext): readonly EntryMatch[] {
  const remaining = new Set(free);
  const matches = new Map<Article, Article>();
  const attach = (item: Article, entry: Article) => {
    matches.set(item, entry);
    remaining.delete(entry);
  };
  const likely: EntryMatch[] = [];
  const paths = Map.groupBy(all, toPathName);
  const toOwnPath = (article: Article) => {
    const path = toPathName(article);
    return (paths.get(path)?.length ?? 0) > 1 ? null : path;
  };
  for (const nameOf of [toTitleName, toOwnPath, toVersionName]) {
    const sharers = Map.groupBy(items, nameOf);
    const entries = Map.groupBy(remaining, nameOf);
    for (const one of items) {
      const name = nameOf(one);
      if (name === null || matches.has(one) || (entries.get(name)?.length ?? 0) > MAX_SHARERS) continue;
      const candidates = entries.get(name)?.filter((entry) => remaining.has(entry)) ?? [];
      const sameDay = candidates.filter((entry) => isWithinDay(one.published, entry.published) && !isOther(one, entry));
      const isAlone = sharers.get(name)?.length === 1;
      const [dated] = sameDay;
      const [only] = candidates;
      // Many entries of a series share one title. Only a title that is unique among items and among
      // entries identifies one.
      if (dated && sameDay.length === 1 && (isAlone || dated.hash === one.hash)) attach(one, dated);
      else if (only && candidates.length === 1 && isAlone && name.length >= MIN_NAME && isAlike(only, one)) likely.push([one, only]);
    }
  }
  const count = found + matches.size + likely.length;
  const least = likely.every(([one, entry]) => one.hash === entry.hash && !isDated(one, entry)) ? MIN_EQUAL : MIN_MOVED;
  if (hasMoved || (count >= least && count * 2 >= found + items.length))
    for (const [item, entry] of likely) if (remaining.has(entry) && !matches.has(item)) attach(item, entry);
  return [...matches];
}

function isDated(one: Article, entry: Article): boolean {
  return one.published !== null && entry.published !== null;
}

function toTitleName({ title }: Article): string | null {
  return title === '' ? null : title;
}

/** Returns a name for the whole content, equal in every letter. */
function toVersionName({ hash, text }: Article): string | null {
  return text === '' ? null : hash;
}

/** Returns the address without its host, which stays the same when a site moves to another
 *  domain. */
function toPathName({ urlKey }: Article): string | null {
  const path = urlKey?.replace(/^[^/?]*/, '') ?? '';
  return path.length < MIN_NAME ? null : path;
}

function isAlike(entry: Article, { hash, text }: Article): boolean {
  return entry.hash === hash || text === '' || entry.text === '' || sharedPart(toPairs(text), toPairs(entry.text)).share >= ALIKE;
}

/** Reports whether two texts have next to nothing in common. When one has no text, reports whether
 *  the titles differ. */
function isOther(one: Article, entry: Article): boolean {
  if (one.text === '' || entry.text === '') return one.title !== entry.title;
  return sharedPart(toPairs(one.text), toPairs(entry.text)).share < UNLIKE;
}
