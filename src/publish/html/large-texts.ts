/** Shorter texts are made anew for every page: that takes a few milliseconds. */
const LEAST_LENGTH = 100_000;
/** Characters that are kept, of what is made and of what it was made from. */
const MOST_KEPT = 20_000_000;

/** Remembers what was made of long texts, the last of them: to clean one of two million characters
 *  takes a quarter of a second, of which everybody else would have to wait as often as somebody
 *  asks for it. `variant` is all that the result depends on beside the text; the same text and
 *  variant must always give the same. */
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
