import type { Kysely, Selectable, Transaction } from 'kysely';
import type { StoredEntry } from '../model/entry.ts';
import type { Source } from '../model/source.ts';
import type { Placement, UnsettledMember, UnsettledStory } from '../model/story.ts';
import type { Candidate, Store } from '../ports/store.ts';
import { nameKey, nameUuid, readNamespace } from './names.ts';
import { membersInOrder } from './members.ts';
import { fromJson, inPieces, toDate, toJson, toRevision, toStorable, toStoredEntry } from './rows.ts';
import type { EntryRow, Schema, StoryRow } from './schema.ts';

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
        await foundStories(trx, placements);
        await joinStories(trx, placements, at);
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

/** Makes a story of each entry that founds one. All that must be unique is looked up for all of them at once: one question for each cost a
 *  third of a run. */
async function foundStories(trx: Transaction<Schema>, placements: readonly Placement[]): Promise<void> {
  const founders = placements.filter(({ entryNo, storyNo }) => entryNo === storyNo);
  if (founders.length === 0) return;
  const entries = await readFounders(trx, founders);
  const namespace = await readNamespace(trx);
  const ids = await readTakenIds(trx, founders);
  const named = founders.map(({ entryNo, preferredId }) => {
    const entry = entries.get(entryNo);
    if (!entry) throw new TypeError(`entry ${entryNo} founds a story and is not stored`);
    const preferred = preferredId === null ? null : toStoryId(preferredId);
    // The id that the entry had, if no other story has or had it; else the minted one (DESIGN §3).
    const isFree = preferred !== null && !ids.has(preferred);
    const id = isFree ? preferred : `urn:uuid:${nameUuid(namespace, `entry/${entry.source_id}\n${entry.identity}`)}`;
    ids.add(id);
    return { entry, id, wholeKey: nameKey(id) };
  });
  const keys = await readTakenKeys(
    trx,
    named.map(({ wholeKey }) => wholeKey.slice(0, KEY_LENGTH)),
  );
  const rows: StoryRow[] = [];
  for (const { entry, id, wholeKey } of named) {
    const key = await freeKey(trx, wholeKey, keys);
    keys.add(key);
    const { no, first_seen_at, dated_at } = entry;
    rows.push({ ...unsettled, no, id, key, first_seen_at, dated_at });
  }
  for (const piece of inPieces(rows)) await trx.insertInto('story').values(piece).execute();
}

const unsettled = {
  lead_no: null,
  lead_revision: 0,
  published: null,
  updated: null,
  footer: '[]',
  settled_at: null,
  withdrawn_at: null,
  dirty: 1,
} as const;

async function joinStories(trx: Transaction<Schema>, placements: readonly Placement[], at: Date): Promise<void> {
  const rows = placements.map(({ entryNo, storyNo, comparedWith, verdict }) => ({
    entry_no: entryNo,
    story_no: storyNo,
    compared_with: comparedWith,
    label: verdict.label,
    score: verdict.score,
    why: toJson(verdict.why),
    rules: verdict.rules,
    joined_at: at.getTime(),
  }));
  for (const piece of inPieces(rows)) await trx.insertInto('story_entry').values(piece).execute();
}

/** Longest id that a story keeps: what an index row of PostgreSQL holds (2,704 bytes), and some room. */
const MAX_ID_BYTES = 2000;

function toStoryId(preferred: string): string | null {
  const id = toStorable(preferred);
  return Buffer.byteLength(id) > MAX_ID_BYTES ? null : id;
}

async function readFounders(trx: Transaction<Schema>, founders: readonly Placement[]) {
  const entries = new Map<number, Pick<EntryRow, 'source_id' | 'identity' | 'first_seen_at' | 'dated_at'> & { readonly no: number }>();
  for (const piece of inPieces(founders.map(({ entryNo }) => entryNo))) {
    const rows = await trx
      .selectFrom('entry')
      .select(['no', 'source_id', 'identity', 'first_seen_at', 'dated_at'])
      .where('no', 'in', piece)
      .execute();
    for (const row of rows) entries.set(row.no, row);
  }
  return entries;
}

/** Those of the preferred ids that a story has or had. */
async function readTakenIds(trx: Transaction<Schema>, founders: readonly Placement[]): Promise<Set<string>> {
  const taken = new Set<string>();
  const wanted = founders.flatMap(({ preferredId }) => (preferredId === null ? [] : (toStoryId(preferredId) ?? [])));
  for (const piece of inPieces([...new Set(wanted)])) {
    const stories = await trx.selectFrom('story').select('id').where('id', 'in', piece).execute();
    const tombstones = await trx.selectFrom('tombstone').select('id').where('id', 'in', piece).execute();
    for (const { id } of [...stories, ...tombstones]) taken.add(id);
  }
  return taken;
}

const KEY_LENGTH = 12;

async function readTakenKeys(trx: Transaction<Schema>, keys: readonly string[]): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const piece of inPieces(keys)) {
    for (const { key } of await trx.selectFrom('story').select('key').where('key', 'in', piece).execute()) taken.add(key);
  }
  return taken;
}

/** The shortest beginning of a key, from KEY_LENGTH characters on, that no story has. `taken` knows those of KEY_LENGTH, and what the batch took. */
async function freeKey(trx: Transaction<Schema>, whole: string, taken: ReadonlySet<string>): Promise<string> {
  for (let length = KEY_LENGTH; length < whole.length; length++) {
    const key = whole.slice(0, length);
    if (taken.has(key)) continue;
    if (length === KEY_LENGTH || !(await trx.selectFrom('story').select('no').where('key', '=', key).executeTakeFirst())) return key;
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
