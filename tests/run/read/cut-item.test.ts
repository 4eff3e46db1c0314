import { afterEach, beforeEach, expect, test } from 'vitest';
import { declare, openWorkbench } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import { openSubscriber } from '../../support/subscriber.ts';

let bench: Workbench;
beforeEach(async () => {
  bench = await openWorkbench();
});
afterEach(() => bench[Symbol.asyncDispose]());

const text = (name: string) => `What is told of ${name} is told at some length, and of ${name} alone; the end of ${name} is near.`;
const rssItem = (name: string, body = text(name)) =>
  `<item><guid isPermaLink="false">urn:x:${name}</guid><title>The ${name} title</title><link>https://a.test/${name}</link><description>${body}</description></item>`;
const rss = (...items: readonly string[]) =>
  `<rss version="2.0"><channel><title>A</title><link>https://a.test/</link>${items.join('')}</channel></rss>`;
const atom = (...names: readonly string[]) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>${names.map((name) => `<entry><id>urn:x:${name}</id><title>The ${name} title</title><link href="https://a.test/${name}"/><content type="html">${text(name)}</content></entry>`).join('')}</feed>`;
const rdf = (...names: readonly string[]) =>
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>A</title></channel>${names.map((name) => `<item rdf:about="urn:x:${name}"><title>The ${name} title</title><link>https://a.test/${name}</link><description>${text(name)}</description></item>`).join('')}</rdf:RDF>`;
const json = (...names: readonly string[]) =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'A',
    items: names.map((name) => ({
      id: `urn:x:${name}`,
      title: `The ${name} title`,
      url: `https://a.test/${name}`,
      content_text: text(name),
    })),
  });
/** Cuts a document at a mark inside its last entry, `two`. */
const cutAt = (document: string, mark: string) => document.slice(0, document.lastIndexOf(mark) + mark.length);

const read = (document: string) => bench.run([declare('file', bench.write('a.xml', document), { id: 'a' })]);
const shown = async () =>
  Object.fromEntries((await bench.stories()).map(({ id, lead }) => [id.slice(6), [lead.entry.revision.title, lead.entry.revision.text]]));
const whole = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, [`The ${name} title`, text(name)]]));
const codes = ({ problems }: { problems: readonly { code: string }[] }) =>
  problems.map(({ code }) => code).filter((code) => code.startsWith('entry/'));

test.each([
  ['in a description', rss(rssItem('one'), rssItem('two')), 'told at some'],
  ['in a title', rss(rssItem('one'), rssItem('two')), '<title>The t'],
  ['before a title', rss(rssItem('one'), rssItem('two')), 'urn:x:two</guid>'],
  ['after the last element of an entry', rss(rssItem('one'), rssItem('two')), 'is near.</description>'],
  ['in a tag', rss(rssItem('one'), rssItem('two')), 'is near.</descr'],
  ['in the close tag of an entry', rss(rssItem('one'), rssItem('two')), '</description></it'],
  ['in an open CDATA section', rss(rssItem('one'), rssItem('two', `<![CDATA[${text('two')}]]>`)), 'told at some'],
  ['in an Atom entry', atom('one', 'two'), 'told at some'],
  ['in an RSS 1.0 item', rdf('one', 'two'), 'told at some'],
  ['in a text of JSON', json('one', 'two'), 'told at some'],
  ['between two values of JSON', json('one', 'two'), '"https://a.test/two",'],
])('an entry waits for the rest of a document that ends %s', async (_name, document, mark) => {
  const cut = cutAt(document, mark);
  expect(cut.length).toBeLessThan(document.length);
  expect(codes(await read(cut))).toEqual(['entry/waits']);
  expect(await shown()).toEqual(whole('one'));
  const report = await read(document);
  expect([codes(report), report.entriesNew, report.entriesRevised]).toEqual([[], 1, 0]);
  expect(await shown()).toEqual(whole('one', 'two'));
});

test('no entry waits when a document ends between two entries', async () => {
  const document = rss(rssItem('one'), rssItem('two'));
  for (const mark of ['</item>', '</channel>']) expect(codes(await read(cutAt(document, mark)))).toEqual([]);
  expect(await shown()).toEqual(whole('one', 'two'));
  expect(codes(await read(json('one', 'two', 'three').replace(/,\{"id":"urn:x:three.*$/, ',')))).toEqual([]);
});

test('an entry at which a document always ends is published incomplete after three polls and reported, also after a restart', async () => {
  const cut = cutAt(rss(rssItem('one'), rssItem('two')), 'told at some');
  for (let poll = 1; poll <= 3; poll++) {
    expect(codes(await read(cut))).toEqual(['entry/waits']);
    await bench.restart();
    expect(await shown()).toEqual(whole('one'));
  }
  expect(codes(await read(cut))).toEqual(['entry/cut']);
  expect(await shown()).toEqual({ ...whole('one'), two: ['The two title', 'What is told of two is told at some'] });
  for (let poll = 5; poll <= 12; poll++) expect(await read(cut)).toMatchObject({ entriesNew: 0, entriesRevised: 0, storiesUpdated: 0 });
  await read(rss(rssItem('one'), rssItem('two')));
  expect(await shown()).toEqual(whole('one', 'two'));
});

test('after a whole document the wait for a truncated entry starts again', async () => {
  const document = rss(rssItem('one'), rssItem('two'));
  const cut = cutAt(document, 'told at some');
  for (let round = 0; round < 3; round++) {
    await read(cut);
    await read(cut);
    await read(rss(rssItem('one')) + ' '.repeat(round));
  }
  expect(await shown()).toEqual(whole('one'));
});

test('a stored entry is never shortened by a document that ends inside it', async () => {
  const document = rss(rssItem('one'), rssItem('two'));
  await read(document);
  for (let poll = 1; poll <= 8; poll++) expect(await read(cutAt(document, 'told at some'))).toMatchObject({ entriesRevised: 0 });
  expect(await shown()).toEqual(whole('one', 'two'));
});

test('a document that ends elsewhere at each poll does not publish half an entry without an id at each poll', async () => {
  const document = rss(rssItem('one'), '<item><title>A title of many words that goes on and on and on</title></item>');
  for (let poll = 0; poll < 8; poll++)
    await read(cutAt(document, 'A title of many words').concat(' that goes on and on'.slice(0, poll * 2 + 5)));
  expect(Object.keys(await shown()).length).toBeLessThanOrEqual(3);
});

test('the validators of a truncated document are not kept, so that the next poll brings the rest', async () => {
  await using server = await startLoopback();
  const document = json('one', 'two');
  const source = declare('feed', server.answer('/feed', 200, { etag: '"1"' }, cutAt(document, 'told at some')), { id: 'a' });
  await bench.run([source]);
  server.answer('/feed', 200, { etag: '"1"' }, document);
  await bench.run([source]);
  expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined]);
  expect(await shown()).toEqual(whole('one', 'two'));
});

test('an entry at the end of a truncated delivery waits for the requested poll', async () => {
  await using subscriber = await openSubscriber();
  const { hub, server, topic } = subscriber;
  const request = await subscriber.subscribe();
  const document = rss(rssItem('one'), rssItem('two'));
  await hub.push(request, cutAt(document, 'told at some'));
  server.answer('/feed', 200, { etag: '"9"', link: `<${hub.url}>; rel="hub", <${topic}>; rel="self"` }, document);
  subscriber.pass(3_600_000);
  await subscriber.run();
  const two = (await subscriber.bench.stories()).find(({ id }) => id === 'urn:x:two');
  expect(two?.lead.entry.revision.text).toBe(text('two'));
  expect((await subscriber.bench.store.readEvidence(two?.key ?? ''))?.revisions).toHaveLength(1);
});
