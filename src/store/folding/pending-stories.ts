import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Source } from '../../model/source.ts';
import type { PendingMember, PendingStory } from '../../model/story.ts';
import { shownMembers, toSourceTitle } from '../sql/members.ts';
import { fromJson, inPieces, toDate } from '../sql/rows.ts';
import type { RevisionRow } from '../schema/schema.ts';
import { readSkipped } from '../operation/set-aside.ts';
import type { Reader } from '../engine/reader.ts';

/** Returns stories whose members changed, with the fields for choosing a lead; see the port.
 *  Texts are left out, because those of a batch may be a gigabyte. */
export async function readPendingStories(db: Reader, limit: number): Promise<PendingStory[]> {
  const { numbers } = await readSkipped(db, 'settle');
  let dirty = db.selectFrom('story').selectAll().where('dirty', '>', 0).orderBy('no').limit(limit);
  if (numbers.length > 0) dirty = dirty.where(sql<boolean>`no not in (${sql.join(numbers.map((no) => sql.lit(no)))})`);
  const stories = await dirty.execute();
  const pending = stories.map((story) => story.no);
  const members = await readMembers(db, pending);
  const shown = await readShown(db, pending);
  return stories.map((story): PendingStory => ({
    no: story.no,
    id: story.id,
    leadNo: story.lead_no,
    leadRevision: story.lead_revision,
    published: toDate(story.published),
    updated: toDate(story.updated),
    firstSeenAt: new Date(story.first_seen_at),
    settledAt: toDate(story.settled_at),
    withdrawnAt: toDate(story.withdrawn_at),
    isShown: shown.has(story.no),
    // A story that the owner has hidden shows nothing, whatever joins it.
    members: story.hidden_at === null ? (members.get(story.no) ?? []) : [],
  }));
}

/** Returns the stories among these that a feed has shown: they have a position in its history. */
async function readShown(db: Reader, stories: readonly number[]): Promise<ReadonlySet<number>> {
  const shown = new Set<number>();
  for (const piece of inPieces(stories)) {
    // By both columns of the key: there is no index on the story alone.
    const slugs = db.selectFrom('feed').select('slug');
    const rows = await db
      .selectFrom('listing')
      .select('story_no')
      .where('slug', 'in', slugs)
      .where('story_no', 'in', piece)
      .where('seq', '>', 0)
      .execute();
    for (const { story_no: no } of rows) shown.add(no);
  }
  return shown;
}

async function readMembers(db: Reader, stories: readonly number[]): Promise<Map<number, PendingMember[]>> {
  const members = new Map<number, PendingMember[]>();
  for (const piece of inPieces(stories)) {
    const rows = await shownMembers(db, piece)
      .clearSelect()
      .select([
        'entry.no',
        'entry.source_id',
        'entry.url',
        'entry.url_key',
        'entry.home_host',
        'entry.position',
        'entry.first_seen_at',
        'entry.backlog_at',
      ])
      .select(['story_entry.story_no', 'story_entry.label', 'source.settings', 'source.feed_title'])
      .execute();
    const { newest, real } = await readNewestRevisions(
      db,
      rows.map((row) => row.no),
    );
    for (const row of rows) {
      const [last, visible] = [newest.get(row.no), real.get(row.no)];
      if (!last || !visible) continue;
      const settings = fromJson<Pick<Source, 'title' | 'priority' | 'private'>>(row.settings);
      const member: PendingMember = {
        entry: {
          no: row.no,
          sourceId: row.source_id,
          url: row.url,
          urlKey: row.url_key,
          homeHost: row.home_host,
          position: row.position,
          firstSeenAt: new Date(row.first_seen_at),
        },
        backlogAt: toDate(row.backlog_at),
        newest: { published: toDate(last.published), hash: last.hash, hasFullText: last.has_html === 1 },
        source: { title: toSourceTitle(settings, row), priority: settings.priority, private: settings.private },
        label: row.label,
        realRevision: visible.n,
        realUpdated: toDate(visible.updated),
        realSeenAt: new Date(visible.seen_at),
      };
      members.set(row.story_no, [...(members.get(row.story_no) ?? []), member]);
    }
  }
  return members;
}

/** Returns, for each entry, its newest revision and the newest one that readers see. */
async function readNewestRevisions(db: Reader, entries: readonly number[]) {
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
