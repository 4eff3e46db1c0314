import { z } from 'zod';
import {
  wholeCount,
  countOrNull,
  flag,
  given,
  json,
  matching,
  number,
  oneOf,
  sha256HexText,
  text,
  textOrNull,
  time,
  timeOrNull,
} from './columns.ts';
import { table } from './table.ts';

const numberOrNull = z.number().nullable();
const settings = z.object({ title: z.string().nullable(), tags: z.array(z.string()), priority: z.number(), private: z.boolean() });
const wishes = z.object({
  ttlMinutes: numberOrNull,
  skipHours: z.array(z.number()),
  skipDays: z.array(z.number()),
  updateIntervalMs: numberOrNull,
  updateBase: numberOrNull,
});
const move = z.object({ to: z.string(), since: time, proofs: z.number() });
const notice = z.object({ code: z.string(), message: z.string(), at: time });
const found = z.object({ url: z.string(), via: z.string(), at: time });
const offer = z.object({ hubs: z.array(z.string()), topic: z.string() });

/** Sources that are configured, and sources that were. */
export const source = table(
  ['id'],
  {
    id: matching(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an id of a source'),
    kind: oneOf('feed', 'file', 'articles', 'page'),
    address: text,
    /** 1: the owner gave the id. */
    named: flag,
    /** 1 while the source is configured. */
    active: flag,
    created_at: time,
    removed_at: timeOrNull,
    /** The declaration without headers and credentials. Published documents still need it after
     *  the source was removed from the configuration. */
    settings: json('an object with tags, title, priority and private', settings),
    feed_title: textOrNull,
    home_page: textOrNull,
    feed_id: textOrNull,
    feed_language: textOrNull,
    etag: textOrNull,
    last_modified: textOrNull,
    body_hash: textOrNull,
    last_poll_at: timeOrNull,
    last_success_at: timeOrNull,
    last_entry_at: timeOrNull,
    next_poll_at: timeOrNull,
    not_before_at: timeOrNull,
    failures: wholeCount,
    history: text,
    gone: flag,
    problem_code: textOrNull,
    problem_message: textOrNull,
    /** The publisher's hints about the poll interval. */
    wishes: json('an object with the poll hints of a feed', wishes).nullable(),
    /** Median time between entries of the source, in milliseconds. */
    gap_ms: timeOrNull,
    newest_at: timeOrNull,
    /** Evidence that the source has moved. */
    move: json('an object with to, since, proofs and isAdopted', move).nullable(),
    /** The last notable event. */
    notice: json('an object with code, message and at', notice).nullable(),
    /** Number of polls in a row whose document ended inside an entry; null for none. */
    cut_polls: countOrNull,
    /** The feed that was found on the source's page. */
    found: json('an object with url, via and at', found).nullable(),
    /** The hubs that the source names (WebSub §4). */
    push: json('an object with hubs and topic', offer).nullable(),
    /** Time when the first reading ended; null before, and again when a first reading starts
     *  anew. */
    first_read_at: timeOrNull,
  },
  { added: { first_read_at: (row) => row['last_success_at'], cut_polls: () => null } },
);

/** Pages that entries link to, with the text that was found there. */
export const page = table(['key'], {
  /** Hash of the URL, because a URL may be longer than an index entry. */
  key: sha256HexText,
  url: text,
  /** Hash of the entry's content in the feed when the page was last requested. */
  asked_for: text,
  asked_at: time,
  /** Number of failures in a row. */
  attempts: wholeCount,
  /** Last text that was found there; null when there was never one. */
  html: textOrNull,
  problem_code: textOrNull,
  problem_message: textOrNull,
});

/** Hosts that asked for no requests until a given time (RFC 9110 §10.2.3). */
export const host = table(['name'], { name: text, retry_after_at: time });

/** Log of polls; old ones are removed. */
export const poll = table(
  ['id'],
  {
    id: given(number),
    source_id: text,
    at: time,
    status: countOrNull,
    outcome: text,
    sent_etag: textOrNull,
    sent_last_modified: textOrNull,
    etag: textOrNull,
    last_modified: textOrNull,
    bytes: timeOrNull,
    problem: textOrNull,
    /** URL that was requested, if it was not the configured one. */
    moved_address: textOrNull,
    not_before_at: timeOrNull,
    next_poll_at: timeOrNull,
    reason: textOrNull,
  },
  { isNumbered: true },
);
