import { expect, test } from 'vitest';
import { identifyItems } from '../../../src/normalise/identity/identity.ts';
import { normalise } from '../../../src/normalise/normalise.ts';
import { parseFeed } from '../../../src/parse/parse.ts';

const NAMESPACES =
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"';
const rss = (inside: string) =>
  `<rss version="2.0" ${NAMESPACES}><channel><title>T</title><link>https://a.test/</link><item><guid isPermaLink="false">g</guid>${inside}</item></channel></rss>`;
const atom = (inside: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${NAMESPACES}><title>T</title><entry><id>urn:x:g</id>${inside}</entry></feed>`;
const json = (inside: object) =>
  JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'T', items: [{ id: 'g', content_text: 'Text.', ...inside }] });

/** Returns the stored form of the only entry, and the codes of its problems. */
async function read(text: string) {
  const result = await parseFeed({ bytes: new TextEncoder().encode(text), contentType: null, url: 'https://a.test/feed' });
  if (result.kind !== 'feed') throw new Error(result.problem.message);
  const [item] = identifyItems(result.feed).items;
  if (!item) throw new Error('no entry');
  const context = { sourceId: 'a', homePage: null, language: null, zone: 'UTC', seenAt: new Date('2026-03-10T12:00:00Z') };
  const { change, problems } = normalise(item, null, context);
  const revision = change?.revisions.at(-1);
  return {
    title: revision?.title,
    url: change?.entry.url,
    text: revision?.text,
    image: revision?.image,
    language: change?.entry.language,
    published: revision?.published?.toISOString().slice(0, 10) ?? null,
    updated: revision?.updated?.toISOString().slice(0, 10) ?? null,
    problems: problems.map(({ code }) => code),
  };
}

async function check(text: string, expected: object): Promise<void> {
  expect(await read(text)).toMatchObject({ problems: [], ...expected });
}

const day = { published: '2026-03-05' };
test.each<[string, string, object]>([
  ['pubDate of words, dc:date', rss('<title>t</title><pubDate>tomorrow</pubDate><dc:date>2026-03-05</dc:date>'), day],
  ['pubDate of zeroes, dc:date', rss('<title>t</title><dc:date>2026-03-05</dc:date><pubDate>0000-00-00 00:00:00</pubDate>'), day],
  [
    'pubDate of 1970, dcterms:created',
    rss('<title>t</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><dcterms:created>2026-03-05</dcterms:created>'),
    day,
  ],
  ['two pubDates', rss('<title>t</title><pubDate>32 Foo</pubDate><pubDate>Thu, 05 Mar 2026 08:00:00 GMT</pubDate>'), day],
  [
    'pubDate that names two days, published',
    rss('<title>t</title><pubDate>5/1/2026</pubDate><published>2026-03-05T08:00:00Z</published>'),
    day,
  ],
  [
    'two unreadable dates before a readable one',
    rss('<title>t</title><pubDate>x</pubDate><dc:date>y</dc:date><dcterms:issued>2026-03-05</dcterms:issued>'),
    day,
  ],
  ['published and issued', atom('<title>t</title><published>soon</published><issued>2026-03-05T08:00:00Z</issued>'), day],
  [
    'published and updated',
    atom('<title>t</title><published>soon</published><updated>2026-03-05T08:00:00Z</updated>'),
    { ...day, problems: ['date/unreadable'] },
  ],
  [
    'updated and modified',
    atom('<title>t</title><published>2026-03-05T08:00:00Z</published><updated>-</updated><modified>2026-03-06T08:00:00Z</modified>'),
    { ...day, updated: '2026-03-06' },
  ],
  [
    'updated and dcterms:modified',
    rss('<title>t</title><pubDate>2026-03-05</pubDate><updated>now</updated><dcterms:modified>2026-03-06</dcterms:modified>'),
    { ...day, updated: '2026-03-06' },
  ],
  [
    'date_published and date_modified',
    json({ date_published: 'soon', date_modified: '2026-03-05T08:00:00Z' }),
    { ...day, problems: ['date/unreadable'] },
  ],
  ['two readable dates', rss('<title>t</title><pubDate>2026-03-05</pubDate><dc:date>2020-01-01</dc:date>'), day],
])('the first readable date counts: %s', (_name, text, expected) => check(text, expected));

test('an unreadable date is reported once when no date is readable', async () => {
  await check(rss('<title>t</title><pubDate>soon</pubDate><dc:date>later</dc:date>'), { published: null, problems: ['date/unreadable'] });
});

test.each<[string, string, object]>([
  ['an empty title, media:title', rss('<title> </title><media:content><media:title>Said</media:title></media:content>'), { title: 'Said' }],
  ['a title of tags, dc:title', rss('<title>&lt;b&gt;&lt;/b&gt;</title><dc:title>Said</dc:title>'), { title: 'Said' }],
  ['a title of a no-break space, itunes:title', rss('<title>&amp;nbsp;</title><itunes:title>Said</itunes:title>'), { title: 'Said' }],
  ['two titles', rss('<title><![CDATA[]]></title><title>Said</title>'), { title: 'Said' }],
  [
    'an invalid link, the guid',
    rss('<title>t</title><link>http://</link><guid>https://a.test/1</guid>').replace('<guid isPermaLink="false">g</guid>', ''),
    { url: 'https://a.test/1' },
  ],
  ['two links', rss('<title>t</title><link>javascript:void(0)</link><link>https://a.test/1</link>'), { url: 'https://a.test/1' }],
  [
    'an invalid alternate link, another one',
    atom('<title>t</title><link rel="alternate" href="http://"/><link href="/1"/>'),
    { url: 'https://a.test/1' },
  ],
  ['url and external_url', json({ url: 'http://', external_url: 'https://b.test/1' }), { url: 'https://b.test/1' }],
  [
    'an empty content, the description',
    rss('<title>t</title><content:encoded><![CDATA[<p>&nbsp;</p>]]></content:encoded><description>Said.</description>'),
    { text: 'Said.' },
  ],
  [
    'an empty content, the summary',
    atom('<title>t</title><content type="html">&lt;p&gt;&lt;/p&gt;</content><summary>Said.</summary>'),
    { text: 'Said.' },
  ],
  [
    'an empty description, media:description',
    rss('<title>t</title><description>&lt;br&gt;</description><media:description>Said.</media:description>'),
    { text: 'Said.' },
  ],
  ['content_html and content_text', json({ content_html: ' ', content_text: 'Said.' }), { text: 'Said.' }],
  [
    'a picture without an address, a thumbnail',
    rss('<title>t</title><itunes:image href="http://"/><media:thumbnail url="https://a.test/p.png"/>'),
    { image: 'https://a.test/p.png' },
  ],
  ['image and banner_image', json({ image: 'http://', banner_image: 'https://a.test/p.png' }), { image: 'https://a.test/p.png' }],
  ['xml:lang and dc:language', rss('<title>t</title><dc:language>unknown!</dc:language><language>de-DE</language>'), { language: 'de-DE' }],
])('the first element with a usable value counts: %s', (_name, text, expected) => check(text, expected));

test('content with only a picture or video counts', async () => {
  const picture = rss(
    '<title>t</title><content:encoded><![CDATA[<p><img src="/p.png"></p>]]></content:encoded><description>Below.</description>',
  );
  expect((await read(picture)).text).not.toBe('Below.');
});
