import type { Selectable, Transaction } from 'kysely';
import type { EntryChange } from '../../model/entry.ts';
import { nameKey } from '../sql/names.ts';
import { inPieces, toStorable } from '../sql/rows.ts';
import type { EntryRow, Schema } from '../schema/schema.ts';

/** The columns of a stored entry that saving a change needs. */
export type StoredRow = Pick<Selectable<EntryRow>, 'no' | 'source_id' | 'pending' | 'deleted_at' | 'url' | 'url_key'>;

/** Finds the stored entry of each change, and frees the identities that entries will get. Two
 *  entries may have swapped theirs; one may get the identity of an entry that left the document.
 *  Afterwards no two entries of a source share an identity, whatever the changes say. `known`
 *  has the changes of stored entries, `added` those of new ones, in the given order. */
export async function resolveNames(
  trx: Transaction<Schema>,
  changes: readonly EntryChange[],
): Promise<{ readonly known: readonly (readonly [EntryChange, StoredRow])[]; readonly added: readonly EntryChange[] }> {
  const stored = await readStored(trx, changes);
  const holders = new Map(stored);
  const renamed = new Map<EntryChange, StoredRow>();
  for (const change of changes) {
    const former = toFormerName(change);
    const row = former === null ? undefined : holders.get(former);
    if (former === null || !row) continue;
    renamed.set(change, row);
    // From now on the former identity is free.
    holders.delete(former);
  }
  await vacate(trx, [...renamed.values()]);
  const displaced: StoredRow[] = [];
  const taken = new Set<string>();
  for (const [change, row] of renamed) {
    const name = toName(change);
    const holder = holders.get(name);
    // When two changes have the same identity, the first gets it; the other has none until it gets
    // a new one.
    if (taken.has(name)) {
      renamed.delete(change);
      continue;
    }
    if (holder) displaced.push(holder);
    taken.add(name);
    holders.set(name, row);
  }
  await vacate(trx, displaced);
  const known: [EntryChange, StoredRow][] = [];
  const added = new Map<string, EntryChange>();
  for (const change of changes) {
    const row = renamed.get(change) ?? holders.get(toName(change));
    if (row) known.push([change, row]);
    else if (!added.has(toName(change))) added.set(toName(change), change);
  }
  return { known, added: [...added.values()] };
}

/** Gives each new entry a key that no other entry has or had; a former owner of its identity
 *  keeps the key for good. */
export async function nameEntries(trx: Transaction<Schema>, changes: readonly EntryChange[], at: Date): Promise<readonly string[]> {
  const first = changes.map((change) => toKey(toName(change)));
  const taken = await readKeys(trx, first);
  const keys: string[] = [];
  for (const [index, change] of changes.entries()) {
    let key = first[index] ?? '';
    for (let n = 1; taken.has(key); n++) {
      key = toKey(`${toName(change)}\n${at.getTime()}${n === 1 ? '' : ` ${n}`}`);
      for (const other of await readKeys(trx, [key])) taken.add(other);
    }
    taken.add(key);
    keys.push(key);
  }
  return keys;
}

const KEY_LENGTH = 12;

function toKey(name: string): string {
  return nameKey(name).slice(0, KEY_LENGTH);
}

async function readKeys(trx: Transaction<Schema>, keys: readonly string[]): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const piece of inPieces(keys))
    for (const { key } of await trx.selectFrom('entry').select('key').where('key', 'in', piece).execute()) taken.add(key);
  return taken;
}

function toName({ entry }: EntryChange): string {
  return `${entry.sourceId}\n${toStorable(entry.identity)}`;
}

/** Returns the former identity of a changed entry; null when it keeps its identity. */
function toFormerName({ entry, formerIdentity }: EntryChange): string | null {
  if (formerIdentity === null || toStorable(formerIdentity) === toStorable(entry.identity)) return null;
  return `${entry.sourceId}\n${toStorable(formerIdentity)}`;
}

/** Returns the stored entries of these changes, and those whose identities they take, by
 *  identity. */
async function readStored(trx: Transaction<Schema>, changes: readonly EntryChange[]): Promise<Map<string, StoredRow>> {
  const stored = new Map<string, StoredRow>();
  for (const [sourceId, ofSource] of Map.groupBy(changes, ({ entry }) => entry.sourceId)) {
    const names = ofSource.flatMap(({ entry, formerIdentity }) =>
      formerIdentity === null ? entry.identity : [entry.identity, formerIdentity],
    );
    for (const piece of inPieces([...new Set(names.map(toStorable))])) {
      const rows = await trx
        .selectFrom('entry')
        .select(['no', 'source_id', 'identity', 'pending', 'deleted_at', 'url', 'url_key'])
        .where('source_id', '=', sourceId)
        .where('identity', 'in', piece)
        .execute();
      for (const row of rows) stored.set(`${sourceId}\n${row.identity}`, row);
    }
  }
  return stored;
}

/** Gives entries a new unique identity, because their source has given theirs to other entries. */
async function vacate(trx: Transaction<Schema>, rows: readonly StoredRow[]): Promise<void> {
  for (const { no, source_id } of rows) {
    const ofSource = trx.selectFrom('entry').select('no').where('source_id', '=', source_id);
    let identity = `newsfold:left:${no}`;
    // A feed may contain that identity too.
    while (await ofSource.where('identity', '=', identity).executeTakeFirst()) identity += '+';
    await trx.updateTable('entry').set({ identity }).where('no', '=', no).execute();
  }
}
