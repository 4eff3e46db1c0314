import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { readClient } from '../http/client.ts';
import type { ServerContext } from '../server-context.ts';
import { toRoute } from './request-meter.ts';

/** Returns a function that counts an answered request and logs it at level debug when that is
 *  configured. `begunAt` is the value of `performance.now()` when the request came. Queries are
 *  never logged, nor are unknown paths or those of WebSub callbacks, which are secret. */
export function createRequestNotes({ metrics, logsRequests, log, trustProxy }: ServerContext): (context: Context, begunAt: number) => void {
  const { meter } = metrics;
  const trust = trustProxy ? 'proxy' : 'socket';
  return (context, begunAt) => {
    const path = routePath(context);
    const milliseconds = performance.now() - begunAt;
    const { status } = context.res;
    meter.note(path, status, milliseconds);
    if (!logsRequests) return;
    const route = toRoute(path);
    const { method, url, path: asked } = context.req;
    const isShown = route !== 'other' && !route.startsWith('/websub/');
    const fields = {
      method,
      route,
      ...(isShown && { path: asked + (url.includes('?') ? '?…' : '') }),
      status,
      ms: Math.round(milliseconds * 1000) / 1000,
      client: readClient(context, { trust }),
    };
    log.debug(fields, 'request');
  };
}
