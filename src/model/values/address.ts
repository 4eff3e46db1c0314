import type { Problem } from '../errors.ts';

/** Returns a URL as messages show it: without userinfo and fragment, and with `…` for a query,
 *  which may hold a key. Secrets in addresses are never printed. Text that is no URL is cut at 100
 *  characters and loses everything before an @. */
export function nameUrl(url: URL | string): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  if (parsed === null || parsed.host === '')
    return String(url)
      .replace(/^.*@/s, '…@')
      .replace(/[?#].*$/s, '?…')
      .slice(0, 100);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}${parsed.search === '' ? '' : '?…'}`;
}

/** Returns the problem with `its address` for every web address in its message. Problems stand on
 *  pages and in logs, and the address of a private source is a secret. */
export function hideAddresses(problem: Problem): Problem {
  return { ...problem, message: problem.message.replace(/https?:\/\/\S+?(?=[:;,.)]*(?:\s|$))/gi, 'its address') };
}

/** Returns host and port of an address, the unit that Retry-After holds for; the empty string for
 *  text that is no URL. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}

/** Reports whether an address has a name or a password in it (RFC 3986 §3.2.1): such a source is
 *  private. */
export function hasUserinfo(address: string): boolean {
  return /^https?:\/\/[^/?#]*@/i.test(address);
}
