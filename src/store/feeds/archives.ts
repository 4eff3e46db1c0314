import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Archive } from '../../model/listing.ts';
import type { ArchiveReads, ArchiveWrites } from '../../ports/store/feeds.ts';
import { selectListings } from './listings.ts';
import { toDate } from '../sql/rows.ts';
import type { ArchiveRow, Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Versions of a document that are kept as starts of deltas: those of three days with a change
 *  every ten minutes. */
const VERSIONS_KEPT = 432;

/** Reads archives and the versions of other documents. */
export function archiveReads(db: Reader): ArchiveReads {
  return {
    readArchive: (slug, n) => readArchive(db, slug, n),

    async readArchiveDate(slug, n) {
      const row = await db.selectFrom('archive').select('made_at').where('slug', '=', slug).where('n', '=', n).executeTakeFirst();
      return toDate(row?.made_at ?? null);
    },

    async readArchivedFeeds() {
      const rows = await db.selectFrom('archive').select('slug').distinct().where('bytes', 'is not', null).orderBy('slug').execute();
      return rows.map((row) => row.slug);
    },

    async readTakedowns() {
      return (await db.selectFrom('takedown').select('id').orderBy('id').execute()).map((row) => row.id);
    },

    async readNewestArchive(slug, chain) {
      const newest = db.selectFrom('archive').select('n').where('slug', '=', slug).where('chain', '=', chain);
      return (await newest.orderBy('n', 'desc').limit(1).executeTakeFirst())?.n ?? null;
    },

    async listArchives(slug, chain) {
      const rows = await db.selectFrom('archive').select('n').where('slug', '=', slug).where('chain', '=', chain).orderBy('n').execute();
      return rows.map((row) => row.n);
    },

    async readMadeArchives(slug) {
      const made = db.selectFrom('archive').select('n').where('slug', '=', slug).where('bytes', 'is not', null);
      return (await made.orderBy('n').execute()).map((row) => row.n);
    },

    async readVersions(slug, chain) {
      const rows = await db.selectFrom('document_version').selectAll().where('slug', '=', slug).where('chain', '=', chain).execute();
      return new Map(rows.map((row) => [row.tag, row.seq]));
    },
  };
}

/** Writes archives and the versions of other documents. */
export function archiveWrites(db: Kysely<Schema>): ArchiveWrites {
  return {
    async endTakedown(id) {
      await db.deleteFrom('takedown').where('id', '=', id).execute();
    },

    makeArchive: (slug, n, gzip, at, madeOf) =>
      db.transaction().execute(async (trx) => {
        const archive = await readArchive(trx, slug, n);
        if (!archive || archive.stored) return archive;
        // A story that changes or is hidden moves from the archive's positions to a later one.
        const { count } = await selectListings(trx, slug)
          .clearSelect()
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('listing.seq', '>=', archive.firstSeq)
          .where('listing.seq', '<=', archive.lastSeq)
          .executeTakeFirstOrThrow();
        const feed = await trx.selectFrom('feed').select('chain').where('slug', '=', slug).executeTakeFirst();
        if (feed?.chain !== madeOf.chain || count !== madeOf.entries || archive.previous !== madeOf.previous) return null;
        await replaceBytes(trx, slug, n, gzip, at);
        return readArchive(trx, slug, n);
      }),

    replaceArchive: (slug, n, gzip, at) => db.transaction().execute((trx) => replaceBytes(trx, slug, n, gzip, at)),

    noteTakedown: (id, at) => db.transaction().execute((trx) => noteTakedown(trx, id, at)),

    async stampDocument(slug, format, tag, at) {
      const known = await db.selectFrom('document').selectAll().where('slug', '=', slug).where('format', '=', format).executeTakeFirst();
      if (known?.tag === tag) return new Date(known.changed_at);
      // The condition is checked again in the write: two processes that render the same document
      // must get the same time.
      const second = toSecond(at);
      const stamped = await db
        .insertInto('document')
        .values({ slug, format, tag, changed_at: second })
        .onConflict((conflict) =>
          conflict.columns(['slug', 'format']).doUpdateSet((eb) => ({
            tag,
            // Never the same second for different bytes: a client that only has Last-Modified would
            // miss the change.
            changed_at: eb
              .case()
              .when('document.tag', '=', tag)
              .then(eb.ref('document.changed_at'))
              .when('document.changed_at', '>=', second)
              .then(eb('document.changed_at', '+', 1000))
              .else(eb.ref('excluded.changed_at'))
              .end(),
          })),
        )
        .returning('changed_at')
        .executeTakeFirstOrThrow();
      return new Date(stamped.changed_at);
    },

    saveVersion: (slug, { tag, chain, seq }, at) =>
      db.transaction().execute(async (trx) => {
        const values = { chain, seq, at: at.getTime() };
        await trx
          .insertInto('document_version')
          .values({ slug, tag, ...values })
          .onConflict((conflict) => conflict.columns(['slug', 'tag']).doUpdateSet(values))
          .execute();
        const versions = trx.selectFrom('document_version').select('at').where('slug', '=', slug);
        const kept = versions.orderBy('at', 'desc').offset(VERSIONS_KEPT).limit(1);
        await trx.deleteFrom('document_version').where('slug', '=', slug).where('at', '<=', kept).execute();
      }),
  };
}

async function readArchive(db: Reader, slug: string, n: number): Promise<Archive | null> {
  const ofFeed = db.selectFrom('archive').where('slug', '=', slug);
  const row = await ofFeed.selectAll().where('n', '=', n).executeTakeFirst();
  if (!row) return null;
  // Without the bytes, which may be a megabyte.
  const earlier = ofFeed.select('n').where('chain', '=', row.chain).where('n', '<', n);
  const before = await earlier.orderBy('n', 'desc').limit(1).executeTakeFirst();
  return toArchive(row, before?.n ?? null);
}

/** Replaces the gzipped bytes of an archive. */
export async function replaceBytes(trx: Transaction<Schema>, slug: string, n: number, gzip: Uint8Array, at: Date): Promise<void> {
  const set = { bytes: Buffer.from(gzip).toString('base64'), made_at: toSecond(at) };
  await trx.updateTable('archive').set(set).where('slug', '=', slug).where('n', '=', n).execute();
}

/** Notes that the entry with this id must be removed from archives. */
export async function noteTakedown(trx: Transaction<Schema>, id: string, at: Date): Promise<void> {
  await trx
    .insertInto('takedown')
    .values({ id, at: at.getTime() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Returns whole seconds as in Last-Modified (RFC 9110 §5.6.7), in milliseconds. */
function toSecond(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000;
}

function toArchive(row: Selectable<ArchiveRow>, previous: number | null): Archive {
  const { n, chain, bytes, made_at: madeAt } = row;
  const stored = bytes === null || madeAt === null ? null : { gzip: Buffer.from(bytes, 'base64'), madeAt: new Date(madeAt) };
  return { n, chain, firstSeq: row.first_seq, lastSeq: row.last_seq, isPrivate: row.private === 1, previous, stored };
}
