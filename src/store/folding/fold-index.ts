import type { Kysely, Transaction } from 'kysely';
import type { PreparedEntry } from '../../model/fold.ts';
import { BATCH_SIZE } from '../../ports/store/store.ts';
import type { FoldIndexReads, FoldIndexWrites } from '../../ports/store/folding.ts';
import { insertRows } from '../sql/statements.ts';
import { inPieces } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';
import { readMeta, removeMeta, saveMeta } from '../sql/meta.ts';

/** Reads the index of prepared entries, and word frequencies. All of it is derived from entries,
 *  so it is not exported and can be lost. */
export function indexReads(db: Reader): FoldIndexReads {
  return {
    isPrepared: async (version) => (await readMeta(db, 'prepared')) === version,

    async readProfiles(limit) {
      const rows = await db.selectFrom('fold_profile').select('profile').orderBy('entry_no', 'desc').limit(limit).execute();
      return rows.map((row) => row.profile);
    },

    async readWords() {
      const row = await db.selectFrom('fold_words').selectAll().executeTakeFirst();
      if (!row) return null;
      const numbers = toNumbers(row.counts);
      const counts = new Map<number, number>();
      for (let at = 0; at + 1 < numbers.length; at += 2) counts.set((numbers[at] ?? 0) >>> 0, numbers[at + 1] ?? 0);
      return { texts: row.texts, counts, at: new Date(row.at) };
    },

    async readPins() {
      const rows = await db.selectFrom('pin').select(['entry_no', 'other_no', 'kind']).execute();
      return rows.map((row) => ({ entryNo: row.entry_no, otherNo: row.other_no, kind: row.kind === 'apart' ? 'apart' : 'together' }));
    },
  };
}

/** Writes the index of prepared entries, and word frequencies. */
export function indexWrites(db: Kysely<Schema>): FoldIndexWrites {
  return {
    markPrepared: (version) => saveMeta(db, 'prepared', version),

    dropPrepared: () =>
      db.transaction().execute(async (trx) => {
        for (const table of ['fold_hash', 'fold_waiting', 'fold_profile', 'fold_words'] as const) await trx.deleteFrom(table).execute();
        await removeMeta(trx, 'prepared');
      }),

    savePrepared: (prepared) => db.transaction().execute((trx) => insertPrepared(trx, prepared)),

    indexPrepared: () => db.transaction().execute(indexSome),

    async saveWords({ texts, counts }, at) {
      const values = { at: at.getTime(), texts, counts: toBytes([...counts].flat()) };
      await db
        .insertInto('fold_words')
        .values({ id: 1, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    },
  };
}

/** Replaces the prepared form of entries. They are found by their hashes after they were
 *  indexed. */
export async function insertPrepared(trx: Transaction<Schema>, prepared: readonly PreparedEntry[]): Promise<void> {
  const known = await forgetPrepared(
    trx,
    prepared.map(({ entryNo }) => entryNo),
  );
  const sketches = prepared.map(({ entryNo, sketch }) => ({ entryNo, hashes: [...new Set(sketch)] }));
  const profiles = prepared.map(({ entryNo, at, profile }, index) => ({
    entry_no: entryNo,
    at: at.getTime(),
    profile,
    sketch: toBytes(sketches[index]?.hashes ?? []),
  }));
  await insertRows(trx, 'fold_profile', profiles, { size: 100 });
  // An entry that was found before and has changed must be found at once.
  const again = sketches.filter(({ entryNo }) => known.has(entryNo));
  await insertRows(
    trx,
    'fold_hash',
    again.flatMap(({ entryNo, hashes }) => hashes.map((hash) => ({ hash, entry_no: entryNo }))),
  );
  const waiting = prepared.filter(({ entryNo }) => !known.has(entryNo));
  await insertRows(
    trx,
    'fold_waiting',
    waiting.map(({ entryNo }) => ({ entry_no: entryNo })),
  );
}

/** Entries that are indexed at once. More entries mean fewer repeated writes of the same index
 *  pages. */
const INDEXED_AT_ONCE = 8000;

/** Indexes waiting entries. Reports whether there may be more. Works in the order of the hashes,
 *  so that a large index is traversed once. Entry by entry, each batch of a run wrote nearly all
 *  its pages. */
async function indexSome(trx: Transaction<Schema>): Promise<boolean> {
  const waiting = await trx.selectFrom('fold_waiting').select('entry_no').orderBy('entry_no').limit(INDEXED_AT_ONCE).execute();
  const sketches: { readonly entry_no: number; readonly hashes: Int32Array }[] = [];
  for (const piece of inPieces(waiting.map((row) => row.entry_no))) {
    const rows = await trx.selectFrom('fold_profile').select(['entry_no', 'sketch']).where('entry_no', 'in', piece).execute();
    for (const { entry_no, sketch } of rows) sketches.push({ entry_no, hashes: toNumbers(sketch) });
  }
  const pairs = new BigInt64Array(sketches.reduce((sum, { hashes }) => sum + hashes.length, 0));
  let at = 0;
  for (const { entry_no, hashes } of sketches) for (const hash of hashes) pairs[at++] = (BigInt(hash) << 32n) | BigInt(entry_no);
  pairs.sort();
  for (let from = 0; from < pairs.length; from += BATCH_SIZE)
    await insertRows(
      trx,
      'fold_hash',
      Array.from(pairs.subarray(from, from + BATCH_SIZE), (pair) => ({
        hash: Number(pair >> 32n),
        entry_no: Number(pair & 0xff_ff_ff_ffn),
      })),
    );
  for (const piece of inPieces(waiting.map((row) => row.entry_no)))
    await trx.deleteFrom('fold_waiting').where('entry_no', 'in', piece).execute();
  return waiting.length === INDEXED_AT_ONCE;
}

/** Forgets the prepared form of entries first seen before an instant. */
export async function forgetBefore(trx: Transaction<Schema>, at: Date): Promise<void> {
  for (;;) {
    const rows = await trx.selectFrom('fold_profile').select('entry_no').where('at', '<', at.getTime()).limit(500).execute();
    await forgetPrepared(
      trx,
      rows.map((row) => row.entry_no),
    );
    if (rows.length < 500) return;
  }
}

/** Forgets the prepared form of entries. Returns the entries that had one. */
export async function forgetPrepared(trx: Transaction<Schema>, entries: readonly number[]): Promise<ReadonlySet<number>> {
  const known = new Set<number>();
  for (const piece of inPieces(entries)) {
    const rows = await trx.selectFrom('fold_profile').select(['entry_no', 'sketch']).where('entry_no', 'in', piece).execute();
    for (const row of rows) {
      known.add(row.entry_no);
      // By the primary key: other entries share a hash, and the entry alone has no index.
      for (const hashes of inPieces([...toNumbers(row.sketch)]))
        await trx.deleteFrom('fold_hash').where('hash', 'in', hashes).where('entry_no', '=', row.entry_no).execute();
    }
    await trx.deleteFrom('fold_waiting').where('entry_no', 'in', piece).execute();
    await trx.deleteFrom('fold_profile').where('entry_no', 'in', piece).execute();
  }
  return known;
}

function toBytes(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(numbers, (number) => number | 0).buffer);
}

/** Copies the bytes, because those of a row need not be aligned for numbers, and slice() of a
 *  Buffer copies nothing. */
function toNumbers(bytes: Uint8Array): Int32Array {
  return new Int32Array(new Uint8Array(bytes).buffer);
}
