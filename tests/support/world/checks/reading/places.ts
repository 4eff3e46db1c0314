import type { AtomDocument, Piece } from './atom.ts';

/** Remembers which of two entries stood above the other. `order` is the feed's rule: a story's
 *  place follows `published` or `updated`, so only another such time may move it. Two stories
 *  of one instant have a fixed order too. */
export function createPlaces() {
  const numbers = new Map<string, number>();
  const above = new Set<number>();
  const numberOf = (name: string) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  return {
    /** Forgets all places: another rule of the feed may order its stories anew. */
    forget(): void {
      numbers.clear();
      above.clear();
    },

    /** Notes the places of a document. Returns the pairs that have changed places, in words. */
    note({ pieces }: AtomDocument, order: 'published' | 'updated'): string[] {
      const entries = pieces.filter(({ kind }) => kind === 'entry');
      const places = entries.map((piece) => numberOf(`${timeOf(piece, order)} ${piece.id}`));
      const found: string[] = [];
      for (const [upper, one] of places.entries())
        for (const [lower, other] of places.entries()) {
          if (lower <= upper) continue;
          above.add(one * MOST + other);
          if (above.delete(other * MOST + one)) found.push(`${entries[lower]?.id} stood above ${entries[upper]?.id}, and now below it`);
        }
      return found;
    },
  };
}

/** More entries than a subscriber ever sees. */
const MOST = 2 ** 26;

function timeOf({ published, at }: Piece, order: 'published' | 'updated'): string {
  return order === 'published' ? String(published) : String(at);
}
