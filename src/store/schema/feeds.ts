import { base64, wholeCount, countOrNull, flag, given, number, oneOf, text, textOrNull, time, timeOrNull } from './columns.ts';
import { table } from './table.ts';

/** Feeds: the id that each got once, and how far each has come. */
export const feed = table(['slug'], {
  slug: text,
  id: text,
  created_at: time,
  chain: given(wholeCount),
  rules: textOrNull,
  change_seq: given(wholeCount),
  seq: given(wholeCount),
  archived_seq: given(wholeCount),
  recalled_seq: given(wholeCount),
  /** When the feed ends, and the entry that says so. */
  ends_at: timeOrNull,
  notice_at: timeOrNull,
  notice_seq: countOrNull,
});

/** The last thing that readers of each feed were told of each story. */
export const listing = table(['slug', 'story_no'], {
  slug: text,
  story_no: number,
  kind: oneOf('new', 'updated', 'gone', 'held'),
  seq: wholeCount,
  at: time,
  updated: time,
  accounted_for: time,
  logged_at: time,
  recalled: flag,
});

/** Archive documents (RFC 5005 §4). */
export const archive = table(['slug', 'n'], {
  slug: text,
  n: number,
  chain: wholeCount,
  first_seq: wholeCount,
  last_seq: wholeCount,
  /** 1 when the feed was private when the archive was added: the archive stays private. */
  private: flag,
  /** The document, compressed by gzip; null until somebody has requested it. */
  bytes: base64.nullable(),
  made_at: timeOrNull,
});

/** Ids of entries that are still to be cut out of archives. */
export const takedown = table(['id'], { id: text, at: time });

/** Versions of Atom documents by their ETag, each with the place in the feed's history that it
 *  reaches: deltas start there (RFC 3229). */
export const document_version = table(['slug', 'tag'], { slug: text, tag: text, chain: wholeCount, seq: wholeCount, at: time });

/** When the bytes of a document last changed. */
export const document = table(['slug', 'format'], { slug: text, format: text, tag: text, changed_at: time });
