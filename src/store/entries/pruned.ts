import { sql } from 'kysely';
import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { EntryChange, PriorEntry, KnownEntry } from '../../model/entry.ts';
import type { DroppedWrites } from '../../ports/store/retention.ts';
import { inPieces, toDate, toStorable, toStorableOrNull } from '../sql/rows.ts';
import type { PrunedRow, Schema } from '../schema/schema.ts';
import { insertRows } from '../sql/statements.ts';
import type { Reader } from '../engine/reader.ts';

/** Records which removed entries their sources no longer list; see the port. */
export function droppedWrites(db: Kysely<Schema>): DroppedWrites {
  return {
    async noteStillListed(sourceId, identities, at) {
      const ofSource = db.selectFrom('pruned').select('identity').where('source_id', '=', sourceId);
      const listed = new Set(identities.map(toStorable));
      const counted = await ofSource.where(isListed).execute();
      const dropped = counted.flatMap(({ identity }) => (listed.has(identity) ? [] : identity));
      const known = new Set(counted.map(({ identity }) => identity));
      const back: string[] = [];
      for (const piece of inPieces([...listed].filter((identity) => !known.has(identity))))
        for (const { identity } of await ofSource.where('identity', 'in', piece).execute()) back.push(identity);
      if (dropped.length + back.length === 0) return;
      await db.transaction().execute(async (trx) => {
        const update = trx.updateTable('pruned').where('source_id', '=', sourceId);
        for (const piece of inPieces(dropped)) await update.set({ missed_at: at.getTime() }).where('identity', 'in', piece).execute();
        for (const piece of inPieces(back)) await update.set({ missed_at: null }).where('identity', 'in', piece).execute();
      });
    },
  };
}

const isListed = sql<boolean>`missed_at is null`;

/** Returns removed entries of a source with these identities; all of them when `identities` is
 *  null. */
export async function readPruned(db: Reader, sourceId: string, identities: readonly string[] | null): Promise<KnownEntry[]> {
  const ofSource = db.selectFrom('pruned').selectAll().where('source_id', '=', sourceId);
  if (identities === null) return (await ofSource.execute()).map(toKnown);
  return (await selectPruned(db, sourceId, identities.map(toStorable))).map(toKnown);
}

function toKnown(row: Selectable<PrunedRow>): KnownEntry {
  return {
    identity: row.identity,
    location: row.location,
    contentHash: row.content_hash,
    firstSeenAt: new Date(row.pruned_at),
    isDeleted: false,
    isPruned: true,
    revisions: [],
  };
}

/** Returns removed entries that may come back under another id: by identity, by address, and the
 *  `newest` of those last listed. */
export async function readPrunedPriorEntries(
  db: Reader,
  sourceId: string,
  { identities, urlKeys, newest }: { readonly identities: readonly string[]; readonly urlKeys: readonly string[]; readonly newest: number },
): Promise<PriorEntry[]> {
  const ofSource = db.selectFrom('pruned').selectAll().where('source_id', '=', sourceId);
  const found = new Map<string, PriorEntry>();
  const add = (rows: readonly Selectable<PrunedRow>[]) => rows.forEach((row) => found.set(row.identity, toPriorEntry(row)));
  for (const piece of inPieces(identities.map(toStorable))) add(await ofSource.where('identity', 'in', piece).execute());
  // Must repeat the condition of the index, or the index is not used.
  const isShort = sql<boolean>`length(url_key) <= 600`;
  for (const piece of inPieces(urlKeys.map(toStorable))) add(await ofSource.where('url_key', 'in', piece).where(isShort).execute());
  if (newest > 0) add(await ofSource.where(isListed).orderBy('identity').limit(newest).execute());
  return [...found.values()];
}

function toPriorEntry({ identity, url_key: urlKey, title, hash, published }: Selectable<PrunedRow>): PriorEntry {
  return { identity, guid: null, url: null, urlKey, title, text: '', hash, published: toDate(published) };
}

/** Returns the changes without those of removed entries. These stay removed, but get the
 *  identity and address that their source gives them now. */
export async function withoutPruned(trx: Transaction<Schema>, changes: readonly EntryChange[]): Promise<EntryChange[]> {
  const past = new Set<EntryChange>();
  for (const [sourceId, ofSource] of Map.groupBy(changes, ({ entry }) => entry.sourceId)) {
    const names = ofSource.map(toPrunedName);
    const known = new Map((await selectPruned(trx, sourceId, names)).map((row) => [row.identity, row]));
    const moved = new Map<string, Insertable<PrunedRow>>();
    for (const change of ofSource) {
      const row = known.get(toPrunedName(change));
      if (!row) continue;
      past.add(change);
      const { identity, urlKey, location, contentHash } = change.entry;
      if (change.formerIdentity === null && location === null) continue;
      const set = { identity: toStorable(identity), url_key: toStorableOrNull(urlKey), location: toStorableOrNull(location) };
      moved.set(row.identity, { ...row, ...set, content_hash: contentHash });
    }
    // Removed first: two may have swapped identities, and one may have taken another's.
    const rows = [...new Map([...moved.values()].map((row) => [row.identity, row])).values()];
    for (const piece of inPieces([...moved.keys(), ...rows.map(({ identity }) => identity)]))
      await trx.deleteFrom('pruned').where('source_id', '=', sourceId).where('identity', 'in', piece).execute();
    await insertRows(trx, 'pruned', rows, { size: 100 });
  }
  return changes.filter((change) => !past.has(change));
}

function toPrunedName({ entry, formerIdentity }: EntryChange): string {
  return toStorable(formerIdentity ?? entry.identity);
}

async function selectPruned(db: Reader, sourceId: string, identities: readonly string[]): Promise<Selectable<PrunedRow>[]> {
  const ofSource = db.selectFrom('pruned').selectAll().where('source_id', '=', sourceId);
  const rows = [];
  for (const piece of inPieces(identities)) rows.push(...(await ofSource.where('identity', 'in', piece).execute()));
  return rows;
}
