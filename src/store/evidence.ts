import type { Kysely, Selectable } from 'kysely';
import type { Source } from '../model/source.ts';
import type { Label } from '../model/story.ts';
import type { MemberEvidence, Store } from '../ports/store.ts';
import { withNewest } from './folds.ts';
import { membersInOrder } from './members.ts';
import { fromJson, toDate, toRevision, toStorable } from './rows.ts';
import type { Schema, StoryRow } from './schema.ts';

type EvidenceMethods = Pick<Store, 'readEvidence'>;

/** What explains a story: why each member stands in it, and the versions of its lead. */
export function evidenceMethods(db: Kysely<Schema>): EvidenceMethods {
  return {
    async readEvidence(key) {
      // What cannot be stored is no key of ours, and PostgreSQL would refuse the question.
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
      return {
        id,
        key: story.key,
        published: toDate(published),
        updated: toDate(updated),
        withdrawnAt: toDate(withdrawnAt),
        members,
        revisions: revisions.map((row) => toRevision(row)),
      };
    },
  };
}

async function findStory(db: Kysely<Schema>, key: string): Promise<Selectable<StoryRow> | undefined> {
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

async function readMembers(db: Kysely<Schema>, story: Selectable<StoryRow>): Promise<MemberEvidence[]> {
  const rows = await membersInOrder(db)
    .leftJoin('entry as other', 'other.no', 'story_entry.compared_with')
    .select(['story_entry.label', 'story_entry.score', 'story_entry.why', 'story_entry.rules'])
    .select(['source.settings', 'source.feed_title', 'other.key as other_key', 'other.source_id as other_source'])
    .where('story_entry.story_no', '=', story.no)
    .execute();
  const details = new Map(rows.map((row) => [row.no, row]));
  const members = (await withNewest(db, rows)).flatMap((entry): MemberEvidence[] => {
    const row = details.get(entry.no);
    if (!row) return [];
    const { label, score, why, rules, other_key: otherKey, other_source: otherSource } = row;
    return [
      {
        entry,
        sourceTitle: fromJson<Pick<Source, 'title'>>(row.settings).title ?? row.feed_title ?? entry.sourceId,
        verdict: { label: label as Label, score, why: fromJson(why), rules },
        comparedWith: otherKey === null || otherSource === null ? null : { key: otherKey, sourceId: otherSource },
        isFounder: entry.no === story.no,
        isLead: entry.no === story.lead_no,
        deletedAt: toDate(row.deleted_at),
      },
    ];
  });
  return [...members.filter((member) => member.isFounder), ...members.filter((member) => !member.isFounder)];
}
