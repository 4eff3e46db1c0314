import type { Context, Hono } from 'hono';
import type { Log } from '../../ports/log.ts';
import { isCutOff } from '../incoming.ts';
import { isSigned } from '../http/signature.ts';

/** What hubs send to the callbacks of subscriptions, by the last part of their paths (WebSub). */
export interface Callbacks {
  /** Largest document that is taken. */
  readonly maxBytes: number;
  /** null when nobody was given this path. `secret` null: nothing that comes can be trusted. */
  readonly find: (path: string) => Promise<{ readonly secret: string | null; readonly isEnding: boolean } | null>;
  /** Whether a hub asks back what it was asked for; `leaseSeconds` as sent, null when absent. */
  readonly verify: (
    path: string,
    intent: { readonly mode: string; readonly topic: string; readonly leaseSeconds: string | null },
  ) => Promise<boolean>;
  /** Notes that a hub refuses; false when it was not asked. */
  readonly deny: (path: string, said: { readonly topic: string; readonly reason: string | null }) => Promise<boolean>;
  /** Keeps a document whose sender is known, for the run that this starts. */
  readonly take: (path: string, content: { readonly contentType: string | null; readonly bytes: Uint8Array }) => Promise<'queued' | 'full'>;
  /** Has the source polled, if that was not asked for just now. */
  readonly hint: (path: string) => Promise<void>;
}

/** What a body takes to arrive, milliseconds. */
const BODY_MS = 10_000;
/** Bodies that arrive at once: with ten megabytes each that is what a server can spare. */
const MOST_BODIES = 8;
/** Of one callback: a hub that is slow, or wants to be, leaves room for the others. */
const MOST_BODIES_OF_ONE = 2;
/** When a hub is told to come back, seconds. */
const LATER_SECONDS = 60;
/** What a hub wants to hear again: anything else could be a page of somebody's making under our
 *  name. */
const CHALLENGE = /^[\x20-\x7e]{1,1000}$/;

/** Callbacks of subscriptions (WebSub §5.2, §5.3, §7, §8). Who does not know a path is told the
 *  same whatever he asks. A path is a secret: it stands in no answer and in no log. */
export function addCallbackRoutes(app: Hono, parts: { readonly callbacks: Callbacks; readonly log: Log }, bodyMs: number = BODY_MS): void {
  const { callbacks } = parts;
  const arriving = new Map<string, number>();
  const handle = (work: (context: Context, path: string) => Promise<Response>) => async (context: Context) => {
    try {
      return await work(context, context.req.param('path') ?? '');
    } catch (error) {
      if (isCutOff(context)) {
        parts.log.debug({ path: '/websub/callback/…' }, 'a client has broken off its request');
        return later(context);
      }
      parts.log.error({ err: error, path: '/websub/callback/…' }, 'a request failed');
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
      // WebSub §7: the way to tell a hub that it may forget us.
      if (known.isEnding) return context.text('This subscription has ended.\n', 410, NO_STORE);
      const ofOne = arriving.get(path) ?? 0;
      const inAll = [...arriving.values()].reduce((sum, count) => sum + count, 0);
      if (ofOne >= MOST_BODIES_OF_ONE || inAll >= MOST_BODIES) return later(context);
      arriving.set(path, ofOne + 1);
      let bytes;
      try {
        bytes = await readBody(context, { maxBytes: callbacks.maxBytes, bodyMs });
      } finally {
        const left = (arriving.get(path) ?? 1) - 1;
        if (left > 0) arriving.set(path, left);
        else arriving.delete(path);
      }
      if (bytes === 'large') return context.text(`A document has at most ${callbacks.maxBytes} bytes here.\n`, 413, CLOSE);
      if (bytes === 'late') return context.text('The document did not arrive in time.\n', 408, CLOSE);
      // No word on what is wrong: it would help nobody but who tries (WebSub §8).
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
  return context.text('Too much waits here: try again later.\n', 503, { ...NO_STORE, 'retry-after': String(LATER_SECONDS) });
}

/** A document is signed as it is sent; nobody asked for a coding. */
function isCoded(context: Context): boolean {
  return !/^(?:identity)?$/i.test(context.req.header('content-encoding')?.trim() ?? '');
}

/** The body, read as it arrives; why not, when it is too large or too slow. What comes after that
 *  is not waited for. */
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
    // It may fail, when the sender is gone: nobody waits for it.
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
