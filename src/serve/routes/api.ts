import { hasEnded } from '../../model/feed-end.ts';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import type { Feed } from '../../model/feed.ts';
import type { Source } from '../../model/source.ts';
import { toAsideForm, toHeadlineForm, toSourceForm } from '../../publish/api/json.ts';
import { OPEN, PREFLIGHT } from '../http/cors.ts';
import { addActionRoutes, refuseStranger } from './api-actions.ts';
import { toApiSchema } from './api-schema.ts';
import { isOwner, mayRead } from '../auth/access.ts';
import { refuseCallNotYet } from './before-first-run.ts';
import type { ServerContext } from '../server-context.ts';
import { problem, refuseMethod } from '../http/problem.ts';
import { readSelection } from './selection.ts';
import { makeStoryDetail } from './story-page.ts';

/** Adds the routes of the API (docs/design.md §89), which /api/v1/openapi.json describes.
 *  Everybody may read public data, scripts of other sites included. Readers with a feed's token
 *  may read that private feed, and the owner everything. `limit` counts the client's requests. */
export function addApiRoutes(app: Hono, server: ServerContext, limit: MiddlewareHandler): void {
  const add = (path: string, handle: (context: Context) => Promise<Response>) => {
    app.get(path, limit, compress(), etag({ weak: true }), handle);
    app.options(path, (context) => context.body(null, 204, { allow: ALLOWED, ...OPEN, ...PREFLIGHT }));
    app.all(path, (context) => refuseMethod(context, ALLOWED));
  };
  add('/api/v1/stories', (context) => listStories(context, server));
  add('/api/v1/stories/:key', async (context) => {
    if (!server.hasPublished()) return refuseCallNotYet(context);
    const owns = isOwner(context);
    const answer = await server.readStory(context.req.param('key') ?? '', (feed) => owns || (feed.private && mayRead(context, feed)));
    if (answer.kind === 'shown') return give(context, await makeStoryDetail(server, answer.view), { isPublic: answer.view.isPublic });
    if (answer.kind === 'moved') {
      for (const [name, value] of Object.entries(OPEN)) context.header(name, value);
      return context.redirect(`${new URL(server.site.url).pathname.replace(/\/+$/, '')}/api/v1/stories/${answer.key}`, 302);
    }
    if (answer.kind === 'gone') return problem(context, 410, { code: 'gone', title: 'Gone', detail: 'This story was withdrawn.' }, OPEN);
    return notFound(context, 'There is no story with this key.');
  });
  add('/api/v1/sources', async (context) => {
    const owns = isOwner(context);
    const feeds = readableFeeds(context, server);
    const { sources, setAside } = await server.readSources(feeds);
    const asideOf = ({ id }: Source) => setAside.filter(({ sourceId }) => sourceId === id).map(toAsideForm);
    const forms = sources.map(({ status, problem: sourceProblem }) => ({
      ...toSourceForm(status, { isPublic: !owns, problem: owns ? null : sourceProblem }),
      ...(owns && { setAside: asideOf(status.source) }),
    }));
    return give(context, forms, { isPublic: feeds.every((feed) => !feed.private) });
  });
  add('/api/v1/why', async (context) => {
    const refusal = refuseStranger(context, server);
    if (refusal) return refusal;
    const question = context.req.query('q')?.trim() ?? '';
    const detail = 'Name the article in q: its address, its title or a part of it, or a key.';
    if (question === '') return problem(context, 400, { code: 'question', title: 'No question', detail });
    return give(context, await server.askWhy(question), { isPublic: false });
  });
  add('/api/v1/openapi.json', async (context) => give(context, toApiSchema(server.site), { isPublic: true }));
  addActionRoutes(app, server);
  app.all('/api/*', (context) => notFound(context, 'There is nothing at this address: /api/v1/openapi.json lists what there is.'));
}

/** Answers a list with as many stories as a page has; `Link: rel=next` leads to more (RFC 8288). */
async function listStories(context: Context, server: ServerContext): Promise<Response> {
  if (!server.hasPublished()) return refuseCallNotYet(context);
  const slug = context.req.query('feed');
  const readable = readableFeeds(context, server);
  const feeds = slug === undefined ? readable : readable.filter((feed) => feed.slug === slug);
  const selection = readSelection(context);
  if (!selection || feeds.length === 0) return notFound(context, 'There is no such page, feed, source or tag.');
  const view = await server.readList(feeds, selection);
  if (!view) return notFound(context, 'There is no such page, or no such tag.');
  if (view.hasMore) {
    const next = new URL(context.req.url);
    next.searchParams.set('page', String(selection.page + 1));
    context.header('link', `<${next.search}>; rel="next"`);
  }
  return give(context, view.headlines.map(toHeadlineForm), { isPublic: feeds.every((feed) => !feed.private) });
}

function readableFeeds(context: Context, server: ServerContext): readonly Feed[] {
  const owns = isOwner(context);
  return server.feeds.filter((feed) => feed.movedTo === null && !hasEnded(feed, server.clock.now()) && (owns || mayRead(context, feed)));
}

const ALLOWED = 'GET, HEAD, OPTIONS';
const API_SECONDS = 60;

function give(context: Context, body: object, { isPublic }: { readonly isPublic: boolean }): Response {
  context.header(
    'cache-control',
    isPublic && context.req.header('authorization') === undefined ? `public, max-age=${API_SECONDS}` : 'private, no-cache',
  );
  context.header('vary', 'Accept-Encoding, Authorization');
  if (isPublic) for (const [name, value] of Object.entries(OPEN)) context.header(name, value);
  return context.body(`${JSON.stringify(body)}\n`, 200, { 'content-type': 'application/json; charset=utf-8' });
}

function notFound(context: Context, detail: string): Response {
  return problem(context, 404, { code: 'not-found', title: 'Not found', detail }, OPEN);
}
