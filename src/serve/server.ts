import { Hono } from 'hono';
import type { Context } from 'hono';
import { NewsfoldError } from '../model/errors.ts';
import { OPEN } from './http/cors.ts';
import { createAdmission } from './auth/admission.ts';
import { addApiRoutes } from './routes/api.ts';
import { addCallbackRoutes } from './routes/websub-callback.ts';
import { addFeedRoutes } from './routes/feeds.ts';
import { openFrame } from './routes/page-frame.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { FIRST_SECONDS } from './routes/before-first-run.ts';
import { addPageRoutes } from './routes/pages.ts';
import { errorPage } from './pages/frame/error.ts';
import { toPolicy } from './pages/frame/layout.ts';
import type { ServerContext } from './server-context.ts';
import { problem } from './http/problem.ts';
import { refuseNow } from './http/refuse.ts';
import { createRequestLimit } from './http/request-limit.ts';
import { createRequestNotes } from './metrics/request-notes.ts';
import { isComplete, SAFE } from './http/safe-headers.ts';
import { isCutOff, readIncoming } from './http/node-request.ts';
import { checkHost, checkTarget } from './http/request-target.ts';
import type { TargetFault } from './http/request-target.ts';
import { addHubRoute } from './routes/websub-hub.ts';

/** Creates the server with all routes of docs/design.md §85: documents, pages, API, health. It
 *  reads only through the given context, so tests can call it with app.request. */
export function createServer(server: ServerContext): Hono {
  const app = new Hono();
  // No frame may hold a page.
  const policy = `${toPolicy(server.site.images)}; frame-ancestors 'none'`;
  const refuseTarget = (context: Context, { status, title, text }: TargetFault) =>
    isApi(context)
      ? problem(context, status, { code: 'address', title, detail: text }, OPEN)
      : context.html(errorPage(openFrame(server), title, text), status);
  const makeSafe = (context: Context) => {
    // context.header() would build the response anew and wrap bytes that are ready to send in a
    // stream.
    const { headers } = context.res;
    for (const [name, value] of Object.entries(SAFE)) headers.set(name, value);
    if (headers.get('content-type')?.startsWith('text/html')) headers.set('content-security-policy', policy);
  };
  const note = createRequestNotes(server);
  app.use(async (context, next) => {
    const begunAt = performance.now();
    const fault = checkHost(readIncoming(context)?.rawHeaders ?? []) ?? checkTarget(context.req.url);
    if (fault) context.res = await refuseTarget(context, fault);
    else await next();
    if (!isComplete(context)) makeSafe(context);
    note(context, begunAt);
  });
  const admission = createAdmission(server);
  if (admission) app.use(admission);
  addFeedRoutes(app, server);
  const limit = createRequestLimit(server);
  addPageRoutes(app, server, limit);
  addApiRoutes(app, server, limit);
  addHubRoute(app, server);
  addCallbackRoutes(app, server);
  addMetricsRoute(app, server);
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const faults = await server.checkReady().catch((error: unknown) => {
      server.log.error({ err: error }, 'the store could not be read');
      return ['the store cannot be read'];
    });
    context.header('cache-control', 'no-store');
    if (!server.hasPublished()) context.header('retry-after', String(FIRST_SECONDS));
    const isReady = faults.every((line) => line.startsWith('warning: '));
    return context.text(`${[...(isReady ? ['ok'] : []), ...faults].join('\n')}\n`, isReady ? 200 : 503);
  });
  app.notFound((context) => context.html(errorPage(openFrame(server), 'Not found', 'There is no page at this address.'), 404));
  app.onError(async (error, context) => {
    if (isCutOff(context)) {
      // The client is gone, and nothing is wrong here.
      server.log.debug({ path: context.req.path }, 'a client broke off its request');
      return context.text('The request was cut off.\n', 400);
    }
    server.log.error({ err: error, path: context.req.path }, 'a request failed');
    if (error instanceof NewsfoldError && BUSY.has(error.code)) return refuseNow(context, 503, BUSY_SECONDS, 'The server is busy.');
    if (await isStoreAway(server)) return refuseStore(context);
    if (isApi(context))
      return problem(context, 500, { code: 'failed', title: 'Something went wrong', detail: 'It has been noted in the log.' });
    return context.html(
      errorPage(openFrame(server), 'Something went wrong', 'The page could not be made. It has been noted in the log.'),
      500,
    );
  });
  app.all('/*', (context) => {
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return context.notFound();
    return context.text('Only GET and HEAD are answered here.\n', 405, { allow: 'GET, HEAD' });
  });
  return app;
}

/** Reports whether even the state of the publication cannot be read, whichever part failed. */
function isStoreAway({ checkReady }: ServerContext): Promise<boolean> {
  return checkReady().then(
    () => false,
    () => true,
  );
}

/** Answers 503: a store that cannot be reached may be back soon. */
function refuseStore(context: Context): Response {
  const reason = 'The published stories cannot be read at the moment.';
  if (!isApi(context)) return refuseNow(context, 503, STORE_SECONDS, reason);
  return problem(context, 503, { code: 'store', title: 'Not available', detail: reason }, { 'retry-after': String(STORE_SECONDS) });
}

const STORE_SECONDS = 30;
/** Codes of failures that may pass within seconds. */
const BUSY = new Set(['page/busy', 'run/died']);
const BUSY_SECONDS = 5;

function isApi(context: Context): boolean {
  return context.req.path.startsWith('/api/');
}
