import { base64, wholeCount, flag, given, matching, number, oneOf, sha256HexText, text, textOrNull, time, timeOrNull } from './columns.ts';
import { table } from './table.ts';

/** Requests to our hub that are not yet verified (WebSub §5.3). */
export const websub_intent = table(['id'], {
  /** SHA-256 of topic and callback. */
  id: sha256HexText,
  mode: oneOf('subscribe', 'unsubscribe', 'denied'),
  topic: text,
  callback: text,
  /** The host of the callback, with its port. */
  host: text,
  secret: textOrNull,
  lease_seconds: wholeCount,
  seq: wholeCount,
  attempts: wholeCount,
  /** When the intent is due. While somebody works on it: when it is due again if they fail. */
  next_at: time,
  asked_at: time,
});

/** Subscriptions to our hub. */
export const websub_subscription = table(['id'], {
  /** SHA-256 of topic and callback. */
  id: sha256HexText,
  topic: text,
  callback: text,
  host: text,
  secret: textOrNull,
  created_at: time,
  expires_at: time,
  delivered_seq: wholeCount,
  /** Failures in a row. */
  attempts: wholeCount,
  failing_since: timeOrNull,
  /** When the next delivery is due, as that of an intent. */
  next_at: time,
  problem_code: textOrNull,
  problem_message: textOrNull,
});

/** Owners of intents and subscriptions: the network of the client, the site of the callback, and
 *  the callback's last IP address, empty while that is unknown. */
export const websub_place = table(['id'], { id: sha256HexText, client: text, site: text, address: text });

/** The place in the history of a feed that a foreign hub was told of, by address of the
 *  document. */
export const announcement = table(['topic'], { topic: text, seq: wholeCount, next_at: time });

/** Our own subscriptions at hubs of sources, by the path of their callback. */
export const websub_source_subscription = table(
  ['path'],
  {
    path: matching(/^[A-Za-z0-9_-]{43}$/, 'a path of 43 characters'),
    source_id: text,
    hub: text,
    topic: text,
    callback: text,
    secret: textOrNull,
    state: oneOf('new', 'asked', 'active', 'denied', 'leaving', 'left'),
    asked_at: timeOrNull,
    attempts: wholeCount,
    next_at: time,
    expires_at: timeOrNull,
    version: wholeCount,
  },
  { formerName: 'push_subscription' },
);

/** Documents that hubs have delivered and the next run reads. */
export const websub_source_document = table(
  ['no'],
  {
    no: given(number),
    source_id: text,
    at: time,
    topic: text,
    content_type: textOrNull,
    bytes: base64,
    /** The size of the document itself, in bytes. */
    size: wholeCount,
  },
  { isNumbered: true, formerName: 'push_document' },
);

/** When a hub last asked us to poll a source out of turn. `waiting` is 1 until that is done. */
export const websub_source_hint = table(['source_id'], { source_id: text, at: time, waiting: flag }, { formerName: 'push_hint' });
