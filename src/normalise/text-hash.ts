import { createHash } from 'node:crypto';
import { toComparable } from './text.ts';

/** SHA-256 of a title and a text in comparable form, hex: equal hashes mean that no letter and no number has changed. */
export function hashText(title: string, text: string): string {
  return createHash('sha256')
    .update(`${toComparable(title)}\n${toComparable(text)}`)
    .digest('hex');
}
