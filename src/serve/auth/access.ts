import type { Context } from 'hono';
import type { Feed, Site } from '../../model/feed.ts';
import { refuseNow } from '../http/refuse.ts';

/** What a request has been let in to by what it gave. */
export interface Admitted {
  /** Private feeds. */
  readonly slugs: readonly string[];
  readonly isOwner: boolean;
  /** Seconds until this client's passwords are looked at again; null when they are. */
  readonly wait?: number | null;
}

/** Where the context of a request has it, when it gave anything (admission.ts). */
export const ADMITTED = 'admitted';

/** Whether a request may see a feed: a private one takes its token, as `?token=` or as a
 *  password. */
export function mayRead(context: Context, { private: isPrivate, slug }: Feed): boolean {
  return !isPrivate || readAdmitted(context).slugs.includes(slug);
}

/** Whether a request has the owner's token; never when there is none. */
export function isOwner(context: Context): boolean {
  return readAdmitted(context).isOwner;
}

function readAdmitted(context: Context): Admitted {
  return (context.get(ADMITTED) as Admitted | undefined) ?? { slugs: [], isOwner: false };
}

/** 401 for a private feed. It asks for the password in so many words, since curl, urllib and the
 *  readers built on them send one only when they are asked (RFC 9110 §11.6.1). That there is such a
 *  feed is thereby no secret; what is in it stays one. */
export function askForPassword(context: Context, site: Site): Response {
  const { wait = null } = readAdmitted(context);
  if (wait !== null) return refuseNow(context, 429, wait, 'Too many wrong tokens or passwords.');
  return context.text('This feed is private: give its token as the password, or as ?token= in the address.\n', 401, {
    'www-authenticate': `Basic realm="${toRealm(site.title)}", charset="UTF-8"`,
    'cache-control': 'no-store',
  });
}

/** What a quoted string may hold as it is (RFC 9110 §5.6.4); other scripts have no safe place in a
 *  header. */
function toRealm(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]|["\\]/g, '')
    .trim();
  return plain.slice(0, 100) || 'Newsfold';
}
