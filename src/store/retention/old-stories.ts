import { sql } from 'kysely';
import type { AgePosition, AgeReads, RetentionLimit, StoryBundle } from '../../ports/store/retention.ts';
import { FIRST_INSTANT, inPieces } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads which entries are old, and which stories must be removed together. */
export function ageReads(db: Reader): AgeReads {
  return {
    readRetentionLimit: (sourceId, limit) => readLimit(db, sourceId, limit),

    async findOld(sourceId, { limit, after }, count) {
      // The first part of each condition is for the index.
      const from =
        after === null
          ? sql<boolean>`1 = 1`
          : sql<boolean>`entry.first_seen_at >= ${after.firstSeenAt.getTime()} and ${ageOrder} > ${toRow(after)}`;
      const rows = await db
        .selectFrom('entry')
        .leftJoin('story_entry', 'story_entry.entry_no', 'entry.no')
        .select(['entry.no', 'entry.first_seen_at', 'entry.dated_at', 'story_entry.story_no'])
        .where('entry.source_id', '=', sourceId)
        .where(sql<boolean>`entry.first_seen_at <= ${limit.firstSeenAt.getTime()} and ${ageOrder} < ${toRow(limit)}`)
        .where(from)
        .orderBy('entry.first_seen_at')
        .orderBy('entry.dated_at')
        .orderBy('entry.no', 'desc')
        .limit(count)
        .execute();
      return rows.map((row) => ({ ...toAgePosition(row), storyNo: row.story_no }));
    },

    async readBundles(stories) {
      const bundles: StoryBundle[] = [];
      const seen = new Set<number>();
      for (const story of stories) {
        if (seen.has(story)) continue;
        const bundle = await readBundle(db, story);
        for (const no of bundle.stories) seen.add(no);
        bundles.push(bundle);
      }
      return bundles;
    },
  };
}

async function readLimit(db: Reader, sourceId: string, { before, perSource }: RetentionLimit): Promise<AgePosition | null> {
  const byAge = before === null ? null : { firstSeenAt: before, datedAt: new Date(FIRST_INSTANT), no: 0 };
  if (perSource === null) return byAge;
  const oldest = await db
    .selectFrom('entry')
    .select(['no', 'first_seen_at', 'dated_at'])
    .where('source_id', '=', sourceId)
    .where('deleted_at', 'is', null)
    .orderBy('first_seen_at', 'desc')
    .orderBy('dated_at', 'desc')
    .orderBy('no')
    .offset(perSource - 1)
    .limit(1)
    .executeTakeFirst();
  const byNumber = oldest ? toAgePosition(oldest) : null;
  if (byAge === null || byNumber === null) return byAge ?? byNumber;
  return byAge.firstSeenAt > byNumber.firstSeenAt ? byAge : byNumber;
}

/** The order of age, which is the order of the index entry_seen. At the same instant the first
 *  entry of a document is the newest, as in feeds. */
const ageOrder = sql`(entry.first_seen_at, entry.dated_at, -entry.no)`;

function toRow({ firstSeenAt, datedAt, no }: AgePosition) {
  return sql`(${firstSeenAt.getTime()}, ${datedAt.getTime()}, ${-no})`;
}

function toAgePosition(row: { readonly first_seen_at: number; readonly dated_at: number; readonly no: number }): AgePosition {
  return { firstSeenAt: new Date(row.first_seen_at), datedAt: new Date(row.dated_at), no: row.no };
}

/** Reads a bundle: the members of a story, the stories that these entries founded, their
 *  members, and so on. A split or a merge may have moved a founder to another story, and a story
 *  cannot exist without the row of its founder. */
async function readBundle(db: Reader, storyNo: number): Promise<StoryBundle> {
  const stories = new Set<number>();
  const members = new Map<number, StoryBundle['members'][number]>();
  let isHeld = false;
  for (let fresh = [storyNo]; fresh.length > 0;) {
    for (const no of fresh) stories.add(no);
    const found: number[] = [];
    for (const piece of inPieces(fresh)) {
      const rows = await db
        .selectFrom('story_entry')
        .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
        .select(['entry.no', 'entry.source_id', 'entry.first_seen_at', 'entry.dated_at', 'entry.pending', 'entry.hidden_at'])
        .where('story_entry.story_no', 'in', piece)
        .execute();
      for (const row of rows) {
        members.set(row.no, { ...toAgePosition(row), sourceId: row.source_id });
        found.push(row.no);
        isHeld ||= row.pending > 0 || row.hidden_at !== null;
      }
    }
    fresh = [];
    for (const piece of inPieces(found))
      for (const { no } of await db.selectFrom('story').select('no').where('no', 'in', piece).execute())
        if (!stories.has(no)) fresh.push(no);
  }
  const bundle = { stories: [...stories], members: [...members.values()] };
  return { ...bundle, isHeld: isHeld || (await isNeeded(db, bundle)) };
}

/** Reports whether the owner, a feed or an archive still needs the bundle. */
async function isNeeded(db: Reader, { stories, members }: Omit<StoryBundle, 'isHeld'>): Promise<boolean> {
  for (const piece of inPieces(stories)) {
    const isStory = db
      .selectFrom('story')
      .select('no')
      .where('no', 'in', piece)
      .where((eb) => eb.or([eb('dirty', '>', 0), eb('hidden_at', 'is not', null)]));
    if (await isStory.limit(1).executeTakeFirst()) return true;
    const { rows } = await sql`select 1 from listing
      where listing.slug in (select slug from feed) and listing.story_no in (${sql.join(piece)}) and (listing.kind = 'held'
      or listing.kind = 'gone' and exists (select 1 from archive as own join archive as earlier
        on earlier.slug = own.slug and earlier.chain = own.chain and earlier.n < own.n and earlier.bytes is not null
        where own.slug = listing.slug and own.bytes is null and own.first_seq <= listing.seq and own.last_seq >= listing.seq)) limit 1`.execute(
      db,
    );
    if (rows.length > 0) return true;
  }
  for (const piece of inPieces(members.map(({ no }) => no))) {
    const pin = await db
      .selectFrom('pin')
      .select('entry_no')
      .where((eb) => eb.or([eb('entry_no', 'in', piece), eb('other_no', 'in', piece)]))
      .limit(1)
      .executeTakeFirst();
    if (pin) return true;
  }
  return false;
}
