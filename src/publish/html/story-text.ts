import type { Revision } from '../../model/entry.ts';
import { sanitise, toPlainText } from './sanitise.ts';
import { cut, escapeXml } from './xml-text.ts';

/** Longest summary made from a text, characters. */
export const SUMMARY_LENGTH = 300;

/** What a story's page says of its text, as HTML that is still to be sanitised: all of it; or with
 *  `isSummary` what its source gives as one, else the beginning of the text, as documents do. */
export function toStoryText(
  { html, summary, text }: Pick<Revision, 'html' | 'summary' | 'text'>,
  { isSummary }: { readonly isSummary: boolean },
): string {
  if (!isSummary || text === '') return html ?? summary ?? '';
  const isEmpty = summary === null || sanitise(summary, null) === '';
  return isEmpty ? `<p>${escapeXml(cut(text, SUMMARY_LENGTH))}</p>` : summary;
}

/** The same in plain text, for descriptions and lists: of a summary that may be cut off, and the
 *  beginning of the text. */
export function toStoryExcerpt(summary: string | null, text: string): string {
  return (summary === null ? '' : toPlainText(summary)) || text.slice(0, SUMMARY_LENGTH);
}
