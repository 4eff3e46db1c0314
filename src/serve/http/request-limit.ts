import type { Context, MiddlewareHandler } from 'hono';
import { readClient } from './client.ts';
import { createLimiter } from './limit.ts';
import type { ServerContext } from '../server-context.ts';
import { problem } from './problem.ts';
import { refuseNow } from './refuse.ts';

/** Counts requests for pages, searches and the API. A client with more than `limitRequests` in
 *  an hour is answered 429. Documents are counted apart (routes/feeds.ts), so that a visitor of
 *  a site's pages may still poll its feed. */
export function createRequestLimit(server: ServerContext): MiddlewareHandler {
  const { limitRequests, clock, trustProxy } = server;
  if (limitRequests === null) return (_context, next) => next();
  const limiter = createLimiter(clock, { perHour: limitRequests });
  return async (context: Context, next) => {
    const wait = limiter.ask(readClient(context, { trust: trustProxy ? 'proxy' : 'socket' }));
    if (wait === null) return next();
    const reason = `At most ${limitRequests} requests an hour are answered.`;
    if (!context.req.path.startsWith('/api/')) return refuseNow(context, 429, wait, reason);
    const detail = `${reason} Ask again in ${wait} seconds.`;
    return problem(context, 429, { code: 'limit', title: 'Too many requests', detail }, { 'retry-after': String(wait) });
  };
}
