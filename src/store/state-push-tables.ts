import { base64, count, flag, matching, number, oneOf, orNull, text, time } from './state-checks.ts';

/** Tables of WebSub, as state-tables.ts has the others. */
export const pushTables = {
  websub_intent: {
    key: ['id'],
    columns: {
      id: matching(/^[0-9a-f]{64}$/, 'a SHA-256'),
      mode: oneOf('subscribe', 'unsubscribe', 'denied'),
      topic: text,
      callback: text,
      host: text,
      secret: orNull(text),
      lease_seconds: count,
      seq: count,
      attempts: count,
      next_at: time,
      asked_at: time,
    },
  },
  websub_subscription: {
    key: ['id'],
    columns: {
      id: matching(/^[0-9a-f]{64}$/, 'a SHA-256'),
      topic: text,
      callback: text,
      host: text,
      secret: orNull(text),
      created_at: time,
      expires_at: time,
      delivered_seq: count,
      attempts: count,
      failing_since: orNull(time),
      next_at: time,
      problem_code: orNull(text),
      problem_message: orNull(text),
    },
  },
  websub_place: {
    key: ['id'],
    columns: { id: matching(/^[0-9a-f]{64}$/, 'a SHA-256'), client: text, site: text, address: text },
  },
  announcement: { key: ['topic'], columns: { topic: text, seq: count, next_at: time } },
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
} as const;
