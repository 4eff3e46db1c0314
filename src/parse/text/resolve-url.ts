import { MAX_TEXT } from './text-limit.ts';

/** A link as an absolute URL: resolved against `base` (RFC 3986 §5); spaces around it, line ends
 *  and angle brackets in it dropped, other spaces encoded, `&amp;` that was escaped twice undone.
 *  null when there is no link, when it is relative and the base is no http(s) address, or when it
 *  cannot be one; an address of another scheme is kept as it stands. With the empty string as base
 *  a relative link stays relative. */
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

/** No server takes longer addresses, and patterns give up on those of megabytes. */
const MAX_LENGTH = 65_536;

/** Nearly every link: with nothing to put right and surely an address, which saves reading it as
 *  one. */
const PLAIN = /^https?:\/\/(?:[a-z0-9-]+\.)+[a-z]+(?:[/?#](?:[!-%'-;=?-~]|&(?!amp;))*)?$/i;

/** The base below an element that declares one (xml:base, RFC 4287 §2): what cannot be a base is
 *  passed over. */
export function toBase(xmlBase: string | null, outer: string | null): string | null {
  const inner = resolveUrl(xmlBase, outer);
  return inner !== null && /^https?:/i.test(inner) ? inner : outer;
}

/** Markup with the relative addresses of its links and pictures resolved against `base`; text
 *  between tags is not looked at. What is longer than any article stays as it is: a list of its
 *  tags could take a gigabyte. */
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
