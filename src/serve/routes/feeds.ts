import { hasEnded } from '../../model/feed-end.ts';
import { formats } from '../../publish/documents/document.ts';
import type { Context, Hono } from 'hono';
import type { DocumentFormat, Feed, Representation } from '../../model/feed.ts';
import { askForPassword, mayRead } from '../auth/access.ts';
import { toRequestHead } from '../http/plain-request.ts';
import { readClient } from '../http/client.ts';
import { answer } from '../http/conditional.ts';
import { OPEN, PREFLIGHT } from '../http/cors.ts';
import { openFrame } from './page-frame.ts';
import { createLimiter } from '../http/limit.ts';
import { refuseDocumentNotYet } from './before-first-run.ts';
import type { ServerContext } from '../server-context.ts';
import { refuseNow } from '../http/refuse.ts';
import { COMPLETE, isComplete, SAFE } from '../http/safe-headers.ts';

/** Adds the routes that readers poll: documents, archives (RFC 5005 §4) and the list of sources
 *  (OPML). */
export function addFeedRoutes(app: Hono, server: ServerContext): void {
  const give = createGiver(server);
  const frame = openFrame(server);
  const standard = server.feeds.find((feed) => feed.isDefault) ?? null;
  const toDocument = (feed: Feed, format: DocumentFormat): Resource => ({
    feed,
    movedTo: feed.movedTo,
    maxAgeSeconds: server.maxAgeSeconds,
    headers: feed.private || server.hubUrl === null ? null : toHubLinks(server.hubUrl, frame.links.document(feed, format)),
    read: () => server.readDocument(feed, format),
  });
  const add = (path: string, find: (context: Context) => Resource | null) => {
    app.on(['GET', 'OPTIONS'], path, (context) => give(context, find(context)));
    app.all(path, (context) => context.text('Only GET, HEAD and OPTIONS are answered here.\n', 405, { allow: ALLOWED }));
  };

  // Each feed has its own route instead of a parameter: the router then finds the address in a
  // table, and unknown slugs have no route.
  for (const format of formats) {
    add(`/feed.${format}`, () => standard && toDocument(standard, format));
    for (const feed of server.feeds)
      add(`/feeds/${feed.slug}.${format}`, (context) => {
        const resource = toDocument(feed, format);
        return feed.isDefault ? { ...resource, movedTo: frame.links.path(`/feed.${format}`) + new URL(context.req.url).search } : resource;
      });
  }
  // Nine digits keep the number a safe integer.
  for (const feed of server.feeds)
    add(`/feeds/${feed.slug}/archive/:file{[1-9][0-9]{0,8}\\.atom}`, (context) => {
      const n = Number.parseInt(context.req.param('file') ?? '', 10);
      return { feed, movedTo: feed.movedTo, maxAgeSeconds: ARCHIVE_SECONDS, headers: null, read: () => server.readArchive(feed, n) };
    });
  add('/sources.opml', () => ({ feed: null, movedTo: null, maxAgeSeconds: server.maxAgeSeconds, headers: null, read: server.readOpml }));
}

/** The document at an address. */
interface Resource {
  /** The feed that the document belongs to; null when it belongs to none and is public. */
  readonly feed: Feed | null;
  /** The address that the document has moved to; null while it has not moved. */
  readonly movedTo: string | null;
  readonly maxAgeSeconds: number;
  /** Further headers of its answers; null for none. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly read: () => Promise<Representation | 'later' | null>;
}

/** An archive stays as it is, yet is not `immutable`: an owner may have to withdraw a story. */
const ARCHIVE_SECONDS = 86_400;
/** Archives wait for a run to end; earlier requests would only delay it further. */
const LATER_SECONDS = 60;
const ALLOWED = 'GET, HEAD, OPTIONS';

const OPEN_AND_SAFE = { ...OPEN, ...SAFE };

function createGiver(server: ServerContext): (context: Context, resource: Resource | null) => Promise<Response> {
  const limiter = server.limitRequests === null ? null : createLimiter(server.clock, { perHour: server.limitRequests });
  return async (context, resource) => {
    if (!resource) return context.notFound();
    const isOpen = resource.feed?.private !== true;
    const response =
      context.req.method === 'OPTIONS'
        ? new Response(null, { status: 204, headers: { allow: ALLOWED, ...(isOpen ? PREFLIGHT : {}) } })
        : await respond(context, resource);
    // answer() has already set these headers.
    if (isOpen && !isComplete(context)) for (const [name, value] of Object.entries(OPEN)) response.headers.set(name, value);
    return response;
  };

  async function respond(context: Context, { feed, movedTo, maxAgeSeconds, read, ...resource }: Resource): Promise<Response> {
    const isOpen = feed?.private !== true;
    const end = () => {
      if (movedTo !== null) return context.redirect(movedTo, 301);
      return feed && hasEnded(feed, server.clock.now()) ? context.text('This feed has ended.\n', 410) : null;
    };
    // The new address of a private feed stays as private as the feed was.
    const asksSearch = feed !== null && isSearch(context);
    const early = feed?.private ? null : asksSearch ? refuseSearch(context) : end();
    if (early) return early;
    // Requests count before the password is checked, which limits guessing. Answers that end all
    // polling come first and are not limited.
    const wait = limiter?.ask(readClient(context, { trust: server.trustProxy ? 'proxy' : 'socket' })) ?? null;
    if (wait !== null) return refuseNow(context, 429, wait, `At most ${server.limitRequests} requests an hour are answered.`);
    if (feed && !mayRead(context, feed)) return askForPassword(context, server.site);
    const ended = asksSearch ? refuseSearch(context) : end();
    if (ended) return ended;
    if (!server.hasPublished()) return refuseDocumentNotYet(context);
    const representation = await read();
    if (representation === null) return context.notFound();
    if (representation === 'later')
      return refuseNow(context, 503, LATER_SECONDS, 'This archive will be available when the current run has ended.');
    const cacheControl = `${feed?.private ? 'private' : 'public'}, max-age=${maxAgeSeconds}`;
    const common = isOpen ? OPEN_AND_SAFE : SAFE;
    const headers = resource.headers === null ? common : { ...common, ...resource.headers };
    context.set(COMPLETE, true);
    return answer(toRequestHead(context), representation, { cacheControl, clock: server.clock, headers });
  }
}

/** Query parameters that select a part of a feed on its page. */
const SEARCHES = ['q', 'tag', 'source', 'sources'];

/** Reports whether a request asks for a part of a feed. No such feeds exist. A reader who was
 *  given the whole feed instead might follow it for years by mistake. */
function isSearch(context: Context): boolean {
  const { url } = context.req;
  return url.includes('?') && SEARCHES.some((name) => context.req.query(name) !== undefined);
}

function refuseSearch(context: Context): Response {
  return context.text('There are no feeds of searches, tags or sources: remove q, tag, source and sources from this address.\n', 404, {
    'cache-control': 'no-store',
  });
}

/** Returns the Link header that names the hub (RFC 8288; W3C WebSub §4). */
function toHubLinks(hub: string, self: string): Record<string, string> {
  return { link: `<${hub}>; rel="hub", <${self}>; rel="self"` };
}
