import { createServer, type AddressInfo, type Socket } from 'node:net';

/** The behaviour of a hostile server on one connection. */
export type Script = (socket: Socket) => void;

/** A server on loopback that plays one script on every connection. */
export interface HostileServer extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly authority: string;
  /** Number of connections so far. */
  readonly connections: () => number;
}

/** Starts the server on a free port of `host`, an address of 127.0.0.0/8. Errors of its sockets are
 *  ignored. */
export async function startHostile(script: Script, host = '127.0.0.1'): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    script(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, host, 128, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    authority: `${host}:${port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Returns a script that plays `answer` after each complete request. */
export function whenAsked(answer: (socket: Socket, path: string) => void): Script {
  return (socket) => {
    let asked = '';
    socket.on('data', (bytes) => {
      asked += bytes.toString('latin1');
      if (!asked.includes('\r\n\r\n')) return;
      const [, path = '/'] = asked.split(' ');
      asked = '';
      answer(socket, path);
    });
  };
}

/** Writes these pieces as fast as the client takes them, then ends the connection; stops when the
 *  client closes it. */
export async function pour(socket: Socket, pieces: Iterable<string | Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (socket.write(piece)) continue;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.once('drain', resolve).once('close', resolve);
    await promise;
    socket.off('drain', resolve).off('close', resolve);
  }
  socket.end();
}

/** Writes one piece every `everyMs` until the pieces or the client end, and leaves the connection
 *  open. */
export function drip(socket: Socket, pieces: Iterable<string>, everyMs: number): void {
  const iterator = pieces[Symbol.iterator]();
  const timer = setInterval(() => {
    const { value, done } = iterator.next();
    if (done === true || socket.destroyed) clearInterval(timer);
    else socket.write(value);
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}

/** Yields the same piece for ever, or `count` times. */
export function* repeat<T>(piece: T, count = Number.POSITIVE_INFINITY): Generator<T> {
  for (let n = 0; n < count; n++) yield piece;
}

/** Returns status line and fields of an answer that closes its connection. */
export function head(fields: readonly string[] = [], status = '200 OK'): string {
  return [`HTTP/1.1 ${status}`, 'connection: close', ...fields, '', ''].join('\r\n');
}

/** Returns a feed of one entry with this title. */
export function smallFeed(title = 'Ferry returns'): string {
  return `<rss version="2.0"><channel><title>Hostile</title><item><guid>a</guid><title>${title}</title></item></channel></rss>`;
}
