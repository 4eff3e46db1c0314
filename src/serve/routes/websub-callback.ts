import type { Context, Hono } from 'hono';
import type { Log } from '../../ports/log.ts';
import { isCutOff } from '../http/node-request.ts';
import { isSigned } from '../http/signature.ts';

/** Handles the requests of other hubs to our callbacks (WebSub). `path` is the last part of a
 *  callback's path. */
export interface Callbacks {
  /** Largest document accepted, in bytes. */
  readonly maxBytes: number;
  /** Returns null for an unknown path. Without a `secret`, no delivery can be trusted. */
  readonly find: (path: string) => Promise<{ readonly secret: string | null; readonly isEnding: boolean } | null>;
  /** Reports whether we asked the hub for what it wants to verify. `leaseSeconds` is as sent,
   *  null when absent. */
  readonly verify: (
    path: string,
    intent: { readonly mode: string; readonly topic: string; readonly leaseSeconds: string | null },
  ) => Promise<boolean>;
  /** Notes that the hub denied the subscription; returns false when none was requested. */
  readonly deny: (path: string, denial: { readonly topic: string; readonly reason: string | null }) => Promise<boolean>;
  /** Stores a delivery whose sender is verified and starts a run to read it. */
  readonly take: (path: string, content: { readonly contentType: string | null; readonly bytes: Uint8Array }) => Promise<'queued' | 'full'>;
  /** Has the source polled, unless a poll was requested just now. */
  readonly hint: (path: string) => Promise<void>;
}

/** Milliseconds within which a body must arrive. */
const BODY_MS = 10_000;
/** Bodies that may arrive at once: ten megabytes each is as much as a server can spare. */
const MOST_BODIES = 8;
/** Bodies that may arrive at once for one callback, so that a slow hub leaves room for the
 *  others. */
const MOST_BODIES_OF_ONE = 2;
/** Seconds after which a hub may try again. */
const LATER_SECONDS = 60;
/** Challenges that are echoed to a hub: anything else could be somebody's page under our name. */
const CHALLENGE = /^[\x20-\x7e]{1,1000}$/;

/** Adds the callbacks of subscriptions (WebSub §5.2, §5.3, §7, §8). A client that does not know
 *  a path gets the same answer to every request. Paths are secret: no answer and no log line
 *  contains one. */
export function addCallbackRoutes(app: Hono, server: { readonly callbacks: Callbacks; readonly log: Log }, bodyMs: number = BODY_MS): void {
  const { callbacks } = server;
  const arriving = new Map<string, number>();
  const handle = (work: (context: Context, path: string) => Promise<Response>) => async (context: Context) => {
    try {
      return await work(context, context.req.param('path') ?? '');
    } catch (error) {
      if (isCutOff(context)) {
        server.log.debug({ path: '/websub/callback/…' }, 'a client broke off its request');
        return later(context);
      }
      server.log.error({ err: error, path: '/websub/callback/…' }, 'a request failed');
      return later(context);
    }
  };
  app.get(
    '/websub/callback/:path',
    handle(async (context, path) => {
      const asked = (name: string) => context.req.query(`hub.${name}`) ?? null;
      const [mode, topic, challenge] = [asked('mode'), asked('topic'), asked('challenge')];
      if (context.req.method !== 'GET' || mode === null || topic === null) return unknown(context);
      if (mode === 'denied')
        return (await callbacks.deny(path, { topic, reason: asked('reason') })) ? context.body(null, 200, NO_STORE) : unknown(context);
      if (challenge === null || !CHALLENGE.test(challenge)) return unknown(context);
      const isMeant = await callbacks.verify(path, { mode, topic, leaseSeconds: asked('lease_seconds') });
      return isMeant ? context.text(challenge, 200, NO_STORE) : unknown(context);
    }),
  );
  app.post(
    '/websub/callback/:path',
    handle(async (context, path) => {
      const known = await callbacks.find(path);
      if (known === null) return unknown(context);
      // By 410 a hub learns that it may drop the subscription (WebSub §7).
      if (known.isEnding) return context.text('This subscription has ended.\n', 410, NO_STORE);
      const ofOne = arriving.get(path) ?? 0;
      const inAll = [...arriving.values()].reduce((sum, count) => sum + count, 0);
      if (ofOne >= MOST_BODIES_OF_ONE || inAll >= MOST_BODIES) return later(context);
      arriving.set(path, ofOne + 1);
      let bytes;
      try {
        bytes = await readBody(context, { maxBytes: callbacks.maxBytes, bodyMs });
      } finally {
        const remaining = (arriving.get(path) ?? 1) - 1;
        if (remaining > 0) arriving.set(path, remaining);
        else arriving.delete(path);
      }
      if (bytes === 'large') return context.text(`A document has at most ${callbacks.maxBytes} bytes here.\n`, 413, CLOSE);
      if (bytes === 'late') return context.text('The document did not arrive in time.\n', 408, CLOSE);
      // The answer does not say what is wrong: that would help only an attacker (WebSub §8).
      if (known.secret === null || isCoded(context) || !isSigned(bytes, context.req.header('x-hub-signature'), known.secret)) {
        await callbacks.hint(path);
      } else if ((await callbacks.take(path, { contentType: context.req.header('content-type') ?? null, bytes })) === 'full')
        return later(context);
      return context.body(null, 202, NO_STORE);
    }),
  );
  app.all('/websub/callback/:path', unknown);
}

const NO_STORE = { 'cache-control': 'no-store' };
const CLOSE = { ...NO_STORE, connection: 'close' };

function unknown(context: Context): Response {
  return context.text('There is nothing at this address.\n', 404, NO_STORE);
}

function later(context: Context): Response {
  return context.text('The server is busy: try again later.\n', 503, { ...NO_STORE, 'retry-after': String(LATER_SECONDS) });
}

/** Reports whether the body has a content coding. A document is signed as it is sent, and we
 *  asked for no coding. */
function isCoded(context: Context): boolean {
  return !/^(?:identity)?$/i.test(context.req.header('content-encoding')?.trim() ?? '');
}

/** Returns the body, or the reason when it is too large or too slow; the rest of such a body is
 *  not read. */
async function readBody(
  context: Context,
  { maxBytes, bodyMs }: { readonly maxBytes: number; readonly bodyMs: number },
): Promise<Uint8Array | 'large' | 'late'> {
  if (Number(context.req.header('content-length') ?? 0) > maxBytes) return 'large';
  const reader = context.req.raw.body?.getReader();
  if (!reader) return new Uint8Array();
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), bodyMs);
  const pieces: Uint8Array[] = [];
  let size = 0;
  const end = (why: 'large' | 'late') => {
    // Cancelling fails when the sender is gone, which changes nothing.
    reader.cancel().catch(() => undefined);
    return why;
  };
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late.promise]);
      if (next === 'late') return end(next);
      if (next.done) return Buffer.concat(pieces);
      pieces.push(next.value as Uint8Array);
      size += (next.value as Uint8Array).length;
      if (size > maxBytes) return end('large');
    }
  } finally {
    clearTimeout(timer);
  }
}
