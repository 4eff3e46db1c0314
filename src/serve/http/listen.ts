import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Socket } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { NewsfoldError } from '../../model/errors.ts';

/** A server that listens. */
interface Listening {
  readonly url: string;
  /** Stops accepting connections and ends idle ones. Resolves when the last answer is sent, or
   *  cut off after `graceMs`. */
  readonly close: () => Promise<void>;
}

/** Limits on the time that one client can hold a connection, in milliseconds. */
interface Timeouts {
  /** From the start of a request to the end of its head. */
  readonly headersMs: number;
  /** From the start of a request to its end. */
  readonly requestMs: number;
  /** Between two requests of a connection. Proxies keep theirs for a minute: a shorter limit
   *  would close a connection just as a request is sent into it. */
  readonly keepAliveMs: number;
  /** Without a byte read or written: a client that does not read its answer is cut off. */
  readonly idleMs: number;
  /** Grace period for the rest of an answer when the server ends. */
  readonly graceMs: number;
}

/** Listens on an address. Port 0 takes any free port. Node itself answers malformed requests
 *  with 400. Heads over 16 kB get 431, late requests 408.
 *  @throws NewsfoldError `serve/port` when the address cannot be bound. */
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
    // serve() creates Node's plain HTTP server unless its options name another.
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
          ? 'is in use by another program: end that program, or choose another port with --port or server.port and name it in site.url'
          : `cannot be used (${error.code ?? error.message})`;
      reject(new NewsfoldError('serve/port', `the address ${options.host}:${options.port} ${reason}`, { exitCode: 3, cause: error }));
    });
  });
}

/** Requests here are a head and at most a small body; the answers are ready in memory. */
const STANDARD: Timeouts = { headersMs: 20_000, requestMs: 30_000, keepAliveMs: 65_000, idleMs: 60_000, graceMs: 10_000 };

/** Some 100 MB of idle connections; a site behind a proxy needs a few dozen. */
const MOST_CONNECTIONS = 4096;

/** Returns a function that ends a server. Node's own close() cuts off answers on the way, since
 *  it takes a connection for idle once its answer is handed over for sending. It also keeps
 *  connections that were busy alive for keepAliveMs. */
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
