import type { Kysely, Selectable } from 'kysely';
import type { Revision } from '../model/entry.ts';
import type { Source } from '../model/source.ts';
import type { Member, Story } from '../model/story.ts';
import type { Store } from '../ports/store.ts';
import { membersInOrder, withNewest } from './members.ts';
import { toFound } from './poll-json.ts';
import { inOrder, postsOf } from './posts.ts';
import { toVerdict } from './placements.ts';
import { FIRST_INSTANT, fromJson, inPieces, toDate, toRevision, toStorable } from './rows.ts';
import type { Schema, StoryRow } from './schema.ts';

type StoryMethods = Pick<Store, 'readStories' | 'readStory' | 'readStoriesByNumber'>;

/** Stories as they are published. */
export function storyMethods(db: Kysely<Schema>): StoryMethods {
  return {
    async readStories({ order, offset, limit }) {
      const column = order === 'published' ? ('story.dated_at' as const) : ('story.updated' as const);
      const rows = await published(db)
        .innerJoin('entry', 'entry.no', 'story.no')
        // True of every story: it makes SQLite walk the index instead of sorting all stories for every page.
        .where(column, '>=', FIRST_INSTANT)
        .orderBy(column, 'desc')
        // Of one instant: by source, then in the order of its document when it was first read. Numbers alone follow the speed of answers.
        .orderBy('entry.source_id')
        .orderBy('story.no')
        .offset(offset)
        .limit(limit)
        .execute();
      return toStories(db, rows);
    },

    async readStory(key) {
      // What cannot be stored is no key of ours, and PostgreSQL would refuse the question.
      if (key !== toStorable(key)) return null;
      const rows = await published(db).where('story.key', '=', key).execute();
      return (await toStories(db, rows))[0] ?? null;
    },

    async readStoriesByNumber(numbers) {
      const stories = new Map<number, Story>();
      for (const piece of inPieces(numbers, 100)) {
        const rows = await published(db).where('story.no', 'in', piece).execute();
        for (const story of await toStories(db, rows)) stories.set(story.no, story);
      }
      return numbers.flatMap((no) => stories.get(no) ?? []);
    },
  };
}

function published(db: Kysely<Schema>) {
  return db
    .selectFrom('story')
    .selectAll('story')
    .where('settled_at', 'is not', null)
    .where('withdrawn_at', 'is', null)
    .where('story.hidden_at', 'is', null);
}

async function toStories(db: Kysely<Schema>, rows: readonly Selectable<StoryRow>[]): Promise<Story[]> {
  const members = await readMembers(
    db,
    rows.map((row) => row.no),
  );
  const posts = new Map(
    rows.map((row) => [
      row.no,
      postsOf(
        (members.get(row.no) ?? []).map(({ entry }) => entry),
        row.lead_no,
      ),
    ]),
  );
  const revisions = await readRevisions(db, [...posts.values()].flat());
  return rows.flatMap((row): Story[] => {
    const list = members.get(row.no) ?? [];
    const lead = list.find((member) => member.entry.no === row.lead_no);
    if (!lead || row.updated === null) return [];
    const { no, id, key } = row;
    const dates = { published: toDate(row.published), updated: new Date(row.updated), firstSeenAt: new Date(row.first_seen_at) };
    const datedAt = new Date(row.dated_at);
    return [
      {
        no,
        id,
        key,
        ...dates,
        datedAt,
        lead,
        members: list,
        revisions: inOrder(posts.get(no) ?? [], revisions),
        footer: fromJson(row.footer),
      },
    ];
  });
}

async function readMembers(db: Kysely<Schema>, stories: readonly number[]): Promise<Map<number, Member[]>> {
  const members = new Map<number, Member[]>();
  for (const piece of inPieces(stories)) {
    const rows = await membersInOrder(db)
      .select([
        'story_entry.story_no',
        'story_entry.label',
        'story_entry.score',
        'story_entry.why',
        'story_entry.rules',
        'story_entry.signals',
      ])
      .select([
        'source.settings',
        'source.kind',
        'source.address',
        'source.feed_title',
        'source.home_page',
        'source.feed_id',
        'source.feed_language',
        'source.found',
      ])
      .where('story_entry.story_no', 'in', piece)
      .where('entry.deleted_at', 'is', null)
      .where('entry.hidden_at', 'is', null)
      .execute();
    const details = new Map(rows.map((row) => [row.no, row]));
    for (const entry of await withNewest(db, rows)) {
      const row = details.get(entry.no);
      if (!row) continue;
      const settings = fromJson<Pick<Source, 'title' | 'tags' | 'priority' | 'private' | 'language'>>(row.settings);
      const member: Member = {
        entry,
        source: {
          id: entry.sourceId,
          title: settings.title ?? row.feed_title ?? entry.sourceId,
          homePage: row.home_page,
          private: settings.private,
          feedUrl: settings.private ? null : row.kind === 'feed' ? row.address : (toFound(row.found)?.url ?? null),
          feedId: row.feed_id,
          tags: settings.tags,
          priority: settings.priority,
          language: settings.language ?? row.feed_language,
        },
        verdict: toVerdict(row),
      };
      members.set(row.story_no, [...(members.get(row.story_no) ?? []), member]);
    }
  }
  return members;
}

async function readRevisions(db: Kysely<Schema>, entries: readonly number[]): Promise<Map<number, Revision[]>> {
  const revisions = new Map<number, Revision[]>();
  for (const piece of inPieces(entries)) {
    const rows = await db
      .selectFrom('revision')
      .selectAll()
      .where('entry_no', 'in', piece)
      .where('kind', '!=', 'cosmetic')
      .orderBy('n')
      .execute();
    for (const row of rows) revisions.set(row.entry_no, [...(revisions.get(row.entry_no) ?? []), toRevision(row)]);
  }
  return revisions;
}
