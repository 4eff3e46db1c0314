import type { Context } from 'hono';

/** Answers that the request cannot be served now and says when to ask again (RFC 6585 §4, RFC
 *  9110 §10.2.3). */
export function refuseNow(context: Context, status: 429 | 503, seconds: number, reason: string): Response {
  return context.text(`${reason} Ask again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.\n`, status, {
    'retry-after': String(seconds),
    'cache-control': 'no-store',
  });
}
