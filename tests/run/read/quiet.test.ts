import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderFeed } from '../../../src/feeds/render-documents.ts';
import { declare } from '../../support/bench.ts';
import { HOUR, openHistory } from '../../support/history.ts';
import type { HistoryBench } from '../../support/history.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

const STORY =
  'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house. Work begins in May, when the herring boats have gone.';

/** The parts of an item that change from one poll to the next. */
interface Said {
  readonly html?: string;
  readonly title?: string;
  readonly link?: string;
  readonly more?: string;
  readonly date?: string;
  readonly head?: string;
}

function toSource({ html = `<p>${STORY}</p>`, title = 'A slipway', link = 'https://a.test/1', more = '', date = '', head = '' }: Said) {
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const when = date === '' ? 'Tue, 10 Mar 2026 09:00:00 GMT' : date;
  const names =
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:content="http://purl.org/rss/1.0/modules/content/"';
  const item = `<item><guid isPermaLink="false">urn:x:1</guid><link>${escape(link)}</link><title>${escape(title)}</title><pubDate>${when}</pubDate><description>${escape(html)}</description>${more}</item>`;
  const text = `<rss version="2.0" ${names}><channel><title>A</title><link>https://a.test/</link>${head}${item}</channel></rss>`;
  return declare('file', history.bench.write('a.xml', text), { id: 'a' });
}

/** Returns the bytes of all documents after one more run. */
async function publish(said: Said): Promise<readonly string[]> {
  expect((await history.bench.run([toSource(said)])).problems).toEqual([]);
  history.pass(HOUR);
  const found = await renderFeed(history.rendering(), history.feedOf());
  return found.map(({ bytes }) => new TextDecoder().decode(bytes));
}

const body = (rest: string) => ({ html: `<p>${STORY}</p>${rest}` });

test.each<[label: string, states: readonly Said[]]>([
  ['views', [body('<p>104 views</p>'), body('<p>105 views</p>'), body('<p>1,204 views</p>')]],
  ['comments', [body('<p>No comments yet</p>'), body('<p>1 comment</p>'), body('<p>12 comments</p>')]],
  ['comments in a field of their own', [{ more: '<slash:comments>3</slash:comments>' }, { more: '<slash:comments>4</slash:comments>' }]],
  ['German counters', [body('<p>104 Aufrufe</p>'), body('<p>107 Aufrufe</p>')]],
  ['French counters', [body('<p>12 commentaires</p>'), body('<p>14 commentaires</p>')]],
  ['Spanish counters', [body('<p>12 comentarios</p>'), body('<p>14 comentarios</p>')]],
  ['a counter in the title', [{ title: 'A slipway (3 comments)' }, { title: 'A slipway (9 comments)' }]],
  ['the age of the post', [body('<p>5 minutes ago</p>'), body('<p>2 hours ago</p>')]],
  ['the day of the request', [body('<p>Last updated: 10 March 2026</p>'), body('<p>Last updated: 11 March 2026</p>')]],
  ['spaces and markup', [body(''), { html: `<div class="n1">\n${STORY.replaceAll(' ', '\n  ')}</div>` }]],
  ['names of classes', [body('<p class="css-1a2b">Ends</p>'), body('<p class="css-9z8y">Ends</p>')]],
  ['curly and straight quotes', [body('<p>“Work,” she said.</p>'), body('<p>"Work," she said.</p>')]],
  [
    'tracking in links of the text',
    [body('<a href="https://b.test/x?utm_source=a">more</a>'), body('<a href="https://b.test/x?utm_source=b">more</a>')],
  ],
  ['tracking in the link of the entry', [{ link: 'https://a.test/1?utm_content=17' }, { link: 'https://a.test/1?utm_content=18' }]],
  [
    'signatures of pictures',
    [body('<img src="https://c.test/a.jpg?sig=1f&amp;e=100">'), body('<img src="https://c.test/a.jpg?sig=2a&amp;e=200">')],
  ],
  ['hosts of pictures', [body('<img src="https://i0.c.test/a.jpg">'), body('<img src="https://i2.c.test/a.jpg">')]],
  [
    'lists of other articles',
    [1, 4].map((n) => body(`<ul>${[n, n + 1, n + 2].map((at) => `<li><a href="/${at}">Article number ${at}</a></li>`).join('')}</ul>`)),
  ],
  ['the date of the entry', [{ date: 'Tue, 10 Mar 2026 09:00:00 GMT' }, { date: 'Tue, 10 Mar 2026 10:00:00 GMT' }]],
  [
    'the order of categories',
    [{ more: '<category>x</category><category>y</category>' }, { more: '<category>y</category><category>x</category>' }],
  ],
  [
    'signatures of files',
    ['1f', '2a'].map((sig) => ({ more: `<enclosure url="https://c.test/a.mp3?token=${sig}" length="1000" type="audio/mpeg"/>` })),
  ],
  [
    'the time of the document',
    [
      { head: '<lastBuildDate>Tue, 10 Mar 2026 12:00:00 GMT</lastBuildDate>' },
      { head: '<lastBuildDate>Tue, 10 Mar 2026 13:00:00 GMT</lastBuildDate>' },
    ],
  ],
])('%s change no published byte', async (_, states) => {
  const documents = [];
  for (const said of states) documents.push(await publish(said));
  for (const later of documents.slice(1)) expect(later).toEqual(documents[0]);
});

test.each<[label: string, before: Said, after: Said, shows: string]>([
  ['a slip of the pen', body(''), { html: `<p>${STORY.replace('herring', 'hering')}</p>` }, 'hering'],
  [
    'another target of a link',
    body('<a href="https://b.test/wrong">more</a>'),
    body('<a href="https://b.test/right">more</a>'),
    'b.test/right',
  ],
  ['a picture', body(''), body('<img src="https://c.test/new.jpg" alt="">'), 'c.test/new.jpg'],
  ['another author', { more: '<dc:creator>Anna Berg</dc:creator>' }, { more: '<dc:creator>Ben Holm</dc:creator>' }, 'Ben Holm'],
  [
    'another file',
    { more: '<enclosure url="https://c.test/a.mp3" length="1" type="audio/mpeg"/>' },
    { more: '<enclosure url="https://c.test/b.mp3" length="1" type="audio/mpeg"/>' },
    'c.test/b.mp3',
  ],
])('%s is shown, without a word to readers', async (_, before, after, shows) => {
  await publish(before);
  const [document = ''] = await publish(after);
  expect(document).toContain(shows);
  const [story] = await history.bench.stories();
  expect(story?.revisions.length).toBe(1);
});

test('an edit after silent changes of counters publishes the counter of its day', async () => {
  await publish(body('<p>104 views</p>'));
  await publish(body('<p>105 views</p>'));
  const [document = ''] = await publish({ html: `<p>${STORY.replace('seven to four', 'eight to three')}</p><p>106 views</p>` });
  expect(document).toContain('eight to three');
  expect(document).toContain('106 views');
});
