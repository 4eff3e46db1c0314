/** Returns the guid as the atom:id of a story, or null when it is no absolute IRI or names only a
 *  local machine (docs/design.md §61). */
export function toStoryId(guid: string | null): string | null {
  if (guid === null || guid.length > 1000 || !/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(guid)) return null;
  const scheme = guid.slice(0, guid.indexOf(':')).toLowerCase();
  if (['javascript', 'data', 'vbscript', 'file', 'blob', 'about'].includes(scheme)) return null;
  if (/[\ufffd\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Noncharacter_Code_Point}/u.test(guid)) return null;
  if (scheme !== 'http' && scheme !== 'https') return guid;
  if (!/^https?:\/\/[^/]/i.test(guid) || !URL.canParse(guid)) return null;
  const host = new URL(guid).hostname;
  const isPlaceholder =
    host === 'localhost' ||
    /(^|\.)(example(\.(com|org|net))?|test|invalid|local|localhost)$/.test(host) ||
    /^(127\.|10\.|192\.168\.|0\.|\[)/.test(host);
  return isPlaceholder ? null : guid;
}
