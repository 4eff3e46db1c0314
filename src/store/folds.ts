import type { Kysely, Selectable, Transaction } from 'kysely';
import type { StoredEntry } from '../model/entry.ts';
import type { Source } from '../model/source.ts';
import type { Placement, UnsettledMember, UnsettledStory } from '../model/story.ts';
import type { Candidate, Store } from '../ports/store.ts';
import { nameKey, nameUuid, readNamespace } from './names.ts';
import { membersInOrder } from './members.ts';
import { fromJson, inPieces, toDate, toJson, toRevision, toStorable, toStoredEntry } from './rows.ts';
import type { EntryRow, Schema } from './schema.ts';

type FoldMethods = Pick<Store, 'readPending' | 'findCandidates' | 'savePlacements' | 'readUnsettled'>;

/** What folding reads and writes: pending entries, candidates by key, placements, and stories to be settled. */
export function foldMethods(db: Kysely<Schema>): FoldMethods {
  return {
    async readPending(limit) {
      const rows = await db
        .selectFrom('entry')
        .selectAll()
        .where('pending', '>', 0)
        .orderBy('dated_at')
        .orderBy('source_id')
        .orderBy('position')
        .orderBy('no')
        .limit(limit)
        .execute();
      const reasons = new Map(rows.map((row) => [row.no, row.pending === 1 ? ('new' as const) : ('revised' as const)]));
      return (await withNewest(db, rows)).map((entry) => ({ entry, reason: reasons.get(entry.no) ?? 'new' }));
    },

    async findCandidates(keys, since) {
      const shared = new Map<number, string[]>();
      for (const piece of inPieces(keys)) {
        const found = await db
          .selectFrom('fold_key')
          .select(['hash', 'entry_no'])
          .where('hash', 'in', piece)
          .where('at', '>=', since.getTime())
          .execute();
        for (const row of found) shared.set(row.entry_no, [...(shared.get(row.entry_no) ?? []), row.hash]);
      }
      const candidates: { joinedAt: number; datedAt: number; candidate: Candidate }[] = [];
      for (const piece of inPieces([...shared.keys()])) {
        const rows = await db
          .selectFrom('entry')
          .innerJoin('story_entry', 'story_entry.entry_no', 'entry.no')
          .selectAll('entry')
          .select(['story_entry.story_no', 'story_entry.joined_at'])
          .where('entry.no', 'in', piece)
          .where('entry.deleted_at', 'is', null)
          .execute();
        const details = new Map(rows.map((row) => [row.no, row]));
        const sources = await readStorySources(db, [...new Set(rows.map((row) => row.story_no))], null);
        for (const entry of await withNewest(db, rows)) {
          const row = details.get(entry.no);
          if (!row) continue;
          const { story_no: storyNo, joined_at: joinedAt, dated_at: datedAt } = row;
          const candidate = { entry, storyNo, keys: (shared.get(entry.no) ?? []).sort(), storySources: sources.get(storyNo) ?? [] };
          candidates.push({ joinedAt, datedAt, candidate });
        }
      }
      // In the order in which they were folded: the numbers of entries follow the speed of answers, which decides nothing.
      candidates.sort(
        (a, b) =>
          a.joinedAt - b.joinedAt ||
          a.datedAt - b.datedAt ||
          compareText(a.candidate.entry.sourceId, b.candidate.entry.sourceId) ||
          a.candidate.entry.no - b.candidate.entry.no,
      );
      return candidates.map(({ candidate }) => candidate);
    },

    savePlacements: (placements, keys, settled, at) =>
      db.transaction().execute(async (trx) => {
        for (const placement of placements) await savePlacement(trx, placement, at);
        for (const piece of inPieces(keys.map((entry) => entry.entryNo)))
          await trx.deleteFrom('fold_key').where('entry_no', 'in', piece).execute();
        const rows = keys.flatMap((entry) => entry.keys.map((hash) => ({ hash, entry_no: entry.entryNo, at: entry.at.getTime() })));
        for (const piece of inPieces(rows)) await trx.insertInto('fold_key').values(piece).execute();
        for (const piece of inPieces(settled)) {
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
        members: members.get(story.no) ?? [],
      }));
    },
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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

/** Ids of the sources of every entry of these stories; only of those first seen before `seenBefore`, unless that is null. */
export async function readStorySources(
  db: Kysely<Schema>,
  stories: readonly number[],
  seenBefore: Date | null,
): Promise<Map<number, string[]>> {
  const sources = new Map<number, string[]>();
  for (const piece of inPieces(stories)) {
    let query = db
      .selectFrom('story_entry')
      .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
      .select(['story_entry.story_no', 'entry.source_id'])
      .where('story_entry.story_no', 'in', piece);
    if (seenBefore !== null) query = query.where('entry.first_seen_at', '<', seenBefore.getTime());
    for (const row of await query.execute()) sources.set(row.story_no, [...(sources.get(row.story_no) ?? []), row.source_id]);
  }
  return sources;
}

async function savePlacement(trx: Transaction<Schema>, placement: Placement, at: Date): Promise<void> {
  const { entryNo, storyNo, verdict } = placement;
  if (entryNo === storyNo) {
    const entry = await trx
      .selectFrom('entry')
      .select(['source_id', 'identity', 'first_seen_at', 'dated_at'])
      .where('no', '=', entryNo)
      .executeTakeFirstOrThrow();
    const minted = `urn:uuid:${nameUuid(await readNamespace(trx), `entry/${entry.source_id}\n${entry.identity}`)}`;
    const id = await freeId(trx, placement.preferredId, minted);
    await trx
      .insertInto('story')
      .values({
        no: entryNo,
        id,
        key: await freeKey(trx, id),
        lead_no: null,
        lead_revision: 0,
        published: null,
        updated: null,
        first_seen_at: entry.first_seen_at,
        dated_at: entry.dated_at,
        footer: '[]',
        settled_at: null,
        withdrawn_at: null,
        dirty: 1,
      })
      .execute();
  }
  await trx
    .insertInto('story_entry')
    .values({
      entry_no: entryNo,
      story_no: storyNo,
      compared_with: placement.comparedWith,
      label: verdict.label,
      score: verdict.score,
      why: toJson(verdict.why),
      rules: verdict.rules,
      joined_at: at.getTime(),
    })
    .execute();
}

/** Longest id that a story keeps: what an index row of PostgreSQL holds (2,704 bytes), and some room. */
const MAX_ID_BYTES = 2000;

/** The id that the entry had, if no other story has or had it; else the minted one (DESIGN §3). */
async function freeId(trx: Transaction<Schema>, preferred: string | null, minted: string): Promise<string> {
  if (preferred === null) return minted;
  const id = toStorable(preferred);
  if (Buffer.byteLength(id) > MAX_ID_BYTES) return minted;
  const story = await trx.selectFrom('story').select('no').where('id', '=', id).executeTakeFirst();
  const tombstone = await trx.selectFrom('tombstone').select('id').where('id', '=', id).executeTakeFirst();
  return story || tombstone ? minted : id;
}

async function freeKey(trx: Transaction<Schema>, id: string): Promise<string> {
  const whole = nameKey(id);
  for (let length = 12; length < whole.length; length++) {
    const key = whole.slice(0, length);
    if (!(await trx.selectFrom('story').select('no').where('key', '=', key).executeTakeFirst())) return key;
  }
  return whole;
}

async function readMembers(db: Kysely<Schema>, stories: readonly number[]): Promise<Map<number, UnsettledMember[]>> {
  const members = new Map<number, UnsettledMember[]>();
  for (const piece of inPieces(stories)) {
    const rows = await membersInOrder(db)
      .select(['story_entry.story_no', 'source.settings', 'source.feed_title'])
      .where('story_entry.story_no', 'in', piece)
      .where('entry.deleted_at', 'is', null)
      .execute();
    const details = new Map(rows.map((row) => [row.no, row]));
    const real = await readNewestReal(
      db,
      rows.map((row) => row.no),
    );
    for (const entry of await withNewest(db, rows)) {
      const row = details.get(entry.no);
      const revision = real.get(entry.no);
      if (!row || !revision) continue;
      const settings = fromJson<Pick<Source, 'title' | 'priority' | 'private'>>(row.settings);
      const source = { title: settings.title ?? row.feed_title ?? entry.sourceId, priority: settings.priority, private: settings.private };
      const member = {
        entry,
        source,
        realRevision: revision.n,
        realUpdated: toDate(revision.updated),
        realSeenAt: new Date(revision.seen_at),
      };
      members.set(row.story_no, [...(members.get(row.story_no) ?? []), member]);
    }
  }
  return members;
}

async function readNewestReal(db: Kysely<Schema>, entries: readonly number[]) {
  const newest = new Map<number, { n: number; updated: number | null; seen_at: number }>();
  for (const piece of inPieces(entries)) {
    const rows = await db
      .selectFrom('revision')
      .select(['entry_no', 'n', 'updated', 'seen_at'])
      .where('entry_no', 'in', piece)
      .where('kind', '!=', 'cosmetic')
      .orderBy('n')
      .execute();
    for (const row of rows) newest.set(row.entry_no, row);
  }
  return newest;
}
