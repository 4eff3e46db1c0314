import { toPairs } from './shared-words.ts';
import type { Pairs } from './shared-words.ts';
import { toLinkName } from './article.ts';
import type { Article } from './article.ts';

/** Names of more than one article, which therefore identify none. */
export interface Shared {
  readonly guids: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  readonly titles: ReadonlySet<string>;
  /** In milliseconds since 1970. */
  readonly instants: ReadonlySet<number>;
  /** Word pairs of several texts, which belong to a template. */
  readonly pairs: Pairs;
  /** true when no id of this document is trusted, because ids were seen to name other articles than
   *  before. */
  readonly areGuidsMoved: boolean;
  /** As `areGuidsMoved`, for addresses that are the only names of their articles. */
  readonly areLinksMoved: boolean;
}

/** Returns a function that reads the word pairs of articles. It keeps the first MAX_KEPT
 *  results. */
export function createPairReader(): (article: Article) => Pairs {
  const known = new Map<Article, Pairs>();
  return (article) => {
    const found = known.get(article);
    if (found) return found;
    const pairs = toPairs(article.text);
    if (known.size < MAX_KEPT) known.set(article, pairs);
    return pairs;
  };
}

/** Most texts whose word pairs stay in memory, about 20 kB each. */
const MAX_KEPT = 1000;
/** Number of texts, at the beginning of a document, in which a template is searched. */
export const SAMPLE = 40;

/** Returns the names of several items of a document, or of several entries of its source. An item
 *  and its own entry are one article. */
export function findShared(items: readonly Article[], entries: readonly Article[], pairsOf: (article: Article) => Pairs): Shared {
  const both = <T>(nameOf: (article: Article) => T | null): Set<T> =>
    new Set([...findRepeated(items.map(nameOf)), ...findRepeated(entries.map(nameOf))]);
  const template = [items, entries].flatMap((list) => [...findRepeated(list.slice(0, SAMPLE).flatMap((one) => [...pairsOf(one)]))]);
  return {
    // A guid that is also the identity of another entry was reused.
    guids: new Set([
      ...findRepeated(items.map(({ guid }) => guid)),
      ...findRepeated(entries.flatMap(({ guid, identity }) => [...new Set([guid, identity])])),
    ]),
    links: both(toLinkName),
    titles: both(({ title }) => title || null),
    instants: both(({ published }) => published?.getTime() ?? null),
    pairs: new Set(template),
    areGuidsMoved: false,
    areLinksMoved: false,
  };
}

function findRepeated<T>(names: readonly (T | null)[]): Set<T> {
  const [seen, repeated] = [new Set<T>(), new Set<T>()];
  for (const name of names) if (name !== null) (seen.has(name) ? repeated : seen).add(name);
  return repeated;
}
