import { toPairs } from './shared-words.ts';
import type { Pairs } from './shared-words.ts';
import { toLinkName } from './article.ts';
import type { Article } from './article.ts';

/** Names of more than one article: no evidence that two are one. */
export interface Shared {
  readonly guids: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  readonly titles: ReadonlySet<string>;
  /** Milliseconds. */
  readonly instants: ReadonlySet<number>;
  /** Word pairs of several texts: a template's. */
  readonly pairs: Pairs;
  /** true when no id of this document is believed: ids have been seen to name other articles than
   *  before. */
  readonly areGuidsMoved: boolean;
  /** The same of addresses that are the only names of their articles. */
  readonly areLinksMoved: boolean;
}

/** Reads the word pairs of articles, each once while there are few. */
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

/** Texts whose word pairs stay in memory, some 20 kB each. */
const MAX_KEPT = 1000;
/** Texts of which a template is read, of the beginning of a document. */
export const SAMPLE = 40;

/** Names that stand for several items of a document, or for several entries of its source. An
 *  item and its own entry are one article each. */
export function findShared(items: readonly Article[], entries: readonly Article[], pairsOf: (article: Article) => Pairs): Shared {
  const both = <T>(nameOf: (article: Article) => T | null): Set<T> =>
    new Set([...findRepeated(items.map(nameOf)), ...findRepeated(entries.map(nameOf))]);
  const template = [items, entries].flatMap((list) => [...findRepeated(list.slice(0, SAMPLE).flatMap((one) => [...pairsOf(one)]))]);
  return {
    // One that is the name of another entry has been used again.
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
