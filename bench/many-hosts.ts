import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves `/0.xml` to `count` feeds, `perHost` of them on each address of 127.1.0.0/16. So the
 *  feeds have as many hosts as feeds of strangers (Linux answers on all of 127.0.0.0/8). Resolves
 *  with their URLs. The server does not keep the process alive. */
export async function serveManyHosts(
  count: number,
  perHost: number,
  answer: (n: number, response: ServerResponse, request: IncomingMessage, host: string) => void,
): Promise<string[]> {
  const urls: string[] = [];
  let port = 0;
  for (let first = 0; first < count; first += perHost) {
    const place = first / perHost;
    const host = `127.1.${place >> 7}.${(place & 127) + 1}`;
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) =>
      answer(Number(/\d+/.exec(request.url ?? '')?.[0]), response, request, host),
    );
    await new Promise<void>((done) => server.listen(port, host, done));
    server.unref();
    port = (server.address() as AddressInfo).port;
    for (let n = first; n < Math.min(first + perHost, count); n++) urls.push(`http://${host}:${port}/${n}.xml`);
  }
  return urls;
}
