import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { FoldText } from '../../model/fold.ts';
import type { PendingEntry } from '../../ports/store/folding.ts';
import { newestRevisions } from '../sql/members.ts';
import { foldColumns, inPieces, toDate, toFoldFields } from '../sql/rows.ts';
import type { FoldRow } from '../sql/rows.ts';
import type { EntryRow } from '../schema/schema.ts';
import { readSkipped } from '../operation/set-aside.ts';
import type { Reader } from '../engine/reader.ts';

/** Returns the next entries to fold, without their markup; see the port. */
export async function readPending(db: Reader, limit: number): Promise<PendingEntry[]> {
  const passed = await readSkipped(db, 'fold');
  let waiting = db
    .selectFrom('entry')
    .select(foldColumns)
    .select(['key', 'pending'])
    .where('pending', '>', 0)
    .orderBy('dated_at')
    .orderBy('source_id')
    .orderBy('position')
    .orderBy('no')
    .limit(limit);
  if (passed.numbers.length > 0) waiting = waiting.where(sql<boolean>`no not in (${sql.join(passed.numbers.map((no) => sql.lit(no)))})`);
  if (passed.sources.length > 0) waiting = waiting.where('source_id', 'not in', passed.sources);
  const all = await waiting.execute();
  const rows = await firstBytes(db, all);
  const texts = await readTexts(
    db,
    rows.map(({ no }) => no),
  );
  return rows.flatMap((row) => {
    const revision = texts.get(row.no);
    const entry = { ...toFoldFields(row), key: row.key };
    return revision ? [{ entry: { ...entry, revision }, reason: row.pending === 1 ? 'new' : 'revised' }] : [];
  });
}

/** Most bytes of text that one batch reads: five hundred hostile entries could have a gigabyte. */
const BATCH_BYTES = 16_000_000;

/** Returns the first entries whose texts fit into that limit together; at least one. */
async function firstBytes(db: Reader, rows: readonly PendingRow[]): Promise<readonly PendingRow[]> {
  const sizes = new Map<number, number>();
  for (const piece of inPieces(rows.map(({ no }) => no))) {
    const found = await db
      .selectFrom('revision')
      .select(['entry_no', sql<number>`max(octet_length(text))`.as('size')])
      .where('entry_no', 'in', piece)
      .groupBy('entry_no')
      .execute();
    for (const row of found) sizes.set(row.entry_no, row.size);
  }
  let total = 0;
  const end = rows.findIndex(({ no }, index) => (total += sizes.get(no) ?? 0) > BATCH_BYTES && index > 0);
  return end < 0 ? rows : rows.slice(0, end);
}

type PendingRow = FoldRow & Pick<Selectable<EntryRow>, 'key' | 'pending'>;

/** Returns title and text of the newest revisions of entries, without markup. */
async function readTexts(db: Reader, entries: readonly number[]): Promise<Map<number, FoldText['revision']>> {
  const texts = new Map<number, FoldText['revision']>();
  for (const piece of inPieces(entries)) {
    const rows = await newestRevisions(db, piece).select(['r.entry_no', 'r.published', 'r.title', 'r.text']).execute();
    for (const { entry_no, published, title, text } of rows) texts.set(entry_no, { published: toDate(published), title, text });
  }
  return texts;
}
