import { afterEach, beforeEach, expect, test } from 'vitest';
import { declare, openWorkbench } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';
import { openHistory } from '../../support/history.ts';
import { startLoopback } from '../../support/loopback.ts';
import { openSubscriber } from '../../support/subscriber.ts';

let bench: Workbench;
beforeEach(async () => {
  bench = await openWorkbench();
});
afterEach(() => bench[Symbol.asyncDispose]());

const NAMESPACES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"';
const entry = (name: string, updated = '2026-03-05T08:00:00Z', text = `Of ${name}, and of nothing else: ${name} ${name} ${name}.`) =>
  `<entry><id>urn:x:${name}</id><title>The ${name} title</title><link href="https://a.test/${name}"/><updated>${updated}</updated><published>2026-03-05T08:00:00Z</published><content>${text}</content></entry>`;
const gone = (name: string, when = '2026-03-10T08:00:00Z') => `<at:deleted-entry ref="urn:x:${name}" when="${when}"/>`;
const atom = (...inside: readonly string[]) =>
  `<feed ${NAMESPACES}><id>urn:x:feed</id><title>A</title><updated>2026-03-10T00:00:00Z</updated>${inside.join('')}</feed>`;

/** Runs with this document of source `a`, and with other sources. */
const read = (document: string, ...others: ReturnType<typeof declare>[]) =>
  bench.run([declare('file', bench.write('a.xml', document), { id: 'a' }), ...others]);
const shown = async () => (await bench.stories()).map(({ id }) => id.slice(6)).toSorted();

test('an entry that its source withdraws is withdrawn once, and no other entry is', async () => {
  await read(atom(entry('one'), entry('two')));
  expect(await read(atom(entry('two'), gone('one'), gone('never')))).toMatchObject({
    entriesDeleted: 1,
    storiesWithdrawn: 1,
    problems: [],
  });
  expect(await shown()).toEqual(['two']);
  expect(await read(atom(entry('two'), gone('one'), gone('never'), ' '))).toMatchObject({ entriesDeleted: 0, storiesWithdrawn: 0 });
});

test.each([
  ['another prefix', atom(gone('one').replace('at:', 'x:')).replace('xmlns:at', 'xmlns:x'), []],
  ['no declared prefix', atom(gone('one')).replace(/ xmlns:at="[^"]*"/, ''), []],
  [
    'an author and a comment',
    atom(gone('one').replace('/>', '><at:by><name>B</name></at:by><at:comment>spam</at:comment></at:deleted-entry>'), entry('two')),
    ['two'],
  ],
  ['an element that nobody closed', atom(gone('one').replace('/>', '>'), entry('two')), ['two']],
  ['a date that cannot be read', atom(gone('one', 'yesterday')), []],
  ['a date before the last change', atom(gone('one', '2026-03-04T08:00:00Z')), ['one']],
  ['another id', atom(gone('One')), ['one']],
  ['two dates, the later one after the last change', atom(gone('one', '2026-03-01T08:00:00Z'), gone('one')), []],
])('a withdrawal with %s', async (_name, document, expected) => {
  await read(atom(entry('one')));
  await read(document);
  expect(await shown()).toEqual(expected);
});

test.each([
  ['an entry that is older than its withdrawal', atom(entry('one'), gone('one')), []],
  ['an entry as old as its withdrawal', atom(entry('one', '2026-03-10T08:00:00Z'), gone('one')), []],
  ['an entry that is newer', atom(gone('one'), entry('one', '2026-03-10T09:00:00Z')), ['one']],
  ['an entry whose withdrawal has no date', atom(gone('one', ''), entry('one')), ['one']],
])('the newer element of one document counts (RFC 6721 §3): %s', async (_name, document, expected) => {
  await read(document);
  expect(await shown()).toEqual(expected);
  await read(atom());
  await read(`${document} `);
  expect(await shown()).toEqual(expected);
});

test('an entry that comes back is published again under its id', async () => {
  await read(atom(entry('one')));
  await read(atom(gone('one')));
  expect(await shown()).toEqual([]);
  expect(await read(atom(gone('one'), entry('one', '2026-03-10T09:00:00Z')))).toMatchObject({ storiesNew: 1 });
  expect(await shown()).toEqual(['one']);
  await read(atom(gone('one', '2026-03-10T10:00:00Z')));
  expect(await shown()).toEqual([]);
  await read(atom(entry('one', '2026-03-10T09:00:00Z')));
  expect(await shown()).toEqual(['one']);
});

test('a source withdraws nothing of another one, and a story with other members stays with them', async () => {
  const words = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house by the pier.';
  const other = (name: string) =>
    declare('file', bench.write('b.xml', atom(entry(name, undefined, words)).replaceAll('a.test', 'b.test')), { id: 'b' });
  await read(atom(entry('one', undefined, words).replace('one title', 'two title')), other('two'));
  const [story] = await bench.stories();
  expect(story?.members).toHaveLength(2);
  await read(atom(gone('two')), other('two'));
  expect((await bench.stories())[0]?.members).toHaveLength(2);
  expect(await read(atom(gone('one'), gone('two')), other('two'))).toMatchObject({ entriesDeleted: 1, storiesWithdrawn: 0 });
  expect((await bench.stories()).map(({ id, members }) => [id, members.map(({ source }) => source.id)])).toEqual([[story?.id, ['b']]]);
});

test('withdrawals in a delta and in a delivered document are followed', async () => {
  await using server = await startLoopback();
  const source = declare('feed', server.answer('/feed', 200, { etag: '"1"' }, atom(entry('one'), entry('two'))), { id: 'a' });
  await bench.run([source]);
  server.answer('/feed', 226, { etag: '"2"', im: 'feed' }, atom(gone('one')));
  await bench.run([source]);
  expect(await shown()).toEqual(['two']);

  await using subscriber = await openSubscriber();
  await subscriber.run();
  const { hub } = subscriber;
  const request = await subscriber.subscribe();
  await hub.push(request, atom(entry('pushed')), { 'content-type': 'application/atom+xml' });
  await subscriber.run();
  const ids = async () => (await subscriber.bench.stories()).map(({ id }) => id);
  expect(await ids()).toContain('urn:x:pushed');
  await hub.push(request, atom(gone('pushed')), { 'content-type': 'application/atom+xml' });
  await subscriber.run();
  expect(await ids()).not.toContain('urn:x:pushed');
});

test('one Newsfold follows the withdrawals of another one, and withdraws those entries from its own readers', async () => {
  await using history = await openHistory();
  for (const name of ['first', 'second']) history.add(name, history.ago(3_600_000));
  await history.run();
  const follow = async () => read(await history.read(''));
  await follow();
  const before = await shown();
  expect(before).toEqual(['first', 'second']);
  history.pass(60_000);
  bench.now = history.bench.now;
  await history.take('first', true);
  expect(await follow()).toMatchObject({ storiesWithdrawn: 1 });
  expect(await shown()).toEqual(['second']);
  history.pass(60_000);
  bench.now = history.bench.now;
  await history.take('first', false);
  await follow();
  expect(await shown()).toEqual(['first', 'second']);
});
