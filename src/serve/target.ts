/** Why a target is refused, for people. */
export interface TargetFault {
  readonly status: 400 | 414;
  readonly title: string;
  readonly text: string;
}

/** What is wrong with a request's target; null when nothing is: over 2,000 characters (414, RFC 9110 §15.5.15), or a path whose percent
 *  encoding is not valid UTF-8 or hides U+0000 (400). Queries are left to those who read them. */
export function checkTarget(url: string): TargetFault | null {
  const target = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  if (target.length > MOST_CHARACTERS) {
    return { status: 414, title: 'Address too long', text: `An address here has at most ${MOST_CHARACTERS} characters.` };
  }
  const path = target.split(/[?#]/, 1)[0] ?? '';
  return isPath(path) ? null : { status: 400, title: 'Bad request', text: 'This address cannot be read: its percent encoding is wrong.' };
}

/** Our longest addresses have some hundred; a search or a token may add to that. */
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
