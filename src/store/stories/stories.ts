import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Version } from '../../model/entry.ts';
import type { Source } from '../../model/source.ts';
import type { Member, Story } from '../../model/story.ts';
import type { PublishedReads } from '../../ports/store/stories.ts';
import { shownMembers, toSourceTitle, withNewest } from '../sql/members.ts';
import { toFound } from '../sources/poll-json.ts';
import { mergeVersions, leadVersionsOf } from '../entries/lead-versions.ts';
import { toVerdict } from '../folding/placements.ts';
import { FIRST_INSTANT, fromJson, inPieces, toDate, toStorable, toVersion } from '../sql/rows.ts';
import type { StoryRow } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Number of newest versions whose texts are read with a story, and characters of each text:
 *  enough for the comparison on a story's page. */
const TEXTS_READ = 26;
const TEXT_LENGTH = 200_000;

/** Reads published stories. */
export function storyReads(db: Reader): PublishedReads {
  return {
    async readStories({ order, offset, limit }) {
      const column = order === 'published' ? ('story.dated_at' as const) : ('story.updated' as const);
      const rows = await published(db)
        .innerJoin('entry', 'entry.no', 'story.no')
        // True for every story. It makes SQLite walk the index instead of sorting all stories for
        // each page.
        .where(column, '>=', FIRST_INSTANT)
        .orderBy(column, 'desc')
        // At the same instant: by source, then in document order of the first reading. Numbers
        // across sources depend on which source answered first.
        .orderBy('entry.source_id')
        .orderBy('story.no')
        .offset(offset)
        .limit(limit)
        .execute();
      return toStories(db, rows);
    },

    async readStory(key) {
      // A key with characters that cannot be stored is unknown; PostgreSQL would refuse the query.
      if (key !== toStorable(key)) return null;
      const rows = await published(db).where('story.key', '=', key).execute();
      return (await toStories(db, rows, { withTexts: true }))[0] ?? null;
    },

    async readStoriesByNumber(numbers) {
      const stories = new Map<number, Story>();
      for (const piece of inPieces(numbers, 100)) {
        const rows = await published(db).where('story.no', 'in', piece).execute();
        for (const story of await toStories(db, rows)) stories.set(story.no, story);
      }
      return numbers.flatMap((no) => stories.get(no) ?? []);
    },

    async measureStories(numbers) {
      const bytes = new Map<number, number>();
      const size = sql<number>`sum(octet_length(r.text) + coalesce(octet_length(r.html), 0) + coalesce(octet_length(r.summary), 0))`;
      for (const piece of inPieces(numbers)) {
        const rows = await db
          .selectFrom('story_entry')
          .innerJoin('revision as r', 'r.entry_no', 'story_entry.entry_no')
          .where('story_entry.story_no', 'in', piece)
          .where('r.n', '=', (outer) =>
            outer
              .selectFrom('revision as m')
              .select((inner) => inner.fn.max('m.n').as('n'))
              .whereRef('m.entry_no', '=', 'r.entry_no'),
          )
          .select(['story_entry.story_no', size.as('size')])
          .groupBy('story_entry.story_no')
          .execute();
        for (const row of rows) bytes.set(row.story_no, row.size);
      }
      return bytes;
    },
  };
}

function published(db: Reader) {
  return db
    .selectFrom('story')
    .selectAll('story')
    .where('settled_at', 'is not', null)
    .where('withdrawn_at', 'is', null)
    .where('story.hidden_at', 'is', null);
}

async function toStories(db: Reader, rows: readonly Selectable<StoryRow>[], { withTexts } = { withTexts: false }): Promise<Story[]> {
  const members = await readMembers(
    db,
    rows.map((row) => row.no),
  );
  const leadEntries = new Map(
    rows.map((row) => [
      row.no,
      leadVersionsOf(
        (members.get(row.no) ?? []).map(({ entry }) => entry),
        row.lead_no,
      ),
    ]),
  );
  const revisions = await readVersions(db, [...leadEntries.values()].flat(), { withTexts });
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
        revisions: mergeVersions(leadEntries.get(no) ?? [], revisions),
        footer: fromJson(row.footer),
      },
    ];
  });
}

async function readMembers(db: Reader, stories: readonly number[]): Promise<Map<number, Member[]>> {
  const members = new Map<number, Member[]>();
  for (const piece of inPieces(stories)) {
    const rows = await shownMembers(db, piece)
      .select(['story_entry.label', 'story_entry.score', 'story_entry.why', 'story_entry.rules', 'story_entry.signals'])
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
          title: toSourceTitle(settings, row),
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

/** Reads the versions of entries that readers see. Texts are read only for a page that compares
 *  them; a document needs no hundred copies. */
async function readVersions(
  db: Reader,
  entries: readonly number[],
  { withTexts }: { readonly withTexts: boolean },
): Promise<Map<number, Version[]>> {
  const versions = new Map<number, Version[]>();
  for (const piece of inPieces(entries)) {
    const visible = db.selectFrom('revision').where('entry_no', 'in', piece).where('kind', '!=', 'cosmetic');
    const rows = await visible
      .select(['entry_no', 'n', 'kind', 'title', 'hash', 'published', 'updated', 'seen_at', 'mark'])
      .orderBy('entry_no')
      .orderBy('n')
      .execute();
    const texts = new Map<string, string>();
    if (withTexts) {
      const newest = await visible
        // A version whose text was dropped to save room has neither (revision-bounds.ts).
        .where((eb) => eb.or([eb('text', '!=', ''), eb('html', 'is', null), eb('html', '!=', '')]))
        .select(['entry_no', 'n', sql<string>`substr(text, 1, ${sql.lit(TEXT_LENGTH)})`.as('text')])
        .orderBy('seen_at', 'desc')
        .orderBy('n', 'desc')
        .limit(TEXTS_READ)
        .execute();
      for (const { entry_no: no, n, text } of newest) texts.set(`${no} ${n}`, text);
    }
    for (const { n, ...row } of rows)
      versions.set(row.entry_no, [...(versions.get(row.entry_no) ?? []), toVersion(row, texts.get(`${row.entry_no} ${n}`) ?? null)]);
  }
  return versions;
}
