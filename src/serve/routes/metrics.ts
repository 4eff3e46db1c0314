import type { Context, Hono } from 'hono';
import { isOwner } from '../auth/access.ts';
import { isLoopbackClient } from '../http/client.ts';
import { METRICS_TYPE } from '../metrics/metrics.ts';
import type { ServerContext } from '../server-context.ts';

/** Adds `/metrics` for Prometheus. With a token in the configuration it answers clients that
 *  give the token, else only clients on this machine. Metrics name no private source or feed,
 *  but readership figures are not for the public. */
export function addMetricsRoute(app: Hono, server: ServerContext): void {
  app.get('/metrics', async (context) => {
    const refusal = refuseStranger(context, server);
    if (refusal) return refusal;
    return context.body(await server.metrics.toText(server.readFigures, server.log), 200, {
      'content-type': METRICS_TYPE,
      'cache-control': 'no-store',
    });
  });
}

function refuseStranger(context: Context, { token, trustProxy }: ServerContext): Response | null {
  if (token !== null) {
    if (isOwner(context)) return null;
    const text = 'Give the token of the configuration: Authorization: Bearer TOKEN.\n';
    return context.text(text, 401, { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' });
  }
  if (isLoopbackClient(context, { trust: trustProxy ? 'proxy' : 'socket' })) return null;
  const text = 'Without server.token in the configuration, only clients on the same machine may read metrics.\n';
  return context.text(text, 403, { 'cache-control': 'no-store' });
}
