import type { Document } from '../../../../../src/model/feed.ts';
import { composeDelta, findBase } from '../../../../../src/serve/http/delta.ts';
import type { AtomDocument, Piece } from './atom.ts';
import type { IsSilent, Memory } from './memory.ts';

/** A version of the document that the subscriber holds. */
interface Version {
  /** Number of the last visit that gave this version. */
  visit: number;
  /** true when the subscriber then knew the archives too. */
  isComplete: boolean;
  readonly entries: ReadonlyMap<string, Piece>;
}

/** Remembers the versions of a document and asks for a delta from each (RFC 3229 `feed`), by the
 *  code of the server. A delta may leave out an entry of the old version, or one that the
 *  subscriber then knew from the archives. */
export function createDeltas(memory: Memory, isSilent: IsSilent) {
  const versions = new Map<string, Version>();

  function findLacks(tag: string, version: Version, told: ReadonlySet<Piece>, pieces: readonly Piece[]): string[] {
    return pieces.flatMap((piece) => {
      if (piece.kind === 'notice' || told.has(piece)) return [];
      const held = version.entries.get(piece.id);
      const lacks = (why: string) => [`the delta from ${tag} (visit ${version.visit}) lacks ${piece.kind} ${piece.id}: ${why}`];
      if (piece.kind === 'tombstone') return held && held.at <= piece.at ? lacks('the client still shows it') : [];
      if (held)
        return held.at === piece.at && (held.xml === piece.xml || isSilent(held, piece)) ? [] : lacks('the client has another version');
      const isArchived = !version.isComplete || (memory.known.get(piece.id)?.since ?? Infinity) <= version.visit;
      return isArchived ? [] : lacks('the client has never had it');
    });
  }

  return {
    /** Forgets all versions: another chain has none of them, and settings change all entries. */
    forget: () => versions.clear(),

    /** Remembers the present version. */
    note(tag: string, { pieces }: AtomDocument, visit: { readonly no: number; readonly isComplete: boolean }): void {
      const known = versions.get(tag);
      if (known) {
        known.visit = visit.no;
        known.isComplete ||= visit.isComplete;
        return;
      }
      const entries = new Map(pieces.filter(({ kind }) => kind === 'entry').map((piece) => [piece.id, piece]));
      versions.set(tag, { visit: visit.no, isComplete: visit.isComplete, entries });
    },

    /** Applies the delta from each remembered version that the server still knows. Returns what the
     *  client then lacks, in words. */
    async check(document: Document, atom: AtomDocument): Promise<string[]> {
      const { history } = document;
      if (history === null) return ['the atom document has no versions'];
      const found: string[] = [];
      const read = new Map<Uint8Array, ReadonlySet<Piece>>();
      for (const [tag, version] of versions) {
        if (!history.versions.has(tag)) {
          versions.delete(tag);
          continue;
        }
        const base = findBase(history, [tag]);
        if (base === null) continue;
        const bytes = await composeDelta(document, history, base, 'identity');
        try {
          const told = read.get(bytes) ?? readDelta(new TextDecoder().decode(bytes), atom);
          read.set(bytes, told);
          found.push(...findLacks(tag, version, told, atom.pieces));
        } catch (error) {
          found.push(`the delta from ${tag} is broken: ${error instanceof Error ? error.message : 'unknown'}`);
        }
      }
      return found;
    },
  };
}

/** Returns the pieces of a document that a delta has.
 *  @throws Error when the delta is not the document without some pieces. */
function readDelta(text: string, { start, pieces, end }: AtomDocument): ReadonlySet<Piece> {
  if (!text.startsWith(start)) throw new Error('it begins otherwise than the document');
  const told = new Set<Piece>();
  let at = start.length;
  for (const piece of pieces) {
    if (!text.startsWith(piece.xml, at)) continue;
    told.add(piece);
    at += piece.xml.length;
  }
  if (text.slice(at) !== end) throw new Error('it has more than pieces of the document');
  return told;
}
