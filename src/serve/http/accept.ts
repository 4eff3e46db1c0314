/** A content coding in which representations are kept, with the suffix of its ETags
 *  (docs/serving.md B1: each coding has its own). */
export interface Coding {
  readonly name: 'br' | 'gzip';
  readonly suffix: '-br' | '-gz';
}

/** The supported codings, the smaller output first. */
export const codings: readonly Coding[] = [
  { name: 'br', suffix: '-br' },
  { name: 'gzip', suffix: '-gz' },
];

/** Returns the coding that an Accept-Encoding prefers (RFC 9110 §12.5.3); `identity` stands for
 *  the plain bytes. Only `identity;q=0` excludes the plain bytes, or `*;q=0` when identity is
 *  not named. Returns null when neither plain bytes nor any of our codings are acceptable. */
export function chooseCoding(accepted: string | null): Coding | 'identity' | null {
  const weights = parseWeights(accepted);
  const weightOf = (name: string) => weights.get(name) ?? (name === 'gzip' ? weights.get('x-gzip') : undefined) ?? weights.get('*') ?? 0;
  const best = codings.toSorted((a, b) => weightOf(b.name) - weightOf(a.name))[0];
  if (best && weightOf(best.name) > 0 && weightOf(best.name) >= (weights.get('identity') ?? 0)) return best;
  return (weights.get('identity') ?? weights.get('*')) === 0 ? null : 'identity';
}

/** Reports whether a client may be sent a feed or a list of feeds (RFC 9110 §12.5.1). The check
 *  is tolerant, since readers often read formats that they do not name. Any range that could
 *  mean a feed of any format counts, and so does a missing header. Only a header whose ranges
 *  are all of another kind (`image/png`) or refused (q=0) gives false. */
export function acceptsFeed(accepted: string | null): boolean {
  const weights = parseWeights(accepted);
  return weights.size === 0 || [...weights].some(([range, weight]) => weight > 0 && READABLE.test(range));
}

/** Clients on an old Java runtime write `*` alone. */
const READABLE = /^(\*|\*\/\*|application\/\*|text\/\*)$|xml|json|rss|atom|rdf|html|opml/;

/** Returns the names of a list, in lower case, with their weights (RFC 9110 §12.4.2). Other
 *  parameters are dropped, and the last of equal names counts. An unreadable weight counts as 1, as
 *  an absent one does, and so does one over 1. A client names only what it can take. */
export function parseWeights(list: string | null): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of (list ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.map((text) => /^q=(\d*(?:\.\d*)?)$/.exec(text)?.[1]).find((text) => text !== undefined && /\d/.test(text));
    if (name !== '') weights.set(name, weight === undefined ? 1 : Math.min(1, Number(weight)));
  }
  return weights;
}
