/** Characters of what two texts share that are kept at either side of what differs: more than the
 *  words that are shown there. */
const MARGIN = 400;
/** Characters that are compared at once. */
const PIECE = 4096;

/** Two texts without most of what they begin and end with in common, so that an edit of a long text
 *  costs what was edited. */
interface Trimmed {
  readonly before: string;
  readonly after: string;
  /** Characters that were cut off each of them. */
  readonly cut: number;
}

/** Cuts off what two texts have in common at their ends, between words where there are spaces;
 *  short texts come back as they are. */
export function trimShared(before: string, after: string): Trimmed {
  const head = toBoundary(before, countShared(before, after) - MARGIN);
  const [old, young] = [before.slice(head), after.slice(head)];
  const tail = toTailBoundary(old, countSharedEnd(old, young) - MARGIN);
  return { before: old.slice(0, old.length - tail), after: young.slice(0, young.length - tail), cut: head + tail };
}

function countShared(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at + PIECE <= most && a.startsWith(b.slice(at, at + PIECE), at)) at += PIECE;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function countSharedEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count + PIECE <= most && a.endsWith(b.slice(b.length - count - PIECE, b.length - count), a.length - count)) count += PIECE;
  while (count < most && a.charCodeAt(a.length - count - 1) === b.charCodeAt(b.length - count - 1)) count++;
  return count;
}

/** The last place at or before this one that a word begins at, within reason; never inside a
 *  character of two units. */
function toBoundary(text: string, place: number): number {
  if (place <= 0) return 0;
  for (let at = place; at > place - MARGIN && at > 0; at--) if (/\s/.test(text.charAt(at - 1))) return at;
  return isInside(text, place) ? place - 1 : place;
}

function toTailBoundary(text: string, count: number): number {
  if (count <= 0) return 0;
  for (let left = count; left > count - MARGIN && left > 0; left--) if (/\s/.test(text.charAt(text.length - left - 1))) return left;
  return isInside(text, text.length - count) ? count - 1 : count;
}

function isInside(text: string, place: number): boolean {
  return /[\udc00-\udfff]/.test(text.charAt(place));
}
