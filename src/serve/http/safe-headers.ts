import type { Context } from 'hono';

/** What every answer says, so that nothing of it is taken for something else. */
export const SAFE = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** Set on the context of an answer that has them already: to read or write the headers of a
 *  response costs as much as to answer 304. */
export const COMPLETE = 'isComplete';

/** Whether an answer has them. */
export function isComplete(context: Context): boolean {
  return context.get(COMPLETE) === true;
}
