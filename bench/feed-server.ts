import { createHash } from 'node:crypto';
import { makeFeed } from './made-feeds.ts';
import { serveManyHosts } from './many-hosts.ts';

/** Serves generated feeds with validators, two on each of many hosts, in a process of its own:
 *  `node bench/feed-server.ts COUNT`. Prints the URLs as one JSON array. Ends when its standard
 *  input ends. */
const count = Number(process.argv[2] ?? 1000);
const now = new Date();
const feeds = Array.from({ length: count }, (_, n) => {
  const body = Buffer.from(makeFeed(n, now));
  return { body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"` };
});
const lastModified = now.toUTCString();

const urls = await serveManyHosts(count, 2, (n, response, request) => {
  const feed = feeds[n];
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
});
process.stdout.write(`${JSON.stringify({ urls, bytes: feeds.reduce((sum, feed) => sum + feed.body.length, 0) })}\n`);
process.stdin.resume().on('end', () => process.exit());
