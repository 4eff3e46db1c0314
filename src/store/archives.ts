import type { Kysely, Selectable } from 'kysely';
import type { Archive } from '../model/listing.ts';
import type { Store } from '../ports/store.ts';
import { toDate } from './rows.ts';
import type { ArchiveRow, Schema } from './schema.ts';

type ArchiveMethods = Pick<
  Store,
  | 'readArchive'
  | 'readArchiveDate'
  | 'readArchivedFeeds'
  | 'readTakedowns'
  | 'endTakedown'
  | 'readNewestArchive'
  | 'listArchives'
  | 'readMadeArchives'
  | 'saveArchive'
  | 'stampDocument'
  | 'readVersions'
  | 'saveVersion'
>;

/** Versions of a document from which deltas start: at a change every ten minutes, those of three days. */
const VERSIONS_KEPT = 432;

/** Archive documents, and what is kept of the bytes of the others. */
export function archiveMethods(db: Kysely<Schema>): ArchiveMethods {
  const find = (slug: string, n: number) => db.selectFrom('archive').selectAll().where('slug', '=', slug).where('n', '=', n);
  const read = async (slug: string, n: number) => {
    const row = await find(slug, n).executeTakeFirst();
    if (!row) return null;
    // Not its bytes, of which there may be a megabyte.
    const earlier = db.selectFrom('archive').select('n').where('slug', '=', slug).where('chain', '=', row.chain).where('n', '<', n);
    const before = await earlier.orderBy('n', 'desc').limit(1).executeTakeFirst();
    return toArchive(row, before?.n ?? null);
  };
  return {
    readArchive: read,

    async readArchiveDate(slug, n) {
      const row = await find(slug, n).clearSelect().select('made_at').executeTakeFirst();
      return toDate(row?.made_at ?? null);
    },

    async readArchivedFeeds() {
      const rows = await db.selectFrom('archive').select('slug').distinct().where('bytes', 'is not', null).orderBy('slug').execute();
      return rows.map((row) => row.slug);
    },

    async readTakedowns() {
      return (await db.selectFrom('takedown').select('id').orderBy('id').execute()).map((row) => row.id);
    },

    async endTakedown(id) {
      await db.deleteFrom('takedown').where('id', '=', id).execute();
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

    async saveArchive(slug, n, gzip, at, { isNew }) {
      const set = { bytes: Buffer.from(gzip).toString('base64'), made_at: toSecond(at) };
      const update = db.updateTable('archive').set(set).where('slug', '=', slug).where('n', '=', n);
      await (isNew ? update.where('bytes', 'is', null) : update).execute();
      const archive = await read(slug, n);
      if (!archive) throw new Error(`there is no archive ${n} of the feed ${slug}`);
      return archive;
    },

    async stampDocument(slug, format, tag, at) {
      const known = await db.selectFrom('document').selectAll().where('slug', '=', slug).where('format', '=', format).executeTakeFirst();
      if (known?.tag === tag) return new Date(known.changed_at);
      // It looks again while it writes: two processes that render the same document must be told the same.
      const second = toSecond(at);
      const stamped = await db
        .insertInto('document')
        .values({ slug, format, tag, changed_at: second })
        .onConflict((conflict) =>
          conflict.columns(['slug', 'format']).doUpdateSet((eb) => ({
            tag,
            // Never the same second twice for different bytes: a client that only has Last-Modified would miss the change.
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

    async readVersions(slug, chain) {
      const rows = await db.selectFrom('document_version').selectAll().where('slug', '=', slug).where('chain', '=', chain).execute();
      return new Map(rows.map((row) => [row.tag, row.seq]));
    },

    async saveVersion(slug, { tag, chain, seq }, at) {
      const values = { chain, seq, at: at.getTime() };
      await db
        .insertInto('document_version')
        .values({ slug, tag, ...values })
        .onConflict((conflict) => conflict.columns(['slug', 'tag']).doUpdateSet(values))
        .execute();
      const kept = db
        .selectFrom('document_version')
        .select('at')
        .where('slug', '=', slug)
        .orderBy('at', 'desc')
        .offset(VERSIONS_KEPT)
        .limit(1);
      await db.deleteFrom('document_version').where('slug', '=', slug).where('at', '<=', kept).execute();
    },
  };
}

/** Whole seconds, as Last-Modified has them (RFC 9110 §5.6.7); in milliseconds. */
function toSecond(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000;
}

function toArchive(row: Selectable<ArchiveRow>, previous: number | null): Archive {
  const { n, chain, bytes, made_at: madeAt } = row;
  const stored = bytes === null || madeAt === null ? null : { gzip: Buffer.from(bytes, 'base64'), madeAt: new Date(madeAt) };
  return { n, chain, firstSeq: row.first_seq, lastSeq: row.last_seq, isPrivate: row.private === 1, previous, stored };
}
