import { toStoredName } from './identity.ts';
import type { IdentifiedItem } from './identity.ts';
import type { Reidentified } from './reidentify.ts';

/** Items under the identities that they are stored under, and for those that their source has
 *  renamed the identity they had, by the new one. */
interface NamedItems {
  readonly items: readonly IdentifiedItem[];
  readonly former: ReadonlyMap<string, string>;
}

/** Gives each item the identity that it is stored under. A known item keeps its identity. It
 *  takes the id that its source gives it now if nobody has that id and no id of the document was
 *  given away. A new item has an identity that no entry has: its own, else one of its other
 *  names. `taken`: identities that the store has, of all that come into question. */
export function nameItems(items: readonly IdentifiedItem[], { matches, isConfused }: Reidentified, taken: ReadonlySet<string>): NamedItems {
  const inDocument = new Set(items.map(({ identity }) => identity));
  const used = new Set(matches.flatMap((name) => name ?? []));
  const former = new Map<string, string>();
  const named = items.map((item, index): IdentifiedItem => {
    const match = matches[index] ?? null;
    const isFree = (name: string) => !taken.has(name) && !used.has(name);
    if (match !== null) {
      const { guid } = item.item;
      const isKept = match === item.identity || inDocument.has(match) || (guid !== null && toStoredName(guid) === match);
      if (isKept || isConfused || !isFree(item.identity)) return { ...item, identity: match };
      former.set(item.identity, match);
      used.add(item.identity);
      return item;
    }
    const identity = [item.identity, ...item.otherNames].find(isFree) ?? item.identity;
    used.add(identity);
    return { ...item, identity };
  });
  return { items: named, former };
}
