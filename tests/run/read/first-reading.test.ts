import { afterEach, beforeEach, expect, test } from 'vitest';
import { NewsfoldError } from '../../../src/model/errors.ts';
import { toShownTime } from '../../../src/model/values/shown-time.ts';
import { declare, rss } from '../../support/bench.ts';
import { DAY, HOUR, openHistory, toItem } from '../../support/history.ts';
import type { HistoryBench } from '../../support/history.ts';
import { startLoopback } from '../../support/loopback.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

const list = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}${n}`);
const words = (name: string) => toItem(name, new Date(0)).text;

/** Returns an RSS source of items without dates, or with these dates as written; `head` goes into
 *  its channel. */
function undated(id: string, names: readonly string[], { head = '', date = '' }: { readonly head?: string; readonly date?: string } = {}) {
  const items = names.map(
    (name) =>
      `<item><guid isPermaLink="false">urn:x:${name}</guid><title>Of ${name}</title><link>https://${id}.test/${name}</link>${date && `<pubDate>${date}</pubDate>`}<description>${words(name)}</description></item>`,
  );
  const text = `<rss version="2.0"><channel><title>${id}</title><link>https://${id}.test/</link>${head}${items.join('')}</channel></rss>`;
  return declare('file', history.bench.write(`${id}.xml`, text), { id });
}

const dated = (count: number, name: string, firstHours = 0) =>
  list(count, name).map((one, n) => toItem(one, history.ago((firstHours + n) * HOUR)));

test('the undated backlog of a new source is sorted below all dated entries, in the order of its document', async () => {
  history.use({ limit: 100 });
  await history.run([undated('new', list(120, 'u')), history.toSource('old', dated(80, 'd'))]);
  expect(await history.shown()).toEqual([...list(80, 'd'), ...list(20, 'u')]);
  // Its later entries are news.
  history.pass(HOUR);
  await history.run([undated('new', ['later', ...list(119, 'u')]), history.toSource('old', dated(80, 'd', 1))]);
  expect((await history.shown())[0]).toBe('later');
  expect((await history.shown()).slice(1, 81)).toEqual(list(80, 'd'));
});

test('entries of a first reading are shown in their order, however young, and no published position changes', async () => {
  history.use({ limit: 10 });
  await history.run([history.toSource('old', dated(12, 'd'))]);
  history.pass(HOUR);
  const sources = [history.toSource('old', dated(12, 'd', 1)), undated('one', list(30, 'u')), history.toSource('two', dated(30, 'y', 20))];
  await history.run(sources);
  expect(await history.shown()).toEqual(list(10, 'd'));
  const order = (await history.bench.stories()).map(({ id }) => id);
  history.pass(HOUR);
  await history.run([history.toSource('old', dated(12, 'd', 2)), ...sources.slice(1), undated('three', list(9, 'w'))]);
  expect((await history.bench.stories()).map(({ id }) => id).filter((id) => !id.startsWith('urn:x:w'))).toEqual(order);
});

test('a planet without any dates shows its entries in the order of its documents', async () => {
  await history.run([undated('a', list(4, 'a')), undated('b', list(3, 'b'))]);
  expect(await history.shown()).toEqual([...list(4, 'a'), ...list(3, 'b')]);
  expect((await history.bench.stories()).map((story) => toShownTime(story).kind)).toEqual(Array.from({ length: 7 }, () => 'seen'));
});

test('undated entries of a first reading take the date of their document, if it is plausible', async () => {
  const at = (ms: number) => history.ago(ms).toUTCString();
  const old = [toItem('week', history.ago(7 * DAY)), toItem('month', history.ago(30 * DAY))];
  for (const [id, head] of [
    ['built', `<lastBuildDate>${at(10 * DAY)}</lastBuildDate>`],
    ['stamped', `<pubDate>${at(9 * DAY)}</pubDate><lastBuildDate>${at(60_000)}</lastBuildDate>`],
    ['now', `<lastBuildDate>${at(0)}</lastBuildDate>`],
    ['ahead', `<pubDate>${at(-DAY)}</pubDate>`],
    ['zero', `<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>`],
  ] as const) {
    await history.run([undated(id, [`${id}0`, `${id}1`], { head }), history.toSource('old', old)]);
  }
  const order = (await history.bench.stories()).map(({ id }) => id.slice(6));
  expect(order.slice(0, 6)).toEqual(['week', 'stamped0', 'stamped1', 'built0', 'built1', 'month']);
  expect(order.slice(6).toSorted()).toEqual(['ahead0', 'ahead1', 'now0', 'now1', 'zero0', 'zero1']);
  const story = (await history.bench.stories()).find(({ id }) => id === 'urn:x:built0');
  // An unknown date stays unknown: the date of a document is no date of an entry.
  expect([story?.published, story?.updated]).toEqual([null, new Date(Math.floor(history.ago(10 * DAY).getTime() / 1000) * 1000)]);
});

test('an Atom document has a date too', async () => {
  const entry = (name: string) => `<entry><id>urn:x:${name}</id><title>Of ${name}</title><content>${words(name)}</content></entry>`;
  const head = `<id>urn:f</id><title>F</title><updated>${history.ago(10 * DAY).toISOString()}</updated>`;
  const file = history.bench.write('f.xml', `<feed xmlns="http://www.w3.org/2005/Atom">${head}${entry('a')}${entry('b')}</feed>`);
  await history.run([
    declare('file', file),
    history.toSource('old', [toItem('week', history.ago(7 * DAY)), toItem('month', history.ago(30 * DAY))]),
  ]);
  expect(await history.shown()).toEqual(['week', 'a', 'b', 'month']);
});

test('implausible dates are ignored, and a calendar of future events does not flood either', async () => {
  history.use({ limit: 20 });
  const ahead = new Date(history.bench.now.getTime() + 90 * DAY).toUTCString();
  const sources = [
    undated('events', list(30, 'e'), { date: ahead }),
    undated('zero', list(30, 'z'), { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }),
  ];
  for (const source of sources) await history.bench.run([source, history.toSource('old', dated(15, 'd'))]);
  expect((await history.shown()).slice(0, 15)).toEqual(list(15, 'd'));
});

test('an interrupted first reading continues as one, and so does one whose document ends in the middle', async () => {
  history.use({ limit: 10 });
  const old = history.toSource('old', dated(10, 'd'));
  await history.run([old]);
  const source = undated('new', list(1200, 'u'));
  const { store } = history.bench;
  const saveEntries = store.saveEntries.bind(store);
  let batches = 0;
  store.saveEntries = async (...given) => {
    // An unnamed error would count as an entry's fault, and the batch would be tried again in
    // pieces.
    if (++batches === 2) throw new NewsfoldError('test/killed', 'killed');
    return saveEntries(...given);
  };
  await expect(history.bench.run([old, source])).rejects.toThrow('killed');
  store.saveEntries = saveEntries;
  history.pass(HOUR);
  await history.run([old, source]);
  expect(await history.shown()).toEqual(list(10, 'd'));
  const cut = history.bench.write(
    'cut.xml',
    '<rss version="2.0"><channel><title>c</title><item><title>Of c0</title><description>c0 words</description></item><item><ti',
  );
  await history.bench.run([old, source, declare('file', cut, { id: 'cut' })]);
  history.pass(HOUR);
  await history.bench.run([old, source, undated('cut', list(40, 'c'))]);
  expect(await history.shown()).toEqual(list(10, 'd'));
});

test('the first entries of an empty source are a first reading, except the few posts with which a new blog begins', async () => {
  history.use({ limit: 10 });
  const sources = (hours: number, full: readonly string[], few: readonly string[]) => [
    history.toSource('old', dated(10, 'd', hours)),
    undated('full', full),
    undated('few', few),
  ];
  await history.run(sources(0, [], []));
  history.pass(HOUR);
  // The same bytes read once more are no first reading either.
  await history.run(sources(1, [], []));
  history.pass(HOUR);
  await history.run(sources(2, list(30, 'u'), []));
  expect(await history.shown()).toEqual(list(10, 'd'));
  history.pass(HOUR);
  await history.run(sources(3, ['v', ...list(30, 'u')], list(2, 'w')));
  expect((await history.shown()).slice(0, 4)).toEqual(['w0', 'w1', 'v', 'd0']);
});

test('news of one instant is listed in the order of its document', async () => {
  history.use({ limit: 4 });
  await history.run([undated('new', ['a'])]);
  history.pass(HOUR);
  await history.run([undated('new', [...list(8, 'u'), 'a'])]);
  expect(await history.shown()).toEqual(list(8, 'u'));
});

test('a source returning with a mostly new document is a first reading after a long absence, not after a short one', async () => {
  history.use({ limit: 10 });
  const old = () => history.toSource('old', dated(10, 'd'));
  await history.run([old(), undated('new', list(10, 'u'))]);
  history.pass(HOUR);
  await history.run([old()]);
  history.pass(20 * DAY);
  await history.run([old(), undated('new', ['short', ...list(9, 'u')])]);
  expect((await history.shown())[0]).toBe('short');
  history.pass(HOUR);
  await history.run([old()]);
  history.pass(40 * DAY);
  await history.run([history.toSource('old', dated(10, 'e')), undated('new', list(30, 'v'))]);
  expect(await history.shown()).toEqual(list(10, 'e'));
  history.pass(HOUR);
  await history.run([history.toSource('old', dated(10, 'e', 1)), undated('new', ['later', ...list(29, 'v')])]);
  expect((await history.shown())[0]).toBe('later');
});

test('a source returning with a mostly new document tells a real change of an entry that was known', async () => {
  const known = dated(3, 'd');
  await history.run([history.toSource('a', known)]);
  history.pass(HOUR);
  await history.run([]);
  history.pass(40 * DAY);
  const [first, ...others] = known.map((item) => ({ ...item }));
  const retitled = first && { ...first, title: 'The harbour is closed to all ships' };
  await history.run([history.toSource('a', [...dated(6, 'e'), ...(retitled ? [retitled] : []), ...others])]);
  const story = (await history.bench.stories()).find(({ id }) => id === 'urn:x:d0');
  expect(story?.updated).toEqual(history.ago(0));
});

test('undated own articles get the time of their first reading, except a whole archive of them', async () => {
  history.use({ limit: 50 });
  for (const name of list(3, 'own')) history.bench.write(`desk/${name}.txt`, `Of ${name}\n\n${words(name)}`);
  for (const name of list(40, 'found')) history.bench.write(`archive/${name}.txt`, `Of ${name}\n\n${words(name)}`);
  const folders = ['desk', 'archive'].map((name) => declare('articles', `${history.bench.folder}/${name}`, { id: name }));
  await history.run([...folders, history.toSource('old', dated(30, 'd', 1))]);
  const order = (await history.bench.stories()).map(({ lead }) => lead.entry.sourceId);
  expect(order.slice(0, 33)).toEqual([...Array.from({ length: 3 }, () => 'desk'), ...Array.from({ length: 30 }, () => 'old')]);
  history.pass(HOUR);
  history.bench.write('archive/written-now.txt', `Of written\n\n${words('written')}`);
  await history.run([...folders, history.toSource('old', dated(30, 'd', 2))]);
  expect((await history.bench.stories())[0]?.lead.entry.location).toBe('written-now.txt');
});

test('new entries of a moved source are news, except a history that was never seen', async () => {
  await using server = await startLoopback();
  const { bench } = history;
  const titleOf = (name: string) => `What ${words(name).split(' ').slice(0, 6).join(' ')}`;
  const answer = (path: string, host: string, names: readonly string[]) => {
    const items = names.map((name) => [titleOf(name), `https://${host}/2026/${name}-story`, words(name), `${host}-${name}`] as const);
    return server.answer(path, 200, {}, rss(`https://${host}/`, items));
  };
  const [one, two] = [answer('/1', 'a.test', list(8, 'm')), answer('/2', 'c.test', list(2, 'k'))];
  await bench.run([history.toSource('old', dated(3, 'd')), declare('feed', one), declare('feed', two)]);
  history.pass(DAY);
  const moved = [answer('/3', 'b.test', ['fresh', ...list(7, 'm')]), answer('/4', 'e.test', [...list(2, 'k'), ...list(20, 'h')])];
  const sources = moved.map((address, index) => declare('feed', address, { previous: index === 0 ? one : two }));
  await bench.run([history.toSource('old', dated(3, 'd')), ...sources]);
  const titles = (await bench.stories()).map(({ lead }) => lead.entry.revision.title);
  expect(titles.slice(0, 4)).toEqual([titleOf('fresh'), 'Of d0', 'Of d1', 'Of d2']);
  expect(titles).toHaveLength(1 + 3 + 8 + 2 + 20);
});

test('the feed of a page continues after it is found anew', async () => {
  await using server = await startLoopback();
  const { bench } = history;
  const feedOf = (...names: readonly string[]) =>
    rss(
      'https://a.test/',
      names.map((name) => [`Of ${name}`, `https://a.test/${name}`, words(name), name]),
    );
  const head = '<html><head><link rel="alternate" type="application/rss+xml" href="/own.rss"></head><body>x</body></html>';
  const page = server.answer('/', 200, { 'content-type': 'text/html' }, head);
  server.answer('/own.rss', 200, {}, feedOf(...list(9, 'p')));
  const run = () => bench.run([declare('page', page, { intervalMs: 0 }), history.toSource('old', dated(3, 'd'))]);
  await run();
  history.pass(HOUR);
  server.answer('/own.rss', 200, {}, feedOf('later', ...list(9, 'p')));
  await run();
  const titles = (await bench.stories()).map(({ lead }) => lead.entry.revision.title);
  expect(titles.slice(0, 5)).toEqual(['Of later', 'Of d0', 'Of d1', 'Of d2', 'Of p0']);
});
