import type { Context } from 'hono';
import { openFrame } from './page-frame.ts';
import { errorPage } from '../pages/frame/error.ts';
import type { ServerContext } from '../server-context.ts';
import { problem } from '../http/problem.ts';
import { refuseNow } from '../http/refuse.ts';

/** Seconds to wait before asking again: a first run takes some seconds. */
export const FIRST_SECONDS = 5;
const REASON = 'Nothing has been published here yet: the sources are being read for the first time.';

/** Answers 503 for a feed document before anything was published, so that no reader takes the
 *  feed for empty (RFC 9110 §15.6.4). */
export function refuseDocumentNotYet(context: Context): Response {
  return refuseNow(context, 503, FIRST_SECONDS, REASON);
}

/** Answers 503 for a call of the API before anything was published. */
export function refuseCallNotYet(context: Context): Response {
  return problem(context, 503, { code: 'not-yet', title: 'Not yet', detail: REASON }, { 'retry-after': String(FIRST_SECONDS) });
}

/** Answers 503 for a page before anything was published. */
export function showNotYet(context: Context, server: ServerContext): Response | Promise<Response> {
  context.header('retry-after', String(FIRST_SECONDS));
  context.header('cache-control', 'no-store');
  return context.html(errorPage(openFrame(server), 'Nothing yet', `${REASON} Reload this page in a moment.`), 503);
}
