import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { HeadlineQuery } from '../../model/headline.ts';
import type { HeadlineReads, HeadlineWrites } from '../../ports/store/stories.ts';
import type { Backend } from '../engine/backend.ts';
import { readHeadlinesOf } from './headline-rows.ts';
import { newestRevisions } from '../sql/members.ts';
import { readListPositions } from './list-positions.ts';
import type { ListPosition, HeadlineFilter } from './list-positions.ts';
import { inPieces } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import { toSearched, toIndexWords } from '../engine/word-search.ts';
import type { Reader } from '../engine/reader.ts';

/** Entries with some words, and entries of some sources, that are gathered and sorted for one list:
 *  what more have is found sooner by walking the list. Words may stand in old entries alone and
 *  texts take long to look through; a source has something new now and then. */
const MOST_WITH_WORDS = 20_000;
const MOST_OF_SOURCES = 3000;
/** Stories whose texts one search looks at: some 0.3 s of this process when they are of two
 *  kilobytes. */
const MOST_LOOKED_AT = 20_000;
/** The first stories of a list that a search takes; eight times as many the next time. */
const FIRST_TAKEN = 200;
/** Texts that are in memory at once. */
const TEXTS_AT_ONCE = 50;

/** Reads stories as lists show them, by feed, source and words. */
export function headlineReads(db: Kysely<Schema>, backend: Backend): HeadlineReads {
  return {
    async readHeadlines({ offset, limit, ...query }) {
      const words = toIndexWords(query.words);
      const slugs = [...new Set(query.slugs)];
      if (slugs.length === 0 || query.sources?.length === 0) return { headlines: [], isCut: false };
      const selection = { slugs, sources: query.sources, entries: await findEntries(db, backend, { ...query, words }) };
      const page = { offset, limit };
      const { places, isCut } =
        words.length === 0
          ? { places: await readListPositions(db, backend, selection, page), isCut: false }
          : await lookThrough(db, backend, selection, { words, page });
      return { headlines: await readHeadlinesOf(db, places), isCut };
    },
  };
}

/** Keeps the index by which words are found. */
export function headlineWrites(db: Kysely<Schema>, { search }: Pick<Backend, 'search'>): HeadlineWrites {
  return {
    indexWords: () => search.index(db),
  };
}

/** Entries of which each wanted story has one, where that is little: by the words or, without
 *  words, by their sources. */
async function findEntries(
  db: Kysely<Schema>,
  { search }: Backend,
  { words, sources }: Pick<HeadlineQuery, 'words' | 'sources'>,
): Promise<readonly number[] | null> {
  if (words.length > 0) return search.findEntries(db, words, MOST_WITH_WORDS);
  if (sources === null) return null;
  const rows = await db
    .selectFrom('entry')
    .select('no')
    .where('source_id', 'in', sources)
    .limit(MOST_OF_SOURCES + 1)
    .execute();
  return rows.length > MOST_OF_SOURCES ? null : rows.map(({ no }) => no);
}

/** The page of those stories whose leads have all these words: in the order of the list, until it
 *  is full or enough has been looked at. */
async function lookThrough(
  db: Reader,
  backend: Backend,
  selection: HeadlineFilter,
  { words, page }: { readonly words: readonly string[]; readonly page: { readonly offset: number; readonly limit: number } },
): Promise<{ readonly places: readonly ListPosition[]; readonly isCut: boolean }> {
  const places: ListPosition[] = [];
  let passed = 0;
  for (let offset = 0, taken = FIRST_TAKEN; offset < MOST_LOOKED_AT; taken = Math.min(taken * 8, MOST_LOOKED_AT - offset)) {
    const next = await readListPositions(db, backend, selection, { offset, limit: taken });
    for (const piece of inPieces(next, TEXTS_AT_ONCE)) {
      const found = await havingWords(db, piece, words);
      places.push(...found.slice(Math.max(0, page.offset - passed)));
      passed += found.length;
      if (places.length >= page.limit) return { places: places.slice(0, page.limit), isCut: false };
      // SQLite answers at once: without a pause nobody else would be served meanwhile.
      await setImmediate();
    }
    if (next.length < taken) return { places, isCut: false };
    offset += taken;
  }
  return { places, isCut: (await readListPositions(db, backend, selection, { offset: MOST_LOOKED_AT, limit: 1 })).length > 0 };
}

async function havingWords(db: Reader, places: readonly ListPosition[], words: readonly string[]): Promise<ListPosition[]> {
  const leads = places.map(({ leadNo }) => leadNo);
  const rows = await newestRevisions(db, leads).select(['r.entry_no', 'r.title', 'r.text']).execute();
  const having = new Set(
    rows.flatMap((row) => {
      const searched = toSearched(row);
      return words.every((word) => searched.includes(word)) ? row.entry_no : [];
    }),
  );
  return places.filter(({ leadNo }) => having.has(leadNo));
}
