import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { RequestHead } from './conditional.ts';

/** Returns a request as plain values. Over a socket it takes the headers that Node has parsed:
 *  building a Request from them takes longer than the answer. */
export function toRequestHead({ req, env }: Context): RequestHead {
  const { incoming } = (env ?? {}) as { readonly incoming?: Partial<IncomingMessage> };
  if (!incoming?.headers) return { method: req.method, header: (name) => req.header(name) ?? null };
  return {
    method: req.method,
    header(name) {
      const value = incoming.headers?.[name];
      return typeof value === 'string' ? value : (value?.join(', ') ?? null);
    },
  };
}
