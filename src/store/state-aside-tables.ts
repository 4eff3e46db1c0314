import { stages } from '../model/set-aside.ts';
import { count, flag, number, oneOf, orNull, text, time } from './state-checks.ts';

/** Tables of what is set aside and in hand; state-tables.ts says what each part means. */
export const asideTables = {
  set_aside: {
    key: ['id'],
    columns: {
      id: text,
      source_id: text,
      what: oneOf('source', 'entry', 'story'),
      name: text,
      no: orNull(number),
      stage: oneOf(...stages),
      reason: oneOf('failed', 'died'),
      message: text,
      mark: orNull(text),
      version: text,
      at: time,
      tries: count,
      is_open: flag,
    },
  },
  in_hand: {
    key: ['source_id', 'stage'],
    columns: { source_id: text, stage: oneOf(...stages), mark: orNull(text), at: time, is_held: flag, deaths: count },
  },
} as const;
