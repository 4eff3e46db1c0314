import type { Context, Hono } from 'hono';
import { isOwner } from '../auth/access.ts';
import { isLoopbackClient } from '../http/client.ts';
import { METRICS_TYPE } from '../metrics/metrics.ts';
import type { ServerContext } from '../server-context.ts';

/** `/metrics` for Prometheus: with an owner's token in the configuration for those who give it,
 *  else for clients on this machine. It tells nothing of private sources and feeds, yet how many
 *  read what is not everybody's business. */
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
    const said = 'Give the token of the configuration: Authorization: Bearer TOKEN.\n';
    return context.text(said, 401, { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' });
  }
  if (isLoopbackClient(context, { trust: trustProxy ? 'proxy' : 'socket' })) return null;
  const said = 'Without server.token in the configuration, metrics are told to clients on the same machine alone.\n';
  return context.text(said, 403, { 'cache-control': 'no-store' });
}
