import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Socket } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { NewsfoldError } from '../../model/errors.ts';

/** A server that listens. */
export interface Listening {
  readonly url: string;
  /** Stops taking connections and ends idle ones; resolves when the last answer is out, or cut off
   *  after `graceMs`. */
  readonly close: () => Promise<void>;
}

/** Bounds on what one client can hold, in milliseconds. */
interface Timeouts {
  /** From the start of a request to the end of its head. */
  readonly headersMs: number;
  /** From the start of a request to its end. */
  readonly requestMs: number;
  /** Between two requests of a connection: longer than the minute for which proxies keep theirs, or
   *  they send a request into a connection that is just being closed. */
  readonly keepAliveMs: number;
  /** Without a byte read or taken: a client that does not read its answer is cut off. */
  readonly idleMs: number;
  /** What a client gets for the rest of its answer when the server ends. */
  readonly graceMs: number;
}

/** Listens on an address. Port 0 takes any free one. Malformed requests get 400, heads over 16 kB
 *  431, late ones 408 (Node's own).
 *  @throws NewsfoldError `serve/port` when the address cannot be had. */
export function listen(
  app: Pick<Hono, 'fetch'>,
  options: { readonly host: string; readonly port: number; readonly timeouts?: Partial<Timeouts> },
): Promise<Listening> {
  const timeouts = { ...STANDARD, ...options.timeouts };
  return new Promise((resolve, reject) => {
    const serverOptions = {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      connectionsCheckingInterval: Math.min(5000, timeouts.headersMs),
    };
    // serve() makes the plain HTTP server of Node unless it is told otherwise.
    const server = serve({ fetch: app.fetch, hostname: options.host, port: options.port, serverOptions }, (info) => {
      const host = info.family === 'IPv6' ? `[${info.address}]` : info.address;
      resolve({ url: `http://${host}:${info.port}`, close });
    }) as Server;
    const close = createCloser(server, timeouts.graceMs);
    server.timeout = timeouts.idleMs;
    server.maxConnections = MOST_CONNECTIONS;
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? 'is taken by another program: end it, or choose another with --port or server.port, and name it in site.url'
          : `cannot be had (${error.code ?? error.message})`;
      reject(new NewsfoldError('serve/port', `the address ${options.host}:${options.port} ${reason}`, { exitCode: 3, cause: error }));
    });
  });
}

/** A request is its head here, and a small body at most; the answers are ready. */
const STANDARD: Timeouts = { headersMs: 20_000, requestMs: 30_000, keepAliveMs: 65_000, idleMs: 60_000, graceMs: 10_000 };

/** Some 100 MB of connections that do nothing; a site behind a proxy needs a few dozen. */
const MOST_CONNECTIONS = 4096;

/** Ends a server. Its own close() also cuts off answers that are still on the way, since it takes a
 *  connection for idle once its answer has been handed over to be sent; and it leaves those that
 *  were busy to live on for keepAliveMs. */
function createCloser(server: Server, graceMs: number): () => Promise<void> {
  const idle = new Set<Socket>();
  let isClosing = false;
  server.on('connection', (socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (isClosing) socket.end();
      else if (!socket.destroyed) idle.add(socket);
    });
  });
  return () =>
    new Promise((done) => {
      isClosing = true;
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      NetServer.prototype.close.call(server, () => {
        clearTimeout(cut);
        done();
      });
      for (const socket of idle) socket.destroy();
    });
}
