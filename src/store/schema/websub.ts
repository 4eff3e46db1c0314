import { base64, wholeCount, flag, given, matching, number, oneOf, sha256HexText, text, textOrNull, time, timeOrNull } from './columns.ts';
import { table } from './table.ts';

/** Requests to our hub that are not yet verified (WebSub §5.3). */
export const websub_intent = table(['id'], {
  /** SHA-256 of topic and callback. */
  id: sha256HexText,
  mode: oneOf('subscribe', 'unsubscribe', 'denied'),
  topic: text,
  callback: text,
  /** Host of the callback, with its port. */
  host: text,
  secret: textOrNull,
  lease_seconds: wholeCount,
  seq: wholeCount,
  attempts: wholeCount,
  /** Time when the intent is due. While a node works on it: time when it is due again if the
   *  node fails. */
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
  /** Number of failures in a row. */
  attempts: wholeCount,
  failing_since: timeOrNull,
  /** Time when the next delivery is due; used as in an intent. */
  next_at: time,
  problem_code: textOrNull,
  problem_message: textOrNull,
});

/** Origins of intents and subscriptions: the network of the client, the site of the callback,
 *  and the callback's last IP address (empty while unknown). */
export const websub_place = table(['id'], { id: sha256HexText, client: text, site: text, address: text });

/** Feed history position up to which a foreign hub was informed, by document URL. */
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

/** Documents that hubs have delivered for the next run. */
export const websub_source_document = table(
  ['no'],
  {
    no: given(number),
    source_id: text,
    at: time,
    topic: text,
    content_type: textOrNull,
    bytes: base64,
    /** Size of the document in bytes. */
    size: wholeCount,
  },
  { isNumbered: true, formerName: 'push_document' },
);

/** Time when a hub last asked us to poll a source early. `waiting` is 1 until the source was
 *  polled. */
export const websub_source_hint = table(['source_id'], { source_id: text, at: time, waiting: flag }, { formerName: 'push_hint' });
