/** Returns an absolute http or https address that a reader may follow, written as a URI (RFC 3986).
 *  Null for anything else that feeds contain: javascript:, a path, an invalid host. Missing escapes
 *  are added. */
export function toWebUrl(url: string | null): string | null {
  if (url === null) return null;
  const text = url.trim();
  if (!/^https?:\/\/[^/\\]/i.test(text) || !URL.canParse(text)) return null;
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return toWebUrl(withoutUser(text));
  if (/^[\w\-.~:/?#@!$&'()*+,;=%]+$/.test(text) && !/%(?![0-9a-f]{2})/i.test(text)) return text;
  const { href } = new URL(text);
  // The URL standard leaves some characters that RFC 3986 forbids. Brackets are allowed in the
  // host, as part of an IPv6 address.
  const path = href.indexOf('/', href.indexOf('//') + 2);
  const rest = href.slice(path).replace(/[[\]|^`{}\\"<> ]/g, (character) => encodeURIComponent(character));
  const mended = (href.slice(0, path) + rest).replace(/%(?![0-9a-f]{2})/gi, '%25');
  return /[^\x21-\x7e]/.test(mended) ? null : mended;
}

/** Returns an address without user name and password. A link must not log readers in, nor show a
 *  false host before the @. */
function withoutUser(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

/** Returns a media type without its parameters (RFC 6838 §4.2); null when the text is no media
 *  type. */
export function toMediaType(type: string | null): string | null {
  const found = /^\s*([a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126})\s*(;|$)/i.exec(type ?? '');
  return found?.[1]?.toLowerCase() ?? null;
}

/** Returns the media type for the file ending of an address; null for an unknown ending. */
export function guessMediaType(url: string): string | null {
  const ending = /\.([a-z0-9]{2,4})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  return mediaTypes.get(ending) ?? null;
}

const mediaTypes = new Map([
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['ogg', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['wav', 'audio/wav'],
  ['mp4', 'video/mp4'],
  ['m4v', 'video/mp4'],
  ['webm', 'video/webm'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['pdf', 'application/pdf'],
  ['epub', 'application/epub+zip'],
]);

/** Returns a language tag (BCP 47) in its canonical spelling. Null when no such language exists:
 *  sources put anything there. */
export function toLanguageTag(language: string | null): string | null {
  if (language === null) return null;
  const text = language.trim().replaceAll('_', '-');
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text)) return null;
  try {
    const [tag = ''] = Intl.getCanonicalLocales(text);
    return languages.of(tag.split('-')[0] ?? '') === undefined ? null : tag;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
