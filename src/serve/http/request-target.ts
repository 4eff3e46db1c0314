/** The reason for which a target is refused, written for people. */
export interface TargetFault {
  readonly status: 400 | 414;
  readonly title: string;
  readonly text: string;
}

/** Returns the fault of a request's target; null for none. It answers 414 over 2,000 characters
 *  (RFC 9110 §15.5.15). It answers 400 for a path whose percent encoding is not valid UTF-8 or
 *  hides U+0000. Queries are checked by the routes that read them. */
export function checkTarget(url: string): TargetFault | null {
  const target = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  if (target.length > MOST_CHARACTERS) {
    return { status: 414, title: 'Address too long', text: `An address here has at most ${MOST_CHARACTERS} characters.` };
  }
  const path = target.split(/[?#]/, 1)[0] ?? '';
  return isPath(path) ? null : { status: 400, title: 'Bad request', text: 'This address cannot be read: its percent encoding is wrong.' };
}

/** Returns the fault of the Host fields of an HTTP/1.1 request (RFC 9112 §3.2); null for none.
 *  More than one field is a fault, and so is one that names no host. `raw` has names and values
 *  in turn, as they came. Node itself refuses a request without a Host field. */
export function checkHost(raw: readonly string[]): TargetFault | null {
  let hosts = 0;
  let isNamed = true;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    hosts++;
    isNamed &&= HOST.test(raw[at + 1] ?? '');
  }
  if (hosts <= 1 && isNamed) return null;
  const text = hosts > 1 ? 'A request has one Host field; this one has more.' : 'The Host field of this request names no host.';
  return { status: 400, title: 'Bad request', text };
}

/** A name or an address, and a port (RFC 3986 §3.2.2); empty where the target has no host. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d{0,5})?$/i;

/** Our longest addresses have about a hundred characters; a search or a token adds to them. */
const MOST_CHARACTERS = 2000;

function isPath(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
