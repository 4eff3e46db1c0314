import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { HeadlineQuery } from '../../model/headline.ts';
import type { Backend } from '../engine/backend.ts';
import { SHOWN } from '../feeds/listings.ts';
import { FIRST_INSTANT } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** The position of a story in a list. */
export interface ListPosition {
  readonly no: number;
  readonly leadNo: number;
  readonly at: Date;
}

/** Selects the stories of a list. */
export type HeadlineFilter = Pick<HeadlineQuery, 'slugs' | 'sources'> & {
  /** Only stories with one of these entries; null for all. The stories are sorted in memory, so
   *  there must be few. */
  readonly entries: readonly number[] | null;
};

/** The number of stories to skip, and the number to return. */
interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Returns a part of the list, in its order. One feed: the feed's own order (listings.ts).
 *  Several feeds: all stories by date. */
export async function readListPositions(
  db: Reader,
  { numbers }: Pick<Backend, 'numbers'>,
  selection: HeadlineFilter,
  { offset, limit }: Page,
): Promise<ListPosition[]> {
  if (selection.entries !== null) return readFew(db, selection, numbers(JSON.stringify(selection.entries)), { offset, limit });
  const from = offset === 0 ? { upTo: null, offset } : await findPageStart(db, selection, offset);
  return from === null ? [] : readFrom(db, selection, from.upTo, { offset: from.offset, limit });
}

/** Walks the index of the list from an instant on (null: from the newest) until the page is
 *  full. */
function readFrom(db: Reader, selection: HeadlineFilter, upTo: number | null, page: Page): Promise<ListPosition[]> {
  const { at, no, walked, isListed } = toListIndex(selection);
  const since = upTo === null ? sql`` : sql`and ${at} <= ${upTo}`;
  return readPage(
    db,
    sql`select story.no, story.lead_no, ${at} as at
      from ${walked === 'story' ? sql`story` : sql`listing cross join story`} cross join entry as founder cross join entry as lead
      where ${isListed} ${since} and story.no = ${no} and ${isShown}
      order by ${at} desc, founder.source_id, story.no`,
    page,
  );
}

/** Returns the instant of the story at a list position, and how many stories of that instant
 *  come before it. null: the list is shorter. Reads only the index, because far down a list
 *  reading the rows takes too long. */
async function findPageStart(
  db: Reader,
  selection: HeadlineFilter,
  offset: number,
): Promise<{ readonly upTo: number; readonly offset: number } | null> {
  const { at, no, walked, isListed } = toListIndex(selection, 'all');
  const { rows } = await sql<{ at: number; newer: number }>`select ${at} as at, rank() over (order by ${at} desc) - 1 as newer
    from ${sql.ref(walked)} where ${isListed} and ${no} not in (${unshown}) order by ${at} desc limit 1 offset ${offset}`.execute(db);
  const [row] = rows;
  return row ? { upTo: row.at, offset: offset - row.newer } : null;
}

/** Sorts the stories of few entries. The cross join makes SQLite take the tables in the written
 *  order. `+ 0` keeps it from walking the column's index instead. */
function readFew(db: Reader, selection: HeadlineFilter, entries: RawBuilder<{ no: number }>, page: Page): Promise<ListPosition[]> {
  const { at, no, walked, isListed } = toListIndex(selection);
  return readPage(
    db,
    sql`select story.no, story.lead_no, ${at} as at
      from (select distinct story_no from story_entry where entry_no in (select no from ${entries} as given)) as few cross join story
      ${walked === 'story' ? sql`` : sql`cross join listing`} cross join entry as founder cross join entry as lead
      where story.no = few.story_no and story.no = ${no} and ${isListed} and ${isShown}
      order by ${at} + 0 desc, founder.source_id, story.no`,
    page,
  );
}

async function readPage(db: Reader, query: RawBuilder<unknown>, { offset, limit }: Page): Promise<ListPosition[]> {
  const { rows } = await sql<{ no: number; lead_no: number; at: number }>`${query} limit ${limit} offset ${offset}`.execute(db);
  return rows.map((row) => ({ no: row.no, leadNo: row.lead_no, at: new Date(row.at) }));
}

/** Returns the table and columns to walk: the listings of one feed, or all stories. `all`
 *  gathers the stories that are in some feed first, which is faster than one lookup for each of
 *  many. */
function toListIndex({ slugs, sources }: HeadlineFilter, asked: 'each' | 'all' = 'each') {
  const isInListing = sql<SqlBool>`listing.kind in (${sql.join(SHOWN)})`;
  const [only, another] = slugs;
  const walked = another === undefined ? ('listing' as const) : ('story' as const);
  const at = sql.ref<number>(walked === 'listing' ? 'listing.at' : 'story.dated_at');
  const no = sql.ref<number>(walked === 'listing' ? 'listing.story_no' : 'story.no');
  const inAny = sql`select listing.story_no from listing where listing.slug in (${sql.join(slugs)}) and ${isInListing}`;
  let isInFeed = sql<SqlBool>`listing.slug = ${only} and ${isInListing}`;
  if (walked === 'story') isInFeed = asked === 'all' ? sql`${no} + 0 in (${inAny})` : sql`exists (${inAny} and listing.story_no = ${no})`;
  // The first condition is true for all rows. It makes SQLite walk the index instead of sorting all
  // rows for each page.
  return { at, no, walked, isListed: sql<SqlBool>`${at} >= ${FIRST_INSTANT} and ${isInFeed} and ${hasOneOf(sources, no)}` };
}

function hasOneOf(sources: readonly string[] | null, storyNo: RawBuilder<number>): RawBuilder<SqlBool> {
  if (sources === null) return sql`1 = 1`;
  return sql`exists (select 1 from story_entry as place cross join entry as member where place.story_no = ${storyNo} and member.no = place.entry_no
    and member.source_id in (${sql.join(sources)}) and member.deleted_at is null and member.hidden_at is null)`;
}

/** The condition of a published story, as in stories.ts: its lead is a member that may be shown. */
const isShown = sql<SqlBool>`founder.no = story.no and lead.no = story.lead_no
  and story.settled_at is not null and story.withdrawn_at is null and story.hidden_at is null and story.updated is not null
  and lead.deleted_at is null and lead.hidden_at is null
  and exists (select 1 from story_entry as place where place.entry_no = story.lead_no and place.story_no = story.no)`;

/** Stories that do not meet it. The first condition is that of their index (migration 0007). It
 *  holds for each of them: a story whose lead is gone waits for a new choice of lead. */
const unshown = sql<number>`select story.no from story
  where (settled_at is null or withdrawn_at is not null or story.hidden_at is not null or dirty > 0)
  and not exists (select 1 from entry as founder cross join entry as lead where ${isShown})`;
