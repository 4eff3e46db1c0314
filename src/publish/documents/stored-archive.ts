import { escapeXml, unescapeXml } from '../html/xml-text.ts';

/** The bytes of a stored archive without one entry, which its owner has taken down; null when it is
 *  not in them. */
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

/** The ids of the entries in the bytes of a stored archive. */
export function readEntryIds(bytes: Uint8Array): string[] {
  const pieces = new TextDecoder().decode(bytes).split(/(?=^ {4}<entry[ >])/m);
  return pieces.slice(1).flatMap((piece) => {
    const id = /^ {8}<id>(.*)<\/id>$/m.exec(piece)?.[1];
    return id === undefined ? [] : unescapeXml(id);
  });
}

/** The bytes of a stored archive that led to archive `n`, leading to another one before that, or to
 *  none; null when they did not lead there. */
export function withPreviousArchive(
  bytes: Uint8Array,
  { n, previous }: { readonly n: number; readonly previous: number | null },
): Uint8Array | null {
  const before = new TextDecoder().decode(bytes);
  const link = new RegExp(`(\\s*<link rel="prev-archive" href="[^"]*/archive/)${n}(\\.atom"[^>]*>)`);
  const after = before.replace(link, previous === null ? '' : `$1${previous}$2`);
  return after === before ? null : new TextEncoder().encode(after);
}
