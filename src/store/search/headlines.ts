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

/** Most entries with some words, and most entries of some sources, that are gathered and sorted
 *  for one list. Beyond these limits walking the list is faster. Words may occur only in old
 *  entries and texts take long to read; a source has a new entry now and then. */
const MOST_WITH_WORDS = 20_000;
const MOST_OF_SOURCES = 3000;
/** Most stories whose texts one search reads: about 0.3 s of this process with texts of two
 *  kilobytes. */
const MOST_LOOKED_AT = 20_000;
/** Number of list stories that a search reads first; eight times as many each next time. */
const FIRST_TAKEN = 200;
/** Texts that are in memory at once. */
const TEXTS_AT_ONCE = 50;

/** Reads stories in the form that lists show, by feed, source and words. */
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
          : await searchTexts(db, backend, selection, { words, page });
      return { headlines: await readHeadlinesOf(db, places), isCut };
    },
  };
}

/** Maintains the word index. */
export function headlineWrites(db: Kysely<Schema>, { search }: Pick<Backend, 'search'>): HeadlineWrites {
  return {
    indexWords: () => search.index(db),
  };
}

/** Returns entries of which every matching story has at least one, if they are few: found by
 *  words or, without words, by source. */
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

/** Returns a page of the stories whose leads contain all words. Reads the list in its order
 *  until the page is full or the limit is reached. */
async function searchTexts(
  db: Reader,
  backend: Backend,
  selection: HeadlineFilter,
  { words, page }: { readonly words: readonly string[]; readonly page: { readonly offset: number; readonly limit: number } },
): Promise<{ readonly places: readonly ListPosition[]; readonly isCut: boolean }> {
  const places: ListPosition[] = [];
  let skipped = 0;
  for (let offset = 0, taken = FIRST_TAKEN; offset < MOST_LOOKED_AT; taken = Math.min(taken * 8, MOST_LOOKED_AT - offset)) {
    const next = await readListPositions(db, backend, selection, { offset, limit: taken });
    for (const piece of inPieces(next, TEXTS_AT_ONCE)) {
      const found = await withWords(db, piece, words);
      places.push(...found.slice(Math.max(0, page.offset - skipped)));
      skipped += found.length;
      if (places.length >= page.limit) return { places: places.slice(0, page.limit), isCut: false };
      // SQLite answers synchronously; the pause lets the process serve other requests.
      await setImmediate();
    }
    if (next.length < taken) return { places, isCut: false };
    offset += taken;
  }
  return { places, isCut: (await readListPositions(db, backend, selection, { offset: MOST_LOOKED_AT, limit: 1 })).length > 0 };
}

async function withWords(db: Reader, places: readonly ListPosition[], words: readonly string[]): Promise<ListPosition[]> {
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
