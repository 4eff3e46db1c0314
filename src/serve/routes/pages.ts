import { hasEnded } from '../../model/feed-end.ts';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import type { Feed } from '../../model/feed.ts';
import { askForPassword, mayRead } from '../auth/access.ts';
import { frameFor, lacksPassword, openFrame, toFrameOptions } from './page-frame.ts';
import { showNotYet } from './before-first-run.ts';
import { errorPage } from '../pages/frame/error.ts';
import { feedPage } from '../pages/story/feed.ts';
import { toIcon } from '../pages/frame/icon.ts';
import { sourcesPage } from '../pages/sources/sources.ts';
import { toStyle } from '../pages/frame/style.ts';
import { createPageCache } from './page-cache.ts';
import type { PageCache } from './page-cache.ts';
import type { ServerContext } from '../server-context.ts';
import { readSelection } from './selection.ts';
import { makeStoryPage } from './story-page.ts';

/** A shared cache may reuse a page for a minute. A browser asks each time, so that an owner sees
 *  a correction at once; mostly it is answered 304. */
const CACHE_PUBLIC = 'public, max-age=0, s-maxage=60';
/** A change of the owner's own style shows within a minute. */
const STYLE_SECONDS = 60;

/** Adds the routes of the pages (docs/design.md §85). `limit` counts the client's requests. */
export function addPageRoutes(app: Hono, server: ServerContext, limit: MiddlewareHandler): void {
  const { site, feeds } = server;
  const frame = openFrame(server);
  const standard = feeds.find((feed) => feed.isDefault);
  const cache = createPageCache();
  const add = (path: string, handle: (context: Context) => Response | Promise<Response>) => app.get(path, limit, ...packed, handle);
  add('/', (context) => (standard ? showFeed(context, server, standard) : context.notFound()));
  for (const feed of feeds) {
    const path = `/feeds/${feed.slug}/`;
    add(path, (context) =>
      feed.isDefault ? context.redirect(frame.links.path('/') + toQuery(context), 301) : showFeed(context, server, feed),
    );
    app.get(path.slice(0, -1), (context) => context.redirect(frame.links.path(path) + toQuery(context), 301));
  }
  add('/stories/:key/', (context) => showStory(context, server, cache));
  app.get('/stories/:key', (context) =>
    context.redirect(frame.links.story(encodeURIComponent(context.req.param('key'))) + toQuery(context), 301),
  );
  add('/sources/', async (context) => {
    if (lacksPassword(context, server)) return askForPassword(context, site);
    const readable = feeds.filter((feed) => feed.movedTo === null && !hasEnded(feed, server.clock.now()) && mayRead(context, feed));
    return show(context, sourcesPage(frameFor(context, server), await server.readSources(readable)), {
      isPublic: readable.every((feed) => !feed.private),
    });
  });
  app.get('/sources', (context) => context.redirect(frame.links.path('/sources/') + toQuery(context), 301));
  const addFile = (path: string, type: string, text: string) =>
    app.get(path, ...packed, (context) =>
      context.body(text, 200, { 'content-type': type, 'cache-control': `public, max-age=${STYLE_SECONDS}`, vary: 'Accept-Encoding' }),
    );
  addFile('/style.css', 'text/css; charset=utf-8', toStyle(site));
  if (site.stylesheet !== null) addFile('/site.css', 'text/css; charset=utf-8', site.stylesheet);
  addFile('/favicon.svg', 'image/svg+xml', toIcon(site));
  app.get('/favicon.ico', (context) => context.redirect(frame.links.path('/favicon.svg'), 301));
}

/** Middleware that compresses an answer and answers 304 to a browser that has it. */
const packed: readonly [MiddlewareHandler, MiddlewareHandler] = [compress(), etag({ weak: true })];

function toQuery(context: Context): string {
  return new URL(context.req.url).search;
}

async function showFeed(context: Context, server: ServerContext, feed: Feed): Promise<Response> {
  const { site } = server;
  if (!mayRead(context, feed)) return askForPassword(context, site);
  if (feed.movedTo !== null) return context.redirect(feed.movedTo, 301);
  if (hasEnded(feed, server.clock.now())) return context.html(errorPage(openFrame(server), 'Gone', 'This feed has ended.'), 410);
  if (!server.hasPublished()) return showNotYet(context, server);
  const selection = readSelection(context);
  const view = selection && (await server.readList([feed], selection));
  if (!view) return context.notFound();
  const frame = frameFor(context, server);
  return show(context, feedPage(frame, feed, view, { tags: await server.readTags(feed) }), { isPublic: frame.reader === null });
}

async function showStory(context: Context, server: ServerContext, cache: PageCache): Promise<Response> {
  if (lacksPassword(context, server)) return askForPassword(context, server.site);
  if (!server.hasPublished()) return showNotYet(context, server);
  const frame = toFrameOptions(context, server);
  const { reader = null } = frame;
  const key = context.req.param('key') ?? '';
  // Requests that agree in all of these values get the same page.
  const name = JSON.stringify([key, reader?.feeds.map(({ slug }) => slug), reader?.token]);
  const answer = await cache.read(name, await server.readPublished(), async () => {
    const found = await server.readStory(key, (feed) => feed.private && mayRead(context, feed));
    if (found.kind !== 'shown') return found;
    return { html: await makeStoryPage(server, found.view, frame), isPublic: found.view.isPublic && reader === null };
  });
  if ('html' in answer) return show(context, answer.html, answer);
  // 302 is temporary: a merged story can be split again.
  if (answer.kind === 'moved') return context.redirect(frameFor(context, server).links.story(answer.key), 302);
  if (answer.kind === 'gone') return context.html(errorPage(openFrame(server), 'Gone', 'This story was withdrawn.'), 410);
  return context.notFound();
}

function show(
  context: Context,
  page: Parameters<Context['html']>[0],
  { isPublic }: { readonly isPublic: boolean },
): Response | Promise<Response> {
  context.header('cache-control', isPublic ? CACHE_PUBLIC : 'private, no-cache');
  context.header('vary', isPublic ? 'Accept-Encoding' : 'Accept-Encoding, Authorization');
  return context.html(page);
}
