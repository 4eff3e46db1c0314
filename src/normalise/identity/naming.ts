import { toStoredName } from './identity.ts';
import type { IdentifiedItem } from './identity.ts';
import type { Reidentified } from './reidentify.ts';

/** Items with their stored identities. `former`: for each new identity, the identity that the entry
 *  had before its source renamed it. */
interface NamedItems {
  readonly items: readonly IdentifiedItem[];
  readonly former: ReadonlyMap<string, string>;
}

/** Returns each item with the identity under which it is stored. A known item keeps its identity.
 *  It takes the new id of its source only if no entry has that id and the document gave no id to
 *  another article. A new item gets an identity that no entry has: its own, else one of its other
 *  names. `taken`: stored identities among all that the document could use. */
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
    // An entry under the last name has the item's very content.
    const identity = [item.identity, ...item.otherNames].find(isFree) ?? item.otherNames.at(-1) ?? item.identity;
    used.add(identity);
    return { ...item, identity };
  });
  return { items: named, former };
}
