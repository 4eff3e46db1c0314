import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { RemovalReads, RemovalWrites } from '../../ports/store/retention.ts';
import { replaceBytes } from './archives.ts';
import { inPieces } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import type { Reader } from '../engine/reader.ts';

/** Reads which archives may be removed. */
export function removalReads(db: Reader): RemovalReads {
  return {
    async findEmptyArchives() {
      const { rows } = await sql<{ slug: string; n: number }>`select archive.slug, archive.n from archive
        join feed on feed.slug = archive.slug
        where archive.bytes is null and archive.n < (select max(newest.n) from archive as newest where newest.slug = archive.slug)
        and (archive.chain < feed.chain or not exists (select 1 from listing
          where listing.slug = archive.slug and listing.seq >= archive.first_seq and listing.seq <= archive.last_seq))
        order by archive.slug, archive.n`.execute(db);
      return rows;
    },

    async findLiveIds(ids) {
      const live = new Set<string>();
      for (const piece of inPieces(ids)) {
        const rows = await db.selectFrom('story').select('id').where('id', 'in', piece).where('withdrawn_at', 'is', null).execute();
        for (const { id } of rows) live.add(id);
      }
      return live;
    },
  };
}

/** Removes archives whose stories are gone. */
export function removalWrites(db: Kysely<Schema>): RemovalWrites {
  return {
    removeArchive: (slug, n, relink, at) =>
      db.transaction().execute(async (trx) => {
        const ofFeed = trx.selectFrom('archive').where('slug', '=', slug);
        const [archive, newest] = [
          await ofFeed.select('chain').where('n', '=', n).executeTakeFirst(),
          await ofFeed.select('n').orderBy('n', 'desc').limit(1).executeTakeFirst(),
        ];
        // The newest stays, because the next number counts from it: a URL must never name another
        // document.
        if (!archive || newest?.n === n) return false;
        const ofChain = ofFeed.select('n').where('chain', '=', archive.chain);
        const next = await ofChain.select('bytes').where('n', '>', n).orderBy('n').limit(1).executeTakeFirst();
        const previous = await ofChain.where('n', '<', n).orderBy('n', 'desc').limit(1).executeTakeFirst();
        await trx.deleteFrom('archive').where('slug', '=', slug).where('n', '=', n).execute();
        const relinked = next?.bytes == null ? null : relink(Buffer.from(next.bytes, 'base64'), previous?.n ?? null);
        // In the same transaction, so that a client walking the archives never reaches a removed
        // one, whenever this process is killed.
        if (next && relinked) await replaceBytes(trx, slug, next.n, relinked, at);
        return true;
      }),
  };
}
