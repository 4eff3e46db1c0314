import type { Problem } from '../../model/errors.ts';
import { nameUrl } from '../../model/values/address.ts';

/** Most redirects of one exchange (docs/polling.md A10). */
const MAX_REDIRECTS = 5;

/** The redirects of one exchange (RFC 9110 §15.4, docs/polling.md A10). It knows the present URL,
 *  the target of the permanent redirects, and whether the original server is still being asked. */
export class RedirectTrail {
  readonly #visited: Set<string>;
  #url: URL;
  #movedTo: string | null = null;
  #isPermanent = true;
  #isTrusted = true;

  /** `start` is the configured URL without userinfo and fragment. */
  constructor(start: URL) {
    this.#url = start;
    this.#visited = new Set([start.href]);
  }

  /** The next URL to request. */
  get url(): URL {
    return this.#url;
  }

  get hasMoved(): boolean {
    return this.#visited.size > 1;
  }

  /** The URL to which 301 and 308 alone lead from the start; null when there was none or a
   *  temporary one came first. */
  get movedTo(): string | null {
    return this.#movedTo;
  }

  /** false for good once a redirect has left the origin: credentials and validators are sent no
   *  more. */
  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Follows a redirect; `location` as sent, null when absent. Returns null, or the problem that
   *  prevents following it. */
  follow(status: number, location: string | null): Problem | null {
    const from = nameUrl(this.#url);
    const next = location === null ? null : URL.parse(readLocation(location), this.#url);
    if (next === null) return refused(`${from} redirects with status ${status}, but to no readable address`);
    if (!/^https?:$/.test(next.protocol))
      return refused(`${from} redirects to a ${next.protocol} address; only http: and https: are followed`);
    next.username = '';
    next.password = '';
    next.hash = '';
    if (this.#visited.has(next.href)) return looped(`${from} redirects in a circle, back to ${nameUrl(next)}`);
    if (this.#visited.size > MAX_REDIRECTS) return looped(`${from} redirects once more after ${MAX_REDIRECTS} redirects`);
    this.#visited.add(next.href);
    this.#isTrusted &&= staysWith(this.#url, next);
    this.#isPermanent &&= status === 301 || status === 308;
    if (this.#isPermanent) this.#movedTo = next.href;
    this.#url = next;
    return null;
  }
}

/** Reports whether a redirect stays with the same server: the same origin, or the https of the same
 *  host on standard ports. Without that exception every feed that moved to https would be requested
 *  without validators (docs/polling.md A1). The exception reveals credentials to nobody who did not
 *  get them in clear text before. */
export function staysWith(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  return from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname && from.port === '' && to.port === '';
}

/** Fields arrive as Latin-1. Servers that do not escape a path write it in UTF-8, as browsers
 *  expect. */
function readLocation(location: string): string {
  if (!/[\x80-\xff]/.test(location)) return location;
  const text = Buffer.from(location, 'latin1').toString('utf8');
  return text.includes('\uFFFD') ? location : text;
}

function refused(fault: string): Problem {
  return { code: 'fetch/redirect-refused', message: `${fault}; find out where the feed lives now and change the source` };
}

function looped(fault: string): Problem {
  return { code: 'fetch/redirect-loop', message: `${fault}; open it in a browser and change the source to where it ends` };
}
