import { wholeCount, flag, given, jsonObjects, number, numberOrNull, text, time, timeOrNull } from './columns.ts';
import { table } from './table.ts';

/** Stories: entries that were folded together. */
export const story = table(['no'], {
  /** Number of the founding entry. */
  no: number,
  id: text,
  key: text,
  lead_no: numberOrNull,
  /** Number of the newest real revision of the lead that `updated` includes. */
  lead_revision: wholeCount,
  published: timeOrNull,
  updated: timeOrNull,
  first_seen_at: time,
  dated_at: time,
  footer: jsonObjects,
  /** Time when the lead was first chosen, which publishes the story; null before. */
  settled_at: timeOrNull,
  withdrawn_at: timeOrNull,
  /** 1 after the members or their revisions have changed, until the lead is chosen again. */
  dirty: flag,
  /** Time when the owner hid the story and all later members; null while it may be shown. */
  hidden_at: timeOrNull,
  /** The story that this one was merged into; null for none. */
  merged_into: numberOrNull,
});

/** Changes of stories in order; deltas and WebSub read them. */
export const change = table(
  ['seq'],
  { seq: given(number), story_no: number, kind: text, at: time, generation: wholeCount },
  { isNumbered: true },
);

/** Ids that were published and no longer are (RFC 6721). */
export const tombstone = table(['id'], { id: text, key: text, story_no: number, at: time, reason: text });
