import { html } from 'hono/html';
import { toLanguageTag } from '../../../publish/selection/terms.ts';
import { toLine } from '../../../publish/html/xml-text.ts';
import type { Markup } from '../frame/layout.ts';

/** Characters of a title and of a name that a page shows. */
const TITLE_LENGTH = 300;
const NAME_LENGTH = 100;

/** A title from outside, as it may stand on a page: one line, nothing in it that turns round or
 *  covers what stands beside it. */
export function toPageTitle(title: string): string {
  return tame(title, TITLE_LENGTH) || '(untitled)';
}

/** A name from outside within a line of ours, in its own direction (HTML §4.5.24). */
export function showName(name: string): Markup {
  return html`<bdi>${tame(name, NAME_LENGTH) || '(unnamed)'}</bdi>`;
}

/** The first words of a text, for a list. A Chinese character says as much as two letters, and
 *  weighs as much. */
export function toExcerpt(text: string): string {
  const line = tame(text, text.length);
  let room = EXCERPT_LETTERS;
  let end = 0;
  for (const character of line) {
    room -= character > '\u2e7f' ? 2 : 1;
    if (room < 0) break;
    end += character.length;
  }
  if (end === line.length) return line;
  const space = line.lastIndexOf(' ', end);
  return `${line.slice(0, space > end / 2 ? space : end)}…`;
}

const EXCERPT_LETTERS = 280;

/** The language of a text from outside as an attribute's value; the empty string when it is unknown
 *  (HTML §3.2.6.2: then it is not the page's either). */
export function toLang(language: string | null): string {
  return toLanguageTag(language) ?? '';
}

/** Directional controls are needed by none whose text has an element of its own (UAX #9 §2.7);
 *  stacks of marks and runs of invisible characters are no writing. */
function tame(text: string, length: number): string {
  const plain = text.slice(0, 4 * length).replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  const visible = plain
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/[\u200b\u2060\ufeff\u00ad\u115f\u1160\u3164]|\u034f|[\u200c\u200d]{2,}/g, '');
  return toLine(visible, length);
}
