import { MAX_TEXT } from './text-limit.ts';

/** Resolves a link against `base` (RFC 3986 §5). White space around it and line ends in it are
 *  dropped, other spaces are encoded, and a doubly escaped `&amp;` is decoded. An address of
 *  another scheme is returned unchanged. Returns null for an empty or invalid link, and for a
 *  relative one without an http(s) base. With an empty string as base, a relative link stays
 *  relative. */
export function resolveUrl(link: string | null, base: string | null): string | null {
  if (link === null || link.length > MAX_LENGTH) return null;
  if (PLAIN.test(link)) return link;
  const text = link
    .replace(/[\r\n\t]/g, '')
    .trim()
    .replaceAll('&amp;', '&');
  if (text === '') return null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    if (!/^https?:/i.test(text)) return text;
    return URL.canParse(text) ? (text.includes(' ') ? new URL(text).href : text) : null;
  }
  if (base === '') return text;
  if (base === null || !/^https?:/i.test(base)) return null;
  return URL.canParse(text, base) ? new URL(text, base).href : null;
}

/** No server accepts longer addresses, and regular expressions fail on those of megabytes. */
const MAX_LENGTH = 65_536;

/** Matches nearly every link: a valid address without anything to repair, which need not be
 *  parsed. */
const PLAIN = /^https?:\/\/(?:[a-z0-9-]+\.)+[a-z]+(?:[/?#](?:[!-%'-;=?-~]|&(?!amp;))*)?$/i;

/** Returns the base address inside an element with xml:base (RFC 4287 §2). An unusable xml:base is
 *  ignored. */
export function toBase(xmlBase: string | null, outer: string | null): string | null {
  const inner = resolveUrl(xmlBase, outer);
  return inner !== null && /^https?:/i.test(inner) ? inner : outer;
}

/** Returns markup with the relative addresses of links and pictures resolved against `base`. Text
 *  longer than any article is returned unchanged: a list of its tags could take a gigabyte. */
export function resolveHtml(html: string, base: string): string {
  if (html.length > MAX_TEXT || !html.includes('=')) return html;
  return html.replace(/<[a-z][^\s<>]*\s[^<>]*>/gi, (tag) =>
    tag.replace(/(\s(?:href|src|poster|cite)\s*=\s*)(?:"([^"]*)"|'([^']*)')/gi, (whole, lead: string, double?: string, single?: string) => {
      const link = double ?? single ?? '';
      if (link.startsWith('#') || /^[a-z][a-z0-9+.-]*:/i.test(link.trim())) return whole;
      const resolved = resolveUrl(link, base);
      return resolved === null ? whole : `${lead}"${resolved.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
    }),
  );
}
