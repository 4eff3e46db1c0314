/** An address of the web as a list of feeds or a person writes it: `feed:` in front of it is taken
 *  off (`feed://a/b`, `feed:https://a/b`), and so is white space. null when it is none: another
 *  scheme, no host. */
export function toFeedAddress(text: string): string | null {
  const tidy = text.replace(/[\t\r\n]/g, '').trim();
  const address = tidy.replace(/^feed:(?:\/\/)?(?=https?:)/i, '').replace(/^feed:(?:\/\/)?/i, 'http://');
  const parsed = /^https?:\/\/[^\s/?#]/i.test(address) ? URL.parse(address) : null;
  if (parsed === null) return null;
  return /\s/.test(address) ? parsed.href : address;
}

/** What two spellings of one feed's address have in common: whether it is https, upper case in the
 *  host, a default port, a slash at the end and a fragment do not make another feed. What is no URL
 *  is its own key. */
export function toAddressKey(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  const port = url.port === '80' || url.port === '443' ? '' : url.port;
  const user = url.username === '' && url.password === '' ? '' : `${url.username}:${url.password}@`;
  return `${user}${url.hostname}:${port}${dropSlashes(url.pathname)}${url.search}`;
}

/** Not a pattern for slashes at the end, which tries each slash of many. */
function dropSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}
