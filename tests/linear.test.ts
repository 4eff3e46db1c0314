import robotsParser from 'robots-parser';
import { expect, test } from 'vitest';
import { escapeVariables, substitute } from '../src/config/substitute.ts';
import { toProfile } from '../src/fold/prepare/profile.ts';
import { parseHttpDate } from '../src/model/values/http-date.ts';
import { readFreshUntil, readRetryAfter } from '../src/ingest/http/poll-hints.ts';
import type { ParsedItem, SourceBytes } from '../src/model/parsed.ts';
import { isRealChange } from '../src/normalise/text/change.ts';
import { parseDate } from '../src/normalise/dates/date.ts';
import { readHubOffer } from '../src/normalise/hub-offer.ts';
import { lacksText } from '../src/normalise/text/lacks-text.ts';
import { dropOwnFooter } from '../src/normalise/identity/own-feed-loops.ts';
import { readMark } from '../src/normalise/dates/mark-words.ts';
import { identifyItems } from '../src/normalise/identity/identity.ts';
import { describe, normalise } from '../src/normalise/normalise.ts';
import { hashVersion } from '../src/normalise/identity/text-hash.ts';
import { htmlToText } from '../src/normalise/text/text.ts';
import { toPlainTitle } from '../src/normalise/text/title.ts';
import { splitUpdates } from '../src/normalise/dates/update-marks.ts';
import { toHostKey, toUrlKey } from '../src/normalise/identity/url.ts';
import { toCharset } from '../src/parse/text/charsets.ts';
import { decodeText } from '../src/parse/text/decode.ts';
import { findCandidates } from '../src/parse/discovery/discover.ts';
import { toAddressKey, toFeedAddress } from '../src/parse/opml/feed-address.ts';
import { mendJson } from '../src/parse/json/mend-json.ts';
import { parseOpml } from '../src/parse/opml/opml.ts';
import { parseFeed } from '../src/parse/parse.ts';
import { resolveHtml, resolveUrl } from '../src/parse/text/resolve-url.ts';
import { toChannelFeed, toCommonPaths, toSiteFeeds } from '../src/parse/discovery/site-feeds.ts';
import { canSpell, toSlug } from '../src/model/values/slug.ts';
import { limitTexts } from '../src/parse/text/text-limit.ts';
import { createComparer } from '../src/publish/diff/difference.ts';
import { toMatcher } from '../src/publish/selection/match.ts';
import { toPageText } from '../src/publish/html/page/text.ts';
import { sanitise, toPlainText } from '../src/publish/html/sanitise.ts';
import { toSearchWords } from '../src/publish/selection/search-words.ts';
import { isAbsoluteIri, toLine } from '../src/publish/html/xml-text.ts';
import { guessMediaType, toLanguageTag, toMediaType, toWebUrl } from '../src/publish/selection/terms.ts';
import { cutText } from '../src/publish/html/text-budget.ts';
import { acceptsFeed, chooseCoding } from '../src/serve/http/accept.ts';
import { takesDelta } from '../src/serve/http/delta.ts';
import { checkHost, checkTarget } from '../src/serve/http/request-target.ts';
import { shapes } from './support/hostile-shapes.ts';
import { makeItem } from './support/item.ts';
import { formats } from '../src/publish/documents/document.ts';
import { renderStories, toContext, toStory } from './support/story.ts';
import { sample } from './support/scale.ts';

const context = { sourceId: 'a', homePage: 'https://a.test/', language: null, zone: 'UTC', seenAt: new Date('2026-03-10T12:00:00Z') };
const url = 'https://a.test/feed';
const now = context.seenAt;
const toBytes = (text: string, contentType: string | null = null): SourceBytes => ({
  bytes: new TextEncoder().encode(text),
  contentType,
  url,
});
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']]>', ']]&gt;');
const rss = (item: string) =>
  `<rss version="2.0"><channel><title>t</title><link>https://a.test/</link><item><guid>1</guid>${item}</item></channel></rss>`;
const readFeed = async (text: string, type: string | null = null) => {
  const result = await parseFeed(toBytes(text, type));
  if (result.kind === 'refused') return;
  describe(result.feed);
  for (const item of identifyItems(result.feed).items) normalise(item, null, context);
};
const read = (item: Partial<ParsedItem>) =>
  normalise({ item: makeItem(item), identity: '1', position: 0, contentHash: 'x' }, null, context);
// The types of the package are written for CommonJS.
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

/** All functions that receive text of strangers. `most` is the greatest length that can reach the
 *  function, where that is less than a document. */
const readers: readonly (readonly [name: string, read: (text: string) => unknown, most?: number])[] = [
  ['a document that is nothing else', (text) => readFeed(text)],
  ['a title of RSS', (text) => readFeed(rss(`<title>${escape(text)}</title>`))],
  ['a text of RSS', (text) => readFeed(rss(`<description>${escape(text)}</description>`))],
  ['a text of RSS in CDATA', (text) => readFeed(rss(`<description><![CDATA[${text.replaceAll(']]>', '')}]]></description>`))],
  [
    'an author, a category, a date and a link',
    (text) => readFeed(rss(['author', 'category', 'pubDate', 'link'].map((name) => `<${name}>${escape(text)}</${name}>`).join(''))),
  ],
  [
    'XHTML in Atom',
    (text) =>
      readFeed(
        `<feed xmlns="http://www.w3.org/2005/Atom"><id>u:1</id><title>t</title><entry><id>u:2</id><title>t</title><content type="xhtml"><div>${text}</div></content></entry></feed>`,
      ),
  ],
  [
    'attributes of Atom',
    (text) =>
      readFeed(
        `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>u:2</id><link href="${escape(text).replaceAll('"', '&quot;')}"/></entry></feed>`,
      ),
  ],
  [
    'JSON Feed',
    (text) =>
      readFeed(
        JSON.stringify({
          version: 'https://jsonfeed.org/version/1.1',
          title: text,
          items: [{ id: '1', content_html: text, title: text, date_published: text, tags: [text], url: text }],
        }),
        'application/feed+json',
      ),
  ],
  [
    'broken JSON',
    (text) => readFeed(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","content_text":${text}`, 'application/feed+json'),
  ],
  [
    'OPML',
    (text) =>
      parseOpml(
        `<opml><body><outline text="${escape(text).replaceAll('"', '&quot;')}" xmlUrl="https://a.test/${encodeURIComponent(text.toWellFormed())}"/>${text}</body></opml>`,
      ),
  ],
  [
    'a page that feeds are looked for on',
    (text) => findCandidates(toBytes(`<html><head>${text}</head><body>${text}</body>`), text.slice(0, 16_000)),
  ],
  ['mended JSON', (text) => mendJson(text)],
  ['bytes of any charset', (text) => decodeText(Buffer.from(text, 'latin1'), `text/xml; charset=${text.slice(0, 16_000)}`)],
  ['the name of a charset', toCharset],
  [
    'an address of a list',
    (text) => [toAddressKey(`https://a.test/${text}`), toAddressKey(text), toFeedAddress(text), toFeedAddress(`feed:${text}`)],
  ],
  ['variables', (text) => [escapeVariables(text), substitute(text, {})]],
  ['a slug', (text) => [toSlug(text, 63), canSpell(text)]],
  ['links of a text', (text) => [resolveHtml(text, url), resolveUrl(text, url)]],
  [
    'an address that a site has feeds below',
    (text) =>
      [`https://a.test/${text}`, text].map(
        (page) => URL.canParse(page) && [toSiteFeeds(page), toCommonPaths(page), toChannelFeed(page, text)],
      ),
  ],
  ['a long text', (text) => limitTexts([makeItem({ html: text })])],
  [
    'robots.txt',
    (text) => parseRobots('https://a.test/robots.txt', text).isDisallowed(`https://a.test/${text.slice(0, 2000)}`, 'Newsfold'),
  ],
  ['plain text of HTML', htmlToText],
  ['update marks', splitUpdates],
  ['one mark', readMark],
  ['a date', parseDate],
  ['a plain title', (text) => [toPlainTitle(text, 'html'), toPlainTitle(text, 'unknown')]],
  [
    'keys of addresses',
    (text) =>
      [`https://a.test/${text}`, `https://a.test/?${text}`, `https://a.test/#!/${text}`, text].map((address) => [
        toUrlKey(address),
        toHostKey(address),
      ]),
  ],
  ['the hash of a version', (text) => hashVersion(text, text, text)],
  [
    'a change',
    (text) => [
      isRealChange({ title: 'a', text }, { title: 'a', text: `${text}b` }),
      isRealChange({ title: text, text }, { title: `${text}a`, text: 'b' }),
    ],
  ],
  ['our own footer', (text) => [dropOwnFooter(text), dropOwnFooter(`<p class="newsfold-also">${text}`)]],
  ['a text that may be missing', (text) => lacksText({ url, html: text, summary: text })],
  ['an entry', (text) => read({ html: text, title: text, summary: text })],
  ['Link fields', (text) => readHubOffer(`<https://a.test/>${text}`, null, { asked: url, url }), 20_000],
  [
    'fields of an answer',
    (text) => [
      readRetryAfter(text, now),
      parseHttpDate(text, now, 'tolerant'),
      readFreshUntil({ cacheControl: text, age: text, expires: text, date: text }, now),
    ],
    20_000,
  ],
  ['the profile for folding', (text) => toProfile(text, text)],
  ['sanitised HTML', (text) => sanitise(text, url)],
  ['text of sanitised HTML', toPlainText],
  ['a text on a page', (text) => toPageText(text, url, { images: true, headingLevel: 2 })],
  ['a text that is cut', (text) => cutText(sanitise(text, null), text.length / 2, url)],
  ['compared versions', (text) => createComparer('en')(text, `b ${text} c`)],
  ['words of a search', toSearchWords, 2000],
  ['a line of a document', (text) => toLine(text, 100)],
  [
    'addresses and names of a document',
    (text) => [
      toWebUrl(text),
      toWebUrl(`https://a.test/${text}`),
      guessMediaType(`https://a.test/${encodeURI(text.toWellFormed())}`),
      toMediaType(text),
      toLanguageTag(text),
      isAbsoluteIri(text),
    ],
  ],
  [
    'a rule of a feed',
    (text) => toMatcher({ field: 'url', pattern: '/(a|b|/)*a+c/' })({ sourceId: 'a', url: text, language: null, words: null }),
  ],
  [
    'documents of three formats',
    (text) => {
      const said = {
        html: text,
        text,
        title: text,
        summary: text,
        authors: [{ name: text, url: text, email: null }],
        categories: [text],
        rights: text,
      };
      return formats.map((format) => renderStories([toStory({}, { revision: said })], format, toContext()));
    },
  ],
  [
    'fields of a request',
    (text) => [chooseCoding(text), chooseCoding(`gzip;q=${text}`), acceptsFeed(text), takesDelta(text, text)],
    16_000,
  ],
  ['target and host', (text) => [checkTarget(`http://a/${text}`), checkHost(['host', text])], 16_000],
];

const LENGTH = 5000;
/** Work on the longest text is not examined below this time. Work that grows with the square takes
 *  hundreds of milliseconds. */
const QUICK_MS = 25;
/** Greatest allowed growth of time for a text of four times the length. Linear work takes four
 *  times as long, more on a busy machine; quadratic work sixteen times. */
const MOST_TIMES = 9;

/** Patterns look for other endings, so they search the whole text in vain. */
const END = '!x';

async function costMs(work: (text: string) => unknown, shape: string, length: number): Promise<number> {
  const text = shape.repeat(Math.ceil(length / shape.length)) + END;
  const start = process.cpuUsage();
  await work(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function best(work: (text: string) => unknown, shape: string, length: number): Promise<number> {
  let least = Infinity;
  for (let n = 0; n < 4; n++) least = Math.min(least, await costMs(work, shape, length));
  return least;
}

const cases = readers.map((reader) => ({ name: reader[0], work: reader[1], most: reader[2] ?? 4 * LENGTH }));

test.each(cases)('time grows no faster than the length of the text: $name', async ({ work, most }) => {
  const slow: string[] = [];
  for (const shape of sample(shapes, 4)) {
    if ((await costMs(work, shape, most)) < (QUICK_MS * most) / (4 * LENGTH)) continue;
    const [short, middle, long] = [await best(work, shape, most / 4), await best(work, shape, most / 2), await best(work, shape, most)];
    if (long > QUICK_MS / 4 && long > MOST_TIMES * short && long > (MOST_TIMES / 3) * middle)
      slow.push(`${JSON.stringify(shape)}: ${[short, middle, long].map(Math.round).join(', ')} ms`);
  }
  expect(slow).toEqual([]);
});
