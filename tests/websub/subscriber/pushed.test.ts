import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { sign } from '../../support/hub.ts';
import { DAY, feedOf, HOUR, openSubscriber } from '../../support/subscriber.ts';

type Subscriber = Awaited<ReturnType<typeof openSubscriber>>;
const titlesOf = async ({ bench }: Subscriber) => (await bench.stories()).map(({ lead }) => lead.entry.revision.title).toSorted();
/** Changes the file of the store without the program's knowledge. */
function changeFile({ folder }: Subscriber['bench'], sql: string): void {
  const database = new DatabaseSync(join(folder, 'newsfold.db'));
  database.exec(sql);
  database.close();
}
const title = (n: number) => `Title number ${n} here`;
const waitingOf = async ({ bench }: Subscriber) => (await bench.store.readWaiting(bench.now)).get('a');

test('a signed delivery is accepted at once, starts a run, and its entries are published in it without a poll', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench, server } = subscriber;
  const request = await subscriber.subscribe();
  const before = (await bench.store.readSources())[0]?.poll;
  subscriber.pass(60_000);
  expect(await hub.push(request, feedOf(2))).toEqual({ status: 202, type: null, text: '' });
  expect(subscriber.runsAsked()).toBe(1);
  const report = await subscriber.run();
  expect(report).toMatchObject({ pushed: 1, polled: 0, entriesNew: 1, storiesNew: 1, problems: [] });
  expect(report.bySource).toEqual([{ source: 'a', outcome: 'content', entriesNew: 1, entriesRevised: 0 }]);
  expect(server.requests.filter(({ url }) => url === '/feed')).toHaveLength(1);
  // Entry 1 is not in the delivery, and stays.
  expect(await titlesOf(subscriber)).toEqual([title(1), title(2)]);
  expect((await bench.store.readSources())[0]?.poll).toEqual({ ...before, lastEntryAt: bench.now });
  expect(await waitingOf(subscriber)).toMatchObject({ documents: 0 });
  expect(await subscriber.run()).toMatchObject({ pushed: 0, entriesNew: 0 });
});

test.for(['sha256', 'sha384', 'sha512'])('a signature by %s is accepted', async (method) => {
  await using subscriber = await openSubscriber();
  const request = await subscriber.subscribe();
  await subscriber.hub.push(request, feedOf(2), { 'x-hub-signature': sign(feedOf(2), request['secret'] ?? '', method).toUpperCase() });
  expect(await waitingOf(subscriber)).toMatchObject({ documents: 1, pollAskedAt: null });
});

test.for<[what: string, headers: (secret: string) => Record<string, string>]>([
  ['no signature', () => ({ 'x-hub-signature': '' })],
  ['a signature with another secret', () => ({ 'x-hub-signature': sign(feedOf(2), 'other') })],
  ['a signature of another document', (secret) => ({ 'x-hub-signature': sign(feedOf(3), secret) })],
  ['a signature by SHA-1', (secret) => ({ 'x-hub-signature': sign(feedOf(2), secret, 'sha1') })],
  ['a signature by MD5', (secret) => ({ 'x-hub-signature': sign(feedOf(2), secret, 'md5') })],
  ['a method that is another one', (secret) => ({ 'x-hub-signature': sign(feedOf(2), secret).replace('sha256', 'sha512') })],
  ['a signature cut short', (secret) => ({ 'x-hub-signature': sign(feedOf(2), secret).slice(0, -2) })],
  ['a signature of odd length', (secret) => ({ 'x-hub-signature': `${sign(feedOf(2), secret)}0` })],
  ['two signatures', (secret) => ({ 'x-hub-signature': `${sign(feedOf(2), 'other')}, ${sign(feedOf(2), secret)}` })],
  ['a coding', () => ({ 'content-encoding': 'gzip' })],
])('a delivery with %s is answered like any other, but only requests a poll, every ten minutes at most', async ([, headers]) => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  const send = () => hub.push(request, feedOf(2), headers(request['secret'] ?? ''));
  expect(await send()).toEqual({ status: 202, type: null, text: '' });
  expect(await waitingOf(subscriber)).toMatchObject({ documents: 0, pollAskedAt: bench.now });
  expect(subscriber.runsAsked()).toBe(1);
  const asked = bench.now;
  subscriber.pass(9 * 60_000);
  await send();
  expect(await waitingOf(subscriber)).toMatchObject({ pollAskedAt: asked });
  expect(subscriber.runsAsked()).toBe(1);
  subscriber.pass(60_000);
  await send();
  expect(await waitingOf(subscriber)).toMatchObject({ pollAskedAt: bench.now });
  expect(subscriber.runsAsked()).toBe(2);
});

test('a requested poll happens once the publisher allows it, ahead of the schedule and only once', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  const request = await subscriber.subscribe();
  subscriber.publish(1, 2);
  await hub.push(request, '', { 'x-hub-signature': 'sha1=0' });
  // The source was polled a moment ago.
  expect(await subscriber.run()).toMatchObject({ polled: 0 });
  subscriber.pass(HOUR);
  expect(await subscriber.run()).toMatchObject({ polled: 1, entriesNew: 1 });
  // A subscribed source is polled every four hours; the requested poll was dropped.
  subscriber.pass(2 * HOUR);
  expect(await subscriber.run()).toMatchObject({ polled: 0 });
  await hub.push(request, '', { 'x-hub-signature': 'sha1=0' });
  expect(await subscriber.run()).toMatchObject({ polled: 1, entriesNew: 0 });
});

test('an entry delivered twice, in one run or two, or polled as well, is published once', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  const request = await subscriber.subscribe();
  for (let n = 0; n < 2; n++) await hub.push(request, feedOf(2, 3));
  expect(await subscriber.run()).toMatchObject({ pushed: 2, entriesNew: 2, storiesNew: 2 });
  await hub.push(request, feedOf(2, 3));
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 0, entriesRevised: 0, storiesNew: 0 });
  subscriber.publish(3, 2, 1);
  subscriber.pass(5 * HOUR);
  expect(await subscriber.run()).toMatchObject({ polled: 1, entriesNew: 0, entriesRevised: 0 });
  expect(await titlesOf(subscriber)).toEqual([title(1), title(2), title(3)]);
});

test('after an interrupted run the deliveries are read again without duplicates', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  await hub.push(request, feedOf(2));
  // The entries are stored, and the process is killed before the document has left the queue.
  const sql = (text: string) => changeFile(bench, text);
  sql("create trigger cut before delete on websub_source_document begin select raise(abort, 'cut short'); end");
  await expect(subscriber.run()).rejects.toThrow('cut short');
  sql('drop trigger cut');
  await bench.restart();
  expect(await waitingOf(subscriber)).toMatchObject({ documents: 1 });
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 0, storiesNew: 1 });
  expect(await titlesOf(subscriber)).toEqual([title(1), title(2)]);
});

test('a run that is told to stop leaves deliveries to the next one', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench, sources } = subscriber;
  const request = await subscriber.subscribe();
  await hub.push(request, feedOf(2));
  expect(await bench.run(sources, { signal: AbortSignal.abort() })).toMatchObject({ pushed: 0, stopped: true });
  expect(await bench.run(sources, { dryRun: true })).toMatchObject({ pushed: 0, bySource: [{ source: 'a', outcome: 'due' }] });
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 1 });
});

test('an unreadable delivery is reported and leaves the queue, and the source is polled instead', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  const request = await subscriber.subscribe();
  subscriber.publish(1, 2);
  await hub.push(request, 'no feed at all', { 'content-type': 'text/plain' });
  const report = await subscriber.run();
  expect(report).toMatchObject({ pushed: 1, polled: 0, failed: 0, problems: [{ source: 'a', code: 'feed/unknown-format' }] });
  subscriber.pass(HOUR);
  expect(await subscriber.run()).toMatchObject({ pushed: 0, polled: 1, entriesNew: 1 });
});

test('a delivery is checked like a polled document: for our own entries and for changed ids', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  subscriber.publish(1, 2, 3, 4);
  const request = await subscriber.subscribe();
  const own = feedOf(9).replace('</item>', '<source url="https://fold.test/feed.rss">Us</source></item>');
  await hub.push(request, own);
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 0, problems: [{ code: 'entry/loop' }] });
  const loop = feedOf(9).replace(
    '<channel>',
    '<channel><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="https://fold.test/feed.rss"/>',
  );
  await hub.push(request, loop);
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 0, problems: [{ code: 'source/loop' }] });
  const moved = [1, 2, 3, 4].map(
    (n) => [title(n), `https://moved.test/${n}`, `Text of number ${n}, which is like no other.`, `new-${n}`] as const,
  );
  await hub.push(request, rss('https://a.test/', moved));
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 0, storiesNew: 0, problems: [{ code: 'source/ids-changed' }] });
  expect(await titlesOf(subscriber)).toHaveLength(4);
});

test('a revision in a delivery is stored as a revision', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  const request = await subscriber.subscribe();
  await hub.push(request, feedOf(1).replace('Text of number 1', 'Correction: an altogether different text, with much that was not there,'));
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 0, entriesRevised: 1, storiesUpdated: 1 });
});

test('an edit of the first entry of an empty source, which was delivered, is told by the poll that brings it', async () => {
  await using subscriber = await openSubscriber();
  const { bench, hub, server } = subscriber;
  subscriber.publish();
  const request = await subscriber.subscribe();
  subscriber.pass(60_000);
  await hub.push(request, feedOf(1));
  expect(await subscriber.run()).toMatchObject({ pushed: 1, storiesNew: 1 });
  const [before] = await bench.stories();
  subscriber.pass(DAY);
  const edited = 'Text of number 1, to which its author has now added a sentence of a dozen words more.';
  server.answer('/feed', 200, {}, rss('https://a.test/', [[title(1), 'https://a.test/1', edited]]));
  expect(await subscriber.run()).toMatchObject({ polled: 1, entriesRevised: 1, storiesUpdated: 1 });
  const [story] = await bench.stories();
  expect(story).toMatchObject({ id: before?.id, updated: bench.now });
});

test('links of a delivered document are relative to its topic', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench, server } = subscriber;
  const request = await subscriber.subscribe();
  const entry = '<entry><id>urn:x:1</id><title>Relative</title><link href="entries/1"/><updated>2026-03-10T11:00:00Z</updated></entry>';
  await hub.push(request, `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>A</title>${entry}</feed>`, {
    'content-type': 'application/atom+xml',
  });
  await subscriber.run();
  const story = (await bench.stories()).find(({ lead }) => lead.entry.revision.title === 'Relative');
  expect(story?.lead.entry.url).toBe(`${server.origin}/entries/1`);
});

test('a body over the limit is refused, with or without a Content-Length', async () => {
  await using subscriber = await openSubscriber({ maxBytes: 100_000 });
  const { hub } = subscriber;
  const request = await subscriber.subscribe();
  expect(await hub.push(request, 'x'.repeat(100_001))).toMatchObject({ status: 413 });
  expect(await hub.push(request, feedOf(2) + ' '.repeat(90_000))).toMatchObject({ status: 202 });
  const fifty = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  const endless = fetch(request['callback'] ?? '', { method: 'POST', body: fifty, duplex: 'half' });
  // The connection may be cut or refused: the request must end, and nothing may be stored.
  await endless.then((answer) => expect(answer.status).toBe(413)).catch(() => undefined);
  expect(await waitingOf(subscriber)).toMatchObject({ documents: 1 });
});

test('a full queue tells a hub to come back, and keeps the newest deliveries of one source', async () => {
  await using subscriber = await openSubscriber({ maxBytes: 20_000_000 });
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  for (let n = 2; n < 24; n++) expect(await hub.push(request, feedOf(n))).toMatchObject({ status: 202 });
  // The two dropped documents may have had entries that no other document has.
  expect(await waitingOf(subscriber)).toMatchObject({ documents: 20, pollAskedAt: bench.now });
  const large = Buffer.alloc(15_000_000, 32);
  for (let n = 0; n < 4; n++) expect(await hub.push(request, large)).toMatchObject({ status: 202 });
  const answer = await fetch(request['callback'] ?? '', {
    method: 'POST',
    body: large,
    headers: { 'x-hub-signature': sign(large, request['secret'] ?? '') },
  });
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await waitingOf(subscriber)).toMatchObject({ documents: 20 });
});

test('the number of bodies that arrive at once is limited', async () => {
  await using subscriber = await openSubscriber();
  const { hub } = subscriber;
  const request = await subscriber.subscribe();
  const { port, pathname } = new URL(request['callback'] ?? '');
  const slow = Array.from({ length: 8 }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc`);
    return socket;
  });
  const until = performance.now() + 5000;
  let status = 0;
  while (status !== 503 && performance.now() < until) ({ status } = await hub.push(request, feedOf(2)));
  expect(status).toBe(503);
  for (const socket of slow) socket.destroy();
  while (status !== 202 && performance.now() < until) ({ status } = await hub.push(request, feedOf(2)));
  expect(status).toBe(202);
});

test('no log and no message contains a path, whatever is requested at it', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe();
  await hub.push(request, feedOf(2));
  await hub.push(request, gzipSync(feedOf(2)), { 'content-encoding': 'gzip' });
  await subscriber.run();
  // The store fails internally.
  changeFile(bench, 'alter table websub_source_subscription rename to gone');
  expect(await hub.push(request, feedOf(2))).toMatchObject({ status: 503 });
  expect(await hub.askBack(request)).toMatchObject({ status: 503 });
  changeFile(bench, 'alter table gone rename to websub_source_subscription');
  for (const method of ['PUT', 'DELETE', 'HEAD']) expect((await fetch(request['callback'] ?? '', { method })).status).toBe(404);
  expect(bench.log.length).toBeGreaterThan(5);
  const written = JSON.stringify([bench.log, await bench.store.readSources()]);
  expect(written).not.toContain(request['callback']?.slice(-43));
  expect(written).not.toContain(request['secret']);
});

test('a stranger learns nothing: every unknown path gets the same answer', async () => {
  await using subscriber = await openSubscriber();
  await subscriber.subscribe();
  const base = `${subscriber.bench.push.siteUrl}/websub/callback/`;
  const answers = [];
  for (const path of ['x'.repeat(43), 'y', '%F0%9F%98%80', 'x'.repeat(1000)])
    for (const init of [{}, { method: 'POST', body: feedOf(2) }]) {
      const answer = await fetch(
        `${base}${path}?hub.mode=subscribe&hub.topic=${encodeURIComponent(subscriber.topic)}&hub.challenge=c`,
        init,
      );
      const { date: _date, ...headers } = Object.fromEntries(answer.headers);
      answers.push({ status: answer.status, text: await answer.text(), headers });
    }
  expect(answers[0]?.status).toBe(404);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('deliveries continue after a renewed lease, and not after one that has ended', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench } = subscriber;
  const request = await subscriber.subscribe({ lease_seconds: '86400' });
  subscriber.pass(0.7 * DAY);
  await subscriber.subscribe({ lease_seconds: '86400' });
  subscriber.pass(0.5 * DAY);
  expect(await hub.push(request, feedOf(2))).toMatchObject({ status: 202 });
  expect(await subscriber.run()).toMatchObject({ pushed: 1, entriesNew: 1 });
  expect(await waitingOf(subscriber)).toMatchObject({ aliveUntil: expect.any(Date) as Date });
  subscriber.pass(0.5 * DAY);
  expect((await bench.store.readWaiting(bench.now)).get('a')?.aliveUntil ?? null).toBeNull();
});

test('values that a delivery lacks keep those of the polled document', async () => {
  await using subscriber = await openSubscriber();
  const { hub, bench, server, topic } = subscriber;
  const german = feedOf(1).replace('<channel>', '<channel><language>de</language>');
  server.answer('/feed', 200, { etag: '"de"', link: `<${hub.url}>; rel="hub", <${topic}>; rel="self"` }, german);
  const request = await subscriber.subscribe();
  await hub.push(request, feedOf(2));
  await subscriber.run();
  expect((await bench.stories()).map(({ lead }) => lead.entry.language)).toEqual(['de', 'de']);
});
