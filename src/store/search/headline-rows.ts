import type { RevisionKind } from '../../model/entry.ts';
import { EXCERPT_LENGTH, SUMMARY_START_LENGTH } from '../../model/headline.ts';
import type { Headline } from '../../model/headline.ts';
import type { Source } from '../../model/source.ts';
import type { ListPosition } from './list-positions.ts';
import { newestRevisions, shownMembers, toSourceTitle } from '../sql/members.ts';
import { mergeVersions, leadVersionsOf } from '../entries/lead-versions.ts';
import { fromJson, inPieces, toDate } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Returns the list rows of the stories at these positions. They are few; no text is read
 *  completely, and no HTML at all. */
export async function readHeadlinesOf(db: Reader, positions: readonly ListPosition[]): Promise<Headline[]> {
  const headlines: Headline[] = [];
  for (const piece of inPieces(positions)) headlines.push(...(await readPiece(db, piece)));
  return headlines;
}

async function readPiece(db: Reader, positions: readonly ListPosition[]): Promise<Headline[]> {
  const numbers = positions.map(({ no }) => no);
  const rows = await db
    .selectFrom('story')
    .select(['no', 'id', 'key', 'published', 'updated', 'first_seen_at', 'dated_at'])
    .where('no', 'in', numbers)
    .execute();
  const stories = new Map(rows.map((row) => [row.no, row]));
  const members = await readMembers(db, numbers);
  const excerpts = await readExcerpts(
    db,
    positions.map(({ leadNo }) => leadNo),
  );
  const leadEntries = new Map(positions.map(({ no, leadNo }) => [no, leadVersionsOf(members.get(no) ?? [], leadNo)]));
  const versions = await readVersions(db, [...leadEntries.values()].flat());
  return positions.flatMap(({ no, leadNo, at }): Headline[] => {
    const story = stories.get(no);
    const list = members.get(no) ?? [];
    const lead = list.find((member) => member.no === leadNo);
    const excerpt = excerpts.get(leadNo);
    // Removed since its position was read.
    if (!story || story.updated === null || !lead || !excerpt) return [];
    const sources = new Map([lead, ...list].map(({ sourceId, sourceTitle }) => [sourceId, { id: sourceId, title: sourceTitle }]));
    return [
      {
        no,
        id: story.id,
        key: story.key,
        title: excerpt.title,
        url: lead.url,
        excerpt: excerpt.excerpt,
        summary: excerpt.summary,
        language: lead.language,
        published: toDate(story.published),
        updated: new Date(story.updated),
        firstSeenAt: new Date(story.first_seen_at),
        datedAt: new Date(story.dated_at),
        at,
        sources: [...sources.values()],
        entries: list.length,
        revisions: mergeVersions(leadEntries.get(no) ?? [], versions).length,
      },
    ];
  });
}

/** The fields of a member that lists show. */
interface ListedMember {
  readonly no: number;
  readonly url: string | null;
  readonly language: string | null;
  readonly sourceId: string;
  readonly sourceTitle: string;
}

async function readMembers(db: Reader, stories: readonly number[]): Promise<Map<number, ListedMember[]>> {
  const rows = await shownMembers(db, stories).select(['source.settings', 'source.feed_title', 'source.feed_language']).execute();
  const members = Map.groupBy(rows, (row) => row.story_no);
  const toMember = (row: (typeof rows)[number]): ListedMember => {
    const settings = fromJson<Pick<Source, 'title' | 'language'>>(row.settings);
    return {
      no: row.no,
      url: row.url,
      language: row.language ?? settings.language ?? row.feed_language,
      sourceId: row.source_id,
      sourceTitle: toSourceTitle(settings, row),
    };
  };
  return new Map([...members].map(([no, list]) => [no, list.map(toMember)]));
}

async function readExcerpts(db: Reader, leads: readonly number[]): Promise<Map<number, Pick<Headline, 'title' | 'excerpt' | 'summary'>>> {
  const rows = await newestRevisions(db, leads)
    .select((eb) => [
      'r.entry_no',
      'r.title',
      eb.fn<string>('substr', ['r.text', eb.lit(1), eb.lit(EXCERPT_LENGTH)]).as('excerpt'),
      eb.fn<string | null>('substr', ['r.summary', eb.lit(1), eb.lit(SUMMARY_START_LENGTH)]).as('summary'),
    ])
    .execute();
  return new Map(rows.map(({ entry_no, title, excerpt, summary }) => [entry_no, { title, excerpt, summary }]));
}

/** Returns the versions that readers see, by entry. */
async function readVersions(db: Reader, entries: readonly number[]) {
  const versions = new Map<number, { kind: RevisionKind; hash: string; seenAt: Date }[]>();
  for (const piece of inPieces(entries)) {
    const rows = await db
      .selectFrom('revision')
      .select(['entry_no', 'kind', 'hash', 'seen_at'])
      .where('entry_no', 'in', piece)
      .where('kind', '!=', 'cosmetic')
      .orderBy('n')
      .execute();
    for (const { entry_no, kind, hash, seen_at } of rows) {
      const version = { kind, hash, seenAt: new Date(seen_at) };
      versions.set(entry_no, [...(versions.get(entry_no) ?? []), version]);
    }
  }
  return versions;
}
