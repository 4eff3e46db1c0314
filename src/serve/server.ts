import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Feed } from '../model/feed.ts';
import { askForPassword, isGone, mayRead } from './access.ts';
import { addFeedRoutes } from './feed-route.ts';
import { errorPage } from './pages/error.ts';
import { feedPage } from './pages/feed.ts';
import { pathOf } from './pages/layout.ts';
import { storyPage } from './pages/story.ts';
import { style } from './pages/style.ts';
import type { ServeParts } from './parts.ts';
import { isComplete, SAFE } from './safe-headers.ts';
import { checkTarget } from './target.ts';

/** The routes of DESIGN §8 as far as they stand: documents, pages, health. Reads only through `parts`, so tests call it with app.request. */
export function createServer(parts: ServeParts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const fault = checkTarget(context.req.url);
    if (fault) context.res = await context.html(errorPage(parts.site, fault.title, fault.text), fault.status);
    else await next();
    if (isComplete(context)) return;
    // Not context.header(): it makes the response anew, and with it a stream out of bytes that could go out as they are.
    const { headers } = context.res;
    for (const [name, value] of Object.entries(SAFE)) headers.set(name, value);
    if (headers.get('content-type')?.startsWith('text/html')) headers.set('content-security-policy', POLICY);
  });
  addFeedRoutes(app, parts);
  addPageRoutes(app, parts);
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const fault = await parts.checkReady();
    return fault === null ? context.text('ok\n') : context.text(`${fault}\n`, 503);
  });
  app.notFound((context) => context.html(errorPage(parts.site, 'Not found', 'There is no page at this address.'), 404));
  app.onError((error, context) => {
    parts.log.error({ err: error, path: context.req.path }, 'a request failed');
    return context.html(errorPage(parts.site, 'Something went wrong', 'The page could not be made. It has been noted in the log.'), 500);
  });
  app.all('/*', (context) => {
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return context.notFound();
    return context.text('Only GET and HEAD are answered here.\n', 405, { allow: 'GET, HEAD' });
  });
  return app;
}

/** No script at all; pictures of entries may come from anywhere, everything else from here. What frames and permissions other headers would
 *  forbid is forbidden by it: no frame may hold a page, and without a script nothing asks for a permission. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' https: http: data:; media-src https: http:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function addPageRoutes(app: Hono, parts: ServeParts): void {
  const standard = parts.feeds.find((feed) => feed.isDefault);
  app.get('/', (context) => (standard ? showFeed(context, parts, standard) : context.notFound()));
  for (const feed of parts.feeds)
    app.get(`/feeds/${feed.slug}/`, async (context) =>
      feed.isDefault ? context.redirect(pathOf(parts.site, '/'), 301) : showFeed(context, parts, feed),
    );
  app.get('/stories/:key/', async (context) => {
    const story = await parts.readStory(context.req.param('key'));
    return story ? context.html(storyPage(parts.site, story, await parts.readRelated(story))) : context.notFound();
  });
  app.get('/style.css', (context) =>
    context.body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' }),
  );
}

async function showFeed(context: Context, parts: ServeParts, feed: Feed): Promise<Response> {
  if (!mayRead(context, feed)) return askForPassword(context, parts.site);
  if (feed.movedTo !== null) return context.redirect(feed.movedTo, 301);
  if (isGone(feed, parts.clock)) return context.html(errorPage(parts.site, 'Gone', 'This feed is no more.'), 410);
  context.header('cache-control', `${feed.private ? 'private' : 'public'}, max-age=60`);
  return context.html(feedPage(parts.site, feed, parts.feeds, await parts.readFeedStories(feed)));
}
