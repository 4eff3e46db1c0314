import type { StoredMember } from '../../model/fold.ts';
import { foldColumns, inPieces, toFoldFields } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Returns all members of the stories that these entries belong to, with their prepared form;
 *  see the port. */
export async function readStoredMembers(db: Reader, entries: readonly number[]): Promise<StoredMember[]> {
  const stories = new Set<number>();
  for (const piece of inPieces(entries)) {
    const rows = await db.selectFrom('story_entry').select('story_no').where('entry_no', 'in', piece).execute();
    for (const row of rows) stories.add(row.story_no);
  }
  const members: StoredMember[] = [];
  for (const piece of inPieces([...stories])) {
    const rows = await db
      .selectFrom('story_entry')
      .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
      .leftJoin('fold_profile', 'fold_profile.entry_no', 'entry.no')
      .select(foldColumns)
      .select(['entry.dated_at', 'story_entry.story_no', 'fold_profile.profile'])
      .where('story_entry.story_no', 'in', piece)
      .where('entry.deleted_at', 'is', null)
      .orderBy('entry.no')
      .execute();
    for (const row of rows) {
      const entry = {
        ...toFoldFields(row),
        // Derived from the entry: the revision has its date after the texts, and reading it would
        // read them too.
        published: row.dated_at === row.first_seen_at ? null : new Date(row.dated_at),
      };
      members.push({ entry, storyNo: row.story_no, profile: row.profile });
    }
  }
  return members;
}
