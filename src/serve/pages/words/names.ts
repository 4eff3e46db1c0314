import { html } from 'hono/html';
import { toLanguageTag } from '../../../publish/selection/terms.ts';
import { toLine } from '../../../publish/html/xml-text.ts';
import type { Markup } from '../frame/layout.ts';

/** Most characters of a title and of a name that a page shows. */
const TITLE_LENGTH = 300;
const NAME_LENGTH = 100;

/** Returns a title from outside, safe to show on a page: one line, without characters that
 *  reverse or cover the text beside it. */
export function toPageTitle(title: string): string {
  return tame(title, TITLE_LENGTH) || '(untitled)';
}

/** Shows a name from outside within a line of ours, in its own direction (HTML §4.5.24). */
export function showName(name: string): Markup {
  return html`<bdi>${tame(name, NAME_LENGTH) || '(unnamed)'}</bdi>`;
}

/** Returns the first words of a text for a list. A Chinese character says as much as two letters
 *  and counts as two. */
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

/** Returns the language of a text from outside as an attribute's value. The empty string means
 *  unknown, so that the page's language does not apply (HTML §3.2.6.2). */
export function toLang(language: string | null): string {
  return toLanguageTag(language) ?? '';
}

/** Removes characters that disturb a page. A text with an element of its own needs no
 *  directional controls (UAX #9 §2.7). Stacks of marks and runs of invisible characters are no
 *  writing. */
function tame(text: string, length: number): string {
  const plain = text.slice(0, 4 * length).replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  const visible = plain
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/[\u200b\u2060\ufeff\u00ad\u115f\u1160\u3164]|\u034f|[\u200c\u200d]{2,}/g, '');
  return toLine(visible, length);
}
