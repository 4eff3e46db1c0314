import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { readClient } from '../http/client.ts';
import { createLimiter } from '../http/limit.ts';
import type { SubscriptionRequest } from '../../model/hub.ts';
import type { ServerContext } from '../server-context.ts';

/** Bytes of a request to the hub: two addresses, a secret, and some room. */
const MOST_BYTES = 16_384;
const LONGEST_ADDRESS = 2000;
/** W3C WebSub §5.1: less than 200 bytes. */
const LONGEST_SECRET = 199;
/** Requests an hour of one client: each makes the hub send a request to some callback. */
const REQUESTS_PER_HOUR = 600;

/** Adds the address of our hub (W3C WebSub §5). A request is checked, noted and answered 202;
 *  the subscriber's intent is verified afterwards. */
export function addHubRoute(app: Hono, server: ServerContext): void {
  const { askHub } = server;
  if (askHub === null) return;
  const limiter = createLimiter(server.clock, { perHour: REQUESTS_PER_HOUR });
  const refuse = (context: Context, status: 400 | 403 | 404 | 413 | 415 | 429 | 503, reason: string, wait: number | null = null) =>
    context.text(`${reason}\n`, status, { 'cache-control': 'no-store', ...(wait !== null && { 'retry-after': String(wait) }) });
  const limit = bodyLimit({ maxSize: MOST_BYTES, onError: (context) => refuse(context, 413, `At most ${MOST_BYTES} bytes are read.`) });
  app.post('/websub', limit, async (context) => {
    const client = readClient(context, { trust: server.trustProxy ? 'proxy' : 'socket' });
    const wait = limiter.ask(client);
    if (wait !== null) return refuse(context, 429, `At most ${REQUESTS_PER_HOUR} requests an hour are answered.`, wait);
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(context.req.header('content-type') ?? ''))
      return refuse(context, 415, 'This is a WebSub hub: it takes application/x-www-form-urlencoded.');
    const request = readRequest(new URLSearchParams(await context.req.text()));
    if (typeof request === 'string') return refuse(context, 400, request);
    const answer = await askHub({ ...request, client });
    if (answer.kind === 'refused') return refuse(context, answer.status, answer.reason, answer.status === 503 ? 3600 : null);
    return context.text('The hub will verify this request at your callback.\n', 202, { 'cache-control': 'no-store' });
  });
  app.all('/websub', (context) => context.text('This is a WebSub hub: it takes POST requests of subscribers.\n', 405, { allow: 'POST' }));
}

/** Returns the request, or its fault as text. */
function readRequest(form: URLSearchParams): Omit<SubscriptionRequest, 'client'> | string {
  const mode = form.get('hub.mode');
  if (mode !== 'subscribe' && mode !== 'unsubscribe') return 'hub.mode must be subscribe or unsubscribe.';
  const topic = form.get('hub.topic') ?? '';
  if (topic === '' || topic.length > LONGEST_ADDRESS) return 'hub.topic must be the address of a feed.';
  const callback = form.get('hub.callback') ?? '';
  if (!isCallback(callback))
    return `hub.callback must be an http:// or https:// address of at most ${LONGEST_ADDRESS} characters, without # and @.`;
  const secret = form.get('hub.secret') || null;
  if (secret !== null && Buffer.byteLength(secret) > LONGEST_SECRET) return 'hub.secret must be shorter than 200 bytes.';
  const lease = form.get('hub.lease_seconds') || null;
  if (lease !== null && !/^\d{1,12}$/.test(lease)) return 'hub.lease_seconds must be a number of seconds.';
  return { mode, topic, callback, secret, leaseSeconds: lease === null ? null : Number(lease) };
}

function isCallback(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || text.length > LONGEST_ADDRESS || !/^[\x21-\x7e]+$/.test(text)) return false;
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && !text.includes('#');
}
