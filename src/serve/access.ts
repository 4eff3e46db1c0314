import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { Feed, Site } from '../model/feed.ts';
import type { Clock } from '../ports/clock.ts';

/** Whether a request may see a feed: a private one asks for `?token=` or the token as a password (RFC 7617); one of them must be right.
 *  Compared in constant time. */
export function mayRead(context: Context, { private: isPrivate, token }: Feed): boolean {
  if (!isPrivate) return true;
  const given = [context.req.query('token'), readPassword(context.req.header('authorization') ?? '')];
  return token !== null && given.filter((text) => text !== undefined).some((text) => timingSafeEqual(hash(token), hash(text)));
}

/** Whether a request has the owner's token (RFC 6750 §2.1); never when there is none. */
export function hasBearer(context: Context, token: string | null): boolean {
  const given = /^Bearer\s+(\S+)\s*$/i.exec(context.req.header('authorization') ?? '')?.[1];
  return token !== null && given !== undefined && timingSafeEqual(hash(token), hash(given));
}

/** Whether a feed is no more: retired, or past the end that its last entry has told. */
export function isGone({ retired, endsAt }: Feed, clock: Clock): boolean {
  return retired || (endsAt !== null && endsAt <= clock.now());
}

/** 401 for a private feed. It asks for the password in so many words, since curl, urllib and the readers built on them send one only when
 *  they are asked (RFC 9110 §11.6.1). That there is such a feed is thereby no secret; what is in it stays one. */
export function askForPassword(context: Context, site: Site): Response {
  return context.text('This feed is private: give its token as the password, or as ?token= in the address.\n', 401, {
    'www-authenticate': `Basic realm="${toRealm(site.title)}", charset="UTF-8"`,
    'cache-control': 'no-store',
  });
}

function readPassword(authorization: string): string | undefined {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return undefined;
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** What a quoted string may hold as it is (RFC 9110 §5.6.4); other scripts have no safe place in a header. */
function toRealm(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]|["\\]/g, '')
    .trim();
  return plain.slice(0, 100) || 'Newsfold';
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
