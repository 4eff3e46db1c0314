import { dropVolatile, isRealChange } from '../../../../../src/normalise/text/change.ts';
import { htmlToText, toComparable } from '../../../../../src/normalise/text/text.ts';
import type { Piece } from './atom.ts';

/** The newest facts that a subscriber has about an id. */
export interface KnownEntry {
  readonly published: string | null;
  /** The newest `updated` that was seen; null when only a tombstone was. */
  readonly updated: number | null;
  /** The entry as it was first seen with this `updated`. */
  readonly first: Piece | null;
  /** Number of the visit at which this `updated` was first seen. */
  readonly since: number;
  /** Time of the tombstone that holds; null while the story stands. */
  readonly goneAt: number | null;
}

/** Reports whether readers may be left untold that an entry differs. */
export type IsSilent = (before: Piece, after: Piece) => boolean;

/** The entries that a subscriber has seen, in documents and archives. */
export type Memory = ReturnType<typeof createMemory>;

/** Remembers every entry by its id. `isSilent` says which differences an unmoved `updated` allows.
 *  `seen` and `seenInArchive` return what contradicts the memory, in words. */
export function createMemory(isSilent: IsSilent) {
  const known = new Map<string, KnownEntry>();
  /** By number, the form that entries had when an archive was first read. */
  const archiveForms = new Map<number, number>();
  let form = 0;

  /** Notes a newer version of an entry. */
  function renew(piece: Piece, visit: number): void {
    known.set(piece.id, { published: piece.published, updated: piece.at, first: piece, since: visit, goneAt: null });
  }

  function compareEqual(piece: Piece, before: KnownEntry, place: string): string[] {
    const { first } = before;
    if (first === null) known.set(piece.id, { ...before, first: piece });
    if (first === null || first.xml === piece.xml || isSilent(first, piece)) return [];
    return [`${piece.id} differs ${place} although updated is still ${show(piece.at)}: “${first.title}” → “${piece.title}”`];
  }

  function compareDates(piece: Piece, before: KnownEntry): string[] {
    if (before.updated === null || before.published === piece.published) return [];
    // A story without a date may have found one while it was withdrawn.
    const mayDate = before.published === null && piece.at > before.updated;
    return mayDate ? [] : [`${piece.id} has another published: ${before.published} → ${piece.published}`];
  }

  return {
    known: known as ReadonlyMap<string, KnownEntry>,

    /** Notes an entry or a tombstone of the present document. */
    seen(piece: Piece, visit: number): string[] {
      const before = known.get(piece.id);
      const updated = before?.updated ?? null;
      const goneAt = before?.goneAt ?? null;
      if (piece.kind === 'tombstone') {
        const late = updated !== null && updated > piece.at;
        known.set(piece.id, { ...(before ?? unknown), goneAt: Math.max(piece.at, goneAt ?? piece.at), since: before?.since ?? visit });
        return late ? [`the tombstone of ${piece.id} is of ${show(piece.at)}, before its entry of ${show(updated)}`] : [];
      }
      if (!before) {
        renew(piece, visit);
        return [];
      }
      const found = compareDates(piece, before);
      if (goneAt !== null && piece.at <= goneAt)
        found.push(`${piece.id} came back with updated ${show(piece.at)}, which is not after its tombstone of ${show(goneAt)}`);
      if (updated !== null && piece.at < updated) found.push(`${piece.id}: updated went back: ${show(updated)} → ${show(piece.at)}`);
      if (updated === piece.at && goneAt === null) found.push(...compareEqual(piece, before, 'in the document'));
      else renew(piece, visit);
      return found;
    },

    /** Notes an entry or a tombstone of an archive, which may be old. */
    seenInArchive(piece: Piece, n: number, visit: number): string[] {
      if (!archiveForms.has(n)) archiveForms.set(n, form);
      const before = known.get(piece.id);
      const updated = before?.updated ?? null;
      const goneAt = before?.goneAt ?? null;
      if (piece.kind === 'tombstone') {
        if ((updated ?? 0) <= piece.at && (goneAt ?? 0) <= piece.at)
          known.set(piece.id, { ...(before ?? unknown), goneAt: piece.at, since: before?.since ?? visit });
        return [];
      }
      if (before && goneAt !== null && piece.at <= goneAt) return [];
      if (!before || piece.at > (updated ?? 0)) {
        renew(piece, visit);
        return before ? compareDates(piece, before) : [];
      }
      if (piece.at !== updated) return [];
      // An archive keeps the form in which it was made.
      const differences = archiveForms.get(n) === form ? compareEqual(piece, before, `in archive ${n}`) : [];
      return [...compareDates(piece, before), ...differences];
    },

    /** Forgets an id of which nobody can know more. */
    forget: (id: string) => void known.delete(id),

    /** Forgets the forms of all entries: settings of the site or the feed may write them anew. */
    forgetForms(): void {
      form++;
      for (const [id, entry] of known) known.set(id, { ...entry, first: null });
    },
  };
}

const unknown: KnownEntry = { published: null, updated: null, first: null, since: 0, goneAt: null };

/** Reports whether docs/design.md §83 lets two versions of an entry differ in silence. Their titles
 *  must be equal, and their words may differ by a slip. Links, authors and the list of other
 *  places may differ. A title that is made of the text counts as text. A post without words shows
 *  its link, which is no text. */
export function isSilentByRule(before: Piece, after: Piece): boolean {
  const [one, other] = [toVersion(before), toVersion(after)];
  return (toWords(one.title) === toWords(other.title) && toWords(one.text) === toWords(other.text)) || !isRealChange(one, other);
}

/** Reports whether an entry has its full text now. When all have, this is no news. */
export function isContinued(before: Piece, after: Piece): boolean {
  return before.title === after.title && toWords(toVersion(after).text).startsWith(toWords(toVersion(before).text));
}

function toVersion({ title, html }: Piece): { readonly title: string; readonly text: string } {
  const text = withoutLinks(htmlToText(html.replace(/\n?<p class="newsfold-(?:also|updates)">.*?<\/p>/g, '')));
  return { title: text.startsWith(title.slice(0, 20)) ? '' : withoutLinks(title), text };
}

function withoutLinks(text: string): string {
  return text.replaceAll(/\S+\.test\S*/g, '');
}

function toWords(text: string): string {
  return toComparable(dropVolatile(text));
}

function show(at: number | null): string {
  return at === null ? 'never' : new Date(at).toISOString();
}
