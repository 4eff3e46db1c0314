import type { Selectable } from 'kysely';
import type { EvidenceReads, MemberEvidence, RelatedStory } from '../../ports/store/stories.ts';
import { membersInOrder, toSourceTitle, withNewest } from '../sql/members.ts';
import { toVerdict } from '../folding/placements.ts';
import { fromJson, toDate, toRevision, toStorable } from '../sql/rows.ts';
import type { StoryRow } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads the explanation of a story: the reason for each member, and the versions of its lead. */
export function evidenceReads(db: Reader): EvidenceReads {
  return {
    async readEvidence(key) {
      // A key with characters that cannot be stored is unknown; PostgreSQL would refuse the query.
      if (key !== toStorable(key)) return null;
      const story = await findStory(db, key);
      if (!story) return null;
      const { id, published, updated, withdrawn_at: withdrawnAt } = story;
      const members = await readMembers(db, story);
      const revisions = await db
        .selectFrom('revision')
        .selectAll()
        .where('entry_no', '=', story.lead_no ?? story.no)
        .orderBy('n')
        .execute();
      const into = await db.selectFrom('story').select('key').where('no', '=', story.merged_into).executeTakeFirst();
      return {
        no: story.no,
        id,
        key: story.key,
        published: toDate(published),
        firstSeenAt: new Date(story.first_seen_at),
        datedAt: new Date(story.dated_at),
        updated: toDate(updated),
        withdrawnAt: toDate(withdrawnAt),
        hiddenAt: toDate(story.hidden_at),
        mergedInto: into?.key ?? null,
        related: await readRelated(db, story.no),
        members,
        revisions: revisions.map((row) => toRevision(row)),
      };
    },

    readRelated: (storyNo) => readRelated(db, storyNo),
  };
}

async function findStory(db: Reader, key: string): Promise<Selectable<StoryRow> | undefined> {
  const named = await db.selectFrom('story').selectAll().where('key', '=', key).executeTakeFirst();
  if (named) return named;
  return db
    .selectFrom('story')
    .innerJoin('story_entry', 'story_entry.story_no', 'story.no')
    .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
    .selectAll('story')
    .where('entry.key', '=', key)
    .orderBy('entry.no')
    .limit(1)
    .executeTakeFirst();
}

/** Most related stories that are read for one story. */
const MOST_PAIRS = 100;

/** Returns stories about the same event, the nearest first, without withdrawn ones. */
async function readRelated(db: Reader, storyNo: number): Promise<RelatedStory[]> {
  const members = db.selectFrom('story_entry').select('entry_no').where('story_no', '=', storyNo);
  const pairs = [
    ['related.entry_no', 'related.other_no'],
    ['related.other_no', 'related.entry_no'],
  ] as const;
  const found = await Promise.all(
    pairs.map(([own, other]) =>
      db
        .selectFrom('related')
        .innerJoin('story_entry', 'story_entry.entry_no', other)
        .innerJoin('story', 'story.no', 'story_entry.story_no')
        .innerJoin('revision', 'revision.entry_no', 'story.lead_no')
        .select(['story.no', 'story.key', 'revision.title', 'revision.n', 'related.score', 'related.why'])
        .where(own, 'in', members)
        .where('story.no', '!=', storyNo)
        .where('story.settled_at', 'is not', null)
        .where('story.withdrawn_at', 'is', null)
        .orderBy('related.score', 'desc')
        .orderBy('story.no')
        .orderBy('revision.n', 'desc')
        .limit(MOST_PAIRS)
        .execute(),
    ),
  );
  const rows = found.flat().sort((a, b) => b.score - a.score || a.no - b.no || b.n - a.n);
  const first = rows.filter((row, index) => rows.findIndex((one) => one.no === row.no) === index);
  return first.map(({ key, title, score, why }) => ({ key, title, score, why: fromJson(why) }));
}

async function readMembers(db: Reader, story: Selectable<StoryRow>): Promise<MemberEvidence[]> {
  const rows = await membersInOrder(db)
    .leftJoin('entry as other', 'other.no', 'story_entry.compared_with')
    .select(['story_entry.label', 'story_entry.score', 'story_entry.why', 'story_entry.rules', 'story_entry.signals'])
    .select(['source.settings', 'source.feed_title', 'other.no as other_no', 'other.key as other_key', 'other.source_id as other_source'])
    .where('story_entry.story_no', '=', story.no)
    .execute();
  const details = new Map(rows.map((row) => [row.no, row]));
  const members = (await withNewest(db, rows)).flatMap((entry): MemberEvidence[] => {
    const row = details.get(entry.no);
    if (!row) return [];
    const { other_no: no, other_key: key, other_source: sourceId } = row;
    return [
      {
        entry,
        sourceTitle: toSourceTitle(fromJson(row.settings), row),
        verdict: toVerdict(row),
        comparedWith: no === null || key === null || sourceId === null ? null : { no, key, sourceId },
        isFounder: entry.no === story.no,
        isLead: entry.no === story.lead_no,
        deletedAt: toDate(row.deleted_at),
        hiddenAt: toDate(row.hidden_at),
      },
    ];
  });
  return [...members.filter((member) => member.isFounder), ...members.filter((member) => !member.isFounder)];
}
