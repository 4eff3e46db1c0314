import type { Context } from 'hono';

/** Headers of every answer: they keep browsers from guessing its type and from telling its
 *  address to other sites. */
export const SAFE = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** Key in the context of an answer that already has these headers. Reading or writing the
 *  headers of a response costs as much as answering 304. */
export const COMPLETE = 'isComplete';

/** Reports whether an answer already has these headers. */
export function isComplete(context: Context): boolean {
  return context.get(COMPLETE) === true;
}
