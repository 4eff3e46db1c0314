/** Shorter texts are not cached: cleaning one takes a few milliseconds. */
const LEAST_LENGTH = 100_000;
/** Most characters in the cache, of texts and results together. */
const MOST_KEPT = 20_000_000;

/** Returns a cache for the results of long texts, which drops the oldest ones. Cleaning two million
 *  characters takes a quarter of a second, during which all other requests wait. `variant` is
 *  everything that the result depends on besides the text. `make` must give the same result for the
 *  same text and variant. */
export function createLargeTexts(): (text: string, variant: string, make: () => string) => string {
  const kept = new Map<string, string>();
  let length = 0;
  return (text, variant, make) => {
    if (text.length < LEAST_LENGTH) return make();
    const name = `${variant}\n${text}`;
    const known = kept.get(name);
    if (known !== undefined) {
      kept.delete(name);
      kept.set(name, known);
      return known;
    }
    const made = make();
    kept.set(name, made);
    length += name.length + made.length;
    for (const [oldest, value] of kept) {
      if (length <= MOST_KEPT) break;
      kept.delete(oldest);
      length -= oldest.length + value.length;
    }
    return made;
  };
}
