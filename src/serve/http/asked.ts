import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { Asked } from './conditional.ts';

/** A request in plain values. Over a socket the headers are there as Node has read them; making a
 *  Request of them takes longer than answering it. */
export function toAsked({ req, env }: Context): Asked {
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
