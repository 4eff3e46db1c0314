import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/** Returns the request as Node parsed it; null where there is no socket. */
export function readIncoming(context: Context): Partial<IncomingMessage> | null {
  const { incoming } = (context.env ?? {}) as { readonly incoming?: Partial<IncomingMessage> };
  return incoming ?? null;
}

/** Reports whether the client disconnected before its whole request had arrived. */
export function isCutOff(context: Context): boolean {
  const incoming = readIncoming(context);
  return incoming?.destroyed === true && incoming.complete === false;
}
