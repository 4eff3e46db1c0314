/** A coding that representations are kept in, with the suffix of its ETags (docs/serving.md B1:
 *  each coding has its own). */
export interface Coding {
  readonly name: 'br' | 'gzip';
  readonly suffix: '-br' | '-gz';
}

/** The codings that there are, the smaller first. */
export const codings: readonly Coding[] = [
  { name: 'br', suffix: '-br' },
  { name: 'gzip', suffix: '-gz' },
];

/** The coding that an Accept-Encoding prefers (RFC 9110 §12.5.3), `identity` for the plain bytes,
 *  null when neither they nor any of our codings are acceptable: plain bytes are excluded only by
 *  `identity;q=0`, or by `*;q=0` where identity is not named. */
export function chooseCoding(accepted: string | null): Coding | 'identity' | null {
  const weights = parseWeights(accepted);
  const weightOf = (name: string) => weights.get(name) ?? (name === 'gzip' ? weights.get('x-gzip') : undefined) ?? weights.get('*') ?? 0;
  const best = codings.toSorted((a, b) => weightOf(b.name) - weightOf(a.name))[0];
  if (best && weightOf(best.name) > 0 && weightOf(best.name) >= (weights.get('identity') ?? 0)) return best;
  return (weights.get('identity') ?? weights.get('*')) === 0 ? null : 'identity';
}

/** Whether a client may be sent a feed or a list of feeds (RFC 9110 §12.5.1). Tolerant, since what
 *  readers accept and what they read are two things: any range that could mean a feed of any format
 *  will do, and so does no header. It is no only if every range is of another kind (`image/png`) or
 *  refused (q=0). */
export function acceptsFeed(accepted: string | null): boolean {
  const weights = parseWeights(accepted);
  return weights.size === 0 || [...weights].some(([range, weight]) => weight > 0 && READABLE.test(range));
}

/** `*` alone is how clients on an old Java runtime write it. */
const READABLE = /^(\*|\*\/\*|application\/\*|text\/\*)$|xml|json|rss|atom|rdf|html|opml/;

/** Names of a list, in lower case, with their weights (RFC 9110 §12.4.2); other parameters are
 *  dropped. The last of equal names counts. A weight that is no number counts as 1, as if it were
 *  absent, one over 1 as 1: such a client named the thing because it can have it. */
export function parseWeights(list: string | null): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of (list ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const said = parameters.map((text) => /^q=(\d*(?:\.\d*)?)$/.exec(text)?.[1]).find((text) => text !== undefined && /\d/.test(text));
    if (name !== '') weights.set(name, said === undefined ? 1 : Math.min(1, Number(said)));
  }
  return weights;
}
