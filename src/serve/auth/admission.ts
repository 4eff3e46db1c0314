import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { sha256 } from '../../model/values/hash.ts';
import { ADMITTED } from './access.ts';
import type { Admitted } from './access.ts';
import { readClient } from '../http/client.ts';
import { readCredentials } from './credentials.ts';
import type { Credential } from './credentials.ts';
import { createLimiter } from '../http/limit.ts';
import type { ServerContext } from '../server-context.ts';
import { problem } from '../http/problem.ts';
import { refuseNow } from '../http/refuse.ts';

/** Wrong tokens and passwords that one client may send: ten at once, then one every six seconds. */
const MOST_WRONG = 10;
const WRONG_AN_HOUR = 600;
/** Clients whose correct credentials are remembered; the least recently seen are forgotten. */
const MOST_KNOWN = 10_000;

/** Checks the credentials of a request once for all routes and notes what they open (access.ts).
 *  A client with too many wrong guesses is refused for a while, even with a correct token, or
 *  guessing could go on. Credentials that this client has given correctly before still work, so
 *  that clients behind one address do not lock each other out. A wrong password alone does not
 *  bar public pages: it may be meant for a proxy in front of this server. Returns null when the
 *  configuration has neither an owner's token nor a private feed. */
export function createAdmission(server: ServerContext): MiddlewareHandler | null {
  const { feeds, clock, trustProxy } = server;
  const owner = server.token === null ? null : sha256(server.token);
  const privateFeeds = feeds.flatMap(({ slug, private: isPrivate, token }) =>
    isPrivate && token !== null ? [{ slug, token: sha256(token) }] : [],
  );
  if (owner === null && privateFeeds.length === 0) return null;
  const limiter = createLimiter(clock, { perHour: WRONG_AN_HOUR, burst: MOST_WRONG });
  const known = new Set<string>();
  const open = ({ kind, text }: Credential): Admitted => {
    const given = sha256(text);
    if (kind === 'bearer') return { slugs: [], isOwner: owner !== null && timingSafeEqual(owner, given) };
    return { slugs: privateFeeds.filter(({ token }) => timingSafeEqual(token, given)).map(({ slug }) => slug), isOwner: false };
  };
  return async (context, next) => {
    const given = readCredentials(context).filter(({ kind }) => (kind === 'bearer' ? owner !== null : privateFeeds.length > 0));
    if (given.length === 0) return next();
    const client = readClient(context, { trust: trustProxy ? 'proxy' : 'socket' });
    const wait = limiter.wait(client);
    const tried = given.map((credential) => {
      const admitted = open(credential);
      const isRight = admitted.isOwner || admitted.slugs.length > 0;
      const name = `${client} ${sha256(credential.text).toString('base64')}`;
      return { credential, admitted, isRight, name };
    });
    const counted = wait === null ? tried : tried.filter(({ isRight, name }) => isRight && known.has(name));
    if (wait !== null && tried.some((one) => one.credential.kind !== 'password' && !counted.includes(one)))
      return refuseGuess(context, wait);
    if (wait === null && tried.some(({ isRight }) => !isRight)) limiter.ask(client);
    for (const { name, isRight } of counted) if (isRight) remember(known, name);
    const slugs = counted.flatMap(({ admitted }) => admitted.slugs);
    context.set(ADMITTED, { slugs, isOwner: counted.some(({ admitted }) => admitted.isOwner), wait } satisfies Admitted);
    return next();
  };
}

function refuseGuess(context: Context, wait: number): Response {
  if (!context.req.path.startsWith('/api/')) return refuseNow(context, 429, wait, 'Too many wrong tokens or passwords.');
  const details = {
    code: 'guesses',
    title: 'Too many requests',
    detail: `Too many wrong tokens or passwords: ask again in ${wait} seconds.`,
  };
  return problem(context, 429, details, { 'retry-after': String(wait) });
}

function remember(known: Set<string>, name: string): void {
  known.delete(name);
  known.add(name);
  const [oldest] = known;
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
}
