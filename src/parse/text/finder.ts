/** Finds text from a place on; -1 when there is none. */
export type Finder = (needle: string, from: number) => number;

/** Searches of different needles may read the text this many times over in all; a document that
 *  asks for more is built to be slow. */
const MAX_READINGS = 50;

/** An indexOf that remembers for each needle what it found: asked at rising places it reads the
 *  text once, however often it is asked. Without it a document of unclosed tags would be searched
 *  to its end for each of them. Once many different needles have used up the allowance, what is not
 *  known already counts as not there: that bounds the work by the length of the text. */
export function createFinder(text: string): Finder {
  const known = new Map<string, { from: number; found: number }>();
  let allowance = MAX_READINGS * (text.length + 1000);
  return (needle, from) => {
    const before = known.get(needle);
    if (before !== undefined && from >= before.from && (before.found < 0 || from <= before.found)) return before.found;
    if (allowance < 0) return -1;
    const found = text.indexOf(needle, from);
    allowance -= (found < 0 ? text.length : found) - from + 1;
    if (before === undefined) known.set(needle, { from, found });
    else [before.from, before.found] = [from, found];
    return found;
  };
}
