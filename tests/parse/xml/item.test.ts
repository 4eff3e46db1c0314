import { expect, test } from 'vitest';
import { parseXml } from '../../../src/parse/xml/feed.ts';
import { toCompact } from '../compact.ts';

const NAMESPACES =
  'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" ' +
  'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"';
const rss = (item: string) =>
  `<rss version="2.0" ${NAMESPACES}><channel><title>T</title><link>https://a.test/home/</link>${item}</channel></rss>`;
const atom = (entry: string, attributes = '') => `<feed xmlns="http://www.w3.org/2005/Atom" ${attributes}><title>T</title>${entry}</feed>`;

async function read(text: string, url: string) {
  const result = await parseXml(text, url);
  return result.kind === 'feed' ? result.feed : null;
}

/** Expects fields of the first item of an RSS or Atom feed. */
async function check(document: string, expected: object, url = 'https://a.test/feeds/feed.xml'): Promise<void> {
  expect(toCompact((await read(document, url))?.items[0])).toMatchObject(expected);
}

const inRss = (inside: string) => rss(`<item>${inside}</item>`);
const inAtom = (inside: string) => atom(`<entry>${inside}</entry>`);

test.each<[string, string, object]>([
  [
    'a description with a longer itunes:summary',
    inRss('<description>a</description><itunes:summary>b</itunes:summary>'),
    { html: 'a', summary: 'b' },
  ],
  ['a summary beside a description', inRss('<summary>b</summary><description>a</description>'), { html: 'a', summary: 'b' }],
  [
    'a title in base64',
    inAtom(`<title mode="base64" type="text/html">${btoa('a <b>b</b>')}</title>`),
    { title: 'a <b>b</b>', titleType: 'html' },
  ],
  [
    'text, title and picture of a file in a media group',
    inRss(
      '<media:group><media:content url="/a.mp4"><media:title>b</media:title><media:description>c</media:description><media:thumbnail url="/p.png"/></media:content></media:group>',
    ),
    { title: 'b', html: 'c', image: 'https://a.test/p.png' },
  ],
  [
    'text of a file in a media group of an Atom entry',
    atom(
      '<entry><title>t</title><media:group><media:content url="/a.mp4"/><media:content url="/b.mp4"><media:description type="plain">c &lt; d</media:description></media:content></media:group></entry>',
      NAMESPACES,
    ),
    { title: 't', html: 'c &lt; d' },
  ],
  [
    'the text of a media group before that of its files',
    inRss(
      '<media:group><media:content><media:description>c</media:description></media:content><media:description>b</media:description></media:group>',
    ),
    { html: 'b' },
  ],
  ['a title of an odd type', inAtom('<title type="application/x-custom">test</title>'), { title: 'test' }],
  [
    'content without a picture in base64',
    inAtom('<id>1</id><title>a</title><content type="image/png">iVBORw0KGgo=</content>'),
    { title: 'a' },
  ],
  ['a file that is a picture', inRss('<guid>1</guid><media:content url="/a.png" medium="image"/>'), { image: 'https://a.test/a.png' }],
  ['text of iTunes alone', inRss('<itunes:subtitle>b</itunes:subtitle>'), { html: 'b' }],
  ['text of a media group', inRss('<media:group><media:description>b</media:description></media:group>'), { html: 'b' }],
  [
    'a title of media',
    inRss('<media:group><media:content url="https://a.test/a"><media:title>b</media:title></media:content></media:group>'),
    { title: 'b' },
  ],
  ['keywords of media', inRss('<category>a</category><media:keywords>b, c ,</media:keywords>'), { categories: ['a', 'b', 'c'] }],
  ['categories without itunes:keywords', inRss('<category>a</category><itunes:keywords>b,c</itunes:keywords>'), { categories: ['a'] }],
  [
    'the files of all elements',
    inRss(
      '<enclosure url="https://a.test/1" length="5" type="a/b"/><enclosure>https://a.test/2</enclosure><media:content url="/3" fileSize="6"/>' +
        '<media:group><media:content url="https://a.test/4"/></media:group><enclosure url="https://a.test/1"/>',
    ),
    {
      enclosures: [
        { url: 'https://a.test/1', type: 'a/b', length: 5 },
        { url: 'https://a.test/2' },
        { url: 'https://a.test/3', length: 6 },
        { url: 'https://a.test/4' },
      ],
    },
  ],
  [
    'an address between the tags of a link',
    inAtom('<id>1</id><link rel="enclosure">https://a.test/2</link>'),
    { enclosures: [{ url: 'https://a.test/2' }] },
  ],
  [
    'content with a src attribute',
    inAtom('<id>1</id><content src="/b.pdf" type="application/pdf"/>'),
    { enclosures: [{ url: 'https://a.test/b.pdf', type: 'application/pdf' }] },
  ],
  ['content in base64', inAtom(`<content type="application/octet-stream">${btoa('<p>a</p>')}</content>`), { html: '<p>a</p>' }],
  ['content in base64 of Atom 0.3', inAtom(`<content type="text/html" mode="base64">${btoa('<p>a</p>')}</content>`), { html: '<p>a</p>' }],
  ['Atom markup without a type', inAtom('<content>&lt;p&gt;a&lt;/p&gt;</content>'), { html: '<p>a</p>' }],
  ['Atom text without a type', inAtom('<content>1 &lt; 2 &amp;amp; 3</content>'), { html: '1 &lt; 2 &amp;amp; 3' }],
  [
    'XHTML under a prefix',
    inAtom('<content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>a<h:br/></h:p></h:div></content>'),
    { html: '<div><p>a<br/></p></div>' },
  ],
  ['an address with a line end and spaces', inRss('<link>\n https://a.test/b\n c d </link>'), { url: 'https://a.test/b%20c%20d' }],
  ['an address escaped twice', inRss('<link>https://a.test/?b=1&amp;amp;c=2</link>'), { url: 'https://a.test/?b=1&c=2' }],
  ['a permanent guid as address', inRss('<guid>https://a.test/b</guid>'), { guid: 'https://a.test/b', url: 'https://a.test/b' }],
  ['a guid that is no address', inRss('<guid isPermaLink="false">https://a.test/b</guid>'), { guid: 'https://a.test/b' }],
  ['an id unchanged', inAtom('<id>HTTP://A.test:80/%7eb/../c?#</id>'), { guid: 'HTTP://A.test:80/%7eb/../c?#' }],
  [
    'authors of a copied source',
    inAtom('<id>1</id><source><author><name>a</name></author><title>S</title></source>'),
    { authors: [{ name: 'a' }], origin: { title: 'S' } },
  ],
  ['a picture of media', inRss('<media:group><media:thumbnail url="/a.png"/></media:group>'), { image: 'https://a.test/a.png' }],
  [
    'the source of a copied item',
    inRss('<guid>1</guid><source url="https://b.test/feed">B</source>'),
    { origin: { title: 'B', url: 'https://b.test/feed' } },
  ],
])('reads %s', (_, document, expected) => check(document, expected));

test.each<[string, string, object]>([
  ['the document', inAtom('<link href="b"/>'), { url: 'https://a.test/feeds/b' }],
  ['the home page, in RSS', inRss('<link>b</link>'), { url: 'https://a.test/home/b' }],
  ['xml:base of the feed', atom('<entry><link href="b"/></entry>', 'xml:base="/x/"'), { url: 'https://a.test/x/b' }],
  [
    'xml:base at every depth',
    atom('<entry xml:base="y/"><link xml:base="z/" href="b"/></entry>', 'xml:base="/x/"'),
    { url: 'https://a.test/x/y/z/b' },
  ],
  [
    'xml:base in a text',
    atom(
      '<entry><link href="/b"/><content type="html" xml:base="y/">&lt;a title="c" href="d?e&amp;amp;f"&gt;href="g"&lt;/a&gt;&lt;img src=\'h\'/&gt;</content></entry>',
      'xml:base="/x/"',
    ),
    { html: '<a title="c" href="https://a.test/x/y/d?e&amp;f">href="g"</a><img src="https://a.test/x/y/h"/>' },
  ],
  [
    'the document when xml:base is unusable',
    atom('<entry><link href="/b"/></entry>', 'xml:base="javascript:x"'),
    { url: 'https://a.test/b' },
  ],
])('resolves links against %s', (_, document, expected) => check(document, expected));

test('leaves relative links in a text unchanged without xml:base', () =>
  check(inRss('<link>https://a.test/b</link><description>&lt;a href="c"&gt;</description>'), { html: '<a href="c">' }));

test('leaves relative links unchanged when the address of the document is unknown', () =>
  check(inRss('<link>b</link><enclosure url="c"/>'), { url: 'https://a.test/home/b' }, 'https://a.test/').then(() =>
    check(inAtom('<link href="b"/><link rel="enclosure" href="c"/>'), { url: 'b', enclosures: [{ url: 'c' }] }, ''),
  ));

test('reads schedule, pages and rights of the head', async () => {
  const head =
    '<ttl>60</ttl><skipHours><hour>1</hour><hour>24</hour><hour>x</hour></skipHours><skipDays><day>sunday</day><day>Monday</day><day>x</day></skipDays>' +
    '<sy:updatePeriod>Daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency><sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>' +
    '<atom:link rel="self" href="/feed"/><atom:link rel="hub" href="https://hub.test/"/><atom:link rel="next" href="?page=2"/>' +
    '<atom:link rel="prev-archive" href="/2019"/><atom:link rel="next-archive" href="/2021"/><copyright>Mine</copyright><language>de</language>' +
    '<itunes:image href="/a.png"/>';
  expect(await read(rss(head), 'https://a.test/feeds/feed.xml')).toMatchObject({
    ttlMinutes: 60,
    skipHours: [1, 0],
    skipDays: [0, 1],
    updateIntervalMs: 21_600_000,
    updateBase: '2000-01-01T12:00+00:00',
    selfUrl: 'https://a.test/feed',
    hubUrls: ['https://hub.test/'],
    nextPageUrl: 'https://a.test/feeds/feed.xml?page=2',
    prevArchiveUrl: 'https://a.test/2019',
    nextArchiveUrl: 'https://a.test/2021',
    rights: 'Mine',
    language: 'de',
    image: 'https://a.test/a.png',
    problems: [],
  });
});

test('ignores the text of a file in a media group beside a description', async () => {
  const inside =
    '<description>a</description><media:group><media:content><media:description>c</media:description></media:content></media:group>';
  expect((await read(inRss(inside), ''))?.items[0]).toMatchObject({ html: 'a', summary: null });
});
