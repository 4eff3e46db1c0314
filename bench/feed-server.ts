import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeFeed } from './made-feeds.ts';

/** A process of its own that serves made feeds with validators, two on each address of 127.1.0.0/16, so that they have as many hosts as feeds
 *  of strangers have (Linux answers on all of 127.0.0.0/8): `node bench/feed-server.ts COUNT`. Prints their URLs as one JSON array, and goes on
 *  until its standard input ends. */
const count = Number(process.argv[2] ?? 1000);
const now = new Date();
const feeds = Array.from({ length: count }, (_, n) => {
  const body = Buffer.from(makeFeed(n, now));
  return { body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"` };
});
const lastModified = now.toUTCString();

const answer: RequestListener = (request, response) => {
  const feed = feeds[Number(/\d+/.exec(request.url ?? '')?.[0])];
  if (!feed) response.writeHead(404).end();
  else if (request.headers['if-none-match'] === feed.etag)
    response.writeHead(304, { etag: feed.etag, 'last-modified': lastModified }).end();
  else {
    const fields = {
      'content-type': 'application/xml',
      'content-length': feed.body.length,
      etag: feed.etag,
      'last-modified': lastModified,
    };
    response.writeHead(200, fields).end(feed.body);
  }
};

let port = 0;
const urls: string[] = [];
for (let n = 0; n < count; n += 2) {
  const host = `127.1.${(n / 2) >> 7}.${((n / 2) & 127) + 1}`;
  const server = createServer({ keepAliveTimeout: 60_000 }, answer);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  port = (server.address() as AddressInfo).port;
  for (const feed of [n, n + 1]) if (feed < count) urls.push(`http://${host}:${port}/${feed}.xml`);
}
process.stdout.write(`${JSON.stringify({ urls, bytes: feeds.reduce((sum, feed) => sum + feed.body.length, 0) })}\n`);
process.stdin.resume().on('end', () => process.exit());
