import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A refusal by the API (RFC 9457): what is wrong, for a program by `type`, for a person by
 *  `detail`. */
export function problem(
  context: Context,
  status: ContentfulStatusCode,
  said: { readonly code: string; readonly title: string; readonly detail: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { code, title, detail } = said;
  return context.body(`${JSON.stringify({ type: `urn:newsfold:problem:${code}`, title, status, detail })}\n`, status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
}

/** 405 for an address that answers others (RFC 9110 §15.5.6). */
export function refuseMethod(context: Context, allowed: string): Response {
  const said = { code: 'method', title: 'Method not allowed', detail: `Only ${allowed} is answered here.` };
  return problem(context, 405, said, { allow: allowed });
}
