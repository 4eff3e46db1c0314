import type { Problem } from '../errors.ts';

/** Returns a URL for messages: without userinfo and fragment, and with `…` for a query, which may
 *  contain a key. Secrets in addresses are never printed. Text that is no URL is cut at 100
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

/** Returns the problem with `its address` in place of every web address in its message. Problems
 *  appear on pages and in logs, but the address of a private source is a secret. */
export function hideAddresses(problem: Problem): Problem {
  return { ...problem, message: problem.message.replace(/https?:\/\/\S+?(?=[:;,.)]*(?:\s|$))/gi, 'its address') };
}

/** Returns host and port of an address, or the empty string for text that is no URL. Retry-After
 *  applies to all addresses of one host and port. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}

/** Reports whether an address contains a user name or a password (RFC 3986 §3.2.1). A source with
 *  such an address is private. */
export function hasUserinfo(address: string): boolean {
  return /^https?:\/\/[^/?#]*@/i.test(address);
}
