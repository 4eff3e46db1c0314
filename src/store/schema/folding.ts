import { finite, jsonObject, jsonTexts, number, numberOrNull, oneOf, text, time } from './columns.ts';
import { table } from './table.ts';

/** The story of each entry, and the reason. */
export const story_entry = table(['entry_no'], {
  entry_no: number,
  story_no: number,
  compared_with: numberOrNull,
  label: oneOf('same', 'revision', 'related', 'different'),
  score: finite,
  why: jsonTexts,
  rules: text,
  joined_at: time,
  /** Measured signals; null when a key decided. */
  signals: jsonObject.nullable(),
});

/** Pairs of entries about the same event with different texts. */
export const related = table(['entry_no', 'other_no'], {
  entry_no: number,
  other_no: number,
  score: finite,
  why: jsonTexts,
  rules: text,
  signals: jsonObject.nullable(),
  at: time,
});

/** The owner's decision on two entries; the lower number comes first. */
export const pin = table(['entry_no', 'other_no'], {
  entry_no: number,
  other_no: number,
  kind: oneOf('apart', 'together'),
  at: time,
});

/** Tables that are computed from others and never exported. */
export interface FoldIndex {
  /** Entries of the folding window in the form that folding compares. */
  fold_profile: { entry_no: number; at: number; profile: Uint8Array; sketch: Uint8Array };
  /** Entries by lookup hash; a hash is a signed 32-bit number. */
  fold_hash: { hash: number; entry_no: number };
  /** Prepared entries that are not in fold_hash yet. */
  fold_waiting: { entry_no: number };
  /** One row: the number of texts that contain each word. */
  fold_words: { id: number; at: number; texts: number; counts: Uint8Array };
}
