import { escapeXml, unescapeXml } from '../html/xml-text.ts';

/** Returns the bytes of a stored archive without one entry; null when the archive lacks it. */
export function withoutEntry(bytes: Uint8Array, id: string): Uint8Array | null {
  const before = new TextDecoder().decode(bytes);
  const named = `        <id>${escapeXml(id)}</id>`;
  const pieces = before.split(/(?=^ {4}<entry[ >])/m);
  const kept = pieces.map((piece, index) => {
    if (index === 0 || !piece.split('\n').includes(named)) return piece;
    return piece.slice(piece.indexOf('</entry>\n') + '</entry>\n'.length);
  });
  const after = kept.join('');
  return after === before ? null : new TextEncoder().encode(after);
}

/** Returns the ids of the entries in a stored archive. */
export function readEntryIds(bytes: Uint8Array): string[] {
  const pieces = new TextDecoder().decode(bytes).split(/(?=^ {4}<entry[ >])/m);
  return pieces.slice(1).flatMap((piece) => {
    const id = /^ {8}<id>(.*)<\/id>$/m.exec(piece)?.[1];
    return id === undefined ? [] : unescapeXml(id);
  });
}

/** Returns the bytes of a stored archive with its link to archive `n` replaced by one to
 *  `previous`, or removed when that is null. Null when it has no link to archive `n`. */
export function withPreviousArchive(
  bytes: Uint8Array,
  { n, previous }: { readonly n: number; readonly previous: number | null },
): Uint8Array | null {
  const before = new TextDecoder().decode(bytes);
  const link = new RegExp(`(\\s*<link rel="prev-archive" href="[^"]*/archive/)${n}(\\.atom"[^>]*>)`);
  const after = before.replace(link, previous === null ? '' : `$1${previous}$2`);
  return after === before ? null : new TextEncoder().encode(after);
}
