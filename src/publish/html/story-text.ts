import type { Revision } from '../../model/entry.ts';
import { sanitise, toPlainText } from './sanitise.ts';
import { cut, escapeXml } from './xml-text.ts';

/** Longest summary made from a text, in characters. */
export const SUMMARY_LENGTH = 300;

/** Returns the text on a story's page, as HTML that is not yet sanitised. With `isSummary` it is
 *  the source's summary, else the beginning of the text, as in documents. */
export function toStoryText(
  { html, summary, text }: Pick<Revision, 'html' | 'summary' | 'text'>,
  { isSummary }: { readonly isSummary: boolean },
): string {
  if (!isSummary || text === '') return html ?? summary ?? '';
  const isEmpty = summary === null || sanitise(summary, null) === '';
  return isEmpty ? `<p>${escapeXml(cut(text, SUMMARY_LENGTH))}</p>` : summary;
}

/** Returns a short plain text for descriptions and lists: the summary, else the beginning of the
 *  text. */
export function toStoryExcerpt(summary: string | null, text: string): string {
  return (summary === null ? '' : toPlainText(summary)) || text.slice(0, SUMMARY_LENGTH);
}
