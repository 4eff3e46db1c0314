import type { Context } from 'hono';
import { openFrame } from './frames.ts';
import { errorPage } from '../pages/frame/error.ts';
import type { ServerContext } from '../server-context.ts';
import { problem } from '../http/problem.ts';
import { refuseNow } from '../http/refuse.ts';

/** Seconds after which it is worth asking again: a first run takes some seconds. */
export const FIRST_SECONDS = 5;
const REASON = 'Nothing has been published here yet: the sources are being read for the first time.';

/** Answers for a feed document before anything was published: 503, so that no reader takes the feed
 *  for an empty one (RFC 9110 §15.6.4). */
export function refuseDocumentNotYet(context: Context): Response {
  return refuseNow(context, 503, FIRST_SECONDS, REASON);
}

/** The same for a call of the API. */
export function refuseCallNotYet(context: Context): Response {
  return problem(context, 503, { code: 'not-yet', title: 'Not yet', detail: REASON }, { 'retry-after': String(FIRST_SECONDS) });
}

/** The same for a page. */
export function showNotYet(context: Context, server: ServerContext): Response | Promise<Response> {
  context.header('retry-after', String(FIRST_SECONDS));
  context.header('cache-control', 'no-store');
  return context.html(errorPage(openFrame(server), 'Nothing yet', `${REASON} Ask again in a moment.`), 503);
}
