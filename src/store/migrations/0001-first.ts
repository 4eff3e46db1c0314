import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Build, Dialect } from '../schema/column-types.ts';

/** Adds the first tables: sources, entries, stories, feeds and their documents. */
/* oxlint-disable-next-line typescript/no-explicit-any -- a migration sees the schema of its day, not today's */
export async function first(db: Kysely<any>, { text, double, autoNumber }: Dialect): Promise<void> {
  const required: Build = (column) => column.notNull();
  const zero: Build = (column) => column.notNull().defaultTo(0);
  const table = (name: string) => db.schema.createTable(name);
  await table('meta')
    .addColumn('key', text, (c) => c.primaryKey())
    .addColumn('value', text, required)
    .execute();
  await table('source')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('kind', text, required)
    .addColumn('address', text, required)
    .addColumn('named', 'integer', required)
    .addColumn('active', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('removed_at', 'bigint')
    .addColumn('settings', text, required)
    .addColumn('feed_title', text)
    .addColumn('home_page', text)
    .addColumn('feed_id', text)
    .addColumn('feed_language', text)
    .addColumn('etag', text)
    .addColumn('last_modified', text)
    .addColumn('body_hash', text)
    .addColumn('last_poll_at', 'bigint')
    .addColumn('last_success_at', 'bigint')
    .addColumn('last_entry_at', 'bigint')
    .addColumn('next_poll_at', 'bigint')
    .addColumn('not_before_at', 'bigint')
    .addColumn('failures', 'integer', zero)
    .addColumn('history', text, (c) => c.notNull().defaultTo(''))
    .addColumn('gone', 'integer', zero)
    .addColumn('problem_code', text)
    .addColumn('problem_message', text)
    .execute();
  await table('poll')
    .addColumn('id', 'integer', autoNumber)
    .addColumn('source_id', text, (c) => c.notNull().references('source.id').onUpdate('cascade').onDelete('cascade'))
    .addColumn('at', 'bigint', required)
    .addColumn('status', 'integer')
    .addColumn('outcome', text, required)
    .addColumn('sent_etag', text)
    .addColumn('sent_last_modified', text)
    .addColumn('etag', text)
    .addColumn('last_modified', text)
    .addColumn('bytes', 'bigint')
    .addColumn('problem', text)
    .execute();
  await table('host')
    .addColumn('name', text, (c) => c.primaryKey())
    .addColumn('retry_after_at', 'bigint', required)
    .execute();
  await table('entry')
    .addColumn('no', 'integer', autoNumber)
    .addColumn('source_id', text, (c) => c.notNull().references('source.id').onUpdate('cascade'))
    .addColumn('identity', text, required)
    .addColumn('key', text, required)
    .addColumn('guid', text)
    .addColumn('url', text)
    .addColumn('url_key', text)
    .addColumn('home_host', text)
    .addColumn('link_post', 'integer', required)
    .addColumn('location', text)
    .addColumn('language', text)
    .addColumn('origin', text)
    .addColumn('position', 'integer', required)
    .addColumn('content_hash', text, required)
    .addColumn('first_seen_at', 'bigint', required)
    .addColumn('dated_at', 'bigint', required)
    .addColumn('pending', 'integer', required)
    .addColumn('missing_at', 'bigint')
    .addColumn('missing_runs', 'integer', zero)
    .addColumn('deleted_at', 'bigint')
    .addUniqueConstraint('entry_identity', ['source_id', 'identity'])
    .execute();
  await table('revision')
    .addColumn('entry_no', 'integer', (c) => c.notNull().references('entry.no').onDelete('cascade'))
    .addColumn('n', 'integer', required)
    .addColumn('kind', text, required)
    .addColumn('title', text, required)
    .addColumn('html', text)
    .addColumn('summary', text)
    .addColumn('text', text, required)
    .addColumn('hash', text, required)
    .addColumn('published', 'bigint')
    .addColumn('updated', 'bigint')
    .addColumn('seen_at', 'bigint', required)
    .addColumn('mark', text)
    .addColumn('authors', text, required)
    .addColumn('categories', text, required)
    .addColumn('enclosures', text, required)
    .addColumn('image', text)
    .addColumn('rights', text)
    .addPrimaryKeyConstraint('revision_key', ['entry_no', 'n'])
    .execute();
  await table('story')
    .addColumn('no', 'integer', (c) => c.primaryKey().references('entry.no'))
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('key', text, (c) => c.notNull().unique())
    .addColumn('lead_no', 'integer')
    .addColumn('lead_revision', 'integer', zero)
    .addColumn('published', 'bigint')
    .addColumn('updated', 'bigint')
    .addColumn('first_seen_at', 'bigint', required)
    .addColumn('dated_at', 'bigint', required)
    .addColumn('footer', text, required)
    .addColumn('settled_at', 'bigint')
    .addColumn('withdrawn_at', 'bigint')
    .addColumn('dirty', 'integer', required)
    .execute();
  await table('story_entry')
    .addColumn('entry_no', 'integer', (c) => c.primaryKey().references('entry.no'))
    .addColumn('story_no', 'integer', (c) => c.notNull().references('story.no'))
    .addColumn('compared_with', 'integer')
    .addColumn('label', text, required)
    .addColumn('score', double, required)
    .addColumn('why', text, required)
    .addColumn('rules', text, required)
    .addColumn('joined_at', 'bigint', required)
    .execute();
  await table('fold_key')
    .addColumn('hash', text, required)
    .addColumn('entry_no', 'integer', (c) => c.notNull().references('entry.no').onDelete('cascade'))
    .addColumn('at', 'bigint', required)
    .addPrimaryKeyConstraint('fold_key_key', ['hash', 'entry_no'])
    .execute();
  await table('change')
    .addColumn('seq', 'integer', autoNumber)
    .addColumn('story_no', 'integer', required)
    .addColumn('kind', text, required)
    .addColumn('at', 'bigint', required)
    .addColumn('generation', 'integer', required)
    .execute();
  await table('tombstone')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('key', text, required)
    .addColumn('story_no', 'integer', required)
    .addColumn('at', 'bigint', required)
    .addColumn('reason', text, required)
    .execute();
  await table('feed')
    .addColumn('slug', text, (c) => c.primaryKey())
    .addColumn('id', text, required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await table('document')
    .addColumn('slug', text, required)
    .addColumn('format', text, required)
    .addColumn('tag', text, required)
    .addColumn('changed_at', 'bigint', required)
    .addPrimaryKeyConstraint('document_key', ['slug', 'format'])
    .execute();
  await table('generation')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('n', 'integer', required)
    .addColumn('at', 'bigint', required)
    .execute();
  await table('run')
    .addColumn('no', 'integer', autoNumber)
    .addColumn('started_at', 'bigint', required)
    .addColumn('ended_at', 'bigint')
    .addColumn('report', text)
    .execute();
  const index = (name: string, on: string, columns: string[]) => db.schema.createIndex(name).on(on).columns(columns).execute();
  await index('poll_source', 'poll', ['source_id', 'at']);
  // Partial: pending rows are few, stored rows are many.
  const partial = (name: string, on: string, columns: string[], column: string) =>
    db.schema
      .createIndex(name)
      .on(on)
      .columns(columns)
      .where(sql<boolean>`${sql.ref(column)} > 0`)
      .execute();
  await partial('entry_pending', 'entry', ['pending', 'dated_at'], 'pending');
  await index('entry_key', 'entry', ['key']);
  await index('story_dated', 'story', ['dated_at']);
  await index('story_updated', 'story', ['updated']);
  await partial('story_dirty', 'story', ['no'], 'dirty');
  await index('story_entry_story', 'story_entry', ['story_no']);
  await index('fold_key_entry', 'fold_key', ['entry_no']);
  await index('change_generation', 'change', ['generation']);
}
