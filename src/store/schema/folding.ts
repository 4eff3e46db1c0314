import { finite, jsonObject, jsonTexts, number, numberOrNull, oneOf, text, time } from './columns.ts';
import { table } from './table.ts';

/** Entries by the story that they belong to, and the reason for it. */
export const story_entry = table(['entry_no'], {
  entry_no: number,
  story_no: number,
  compared_with: numberOrNull,
  label: oneOf('same', 'revision', 'related', 'different'),
  score: finite,
  why: jsonTexts,
  rules: text,
  joined_at: time,
  /** The measured signals; null where a key decided. */
  signals: jsonObject.nullable(),
});

/** Pairs of entries about one event that are not one text. */
export const related = table(['entry_no', 'other_no'], {
  entry_no: number,
  other_no: number,
  score: finite,
  why: jsonTexts,
  rules: text,
  signals: jsonObject.nullable(),
  at: time,
});

/** The owner's word on two entries, the lower number first. */
export const pin = table(['entry_no', 'other_no'], {
  entry_no: number,
  other_no: number,
  kind: oneOf('apart', 'together'),
  at: time,
});

/** Tables that are made from the other ones: no export has them. */
export interface FoldIndex {
  /** Entries of the folding window as folding compares them. */
  fold_profile: { entry_no: number; at: number; profile: Uint8Array; sketch: Uint8Array };
  /** Entries by the hashes that find them; a hash is a signed 32-bit number. */
  fold_hash: { hash: number; entry_no: number };
  /** Prepared entries that are not in fold_hash yet. */
  fold_waiting: { entry_no: number };
  /** One row: the number of texts that each word stands in. */
  fold_words: { id: number; at: number; texts: number; counts: Uint8Array };
}
