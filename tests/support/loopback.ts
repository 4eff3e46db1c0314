import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the server received it. */
interface RecordedRequest {
  readonly method: string;
  /** Request target, unchanged. */
  readonly url: string;
  /** Names and values alternately, unchanged and in order. */
  readonly rawHeaders: readonly string[];
  /** By lower-case name. */
  readonly headers: IncomingMessage['headers'];
  /** performance.now() at its arrival. */
  readonly at: number;
}

/** A real HTTP server on 127.0.0.1, scripted by path without query; other paths answer 404. Records
 *  every request in order. Each test starts and closes its own, so tests may run in parallel. */
export interface Loopback {
  /** `http://127.0.0.1:port`, without a slash. */
  readonly origin: string;
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  /** Sets the handler of a path; returns its URL. */
  on(path: string, handler: RequestListener): string;
  /** Sets a fixed answer of a path; returns its URL. */
  answer(path: string, status: number, fields?: Readonly<Record<string, string | readonly string[]>>, body?: string | Uint8Array): string;
  /** Passes every connection from now on to `listener` instead of HTTP. */
  onConnection(listener: (socket: Socket) => void): void;
  /** Closes all connections and the server. Closing twice has no effect. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a Loopback on a free port. Bind it with `await using`, which closes it when the test
 *  ends, even when the test fails. Answers have no Date field unless a handler sets one, so they
 *  depend on the script alone. */
export async function startLoopback(): Promise<Loopback> {
  const handlers = new Map<string, RequestListener>();
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', rawHeaders, headers } = request;
    requests.push({ method, url, rawHeaders, headers, at: performance.now() });
    response.sendDate = false;
    const handler = handlers.get(pathOf(url));
    if (handler === undefined) response.writeHead(404).end();
    else handler(request, response);
  });
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  server.on('connection', track);
  const { port } = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  const on = (path: string, handler: RequestListener) => {
    handlers.set(path, handler);
    return origin + path;
  };
  return {
    origin,
    port,
    requests,
    on,
    answer: (path, status, fields = {}, body = '') =>
      on(path, (_request, response) => {
        for (const [name, value] of Object.entries(fields)) response.setHeader(name, value);
        response.writeHead(status).end(body);
      }),
    onConnection: (listener) => {
      server.removeAllListeners('connection').on('connection', track).on('connection', listener);
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await close(server);
    },
  };
}

/** Returns a port of 127.0.0.1 that was free a moment ago: connections to it are refused. */
export async function findClosedPort(): Promise<number> {
  const server = createServer();
  const { port } = await listen(server);
  await close(server);
  return port;
}

/** Returns the path of a request target; proxies receive absolute targets. */
function pathOf(url: string): string {
  return (url.startsWith('/') ? url : new URL(url).pathname).replace(/\?.*$/, '');
}

async function listen(server: Server): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the loopback server has no port');
  return address;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
