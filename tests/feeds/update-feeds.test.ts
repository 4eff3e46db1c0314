import { afterEach, beforeEach, expect, test } from 'vitest';
import { linkOf } from '../support/archive-client.ts';
import { declare, rss } from '../support/bench.ts';
import { DAY, HOUR, namesOf, openHistory, toItem } from '../support/history.ts';
import type { HistoryBench } from '../support/history.ts';
import { all } from '../support/strict-xml.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

/** A text that several sources carry. */
const SHARED = toItem('shared', new Date(0)).text;

test('a story that no longer matches gets a tombstone in that feed, and other feeds keep it', async () => {
  history.use({ limit: 10 }, { slug: 'calm', exclude: [{ field: 'title', pattern: 'storm' }] });
  for (let n = 0; n < 3; n++) history.add(`s${n}`, history.ago(n * HOUR));
  await history.run();
  expect(await history.shown('calm')).toEqual(['s0', 's1', 's2']);
  history.pass(HOUR);
  history.change('s1', { title: 'A storm comes' });
  await history.run();
  expect(await history.shown('calm')).toEqual(['s0', 's2', 's1†']);
  expect(await history.shown()).toEqual(['s0', 's1', 's2']);
  history.pass(HOUR);
  history.change('s1', { title: 'The wind is gone' });
  await history.run();
  expect(await history.shown('calm')).toEqual(['s0', 's1', 's2']);
});

test.each(['a b', 'b a'])('a new rule withdraws stories in the order of the feed when %s answer in this order', async (order) => {
  history.use({ limit: 10 });
  const items = { a: [toItem('x', history.ago(2 * HOUR))], b: [toItem('y', history.ago(HOUR))] };
  const sources = order.split(' ').map((id) => history.toSource(id, id === 'a' ? items.a : items.b));
  await history.run(sources);
  history.use({ limit: 10, minSources: 2 });
  await history.run(sources);
  expect(await history.shown()).toEqual(['y†', 'x†']);
});

test('the tombstone of a story that only a private feed had is in that feed alone', async () => {
  history.use({ exclude: [{ field: 'title', pattern: 'secret' }] }, { slug: 'inner', private: true });
  history.add('plain', history.ago(HOUR));
  history.add('hush', history.ago(HOUR), { title: 'A secret' });
  await history.run();
  history.pass(HOUR);
  await history.take('hush', true);
  expect(await history.shown()).toEqual(['plain']);
  expect(await history.shown('inner')).toEqual(['plain', 'hush†']);
});

test('a held back story is shown after the delay, and its lead is chosen only then', async () => {
  history.use({ holdBackMs: 30 * 60_000 });
  const of = (name: string) => [toItem(name, history.ago(HOUR), { title: 'Of shared', text: SHARED })];
  await history.run([history.toSource('wire', of('wire'))]);
  expect(await history.shown()).toEqual([]);
  history.pass(20 * 60_000);
  await history.run([history.toSource('wire', of('wire')), { ...history.toSource('primary', of('primary')), priority: 90 }]);
  expect(await history.shown()).toEqual([]);
  history.pass(11 * 60_000);
  await history.run([history.toSource('wire', of('wire')), { ...history.toSource('primary', of('primary')), priority: 90 }]);
  const [entry, ...others] = all(await history.document(), 'entry');
  expect(others).toEqual([]);
  expect(linkOf(entry!, 'related')).toBe('https://wire.test/wire');
});

test('a longer delay holds back no story that was shown, and its place stays', async () => {
  const read = (...texts: string[]) => {
    const items = texts.map((text, n): [string, string, string, string] => [`Of s${n}`, `https://a.test/${n}`, text, `urn:x:s${n}`]);
    return history.run([declare('file', history.bench.write('a.xml', rss('https://a.test/', items)), { id: 'a' })]);
  };
  const placeOf = async (name: string) => (await history.bench.stories()).find(({ id }) => id === `urn:x:${name}`)?.datedAt;
  const text = toItem('s0', new Date(0)).text;
  await read(text);
  const place = await placeOf('s0');
  history.use({ holdBackMs: 5 * HOUR });
  history.pass(HOUR);
  await read(text);
  expect(await history.shown()).toEqual(['s0']);
  history.pass(HOUR);
  await read(`${text} ${SHARED}`, toItem('s1', new Date(0)).text);
  expect(await history.shown()).toEqual(['s0']);
  expect(await placeOf('s0')).toEqual(place);
});

test('a document has the newest maxPerSource stories of a source, and the first maxPerSourcePerDay of a day', async () => {
  history.use({ limit: 10, maxPerSource: 2 }, { slug: 'day', maxPerSourcePerDay: 2 });
  const loud = Array.from({ length: 6 }, (_, n) => toItem(`l${n}`, history.ago((6 - n) * 600_000)));
  const calm = [toItem('c0', history.ago(2 * HOUR))];
  await history.run([history.toSource('loud', loud.slice(0, 4)), history.toSource('calm', calm)]);
  expect(await history.shown()).toEqual(['l3', 'l2', 'c0']);
  expect(await history.shown('day')).toEqual(['l1', 'l0', 'c0']);
  await history.run([history.toSource('loud', loud), history.toSource('calm', calm)]);
  expect(await history.shown()).toEqual(['l5', 'l4', 'c0']);
  expect(await history.shown('day')).toEqual(['l1', 'l0', 'c0']);
  expect(namesOf((await history.walk()).entries)).toEqual(['c0', 'l0', 'l1', 'l2', 'l3', 'l4', 'l5']);
});

test('a story joins a feed once enough sources carry it or its source gets the tag', async () => {
  history.use({ slug: 'two', minSources: 2 }, { slug: 'tagged', tags: ['harbour'] });
  const of = (name: string) => [toItem(name, history.ago(HOUR), { title: 'Of shared', text: SHARED })];
  await history.run([history.toSource('a', of('a'))]);
  expect([await history.shown('two'), await history.shown('tagged')]).toEqual([[], []]);
  await history.run([history.toSource('a', of('a')), history.toSource('b', of('b'))]);
  expect([await history.shown('two'), await history.shown('tagged')]).toEqual([['a'], []]);
  await history.run([history.toSource('a', of('a')), history.toSource('b', of('b'), { tags: ['harbour'] })]);
  expect([await history.shown('two'), await history.shown('tagged')]).toEqual([['a'], ['a']]);
  history.pass(HOUR);
  await history.run([history.toSource('a', of('a')), history.toSource('b', of('b'), { tags: [] })]);
  expect(await history.shown('tagged')).toEqual(['a†']);
});

test('order: updated sorts by updates, and a story dated in the future sorts by its first sight', async () => {
  history.use({}, { slug: 'moving', order: 'updated' });
  for (const [name, hours] of Object.entries({ s0: 1, s1: 2, s2: 3 })) history.add(name, history.ago(hours * HOUR));
  history.add('future', new Date(history.bench.now.getTime() + 400 * DAY));
  await history.run();
  history.pass(HOUR);
  history.add('newer', history.ago(60_000));
  history.revise('s2');
  await history.run();
  expect(await history.shown()).toEqual(['newer', 'future', 's0', 's1', 's2']);
  expect((await history.shown('moving'))[0]).toBe('s2');
});
