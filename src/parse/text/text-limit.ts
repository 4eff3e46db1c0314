import type { Problem } from '../../model/errors.ts';
import type { ParsedItem } from '../../model/parsed.ts';

/** Longest text that is read, in characters: two books. Each character costs up to forty bytes of
 *  memory before it is stored. */
export const MAX_TEXT = 2_000_000;
const MAX_TITLE = 20_000;
/** Start of a file embedded as a data URL (RFC 2397). Feed readers do not show them, and published
 *  documents leave them out. */
const INLINE_FILE = /data:[a-z]+\/[a-z0-9.+-]{1,100};base64,/gi;
const FILE_END = /[^a-z0-9+/=\s%]/gi;
/** Shorter embedded files are spacers or icons and stay. */
const MIN_FILE = 1000;

/** Returns the items with texts and titles of bounded length. Embedded files of a longer text are
 *  removed; if it is still too long, its end is cut. A problem reports it. */
export function limitTexts(items: readonly ParsedItem[]): { readonly items: readonly ParsedItem[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const limited = items.map((item) => {
    const { title, html, summary } = item;
    if (title.length <= MAX_TITLE && (html ?? '').length <= MAX_TEXT && (summary ?? '').length <= MAX_TEXT) return item;
    const longest = Math.max(title.length, html?.length ?? 0, summary?.length ?? 0);
    const message = `a text of ${longest} characters is longer than any article: only its beginning is read`;
    problems.push({ code: 'entry/too-long', message, entry: (item.guid ?? item.url ?? title).slice(0, 200) });
    return { ...item, title: title.slice(0, MAX_TITLE), html: html && limitText(html), summary: summary && limitText(summary) };
  });
  return { items: limited, problems };
}

function limitText(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const slim = dropFiles(text);
  return slim.length <= MAX_TEXT ? slim : slim.slice(0, MAX_TEXT);
}

/** Removes embedded files. The end of each is searched separately, because one pattern fails on a
 *  file of six megabytes. */
function dropFiles(text: string): string {
  let kept = '';
  let from = 0;
  for (const { 0: start, index } of text.matchAll(INLINE_FILE)) {
    const begin = index + start.length;
    FILE_END.lastIndex = begin;
    const end = FILE_END.exec(text)?.index ?? text.length;
    if (end - begin < MIN_FILE) continue;
    kept += `${text.slice(from, index)}data:,`;
    from = end;
  }
  return kept + text.slice(from);
}
