import { base64, wholeCount, countOrNull, flag, given, number, oneOf, text, textOrNull, time, timeOrNull } from './columns.ts';
import { table } from './table.ts';

/** Feeds: the permanent id and the state of each. */
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
  /** Time when the feed ends, and the notice entry that announces it. */
  ends_at: timeOrNull,
  notice_at: timeOrNull,
  notice_seq: countOrNull,
});

/** The last state in which each feed showed each story. */
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
  /** 1: the feed was private when the archive was added, so the archive stays private. */
  private: flag,
  /** Gzipped document; null until it is first requested. */
  bytes: base64.nullable(),
  made_at: timeOrNull,
});

/** Ids of entries that must still be removed from archives. */
export const takedown = table(['id'], { id: text, at: time });

/** Versions of Atom documents by ETag, each with the feed's history position that it covers.
 *  Deltas start there (RFC 3229). */
export const document_version = table(['slug', 'tag'], { slug: text, tag: text, chain: wholeCount, seq: wholeCount, at: time });

/** Time when the bytes of a document last changed. */
export const document = table(['slug', 'format'], { slug: text, format: text, tag: text, changed_at: time });
