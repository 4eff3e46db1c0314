import { sql } from 'kysely';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { FeedState, HistoryEntry, Listing, ListingKind } from '../../model/listing.ts';
import type { ListingReads, ListingWrites } from '../../ports/store/feeds.ts';
import { nameUuid, readNamespace } from '../sql/names.ts';
import { FIRST_INSTANT, inPieces } from '../sql/rows.ts';
import type { ListingRow, Schema } from '../schema/schema.ts';
import { insertRows } from '../sql/statements.ts';
import { markUnpublished } from '../sql/unpublished.ts';
import type { Reader } from '../engine/reader.ts';

/** Kinds of listings whose stories the feed shows. */
export const SHOWN: readonly ListingKind[] = ['new', 'updated'];
/** Listings per statement. */
const PIECE = 50;

/** Reads the listings and the state of each feed. */
export function listingReads(db: Reader): ListingReads {
  return {
    async readFeedIds() {
      return new Set((await db.selectFrom('feed').select('id').execute()).map(({ id }) => id));
    },

    readFeed: (slug) => readFeed(db, slug),

    async readListings(slug, stories) {
      const listings = new Map<number, Listing>();
      for (const piece of inPieces(stories)) {
        const rows = await db.selectFrom('listing').selectAll().where('slug', '=', slug).where('story_no', 'in', piece).execute();
        for (const row of rows) listings.set(row.story_no, toListing(row));
      }
      return listings;
    },

    async readDueListings(slug, now) {
      const due = db.selectFrom('listing').select('story_no').where('slug', '=', slug).where('kind', '=', 'held');
      // Held-back listings have position 0; the condition selects the index.
      const rows = await due.where('seq', '=', 0).where('at', '<=', now.getTime()).orderBy('story_no').execute();
      return rows.map((row) => row.story_no);
    },

    async readOrdered(slug, { offset, limit }) {
      const rows = await selectListings(db, slug)
        .where('listing.kind', 'in', SHOWN)
        // True for every listing. It makes SQLite walk the index instead of sorting all listings
        // for each page.
        .where('listing.at', '>=', FIRST_INSTANT)
        .orderBy('listing.at', 'desc')
        // At the same instant: by source, then in document order of the first reading. Numbers
        // across sources depend on which source answered first.
        .orderBy('founder.source_id')
        .orderBy('listing.story_no')
        .offset(offset)
        .limit(limit)
        .execute();
      return rows.map(toListed);
    },

    async readHistory(slug, { after, upTo }) {
      let query = selectListings(db, slug).where('listing.seq', '>', after).orderBy('listing.seq');
      if (upTo !== null) query = query.where('listing.seq', '<=', upTo);
      return (await query.execute()).map(toListed);
    },

    async countLedBy(slug, sourceId, { from, before }) {
      const { n } = await db
        .selectFrom('story')
        // A cross join, because SQLite takes its tables in the written order: a day has few
        // stories, a feed many.
        .crossJoin('listing')
        .crossJoin('entry')
        .select(db.fn.countAll<number>().as('n'))
        .whereRef('listing.story_no', '=', 'story.no')
        .whereRef('entry.no', '=', 'story.lead_no')
        .where('listing.slug', '=', slug)
        .where('listing.kind', 'in', SHOWN)
        .where('entry.source_id', '=', sourceId)
        .where('story.dated_at', '>=', from.getTime())
        .where('story.dated_at', '<', before.getTime())
        .executeTakeFirstOrThrow();
      return n;
    },

    async countLate(slug, sourceId, { since, lateMs }) {
      const { n } = await db
        .selectFrom('entry')
        // A cross join as above: a source has few entries a day.
        .crossJoin('listing')
        .select(db.fn.countAll<number>().as('n'))
        .where('entry.source_id', '=', sourceId)
        .where('entry.first_seen_at', '>=', since.getTime())
        .where(sql<boolean>`entry.dated_at < entry.first_seen_at - ${lateMs}`)
        .where('listing.slug', '=', slug)
        .whereRef('listing.story_no', '=', 'entry.no')
        .where('listing.kind', 'in', SHOWN)
        .where('listing.recalled', '=', 1)
        .executeTakeFirstOrThrow();
      return n;
    },

    async findFeeds(storyNo, slugs) {
      if (slugs.length === 0) return new Map();
      const listings = db.selectFrom('listing').select(['slug', 'kind']).where('slug', 'in', slugs).where('story_no', '=', storyNo);
      // Held-back listings have position 0, also when they were withdrawn before they were shown.
      const rows = await listings.where('seq', '>', 0).execute();
      return new Map(rows.map(({ slug, kind }) => [slug, SHOWN.includes(kind)]));
    },
  };
}

/** Writes the listings and the state of each feed. */
export function listingWrites(db: Kysely<Schema>): ListingWrites {
  return {
    async bindFeed(slug, at) {
      const known = await readFeed(db, slug);
      if (known) return known;
      const id = `urn:uuid:${nameUuid(await readNamespace(db), `feed/${slug}`)}`;
      await db
        .insertInto('feed')
        .values({ slug, id, created_at: at.getTime(), rules: null, ends_at: null, notice_at: null, notice_seq: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      // Read again: another caller may have been first, and both must get the same id.
      const bound = await readFeed(db, slug);
      if (!bound) throw new Error(`the feed ${slug} was stored but cannot be found`);
      return bound;
    },

    async noteEnd(slug, endsAt, at) {
      await db.transaction().execute(async (trx) => {
        const { seq } = await trx.selectFrom('feed').select('seq').where('slug', '=', slug).executeTakeFirstOrThrow();
        const notice = endsAt && { ends_at: endsAt.getTime(), notice_at: at.getTime(), notice_seq: seq + 1 };
        await trx
          .updateTable('feed')
          .set({ seq: seq + 1, ...(notice ?? { ends_at: null, notice_at: null, notice_seq: null }) })
          .where('slug', '=', slug)
          .execute();
        await markUnpublished(trx);
      });
    },

    saveListings: (slug, listings, { seq, changeSeq }) =>
      db.transaction().execute(async (trx) => {
        await putListings(trx, slug, listings);
        if (listings.length > 0) await markUnpublished(trx);
        await trx.updateTable('feed').set({ seq, change_seq: changeSeq }).where('slug', '=', slug).execute();
      }),

    replaceListings: (slug, listings, { seq, changeSeq, chain, rules, archivedSeq, beforeWindowSeq }) =>
      db.transaction().execute(async (trx) => {
        await trx.deleteFrom('listing').where('slug', '=', slug).execute();
        await trx.deleteFrom('document_version').where('slug', '=', slug).execute();
        await markUnpublished(trx);
        for (const piece of piecesOf(listings, PIECE)) await insertListings(trx, slug, piece);
        await trx
          .updateTable('feed')
          .set({ seq, change_seq: changeSeq, chain, rules, archived_seq: archivedSeq, recalled_seq: beforeWindowSeq })
          .where('slug', '=', slug)
          .execute();
      }),

    saveHistory: (slug, { beforeWindowSeq, archives, isPrivate }) =>
      db.transaction().execute(async (trx) => {
        const state = await readFeed(trx, slug);
        if (!state) throw new Error(`there is no feed ${slug}`);
        await markUnpublished(trx);
        const { n } = await trx
          .selectFrom('archive')
          .select((eb) => eb.fn.coalesce(eb.fn.max('n'), eb.lit(0)).as('n'))
          .where('slug', '=', slug)
          .executeTakeFirstOrThrow();
        const rows = archives.map((lastSeq, index) => ({
          slug,
          n: n + index + 1,
          chain: state.chain,
          first_seq: (archives[index - 1] ?? state.archivedSeq) + 1,
          last_seq: lastSeq,
          private: isPrivate ? 1 : 0,
          bytes: null,
          made_at: null,
        }));
        await insertRows(trx, 'archive', rows, { size: PIECE });
        const archivedSeq = archives.at(-1) ?? state.archivedSeq;
        await trx.updateTable('feed').set({ recalled_seq: beforeWindowSeq, archived_seq: archivedSeq }).where('slug', '=', slug).execute();
      }),
  };
}

async function readFeed(db: Reader, slug: string): Promise<FeedState | null> {
  const row = await db.selectFrom('feed').selectAll().where('slug', '=', slug).executeTakeFirst();
  if (!row) return null;
  const { id, chain, rules, seq } = row;
  return {
    slug,
    id,
    createdAt: new Date(row.created_at),
    chain,
    rules,
    seq,
    changeSeq: row.change_seq,
    archivedSeq: row.archived_seq,
    beforeWindowSeq: row.recalled_seq,
    notice:
      row.ends_at === null || row.notice_at === null || row.notice_seq === null
        ? null
        : { endsAt: new Date(row.ends_at), at: new Date(row.notice_at), seq: row.notice_seq },
  };
}

/** Returns a query for the listings of a feed, each with the id and the lead's source of its
 *  story. */
export function selectListings(db: Reader, slug: string) {
  return db
    .selectFrom('listing')
    .innerJoin('story', 'story.no', 'listing.story_no')
    .innerJoin('entry as founder', 'founder.no', 'listing.story_no')
    .leftJoin('entry as lead', 'lead.no', 'story.lead_no')
    .selectAll('listing')
    .select(['story.id', 'lead.source_id', 'founder.source_id as founder_source_id'])
    .where('listing.slug', '=', slug);
}

/** Yields the pieces of an iterable that may have a million items. */
function* piecesOf<T>(list: Iterable<T>, size: number): Generator<T[]> {
  let piece: T[] = [];
  for (const one of list) {
    piece.push(one);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

async function putListings(trx: Transaction<Schema>, slug: string, listings: readonly Listing[]): Promise<void> {
  for (const piece of inPieces(listings, PIECE)) {
    const numbers = piece.map((listing) => listing.storyNo);
    await trx.deleteFrom('listing').where('slug', '=', slug).where('story_no', 'in', numbers).execute();
    await insertListings(trx, slug, piece);
  }
}

async function insertListings(trx: Transaction<Schema>, slug: string, piece: readonly Listing[]): Promise<void> {
  const rows = piece.map((listing) => toRow(slug, listing));
  await insertRows(trx, 'listing', rows, { size: PIECE });
}

function toRow(slug: string, listing: Listing): ListingRow {
  return {
    slug,
    story_no: listing.storyNo,
    kind: listing.kind,
    seq: listing.seq,
    at: listing.at.getTime(),
    updated: listing.updated.getTime(),
    accounted_for: listing.accountedFor.getTime(),
    logged_at: listing.loggedAt.getTime(),
    recalled: listing.isInWindow ? 1 : 0,
  };
}

function toListing(row: Selectable<ListingRow>): Listing {
  return {
    storyNo: row.story_no,
    kind: row.kind,
    seq: row.seq,
    at: new Date(row.at),
    updated: new Date(row.updated),
    accountedFor: new Date(row.accounted_for),
    loggedAt: new Date(row.logged_at),
    isInWindow: row.recalled === 1,
  };
}

function toListed(
  row: Selectable<ListingRow> & { readonly id: string; readonly source_id: string | null; readonly founder_source_id: string },
): HistoryEntry {
  return { ...toListing(row), id: row.id, sourceId: row.source_id, founderSourceId: row.founder_source_id };
}
