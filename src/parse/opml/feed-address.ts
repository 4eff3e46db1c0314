/** Returns the web address in a text from a list of feeds or a person. White space and a leading
 *  `feed:` are removed (`feed://a/b`, `feed:https://a/b`). Returns null for another scheme or a
 *  missing host. */
export function toFeedAddress(text: string): string | null {
  const tidy = text.replace(/[\t\r\n]/g, '').trim();
  const address = tidy.replace(/^feed:(?:\/\/)?(?=https?:)/i, '').replace(/^feed:(?:\/\/)?/i, 'http://');
  const parsed = /^https?:\/\/[^\s/?#]/i.test(address) ? URL.parse(address) : null;
  if (parsed === null) return null;
  return /\s/.test(address) ? parsed.href : address;
}

/** Returns a key that is equal for different spellings of one feed's address. It ignores https, the
 *  case of the host, a default port, a final slash and the fragment. A text that is no URL is its
 *  own key. */
export function toAddressKey(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  const port = url.port === '80' || url.port === '443' ? '' : url.port;
  const user = url.username === '' && url.password === '' ? '' : `${url.username}:${url.password}@`;
  return `${user}${url.hostname}:${port}${dropSlashes(url.pathname)}${url.search}`;
}

/** Removes slashes at the end. A regular expression would take quadratic time on many slashes. */
function dropSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}
