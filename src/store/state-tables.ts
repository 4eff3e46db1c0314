import type { StateRow } from '../ports/store.ts';
import type { Schema } from './schema.ts';

/** Tables that are made of the others: they are neither exported nor imported, and made anew when they are missing. */
type Derived = 'fold_profile' | 'fold_hash' | 'fold_waiting' | 'fold_words';

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
  feed: { key: ['slug'], columns: { slug: text, id: text, created_at: time } },
  document: { key: ['slug', 'format'], columns: { slug: text, format: text, tag: text, changed_at: time } },
  generation: { key: ['id'], columns: { id: oneOf(1), n: count, at: time } },
  run: {
    key: ['no'],
    isNumbered: true,
    columns: { no: number, started_at: time, ended_at: orNull(time), report: orNull(json('an object', isObject)) },
  },
} satisfies { [T in Exclude<keyof Schema, Derived>]: TableState & { readonly columns: Record<keyof Schema[T], Check> } };

/** A table as far as its rows are read and written whole. */
export interface TableState {
  /** Its primary key: one column or two. */
  readonly key: readonly [string, string?];
  /** true when the store gives the numbers of its one key column. */
  readonly isNumbered?: boolean;
  readonly columns: Readonly<Record<string, Check>>;
}

/** What is wrong with a value of a column; null when nothing is. */
type Check = (value: unknown) => string | null;

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
  if (table === 'meta' && ['lock', 'prepared'].includes(String(row['key']))) return `${String(row['key'])} is not part of a store's state`;
  if (table === 'meta' && row['key'] === 'namespace' && !UUID.test(String(row['value']))) return 'the namespace must be a UUID';
  return { table, row: row as StateRow['row'] };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Largest integer of PostgreSQL's `integer`; the highest number that the store can give is one less. */
const MAX_COUNT = 2 ** 31 - 1;
/** Last instant that a Date can hold (ECMA-262, time values): what is beyond would fail wherever it is read. */
const MAX_TIME = 8.64e15;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(isPart: (value: unknown) => boolean) {
  return (value: unknown) => Array.isArray(value) && value.every((part) => isPart(part));
}

function isSettings(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { title, tags, priority, private: hidden } = value;
  return (title === null || isText(title)) && isListOf(isText)(tags) && typeof priority === 'number' && typeof hidden === 'boolean';
}

function isWishes(value: unknown): boolean {
  if (!isObject(value)) return false;
  const isNumberOrNull = (part: unknown) => part === null || typeof part === 'number';
  const { ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase } = value;
  const areNumbers = isListOf((part) => typeof part === 'number');
  return [ttlMinutes, updateIntervalMs, updateBase].every(isNumberOrNull) && areNumbers(skipHours) && areNumbers(skipDays);
}

function isMove(value: unknown): boolean {
  return isObject(value) && isText(value['to']) && time(value['since']) === null && typeof value['proofs'] === 'number';
}

function isNotice(value: unknown): boolean {
  return isObject(value) && isText(value['code']) && isText(value['message']) && time(value['at']) === null;
}

/** PostgreSQL takes neither U+0000 nor lone surrogates; no store has them. */
function text(value: unknown): string | null {
  if (!isText(value)) return 'must be text';
  return value.includes('\0') || !value.isWellFormed() ? 'has a character that cannot be stored' : null;
}

function matching(pattern: RegExp, name: string): Check {
  return (value) => (isText(value) && pattern.test(value) ? null : `must be ${name}`);
}

function integer(least: number, most: number): Check {
  const fault = `must be a whole number from ${least} to ${most}`;
  return (value) => (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most ? null : fault);
}

function finite(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number';
}

function time(value: unknown): string | null {
  return integer(-MAX_TIME, MAX_TIME)(value);
}

function count(value: unknown): string | null {
  return integer(0, MAX_COUNT)(value);
}

function number(value: unknown): string | null {
  return integer(1, MAX_COUNT - 1)(value);
}

function flag(value: unknown): string | null {
  return value === 0 || value === 1 ? null : 'must be 0 or 1';
}

function oneOf(...allowed: readonly (string | number)[]): Check {
  return (value) => (allowed.some((one) => one === value) ? null : `must be one of ${allowed.join(', ')}`);
}

function orNull(check: Check): Check {
  return (value) => (value === null ? null : check(value));
}

/** A column that holds JSON as text: what cannot be read would fail wherever it is used. */
function json(name: string, isRight: (value: unknown) => boolean): Check {
  return (value) => {
    const fault = text(value);
    if (fault !== null) return fault;
    try {
      return isRight(JSON.parse(String(value))) ? null : `must be ${name}, as JSON`;
    } catch (error) {
      if (error instanceof SyntaxError) return `must be ${name}, as JSON`;
      throw error;
    }
  };
}
