/** Shared characters that are kept at either side of a difference: more than the words shown
 *  there. */
const MARGIN = 400;
/** Characters compared in one step. */
const PIECE = 4096;

/** Two texts without most of their common beginning and end, so that the cost depends on the edit
 *  and not on the length. */
interface Trimmed {
  readonly before: string;
  readonly after: string;
  /** Number of characters cut off each text. */
  readonly cut: number;
}

/** Cuts off the common beginning and end of two texts, between words where there are spaces. Short
 *  texts are returned unchanged. */
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

/** Returns the start of the last word at or before a position, searching MARGIN characters. It
 *  never splits a surrogate pair. */
function toBoundary(text: string, position: number): number {
  if (position <= 0) return 0;
  for (let at = position; at > position - MARGIN && at > 0; at--) if (/\s/.test(text.charAt(at - 1))) return at;
  return splitsPair(text, position) ? position - 1 : position;
}

function toTailBoundary(text: string, count: number): number {
  if (count <= 0) return 0;
  for (let at = count; at > count - MARGIN && at > 0; at--) if (/\s/.test(text.charAt(text.length - at - 1))) return at;
  return splitsPair(text, text.length - count) ? count - 1 : count;
}

function splitsPair(text: string, position: number): boolean {
  return /[\udc00-\udfff]/.test(text.charAt(position));
}
