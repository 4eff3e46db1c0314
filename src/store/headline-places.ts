import { sql } from 'kysely';
import type { Expression, Kysely, RawBuilder, SqlBool } from 'kysely';
import type { HeadlineQuery } from '../model/headline.ts';
import type { Backend } from './dialects.ts';
import { STANDING } from './listings.ts';
import { FIRST_INSTANT } from './rows.ts';
import type { Schema } from './schema.ts';

/** Where a story stands in a list. */
export interface Place {
  readonly no: number;
  readonly leadNo: number;
  readonly at: Date;
}

/** Which stories to list. */
export type Selection = Pick<HeadlineQuery, 'slugs' | 'sources'> & {
  /** Only stories that have one of these entries; null for all. They are sorted, so there must be few. */
  readonly entries: readonly number[] | null;
};

/** A part of the list, in its order. With one feed that is the feed's, with several the order of all stories by date. */
export async function readPlaces(
  db: Kysely<Schema>,
  { numbers }: Pick<Backend, 'numbers'>,
  { slugs, sources, entries }: Selection,
  page: { readonly offset: number; readonly limit: number },
): Promise<Place[]> {
  const isStanding = sql`listing.kind in (${sql.join(STANDING)})`;
  const [only, another] = slugs;
  const isOne = another === undefined;
  const at = isOne ? sql.ref('listing.at') : sql.ref('story.dated_at');
  const conditions: Expression<SqlBool>[] = [];
  if (isOne) conditions.push(sql`listing.slug = ${only} and listing.story_no = story.no and ${isStanding}`);
  else
    conditions.push(
      sql`exists (select 1 from listing where listing.slug in (${sql.join(slugs)}) and listing.story_no = story.no and ${isStanding})`,
    );
  if (sources !== null) conditions.push(hasOneOf(sources));
  // In the order in which SQLite is to take them, which it does with a cross join: few entries lead to their stories; else the list's own
  // index is walked from the newest on, for which it wants to see a condition on what the index is sorted by.
  const story = sql`story cross join entry as founder cross join entry as lead`;
  const first =
    entries === null ? null : sql`(select distinct story_no from story_entry where entry_no in ${numbersOf(numbers, entries)}) as few`;
  if (entries === null) conditions.push(sql`${at} >= ${FIRST_INSTANT}`);
  else conditions.push(sql`story.no = few.story_no`);
  const tables = [...(first ? [first] : []), ...(isOne && !first ? [sql`listing`] : []), story, ...(isOne && first ? [sql`listing`] : [])];
  // An index that is sorted by `at` would otherwise be walked for few entries as well.
  const order = entries === null ? at : sql`${at} + 0`;
  const { rows } = await sql<{ no: number; lead_no: number; at: number }>`
    select story.no, story.lead_no, ${at} as at from ${sql.join(tables, sql` cross join `)}
    where ${sql.join([...conditions, isShown], sql` and `)}
    order by ${order} desc, founder.source_id, story.no limit ${page.limit} offset ${page.offset}`.execute(db);
  return rows.map((row) => ({ no: row.no, leadNo: row.lead_no, at: new Date(row.at) }));
}

/** The same as Story has it (stories.ts): published, and led by a member that may be shown. */
const isShown = sql<SqlBool>`founder.no = story.no and lead.no = story.lead_no
  and story.settled_at is not null and story.withdrawn_at is null and story.hidden_at is null and story.updated is not null
  and lead.deleted_at is null and lead.hidden_at is null
  and exists (select 1 from story_entry as place where place.entry_no = story.lead_no and place.story_no = story.no)`;

function hasOneOf(sources: readonly string[]): RawBuilder<SqlBool> {
  return sql`exists (select 1 from story_entry as place cross join entry as member where place.story_no = story.no and member.no = place.entry_no
    and member.source_id in (${sql.join(sources)}) and member.deleted_at is null and member.hidden_at is null)`;
}

function numbersOf(numbers: Backend['numbers'], list: readonly number[]) {
  return sql`(select no from ${numbers(JSON.stringify(list))} as given)`;
}
