/** Finds text from a place on; -1 when there is none. */
export type Finder = (needle: string, from: number) => number;

/** An indexOf that remembers for each needle what it found: asked at rising places it reads the text once, however often it is asked.
 *  Without it a document of unclosed tags would be searched to its end for each of them. */
export function createFinder(text: string): Finder {
  const known = new Map<string, { from: number; found: number }>();
  return (needle, from) => {
    const before = known.get(needle);
    if (before && from >= before.from && (before.found < 0 || from <= before.found)) return before.found;
    const found = text.indexOf(needle, from);
    known.set(needle, { from, found });
    return found;
  };
}
