import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { NewsfoldError } from '../model/errors.ts';
import type { DocumentFormat, Feed } from '../model/feed.ts';
import { answerFeed, mayRead } from './feed-route.ts';
import { errorPage } from './pages/error.ts';
import { feedPage } from './pages/feed.ts';
import { storyPage } from './pages/story.ts';
import { style } from './pages/style.ts';
import type { ServeParts } from './parts.ts';

/** A server that listens. */
export interface Listening {
  readonly url: string;
  /** Stops taking connections and ends idle ones; resolves when the last answer is out. */
  readonly close: () => Promise<void>;
}

/** The routes of DESIGN §8 as far as they stand: documents, pages, health. Reads only through `parts`, so tests call it with app.request. */
export function createServer(parts: ServeParts): Hono {
  const app = new Hono();
  const standard = parts.feeds.find((feed) => feed.isDefault);
  // Behind a proxy the site may stand below a path (https://x.org/planet); routes do not have it, what readers follow does.
  const folder = new URL(parts.site.url).pathname.replace(/\/+$/, '');
  const bySlug = (slug: string) => parts.feeds.find((feed) => feed.slug === slug);

  app.use(async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    if (context.res.headers.get('content-type')?.startsWith('text/html')) context.header('content-security-policy', POLICY);
  });
  for (const format of ['atom', 'rss', 'json'] as const) {
    app.get(`/feed.${format}`, (context) => (standard ? answerFeed(context, parts, standard, format) : context.notFound()));
  }
  app.get('/feeds/:file{[a-z0-9-]+\\.(atom|rss|json)}', (context) => {
    const [slug = '', format = ''] = context.req.param('file').split('.');
    const feed = bySlug(slug);
    if (!feed) return context.notFound();
    return feed.isDefault
      ? context.redirect(`${folder}/feed.${format}${new URL(context.req.url).search}`, 301)
      : answerFeed(context, parts, feed, format as DocumentFormat);
  });
  app.get('/', (context) => (standard ? showFeed(context, standard) : context.notFound()));
  app.get('/feeds/:slug/', (context) => {
    const feed = bySlug(context.req.param('slug'));
    if (!feed) return context.notFound();
    return feed.isDefault ? context.redirect(`${folder}/`, 301) : showFeed(context, feed);
  });
  app.get('/stories/:key/', async (context) => {
    const story = await parts.readStory(context.req.param('key'));
    return story ? context.html(storyPage(parts.site, story, await parts.readRelated(story))) : context.notFound();
  });
  app.get('/style.css', (context) =>
    context.body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' }),
  );
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

  async function showFeed(context: Context, feed: Feed): Promise<Response> {
    if (feed.retired) return context.html(errorPage(parts.site, 'Gone', 'This feed is no more.'), 410);
    if (!mayRead(context, feed)) return context.notFound();
    context.header('cache-control', `${feed.private ? 'private' : 'public'}, max-age=60`);
    return context.html(feedPage(parts.site, feed, parts.feeds, await parts.readFeedStories(feed)));
  }
}

/** No script at all; pictures of entries may come from anywhere, everything else from here. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' https: http: data:; media-src https: http:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Listens on an address. Port 0 takes any free one.
 *  @throws NewsfoldError `serve/port` when the address cannot be had. */
export function listen(app: Hono, options: { readonly host: string; readonly port: number }): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: options.host, port: options.port }, (info) => {
      const host = info.family === 'IPv6' ? `[${info.address}]` : info.address;
      resolve({
        url: `http://${host}:${info.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ('closeIdleConnections' in server) server.closeIdleConnections();
          }),
      });
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? 'is taken by another program: end it, or choose another with --port or server.port'
          : `cannot be had (${error.code ?? error.message})`;
      reject(new NewsfoldError('serve/port', `the address ${options.host}:${options.port} ${reason}`, { exitCode: 3, cause: error }));
    });
  });
}
