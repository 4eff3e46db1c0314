import { expect, test } from 'vitest';
import { renderFeed } from '../../../src/feeds/render-documents.ts';
import { declare, openWorkbench } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';
import { site, toFeed } from '../../support/story.ts';

const head = '<title>Shots</title><link>https://a.test/</link>';
const namespaces =
  'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:source="http://source.scripting.com/"';
const rss = (...items: string[]) =>
  `<rss version="2.0" ${namespaces}><channel>${head}${items.map((item) => `<item>${item}</item>`).join('')}</channel></rss>`;
const about = '<link>https://a.test/1</link><guid>https://a.test/1</guid><pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate>';
const json = (item: object) =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Shots',
    items: [{ id: '1', date_published: '2026-03-05T10:00:00Z', ...item }],
  });
const atom = (inner: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${namespaces}><title>Shots</title><id>urn:x</id><updated>2026-03-05T10:00:00Z</updated><entry><id>urn:x:1</id><title/><updated>2026-03-05T10:00:00Z</updated>${inner}</entry></feed>`;

/** Runs over a document. Returns title and content of the published story in the JSON document, and
 *  the problems. */
async function publish(bench: Workbench, document: string) {
  const { problems } = await bench.run([declare('file', bench.write('a.xml', document), { id: 'a' })]);
  const options = { siteUrl: site.url, alsoPublished: 'footer', titlePrefix: false, updateNotes: true } as const;
  const context = {
    store: bench.store,
    clock: { now: () => bench.now },
    site,
    feeds: bench.feeds,
    options,
    version: '0.0.0',
    hubUrl: null,
  };
  const documents = await renderFeed(context, bench.feeds[0] ?? toFeed());
  const text = (format: string) => new TextDecoder().decode(documents.find((one) => one.format === format)?.bytes);
  const { items } = JSON.parse(text('json')) as { items: { title: string; content_html?: string }[] };
  return { said: items.map(({ title, content_html }) => [title, content_html]), problems, atom: text('atom'), rss: text('rss') };
}

const picture = '<p><img src="https://c.test/r.jpg" alt="" /></p>';
test.each<[what: string, document: string, title: string, html: string]>([
  [
    'media:content',
    rss(`${about}<description></description><media:content url="https://c.test/r.jpg" medium="image"/>`),
    'Picture, 2026-03-05',
    picture,
  ],
  ['a thumbnail', rss(`${about}<media:thumbnail url="https://c.test/r.jpg"/>`), 'Picture, 2026-03-05', picture],
  [
    'a group',
    rss(`${about}<media:group><media:content url="https://c.test/r.jpg" type="image/jpeg"/></media:group>`),
    'Picture, 2026-03-05',
    picture,
  ],
  ['an enclosure', rss(`${about}<enclosure url="https://c.test/r.jpg" type="image/jpeg" length="9"/>`), 'Picture, 2026-03-05', picture],
  [
    'its HTML',
    rss(`${about}<description>&lt;img src="https://c.test/r.jpg" alt="A red boat"&gt;</description>`),
    'A red boat',
    '<img src="https://c.test/r.jpg" alt="A red boat" />',
  ],
  ['JSON', json({ url: 'https://a.test/1', image: 'https://c.test/r.jpg' }), 'Picture, 2026-03-05', picture],
  ['JSON without an address', json({ image: 'https://c.test/r.jpg' }), 'Picture, 2026-03-05', picture],
  ['Atom', atom('<link rel="enclosure" href="https://c.test/r.jpg" type="image/jpeg"/>'), 'Picture, 2026-03-05', picture],
  [
    'an empty paragraph beside it',
    rss(`${about}<description>&lt;p&gt; &lt;/p&gt;</description><media:content url="https://c.test/r.jpg" medium="image"/>`),
    'Picture, 2026-03-05',
    picture,
  ],
])('a post with only a picture is published with it: %s', async (_, document, title, html) => {
  await using bench = await openWorkbench();
  const { said, problems, ...written } = await publish(bench, document);
  expect({ said, problems }).toEqual({ said: [[title, html]], problems: [] });
  expect(written.atom).toContain('c.test/r.jpg');
  expect(written.rss).toContain('c.test/r.jpg');
  expect((await publish(bench, document)).said).toHaveLength(1);
});

test.each<[what: string, document: string, title: string, html: string]>([
  [
    'sound',
    rss(`${about}<enclosure url="https://c.test/e.mp3" type="audio/mpeg" length="9"/>`),
    'Audio, 2026-03-05',
    '<p><audio controls src="https://c.test/e.mp3"></audio></p>',
  ],
  [
    'a film',
    json({ attachments: [{ url: 'https://c.test/f.mp4', mime_type: 'video/mp4' }] }),
    'Video, 2026-03-05',
    '<p><video controls src="https://c.test/f.mp4"></video></p>',
  ],
  [
    'a file',
    rss(`${about}<enclosure url="https://c.test/minutes.pdf" type="application/pdf" length="9"/>`),
    'c.test/minutes.pdf',
    '<p><a href="https://c.test/minutes.pdf">c.test/minutes.pdf</a></p>',
  ],
  [
    'a frame',
    rss(`${about}<description>&lt;iframe width="5" src="https://www.youtube.com/embed/abc"&gt;&lt;/iframe&gt;</description>`),
    'youtube.com/embed/abc',
    '<p><a href="https://www.youtube.com/embed/abc">youtube.com/embed/abc</a></p>',
  ],
  ['nothing but its address', rss(about), 'a.test/1', '<p><a href="https://a.test/1">a.test/1</a></p>'],
])('a post with only %s is published with it', async (_, document, title, html) => {
  await using bench = await openWorkbench();
  const { said, problems } = await publish(bench, document);
  expect({ said: said.map(([name, content]) => [name, content?.replaceAll('=""', '')]), problems }).toEqual({
    said: [[title, html]],
    problems: [],
  });
});

test('a post without text, media and link is left out and reported', async () => {
  await using bench = await openWorkbench();
  const { said, problems } = await publish(
    bench,
    rss('<guid isPermaLink="false">7</guid><pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate>'),
  );
  expect([said, problems.map(({ code }) => code)]).toEqual([[], ['entry/empty']]);
});

test('pictures that differ only by address and day are each published once', async () => {
  await using bench = await openWorkbench();
  const shot = (n: number, id = String(n)) =>
    `<link>https://a.test/${n}</link><guid isPermaLink="false">${id}</guid><pubDate>0${n} Mar 2026 10:00:00 GMT</pubDate><media:content url="https://c.test/${n}.jpg" medium="image"/>`;
  expect((await publish(bench, rss(shot(1), shot(2)))).said).toHaveLength(2);
  expect((await publish(bench, rss(shot(2), shot(3), shot(4)))).said).toHaveLength(4);
  expect((await publish(bench, rss(shot(5, '4'), shot(4, '3')))).said).toHaveLength(5);
  expect((await publish(bench, rss(shot(6, '4')))).said).toHaveLength(6);
});

test.each<[what: string, inner: string, html: string]>([
  [
    'is rendered',
    '<source:markdown>Look: *this* is [a link](https://b.test/).\n\n- one\n- two</source:markdown>',
    '<p>Look: <em>this</em> is <a href="https://b.test/">a link</a>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>',
  ],
  [
    'is never a script',
    '<source:markdown>Hello &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert)</source:markdown>',
    '<p>Hello  [x](javascript:alert)</p>',
  ],
  [
    'gives way to HTML',
    '<description>&lt;p&gt;As HTML.&lt;/p&gt;</description><source:markdown>As *Markdown*.</source:markdown>',
    '<p>As HTML.</p>',
  ],
])('Markdown that is the only text of a post %s', async (_, inner, html) => {
  await using bench = await openWorkbench();
  const { said, problems } = await publish(bench, rss(`${about}${inner}`));
  expect({ html: said.map(([, content]) => content), problems }).toEqual({ html: [html], problems: [] });
});
