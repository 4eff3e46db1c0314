import type { Context } from 'hono';
import type { Feed, Site } from '../../model/feed.ts';
import { refuseNow } from '../http/refuse.ts';

/** The private feeds and the rights that a request's credentials opened. */
export interface Admitted {
  /** Slugs of the private feeds that the request may read. */
  readonly slugs: readonly string[];
  readonly isOwner: boolean;
  /** Seconds until a wrong password of this client is checked again; null when it is checked
   *  now. */
  readonly wait?: number | null;
}

/** Key under which the request context holds `Admitted`. It is absent when the request had no
 *  credentials (admission.ts). */
export const ADMITTED = 'admitted';

/** Reports whether a request may see a feed. A private feed takes its token, as `?token=` or as
 *  a password. */
export function mayRead(context: Context, { private: isPrivate, slug }: Feed): boolean {
  return !isPrivate || readAdmitted(context).slugs.includes(slug);
}

/** Reports whether a request has the owner's token; always false when no token is configured. */
export function isOwner(context: Context): boolean {
  return readAdmitted(context).isOwner;
}

function readAdmitted(context: Context): Admitted {
  return (context.get(ADMITTED) as Admitted | undefined) ?? { slugs: [], isOwner: false };
}

/** Answers 401 for a private feed and asks for the password. curl, urllib and the readers built
 *  on them send a password only when a 401 asks for one (RFC 9110 §11.6.1). The answer reveals
 *  that the feed exists, but nothing of its content. */
export function askForPassword(context: Context, site: Site): Response {
  const { wait = null } = readAdmitted(context);
  if (wait !== null) return refuseNow(context, 429, wait, 'Too many wrong tokens or passwords.');
  return context.text('This feed is private: give its token as the password, or as ?token= in the address.\n', 401, {
    'www-authenticate': `Basic realm="${toRealm(site.title)}", charset="UTF-8"`,
    'cache-control': 'no-store',
  });
}

/** Returns a title as it may stand in a quoted string (RFC 9110 §5.6.4). Characters outside
 *  ASCII are dropped: a header cannot carry them safely. */
function toRealm(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]|["\\]/g, '')
    .trim();
  return plain.slice(0, 100) || 'Newsfold';
}
