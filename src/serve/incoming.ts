import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/** The request as Node has it; null where there is no socket. */
export function readIncoming(context: Context): Partial<IncomingMessage> | null {
  const { incoming } = (context.env ?? {}) as { readonly incoming?: Partial<IncomingMessage> };
  return incoming ?? null;
}

/** Whether the client has gone before all of its request was there. */
export function isCutOff(context: Context): boolean {
  const incoming = readIncoming(context);
  return incoming?.destroyed === true && incoming.complete === false;
}
