import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { StoredEntry } from '../model/entry.ts';
import type { Source } from '../model/source.ts';
import type { UnsettledMember, UnsettledStory } from '../model/story.ts';
import type { Store } from '../ports/store.ts';
import { insertPrepared } from './fold-index.ts';
import { membersInOrder } from './members.ts';
import { foundStories, joinStories, saveMerge, saveRelation } from './placements.ts';
import { fromJson, inPieces, toDate, toRevision, toStoredEntry } from './rows.ts';
import { readStanding } from './standing.ts';
import type { EntryRow, RevisionRow, Schema } from './schema.ts';

type FoldMethods = Pick<Store, 'readPending' | 'findSharers' | 'readStanding' | 'saveFolds' | 'readUnsettled'>;

/** What folding reads and writes: pending entries, those that share hashes with them, placements, and stories to be settled. */
export function foldMethods(db: Kysely<Schema>): FoldMethods {
  return {
    async readPending(limit) {
      const all = await db
        .selectFrom('entry')
        .selectAll()
        .where('pending', '>', 0)
        .orderBy('dated_at')
        .orderBy('source_id')
        .orderBy('position')
        .orderBy('no')
        .limit(limit)
        .execute();
      const rows = await firstBytes(db, all);
      const reasons = new Map(rows.map((row) => [row.no, row.pending === 1 ? ('new' as const) : ('revised' as const)]));
      return (await withNewest(db, rows)).map((entry) => ({ entry, reason: reasons.get(entry.no) ?? 'new' }));
    },

    async findSharers(hashes) {
      const found: { readonly hash: number; readonly entryNo: number }[] = [];
      for (const piece of inPieces(hashes.toSorted((a, b) => a - b))) {
        const rows = await db.selectFrom('fold_hash').select(['hash', 'entry_no']).where('hash', 'in', piece).execute();
        for (const row of rows) found.push({ hash: row.hash, entryNo: row.entry_no });
      }
      return found;
    },

    readStanding: (entries) => readStanding(db, entries),

    saveFolds: (batch, at) =>
      db.transaction().execute(async (trx) => {
        await foundStories(trx, batch.placements);
        await joinStories(trx, batch.placements, at);
        for (const merge of batch.merges) await saveMerge(trx, merge);
        for (const relation of batch.relations) await saveRelation(trx, relation, at);
        await insertPrepared(trx, batch.prepared);
        for (const piece of inPieces(batch.settled)) {
          const stories = trx.selectFrom('story_entry').select('story_no').where('entry_no', 'in', piece);
          await trx.updateTable('story').set({ dirty: 1 }).where('no', 'in', stories).execute();
          await trx.updateTable('entry').set({ pending: 0 }).where('no', 'in', piece).execute();
        }
      }),

    async readUnsettled(limit) {
      const stories = await db.selectFrom('story').selectAll().where('dirty', '>', 0).orderBy('no').limit(limit).execute();
      const members = await readMembers(
        db,
        stories.map((story) => story.no),
      );
      return stories.map((story): UnsettledStory => ({
        no: story.no,
        id: story.id,
        leadNo: story.lead_no,
        leadRevision: story.lead_revision,
        published: toDate(story.published),
        updated: toDate(story.updated),
        firstSeenAt: new Date(story.first_seen_at),
        settledAt: toDate(story.settled_at),
        withdrawnAt: toDate(story.withdrawn_at),
        // A story that the owner has taken down shows nothing, whatever joins it.
        members: story.hidden_at === null ? (members.get(story.no) ?? []) : [],
      }));
    },
  };
}

/** Text that one batch brings into memory: five hundred entries may be a gigabyte, if somebody means it. */
const BATCH_BYTES = 16_000_000;

/** The first entries whose texts are no more than that together; one at least. */
async function firstBytes(db: Kysely<Schema>, rows: readonly Selectable<EntryRow>[]): Promise<readonly Selectable<EntryRow>[]> {
  const sizes = new Map<number, number>();
  for (const piece of inPieces(rows.map(({ no }) => no))) {
    const found = await db
      .selectFrom('revision')
      .select(['entry_no', sql<number>`sum(octet_length(coalesce(html, '')) + octet_length(text))`.as('size')])
      .where('entry_no', 'in', piece)
      .groupBy('entry_no')
      .execute();
    for (const row of found) sizes.set(row.entry_no, row.size);
  }
  let total = 0;
  const end = rows.findIndex(({ no }, index) => (total += sizes.get(no) ?? 0) > BATCH_BYTES && index > 0);
  return end < 0 ? rows : rows.slice(0, end);
}

/** Adds to each entry the newest of its revisions. Keeps the order. */
export async function withNewest(db: Kysely<Schema>, rows: readonly Selectable<EntryRow>[]): Promise<StoredEntry[]> {
  const newest = new Map<number, StoredEntry['revision']>();
  for (const piece of inPieces(rows.map((row) => row.no))) {
    const revisions = await db
      .selectFrom('revision as r')
      .selectAll('r')
      .where('r.entry_no', 'in', piece)
      .where('r.n', '=', (outer) =>
        outer
          .selectFrom('revision as m')
          .select((inner) => inner.fn.max('m.n').as('n'))
          .whereRef('m.entry_no', '=', 'r.entry_no'),
      )
      .execute();
    for (const row of revisions) newest.set(row.entry_no, toRevision(row));
  }
  return rows.flatMap((row) => {
    const revision = newest.get(row.no);
    return revision ? [toStoredEntry(row, revision)] : [];
  });
}

async function readMembers(db: Kysely<Schema>, stories: readonly number[]): Promise<Map<number, UnsettledMember[]>> {
  const members = new Map<number, UnsettledMember[]>();
  for (const piece of inPieces(stories)) {
    const rows = await membersInOrder(db)
      .clearSelect()
      .select(['entry.no', 'entry.source_id', 'entry.url', 'entry.url_key', 'entry.home_host', 'entry.position', 'entry.first_seen_at'])
      .select(['story_entry.story_no', 'story_entry.label', 'source.settings', 'source.feed_title'])
      .where('story_entry.story_no', 'in', piece)
      .where('entry.deleted_at', 'is', null)
      .where('entry.hidden_at', 'is', null)
      .execute();
    const { newest, real } = await readNewestRevisions(
      db,
      rows.map((row) => row.no),
    );
    for (const row of rows) {
      const [last, told] = [newest.get(row.no), real.get(row.no)];
      if (!last || !told) continue;
      const settings = fromJson<Pick<Source, 'title' | 'priority' | 'private'>>(row.settings);
      const member: UnsettledMember = {
        entry: {
          no: row.no,
          sourceId: row.source_id,
          url: row.url,
          urlKey: row.url_key,
          homeHost: row.home_host,
          position: row.position,
          firstSeenAt: new Date(row.first_seen_at),
        },
        newest: { published: toDate(last.published), hash: last.hash, hasFullText: last.has_html === 1 },
        source: { title: settings.title ?? row.feed_title ?? row.source_id, priority: settings.priority, private: settings.private },
        label: row.label as UnsettledMember['label'],
        realRevision: told.n,
        realUpdated: toDate(told.updated),
        realSeenAt: new Date(told.seen_at),
      };
      members.set(row.story_no, [...(members.get(row.story_no) ?? []), member]);
    }
  }
  return members;
}

/** Of each entry the newest revision, and the newest of which readers are told. */
async function readNewestRevisions(db: Kysely<Schema>, entries: readonly number[]) {
  const newest = new Map<number, NewestRow>();
  const real = new Map<number, NewestRow>();
  for (const piece of inPieces(entries)) {
    const rows = await db
      .selectFrom('revision')
      .select(['entry_no', 'n', 'kind', 'published', 'updated', 'seen_at', 'hash'])
      .select(sql<number>`case when html is null then 0 else 1 end`.as('has_html'))
      .where('entry_no', 'in', piece)
      .orderBy('n')
      .execute();
    for (const row of rows) {
      newest.set(row.entry_no, row);
      if (row.kind !== 'cosmetic') real.set(row.entry_no, row);
    }
  }
  return { newest, real };
}

type NewestRow = Pick<Selectable<RevisionRow>, 'n' | 'published' | 'updated' | 'seen_at' | 'hash'> & { readonly has_html: number };
