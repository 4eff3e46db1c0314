import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Answers a call of the API with a problem (RFC 9457): `type` for programs, `detail` for
 *  people. */
export function problem(
  context: Context,
  status: ContentfulStatusCode,
  details: { readonly code: string; readonly title: string; readonly detail: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { code, title, detail } = details;
  return context.body(`${JSON.stringify({ type: `urn:newsfold:problem:${code}`, title, status, detail })}\n`, status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
}

/** Answers 405 at an address that takes only other methods (RFC 9110 §15.5.6). */
export function refuseMethod(context: Context, allowed: string): Response {
  const details = { code: 'method', title: 'Method not allowed', detail: `Only ${allowed} is answered here.` };
  return problem(context, 405, details, { allow: allowed });
}
