import { expect, test } from 'vitest';
import { openHub } from '../../support/hub.ts';
import { startLoopback } from '../../support/loopback.ts';
import { serveSite } from '../../support/site.ts';
import { feedOf } from '../../support/subscriber.ts';

// The script takes most of a lease of ten seconds, the shortest allowed lease.
test('a lease of ten seconds is renewed before it ends while a server waits for its next run', async () => {
  await using server = await startLoopback();
  const hub = openHub(server);
  const topic = `${server.origin}/feed`;
  server.answer('/feed', 200, { link: `<${hub.url}>; rel=hub, <${topic}>; rel=self` }, feedOf(1));
  const asked: number[] = [];
  const { promise: renewed, resolve } = Promise.withResolvers<void>();
  const verified: Promise<unknown>[] = [];
  hub.answers = (request, response) => {
    response.writeHead(202).end();
    asked.push(performance.now());
    if (asked.length === 2) resolve();
    else verified.push(hub.askBack(request, { lease_seconds: '10' }));
  };
  await using site = await serveSite({
    'newsfold.yaml': `site: { title: Subscriber, url: "$URL" }\nstore: sqlite:test.db\nschedule: "0 0 1 1 *"\nfetch: { allowPrivateAddresses: [127.0.0.0/8] }\nwebsub: { subscribe: true }\nsources: [{ id: a, feed: "${topic}" }]\nfeeds:\n  - { slug: all }\n`,
  });
  await renewed;
  expect(site.log()).not.toMatch(/could not be renewed|could not maintain/);
  const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? at));
  for (const gap of gaps) {
    expect(gap).toBeGreaterThan(5000);
    expect(gap).toBeLessThan(10_000);
  }
  await Promise.all(verified);
});
