import type { Problem } from '../../model/errors.ts';
import type { ParsedItem } from '../../model/parsed.ts';

/** Characters of one text that are read: two books. Each costs up to forty bytes of memory before
 *  it is stored. */
export const MAX_TEXT = 2_000_000;
const MAX_TITLE = 20_000;
/** Files that stand inside a text where an address should be (RFC 2397); no reader shows them and
 *  nothing that we publish has them. */
const INLINE_FILE = /data:[a-z]+\/[a-z0-9.+-]{1,100};base64,/gi;
const FILE_END = /[^a-z0-9+/=\s%]/gi;
/** A shorter one is a spacer or an icon. */
const MIN_FILE = 1000;

/** Items whose texts and titles can be worked on in bounded memory: files inside a longer text are
 *  left out, and if that does not do, its end. A problem says so. */
export function limitTexts(items: readonly ParsedItem[]): { readonly items: readonly ParsedItem[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const limited = items.map((item) => {
    const { title, html, summary } = item;
    if (title.length <= MAX_TITLE && (html ?? '').length <= MAX_TEXT && (summary ?? '').length <= MAX_TEXT) return item;
    const longest = Math.max(title.length, html?.length ?? 0, summary?.length ?? 0);
    const message = `a text of ${longest} characters is longer than any article: its beginning is read`;
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

/** A pattern for the whole of a file gives up on one of six megabytes: its end is looked for by
 *  itself. */
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
