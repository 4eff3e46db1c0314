import type { Selectable } from 'kysely';
import type { StoredEntry } from '../../model/entry.ts';
import type { Source } from '../../model/source.ts';
import { inPieces, toRevision, toStoredEntry } from './rows.ts';
import type { EntryRow, SourceRow } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Returns a query for the members of stories with their entries and sources, in order of
 *  arrival. Members that arrived at once are ordered by date, source and position in the
 *  document. Entry numbers alone will not do: they depend on which source answered first. The
 *  caller adds the selection and conditions. */
export function membersInOrder(db: Reader) {
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

/** Returns a query for the members of these stories that may be shown, in the same order. The
 *  caller adds the selection. */
export function shownMembers(db: Reader, stories: readonly number[]) {
  return membersInOrder(db)
    .select('story_entry.story_no')
    .where('story_entry.story_no', 'in', stories)
    .where('entry.deleted_at', 'is', null)
    .where('entry.hidden_at', 'is', null);
}

/** Returns the title of a source: the owner's, else the feed's own, else the id. */
export function toSourceTitle(
  settings: Pick<Source, 'title'>,
  row: Pick<Selectable<SourceRow & EntryRow>, 'feed_title' | 'source_id'>,
): string {
  return settings.title ?? row.feed_title ?? row.source_id;
}

/** Returns a query for the newest revision `r` of each of these entries. The caller adds the
 *  selection. */
export function newestRevisions(db: Reader, entries: readonly number[]) {
  return db
    .selectFrom('revision as r')
    .where('r.entry_no', 'in', entries)
    .where('r.n', '=', (outer) =>
      outer
        .selectFrom('revision as m')
        .select((inner) => inner.fn.max('m.n').as('n'))
        .whereRef('m.entry_no', '=', 'r.entry_no'),
    );
}

/** Adds its newest revision to each entry, in the same order. */
export async function withNewest(db: Reader, rows: readonly Selectable<EntryRow>[]): Promise<StoredEntry[]> {
  const newest = new Map<number, StoredEntry['revision']>();
  for (const piece of inPieces(rows.map((row) => row.no))) {
    for (const row of await newestRevisions(db, piece).selectAll('r').execute()) newest.set(row.entry_no, toRevision(row));
  }
  return rows.flatMap((row) => {
    const revision = newest.get(row.no);
    return revision ? [toStoredEntry(row, revision)] : [];
  });
}
