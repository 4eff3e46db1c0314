import {
  wholeCount,
  flag,
  given,
  jsonObject,
  jsonObjects,
  jsonTexts,
  number,
  numberOrNull,
  oneNumberOf,
  oneOf,
  text,
  textOrNull,
  time,
  timeOrNull,
} from './columns.ts';
import { table } from './table.ts';

/** Entries as their sources published them, without their texts. */
export const entry = table(
  ['no'],
  {
    no: given(number),
    source_id: text,
    identity: text,
    key: text,
    guid: textOrNull,
    url: textOrNull,
    url_key: textOrNull,
    home_host: textOrNull,
    link_post: flag,
    location: textOrNull,
    language: textOrNull,
    origin: jsonObject.nullable(),
    position: wholeCount,
    content_hash: text,
    first_seen_at: time,
    /** `published` if it is plausible, else the time of first sight; folding and feeds sort by
     *  it. */
    dated_at: time,
    /** 0: folded. 1: new and not folded yet. 2: revised since it was folded. */
    pending: oneNumberOf(0, 1, 2),
    /** Time when a local file was first missing; null while it exists. */
    missing_at: timeOrNull,
    missing_runs: wholeCount,
    deleted_at: timeOrNull,
    /** Time when the owner hid the entry; null while it may be shown. */
    hidden_at: timeOrNull,
    /** Set for an entry of its source's first reading: the date in the document, else the time
     *  of the reading. null: the entry came later. */
    backlog_at: timeOrNull,
    /** All entries of the source from this number on stood in the document in which this one
     *  came. null: the newest of them did not, or nobody knows. */
    listed_from: number.nullable(),
  },
  { isNumbered: true, added: { backlog_at: () => null, listed_from: () => null } },
);

/** Revisions of entries, with their texts. */
export const revision = table(['entry_no', 'n'], {
  entry_no: number,
  n: number,
  kind: oneOf('first', 'mark', 'edit', 'cosmetic'),
  title: text,
  html: textOrNull,
  summary: textOrNull,
  text,
  hash: text,
  published: timeOrNull,
  updated: timeOrNull,
  seen_at: time,
  mark: textOrNull,
  authors: jsonObjects,
  categories: jsonTexts,
  enclosures: jsonObjects,
  image: textOrNull,
  rights: textOrNull,
});

/** Traces of removed entries. A source that still lists one of them does not bring it back. */
export const pruned = table(['source_id', 'identity'], {
  source_id: text,
  identity: text,
  url_key: textOrNull,
  location: textOrNull,
  /** Shortened title of the newest revision; `hash` and `published` are from that revision too. */
  title: text,
  hash: text,
  content_hash: text,
  published: timeOrNull,
  pruned_at: time,
  /** Time since when the source has not listed it; null while it is listed, or the source was
   *  not read since. */
  missed_at: timeOrNull,
});

/** Version of the reader that has read all files of a folder of own articles. */
export const own_folder = table(['source_id'], { source_id: text, reader: text });

/** Own articles that are held back, or that change at a known time. */
export const own_file = table(['source_id', 'location'], {
  source_id: text,
  location: text,
  content_hash: text,
  title: text,
  /** null: the article is shown and changes at `due_at`. */
  reason: oneOf('draft', 'embargo', 'expired', 'fault').nullable(),
  code: text,
  message: text,
  line: numberOrNull,
  mend: textOrNull,
  due_at: timeOrNull,
  /** 1 while a version of the article is published. */
  shown: flag,
});
