/** A link as an absolute URL: resolved against `base` (RFC 3986 §5), spaces around it dropped. null when there is no link, when it is
 *  relative and the base is no http(s) address, or when it cannot be one; an address of another scheme is kept as it stands. */
export function resolveUrl(link: string | null, base: string | null): string | null {
  const text = link?.trim() ?? '';
  if (text === '') return null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return !/^https?:/i.test(text) || URL.canParse(text) ? text : null;
  if (base === null || !/^https?:/i.test(base)) return null;
  return URL.canParse(text, base) ? new URL(text, base).href : null;
}
