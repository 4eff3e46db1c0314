import type { Candidate, CandidateWords } from '../../model/listing.ts';
import type { Person } from '../../model/parsed.ts';
import type { CandidateReads } from '../../ports/store/feeds.ts';
import { newestRevisions } from '../sql/members.ts';
import { fromJson, inPieces, toDate } from '../sql/rows.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads the story fields that the rules of feeds use. */
export function candidateReads(db: Reader): CandidateReads {
  return {
    async readChangedStories(afterSeq) {
      const { seq } = await db
        .selectFrom('change')
        .select((eb) => eb.fn.coalesce(eb.fn.max('seq'), eb.lit(0)).as('seq'))
        .executeTakeFirstOrThrow();
      if (seq <= afterSeq) return { stories: [], seq };
      const rows = await db.selectFrom('change').select('story_no').distinct().where('seq', '>', afterSeq).orderBy('story_no').execute();
      return { stories: rows.map((row) => row.story_no), seq };
    },

    async readCandidates(numbers, { withWords }) {
      const candidates: Candidate[] = [];
      for (const piece of inPieces(numbers)) {
        const rows = await stories(db).where('story.no', 'in', piece).execute();
        candidates.push(...(await toCandidates(db, rows, withWords)));
      }
      return candidates;
    },

    async readAllCandidates({ after, limit, withWords }) {
      return toCandidates(db, await stories(db).where('story.no', '>', after).limit(limit).execute(), withWords);
    },
  };
}

function stories(db: Reader) {
  return db
    .selectFrom('story')
    .innerJoin('entry', 'entry.no', 'story.no')
    .select(['story.no', 'lead_no', 'settled_at', 'withdrawn_at', 'published', 'updated', 'story.first_seen_at', 'story.dated_at'])
    .select('entry.source_id')
    .orderBy('story.no');
}

async function toCandidates(
  db: Reader,
  rows: Awaited<ReturnType<ReturnType<typeof stories>['execute']>>,
  withWords: boolean,
): Promise<Candidate[]> {
  const members = await readMembers(
    db,
    rows.map((row) => row.no),
  );
  const leads = rows.flatMap((row) => row.lead_no ?? []);
  const words = withWords ? await readWords(db, leads) : new Map<number, CandidateWords>();
  return rows.map((row): Candidate => {
    const ofStory = members.get(row.no) ?? [];
    const lead = ofStory.find((member) => member.no === row.lead_no);
    return {
      no: row.no,
      isPublished: row.settled_at !== null && row.withdrawn_at === null,
      published: toDate(row.published),
      updated: new Date(row.updated ?? row.first_seen_at),
      firstSeenAt: new Date(row.first_seen_at),
      datedAt: new Date(row.dated_at),
      isNews: ofStory.some((member) => member.backlog_at === null),
      founderSourceId: row.source_id,
      sourceIds: [...new Set(ofStory.map((member) => member.source_id))],
      lead: lead ? { sourceId: lead.source_id, url: lead.url, language: lead.language, words: words.get(lead.no) ?? null } : null,
    };
  });
}

async function readMembers(db: Reader, numbers: readonly number[]) {
  const rows = [];
  for (const piece of inPieces(numbers))
    rows.push(
      ...(await db
        .selectFrom('story_entry')
        .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
        .select(['story_entry.story_no', 'entry.no', 'entry.source_id', 'entry.url', 'entry.language', 'entry.backlog_at'])
        .where('story_entry.story_no', 'in', piece)
        .where('entry.deleted_at', 'is', null)
        .where('entry.hidden_at', 'is', null)
        .execute()),
    );
  return Map.groupBy(rows, (row) => row.story_no);
}

async function readWords(db: Reader, leads: readonly number[]): Promise<Map<number, CandidateWords>> {
  const words = new Map<number, CandidateWords>();
  for (const piece of inPieces(leads)) {
    const rows = await newestRevisions(db, piece).select(['r.entry_no', 'r.title', 'r.text', 'r.authors', 'r.categories']).execute();
    for (const row of rows) {
      const authors = fromJson<readonly Person[]>(row.authors).map((author) => author.name);
      words.set(row.entry_no, { title: row.title, text: row.text, authors, categories: fromJson(row.categories) });
    }
  }
  return words;
}
