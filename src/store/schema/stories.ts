import { wholeCount, flag, given, jsonObjects, number, numberOrNull, text, time, timeOrNull } from './columns.ts';
import { table } from './table.ts';

/** Stories: entries that are folded together. */
export const story = table(['no'], {
  /** The number of the founding entry. */
  no: number,
  id: text,
  key: text,
  lead_no: numberOrNull,
  /** The number of the lead's newest real revision that `updated` accounts for. */
  lead_revision: wholeCount,
  published: timeOrNull,
  updated: timeOrNull,
  first_seen_at: time,
  dated_at: time,
  footer: jsonObjects,
  /** When the lead was first chosen, which publishes the story; null before. */
  settled_at: timeOrNull,
  withdrawn_at: timeOrNull,
  /** 1 when the members or their revisions have changed since the lead was last chosen. */
  dirty: flag,
  /** When the owner hid the story with all that joins it; null while it may be shown. */
  hidden_at: timeOrNull,
  /** The story that this one was merged into; null while it stands for itself. */
  merged_into: numberOrNull,
});

/** Changes of stories in order: deltas and WebSub follow them. */
export const change = table(
  ['seq'],
  { seq: given(number), story_no: number, kind: text, at: time, generation: wholeCount },
  { isNumbered: true },
);

/** Ids that were published and no longer are (RFC 6721). */
export const tombstone = table(['id'], { id: text, key: text, story_no: number, at: time, reason: text });
