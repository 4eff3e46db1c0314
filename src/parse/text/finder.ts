/** Returns the next offset of a text from `from` on; -1 when there is none. */
export type Finder = (needle: string, from: number) => number;

/** Searches for different needles may scan the text this many times in total. A document that needs
 *  more is an attack. */
const MAX_READINGS = 50;

/** Returns an indexOf that remembers the last result of each needle: calls with rising offsets scan
 *  the text once. Otherwise each unclosed tag would cause a search to the end. Once the allowance
 *  is used up, an unknown needle counts as absent, which bounds the work by the length of the
 *  text. */
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
