import type { PlacementReads } from '../../ports/store/folding.ts';
import { withNewest } from '../sql/members.ts';
import { inPieces } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads the stories of entries for folding again. A window has many entries, so their numbers
 *  are read first, then the entries piece by piece. */
export function placementReads(db: Reader): PlacementReads {
  return {
    async readPlaces({ from, before }) {
      let query = db
        .selectFrom('entry')
        .leftJoin('story_entry', 'story_entry.entry_no', 'entry.no')
        .leftJoin('story', 'story.no', 'story_entry.story_no')
        .select(['entry.no', 'entry.source_id', 'entry.first_seen_at', 'story_entry.story_no', 'story_entry.compared_with', 'story.key'])
        .where('entry.deleted_at', 'is', null)
        .where('entry.first_seen_at', '>=', from.getTime())
        .orderBy('entry.first_seen_at')
        .orderBy('entry.dated_at')
        .orderBy('entry.source_id')
        .orderBy('entry.position')
        .orderBy('entry.no');
      if (before !== null) query = query.where('entry.first_seen_at', '<', before.getTime());
      return (await query.execute()).map((row) => ({
        entryNo: row.no,
        sourceId: row.source_id,
        firstSeenAt: new Date(row.first_seen_at),
        storyNo: row.story_no,
        storyKey: row.key,
        comparedWith: row.compared_with,
      }));
    },

    async readEntries(numbers) {
      const entries = new Map<number, Awaited<ReturnType<typeof withNewest>>[number]>();
      for (const piece of inPieces(numbers)) {
        const rows = await db.selectFrom('entry').selectAll().where('no', 'in', piece).execute();
        for (const entry of await withNewest(db, rows)) entries.set(entry.no, entry);
      }
      return numbers.flatMap((no) => entries.get(no) ?? []);
    },
  };
}
