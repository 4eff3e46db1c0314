import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { FoldText } from '../model/fold.ts';
import type { PendingEntry } from '../ports/store.ts';
import { inPieces, toDate } from './rows.ts';
import type { EntryRow, Schema } from './schema.ts';

/** The next entries to fold, without their markup; see the port. */
export async function readPending(db: Kysely<Schema>, limit: number): Promise<PendingEntry[]> {
  const all = await db
    .selectFrom('entry')
    .select(['no', 'key', 'source_id', 'identity', 'guid', 'url', 'url_key', 'home_host', 'link_post', 'position', 'first_seen_at'])
    .select('pending')
    .where('pending', '>', 0)
    .orderBy('dated_at')
    .orderBy('source_id')
    .orderBy('position')
    .orderBy('no')
    .limit(limit)
    .execute();
  const rows = await firstBytes(db, all);
  const texts = await readTexts(
    db,
    rows.map(({ no }) => no),
  );
  return rows.flatMap((row) => {
    const revision = texts.get(row.no);
    return revision ? [{ entry: toFoldText(row, revision), reason: row.pending === 1 ? 'new' : 'revised' }] : [];
  });
}

/** Text that one batch brings into memory: five hundred entries may be a gigabyte, if somebody means it. */
const BATCH_BYTES = 16_000_000;

/** The first entries whose texts are no more than that together; one at least. */
async function firstBytes(db: Kysely<Schema>, rows: readonly PendingRow[]): Promise<readonly PendingRow[]> {
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

type PendingRow = Pick<
  Selectable<EntryRow>,
  | 'no'
  | 'key'
  | 'source_id'
  | 'identity'
  | 'guid'
  | 'url'
  | 'url_key'
  | 'home_host'
  | 'link_post'
  | 'position'
  | 'first_seen_at'
  | 'pending'
>;

/** What the newest revisions of entries say, without their markup. */
async function readTexts(db: Kysely<Schema>, entries: readonly number[]): Promise<Map<number, FoldText['revision']>> {
  const texts = new Map<number, FoldText['revision']>();
  for (const piece of inPieces(entries)) {
    const rows = await db
      .selectFrom('revision as r')
      .select(['r.entry_no', 'r.published', 'r.title', 'r.text'])
      .where('r.entry_no', 'in', piece)
      .where('r.n', '=', (outer) =>
        outer
          .selectFrom('revision as m')
          .select((inner) => inner.fn.max('m.n').as('n'))
          .whereRef('m.entry_no', '=', 'r.entry_no'),
      )
      .execute();
    for (const { entry_no, published, title, text } of rows) texts.set(entry_no, { published: toDate(published), title, text });
  }
  return texts;
}

function toFoldText(row: PendingRow, revision: FoldText['revision']): FoldText {
  return {
    no: row.no,
    key: row.key,
    sourceId: row.source_id,
    identity: row.identity,
    guid: row.guid,
    url: row.url,
    urlKey: row.url_key,
    homeHost: row.home_host,
    linkPost: row.link_post === 1,
    position: row.position,
    firstSeenAt: new Date(row.first_seen_at),
    revision,
  };
}
