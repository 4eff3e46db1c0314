import { stages } from '../../model/set-aside.ts';
import {
  wholeCount,
  flag,
  given,
  jsonObject,
  number,
  numberOrNull,
  oneNumberOf,
  oneOf,
  text,
  textOrNull,
  time,
  timeOrNull,
} from './columns.ts';
import { table } from './table.ts';

/** Facts of the whole store; sql/meta.ts lists the keys. */
export const meta = table(['key'], { key: text, value: text });

/** One row: the number of times that published content has changed, and the last time. */
export const generation = table(['id'], { id: oneNumberOf(1), n: wholeCount, at: time });

/** Runs, each with its report. */
export const runTable = table(
  ['no'],
  { no: given(number), started_at: time, ended_at: timeOrNull, report: jsonObject.nullable() },
  { isNumbered: true },
);

/** Items over which a stage failed or a run crashed. Runs skip them unless they are open. */
export const set_aside = table(['id'], {
  /** Key made of kind, stage, source and name. */
  id: text,
  source_id: text,
  what: oneOf('source', 'entry', 'story'),
  name: text,
  no: numberOrNull,
  stage: oneOf(...stages),
  reason: oneOf('failed', 'died'),
  message: text,
  mark: textOrNull,
  version: text,
  at: time,
  tries: wholeCount,
  is_open: flag,
});

/** Sources that a run is processing, and the number of runs that crashed meanwhile. */
export const in_hand = table(['source_id', 'stage'], {
  source_id: text,
  stage: oneOf(...stages),
  /** SHA-256 of the document; null when there was none, or more than one. */
  mark: textOrNull,
  at: time,
  /** 0 after a run has crashed over the source, until the next run processes it. */
  is_held: flag,
  deaths: wholeCount,
});
