import { flag, number, oneOf, orNull, text, time } from './state-checks.ts';

/** Tables of own articles that wait; see state-tables.ts. */
export const ownTables = {
  own_folder: { key: ['source_id'], columns: { source_id: text, reader: text } },
  own_file: {
    key: ['source_id', 'location'],
    columns: {
      source_id: text,
      location: text,
      content_hash: text,
      title: text,
      reason: orNull(oneOf('draft', 'embargo', 'expired', 'fault')),
      code: text,
      message: text,
      line: orNull(number),
      mend: orNull(text),
      due_at: orNull(time),
      shown: flag,
    },
  },
} as const;
