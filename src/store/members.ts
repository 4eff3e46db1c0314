import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Members of stories with their entries and sources, in order of arrival; of those that came at once, by date, source and place in the
 *  document, never by number alone: numbers depend on which source answered first. The caller selects and narrows. */
export function membersInOrder(db: Kysely<Schema>) {
  return db
    .selectFrom('story_entry')
    .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
    .innerJoin('source', 'source.id', 'entry.source_id')
    .selectAll('entry')
    .orderBy('story_entry.joined_at')
    .orderBy('entry.dated_at')
    .orderBy('entry.source_id')
    .orderBy('entry.position')
    .orderBy('entry.no');
}
