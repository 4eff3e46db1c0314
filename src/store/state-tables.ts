import type { StateRow } from '../ports/store.ts';
import type { Schema } from './schema.ts';
import {
  base64,
  count,
  finite,
  flag,
  isFound,
  isListOf,
  isMove,
  isNotice,
  isObject,
  isOffer,
  isSettings,
  isText,
  isWishes,
  json,
  matching,
  number,
  oneOf,
  orNull,
  text,
  time,
} from './state-checks.ts';
import type { Check } from './state-checks.ts';

/** Tables that are made of the others: they are neither exported nor imported, and made anew when they are missing. */
type Derived = 'fold_profile' | 'fold_hash' | 'fold_waiting' | 'fold_words' | 'robots';

/** Every table with its columns, in an order in which what a row refers to comes before it: what `export` writes and `import` takes.
 *  A table or column that the schema has and this has not is a type error, so that none is ever left out. */
export const stateTables: Readonly<Record<string, TableState>> = {
  meta: { key: ['key'], columns: { key: text, value: text } },
  source: {
    key: ['id'],
    columns: {
      id: matching(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an id of a source'),
      kind: oneOf('feed', 'file', 'articles', 'page'),
      address: text,
      named: flag,
      active: flag,
      created_at: time,
      removed_at: orNull(time),
      settings: json('an object with tags, title, priority and private', isSettings),
      feed_title: orNull(text),
      home_page: orNull(text),
      feed_id: orNull(text),
      feed_language: orNull(text),
      etag: orNull(text),
      last_modified: orNull(text),
      body_hash: orNull(text),
      last_poll_at: orNull(time),
      last_success_at: orNull(time),
      last_entry_at: orNull(time),
      next_poll_at: orNull(time),
      not_before_at: orNull(time),
      failures: count,
      history: text,
      gone: flag,
      problem_code: orNull(text),
      problem_message: orNull(text),
      wishes: orNull(json('what a feed asks of those who poll it', isWishes)),
      gap_ms: orNull(time),
      newest_at: orNull(time),
      move: orNull(json('an object with to, since, proofs and isAdopted', isMove)),
      notice: orNull(json('an object with code, message and at', isNotice)),
      found: orNull(json('an object with url, via and at', isFound)),
      push: orNull(json('an object with hubs and topic', isOffer)),
    },
  },
  page: {
    key: ['key'],
    columns: {
      key: matching(/^[0-9a-f]{64}$/, 'a SHA-256'),
      url: text,
      asked_for: text,
      asked_at: time,
      attempts: count,
      html: orNull(text),
      problem_code: orNull(text),
      problem_message: orNull(text),
    },
  },
  host: { key: ['name'], columns: { name: text, retry_after_at: time } },
  poll: {
    key: ['id'],
    isNumbered: true,
    columns: {
      id: number,
      source_id: text,
      at: time,
      status: orNull(count),
      outcome: text,
      sent_etag: orNull(text),
      sent_last_modified: orNull(text),
      etag: orNull(text),
      last_modified: orNull(text),
      bytes: orNull(time),
      problem: orNull(text),
      moved_address: orNull(text),
      not_before_at: orNull(time),
      next_poll_at: orNull(time),
      reason: orNull(text),
    },
  },
  entry: {
    key: ['no'],
    isNumbered: true,
    columns: {
      no: number,
      source_id: text,
      identity: text,
      key: text,
      guid: orNull(text),
      url: orNull(text),
      url_key: orNull(text),
      home_host: orNull(text),
      link_post: flag,
      location: orNull(text),
      language: orNull(text),
      origin: orNull(json('an object', isObject)),
      position: count,
      content_hash: text,
      first_seen_at: time,
      dated_at: time,
      pending: oneOf(0, 1, 2),
      missing_at: orNull(time),
      missing_runs: count,
      deleted_at: orNull(time),
      hidden_at: orNull(time),
    },
  },
  revision: {
    key: ['entry_no', 'n'],
    columns: {
      entry_no: number,
      n: number,
      kind: oneOf('first', 'mark', 'edit', 'cosmetic'),
      title: text,
      html: orNull(text),
      summary: orNull(text),
      text,
      hash: text,
      published: orNull(time),
      updated: orNull(time),
      seen_at: time,
      mark: orNull(text),
      authors: json('a list of objects', isListOf(isObject)),
      categories: json('a list of texts', isListOf(isText)),
      enclosures: json('a list of objects', isListOf(isObject)),
      image: orNull(text),
      rights: orNull(text),
    },
  },
  story: {
    key: ['no'],
    columns: {
      no: number,
      id: text,
      key: text,
      lead_no: orNull(number),
      lead_revision: count,
      published: orNull(time),
      updated: orNull(time),
      first_seen_at: time,
      dated_at: time,
      footer: json('a list of objects', isListOf(isObject)),
      settled_at: orNull(time),
      withdrawn_at: orNull(time),
      dirty: flag,
      hidden_at: orNull(time),
      merged_into: orNull(number),
    },
  },
  story_entry: {
    key: ['entry_no'],
    columns: {
      entry_no: number,
      story_no: number,
      compared_with: orNull(number),
      label: oneOf('same', 'revision', 'related', 'different'),
      score: finite,
      why: json('a list of texts', isListOf(isText)),
      rules: text,
      joined_at: time,
      signals: orNull(json('an object', isObject)),
    },
  },
  related: {
    key: ['entry_no', 'other_no'],
    columns: {
      entry_no: number,
      other_no: number,
      score: finite,
      why: json('a list of texts', isListOf(isText)),
      rules: text,
      signals: orNull(json('an object', isObject)),
      at: time,
    },
  },
  pin: { key: ['entry_no', 'other_no'], columns: { entry_no: number, other_no: number, kind: oneOf('apart', 'together'), at: time } },
  change: { key: ['seq'], isNumbered: true, columns: { seq: number, story_no: number, kind: text, at: time, generation: count } },
  tombstone: { key: ['id'], columns: { id: text, key: text, story_no: number, at: time, reason: text } },
  feed: {
    key: ['slug'],
    columns: {
      slug: text,
      id: text,
      created_at: time,
      chain: count,
      rules: orNull(text),
      change_seq: count,
      seq: count,
      archived_seq: count,
      recalled_seq: count,
      ends_at: orNull(time),
      notice_at: orNull(time),
      notice_seq: orNull(count),
    },
  },
  listing: {
    key: ['slug', 'story_no'],
    columns: {
      slug: text,
      story_no: number,
      kind: oneOf('new', 'updated', 'gone', 'held'),
      seq: count,
      at: time,
      updated: time,
      accounted_for: time,
      logged_at: time,
      recalled: flag,
    },
  },
  archive: {
    key: ['slug', 'n'],
    columns: {
      slug: text,
      n: number,
      chain: count,
      first_seq: count,
      last_seq: count,
      private: flag,
      bytes: orNull(base64),
      made_at: orNull(time),
    },
  },
  takedown: { key: ['id'], columns: { id: text, at: time } },
  document_version: { key: ['slug', 'tag'], columns: { slug: text, tag: text, chain: count, seq: count, at: time } },
  document: { key: ['slug', 'format'], columns: { slug: text, format: text, tag: text, changed_at: time } },
  generation: { key: ['id'], columns: { id: oneOf(1), n: count, at: time } },
  run: {
    key: ['no'],
    isNumbered: true,
    columns: { no: number, started_at: time, ended_at: orNull(time), report: orNull(json('an object', isObject)) },
  },
  push_subscription: {
    key: ['path'],
    columns: {
      path: matching(/^[A-Za-z0-9_-]{43}$/, 'a path of 43 characters'),
      source_id: text,
      hub: text,
      topic: text,
      callback: text,
      secret: orNull(text),
      state: oneOf('new', 'asked', 'active', 'denied', 'leaving', 'left'),
      asked_at: orNull(time),
      attempts: count,
      next_at: time,
      expires_at: orNull(time),
      version: count,
    },
  },
  push_document: {
    key: ['no'],
    isNumbered: true,
    columns: { no: number, source_id: text, at: time, topic: text, content_type: orNull(text), bytes: base64, size: count },
  },
  push_hint: { key: ['source_id'], columns: { source_id: text, at: time, waiting: flag } },
} satisfies { [T in Exclude<keyof Schema, Derived>]: TableState & { readonly columns: Record<keyof Schema[T], Check> } };

/** A table as far as its rows are read and written whole. */
export interface TableState {
  /** Its primary key: one column or two. */
  readonly key: readonly [string, string?];
  /** true when the store gives the numbers of its one key column. */
  readonly isNumbered?: boolean;
  readonly columns: Readonly<Record<string, Check>>;
}

/** A line of a state file as a row; what is wrong with it as text. The value comes from anywhere. */
export function toStateRow(value: unknown): StateRow | string {
  if (!isObject(value) || Object.keys(value).join() !== 'table,row') return 'no row: it must be {"table":…,"row":{…}}';
  const { table, row } = value;
  if (typeof table !== 'string' || !Object.hasOwn(stateTables, table)) return `no table is named ${JSON.stringify(table)?.slice(0, 60)}`;
  if (!isObject(row)) return 'its row is no object';
  const columns = stateTables[table]?.columns ?? {};
  const unknown = Object.keys(row).find((name) => !Object.hasOwn(columns, name));
  if (unknown !== undefined) return `the table ${table} has no column ${JSON.stringify(unknown.slice(0, 60))}`;
  for (const [name, check] of Object.entries(columns)) {
    if (!Object.hasOwn(row, name)) return `the column ${name} of the table ${table} is missing`;
    const fault = check(row[name]);
    if (fault !== null) return `the column ${name} of the table ${table} ${fault}`;
  }
  if (table === 'meta' && ['lock', 'prepared', 'unpublished'].includes(String(row['key'])))
    return `${String(row['key'])} is not part of a store's state`;
  if (table === 'meta' && row['key'] === 'namespace' && !UUID.test(String(row['value']))) return 'the namespace must be a UUID';
  return { table, row: row as StateRow['row'] };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
