import { expect, test } from 'vitest';
import type { HubOffer } from '../../src/model/source.ts';
import { readHubOffer } from '../../src/normalise/hub-offer.ts';
import { parseFeed } from '../../src/parse/parse.ts';

const asked = 'https://a.test/feed';
const hub = 'https://hub.test/';

function check(link: string | null, [hubUrls, selfUrl]: [string[], string | null], expected: HubOffer | null): void {
  expect(readHubOffer(link, { hubUrls, selfUrl }, { asked, url: 'https://www.a.test/dir/feed' })).toEqual(expected);
}

test.for<[label: string, link: string | null, inDocument: [string[], string | null], expected: HubOffer | null]>([
  ['nothing', null, [[], 'https://a.test/self'], null],
  ['a self link alone', '<https://a.test/self>; rel=self', [[], null], null],
  ['a document alone', null, [[hub], 'https://a.test/self'], { hubs: [hub], topic: 'https://a.test/self' }],
  ['a document without a self link', null, [[hub], null], { hubs: [hub], topic: asked }],
  [
    'Link fields, which come before the document',
    `<${hub}>; rel="hub", <https://a.test/t>; rel="self"`,
    [['https://other.test/'], 'https://a.test/self'],
    { hubs: [hub], topic: 'https://a.test/t' },
  ],
  [
    'a hub in a field and a self link in the document',
    `<${hub}>;rel=hub`,
    [[], 'https://a.test/self'],
    { hubs: [hub], topic: 'https://a.test/self' },
  ],
  ['relations of several words, in any case', `<${hub}>; REL="Alternate  HUB self"`, [[], null], { hubs: [hub], topic: hub }],
  ['relative links', '</hub>; rel=hub, <t>; rel=self', [[], null], { hubs: ['https://www.a.test/hub'], topic: 'https://www.a.test/dir/t' }],
  [
    'https before http, five at most, each once',
    [3, 2, 1, 1, 5, 6].map((n) => `<http${n > 2 ? '' : 's'}://h${n}.test/#x>; rel=hub`).join(),
    [[], null],
    { hubs: ['https://h2.test/', 'https://h1.test/', 'http://h3.test/', 'http://h5.test/', 'http://h6.test/'], topic: asked },
  ],
  ['a link of another document', `<${hub}>; rel=hub; anchor="/x"`, [[], null], null],
  ['a second rel, which does not count', `<${hub}>; rel=next; rel=hub`, [[], null], null],
  [
    'words in quotes that look like a link',
    `</x>; title="a, <b>; rel=hub \\" "; rel=next, <${hub}>; rel=hub`,
    [[], null],
    { hubs: [hub], topic: asked },
  ],
  ['addresses that no hub can have', '<ftp://x/>; rel=hub, <javascript:1>; rel=hub, <https://u:p@x.test/>; rel=hub', [[], null], null],
  ['an address without end', `<https://x.test/${'y'.repeat(1000)}>; rel=hub`, [[], null], null],
  ['a self link that is no web address', `<${hub}>; rel=hub`, [[], 'urn:x:1'], { hubs: [hub], topic: asked }],
  ['a field that cannot be read', `rel=hub; <${hub}>`, [[], null], null],
  ['a field whose end is missing', `<${hub}>; rel="hub`, [[], null], null],
])('finds hubs and topic in %s', ([, link, inDocument, expected]) => check(link, inDocument, expected));

test('finds hubs and topic in every format', async () => {
  const links = `<link rel="hub" href="${hub}"/><link rel="self" href="https://a.test/self"/>`;
  const documents = [
    `<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>t</title>${links}</feed>`,
    `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title>${links.replaceAll('<link', '<atom:link')}</channel></rss>`,
    `{"version":"https://jsonfeed.org/version/1.1","title":"t","feed_url":"https://a.test/self","hubs":[{"type":"WebSub","url":"${hub}"}],"items":[]}`,
  ];
  for (const text of documents) {
    const parsed = await parseFeed({ bytes: Buffer.from(text), contentType: null, url: asked });
    if (parsed.kind !== 'feed') throw new Error(parsed.problem.message);
    expect(readHubOffer(null, parsed.feed, { asked, url: asked })).toEqual({ hubs: [hub], topic: 'https://a.test/self' });
  }
});

test('Link fields with twenty thousand brackets are read in linear time', () => {
  for (const text of ['<', '<>;', '<a>;"', '<a>; b="\\', '<a>;;;; '])
    expect(readHubOffer(text.repeat(20_000), null, { asked, url: asked })).toBeNull();
});
