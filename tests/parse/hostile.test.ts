import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifyItems } from '../../src/normalise/identity/identity.ts';
import { normalise } from '../../src/normalise/normalise.ts';
import { parseFeed } from '../../src/parse/parse.ts';
import { createRandom } from '../support/damage.ts';
import { mutate } from '../support/mutate.ts';
import { cases, isFull, sample } from '../support/scale.ts';

const context = { sourceId: 'a', homePage: null, language: null, zone: 'UTC', seenAt: new Date('2026-03-10T12:00:00Z') };

/** Reads and normalises a document as a run does. Returns the number of items, or the code of the
 *  refusal. */
async function read(bytes: Uint8Array): Promise<number | string> {
  const result = await parseFeed({ bytes, contentType: null, url: 'https://a.test/feed' });
  if (result.kind === 'refused') return result.problem.code;
  for (const item of identifyItems(result.feed).items) normalise(item, null, context);
  return result.feed.items.length;
}

async function costMs(text: string): Promise<number> {
  const bytes = new TextEncoder().encode(text);
  const start = process.cpuUsage();
  await read(bytes);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const LENGTH = 25_000;

/** Expects less than quadratic time: four times the length may take ten times as long, to allow for
 *  a busy machine. Under 200 ms nothing is compared. A failure is measured again, up to three
 *  times. */
async function check(make: (unit: string) => string, unit: string): Promise<void> {
  const of = (length: number) => make(unit.repeat(Math.ceil(length / unit.length)));
  for (let attempt = 0; attempt < 3; attempt++) {
    const short = await costMs(of(LENGTH));
    const long = await costMs(of(4 * LENGTH));
    if (long < 200 || long < 10 * short) return;
  }
  expect.fail(`${JSON.stringify(unit)} takes more than linear time`);
}

const inItem = (inside: string) => `<rss version="2.0"><channel><title>T</title><item><guid>1</guid>${inside}</item></channel></rss>`;
const wrappers: readonly (readonly [string, (unit: string) => string])[] = [
  ['a document', (text) => text],
  ['a channel', (text) => `<rss version="2.0"><channel>${text}</channel></rss>`],
  ['an item', inItem],
  ['a description', (text) => inItem(`<description>${text}</description>`)],
  ['CDATA', (text) => inItem(`<description><![CDATA[${text.replaceAll(']]>', ']]')}]]></description>`)],
  ['a tag', (text) => inItem(`<enclosure ${text}`)],
  ['XHTML', (text) => `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div>${text}</div></content></entry></feed>`],
  ['author, date and link', (text) => inItem(`<author>${text}</author><pubDate>${text}</pubDate><link>${text}</link>`)],
  ['a document type', (text) => `<!DOCTYPE ${text}${inItem('')}`],
];
const markup =
  '<|<!--|<![CDATA[|]]>|&|&#|&amp;|<a |="|<a b="|</x>|<?|<?x |<!|<!DOCTYPE[|<x>|<item>|<item|<title>|</title>|<b>|a<p|<p|<category>|<link>|<a b="c/>|<a b=c"|' +
  '<author><name>|a@b (|<x xmlns="a">|<x xmlns:a="b"/>|<media:group>|<content:encoded>|<svg><title>|<br/>|<script>|</i>|<i><p></i>';
const words =
  'Ã©|Â|\u0000|\n| |\u0301|a\u200b|&nbsp;|Update: |<p>Update:</p>|<p>Update 1: a</p>|* * *\n\n|<hr>|<div><p>|<table><tr><td>|<p>a</b>|1,|{"|[';

test.each(
  sample(
    wrappers.flatMap(([place, make]) => `${markup}|${words}`.split('|').map((unit) => [JSON.stringify(unit), place, unit, make] as const)),
    5,
  ),
)('%s without end in %s takes time in proportion', (_, __, unit, make) => check(make, unit));

const many = (count: number, make: (n: number) => string) => Array.from({ length: count }, (_, n) => make(n)).join('');

test.each<[string, () => string, number | string]>([
  ['a million attributes', () => inItem(`<x${many(1e6, (n) => ` a${n}="b"`)}/>`), 1],
  ['a million namespaces', () => inItem(`<x${many(1e6, (n) => ` xmlns:a${n}="b"`)}/>`), 1],
  [
    'a namespace scope for each element',
    () =>
      `<rss${many(3000, (n) => ` xmlns:a${n}="b"`)}><channel><item>${many(50_000, (n) => `<a${n % 3000}:b xmlns:c${n}="d"/>`)}</item></channel></rss>`,
    1,
  ],
  ['a million categories', () => inItem(many(1e6, (n) => `<category>${n}</category>`)), 1],
  ['300,000 enclosures', () => inItem(many(300_000, (n) => `<enclosure url="https://a.test/${n}"/>`)), 1],
  ['100,000 items', () => `<rss><channel>${many(100_000, (n) => `<item><guid>${n}</guid></item>`)}</channel></rss>`, 20_000],
  ['100,000 levels', () => inItem(`${many(100_000, (n) => `<x${n}>`)}<title>a</title>`), 1],
  ['unclosed CDATA in elements of many names', () => inItem(many(100_000, (n) => `<x${n}><![CDATA[<![CDATA[`)), 1],
  ['a text of 20 MB', () => inItem(`<title>a</title><x>${'word '.repeat(4e6)}</x>`), 1],
  [
    'a billion laughs',
    () =>
      `<!DOCTYPE rss [<!ENTITY a "ha">${many(30, (n) => `<!ENTITY b${n} "${`&b${n - 1};`.repeat(10)}">`)}]>${inItem('<title>&b29;</title>')}`,
    1,
  ],
  ['an external entity', () => `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>${inItem('<title>&a;</title>')}`, 1],
  ['JSON a million levels deep', () => `{"version":"https://jsonfeed.org/version/1.1","items":${'['.repeat(1e6)}`, 'feed/not-json-feed'],
])('%s is read or refused within seconds', async (_, make, expected) => {
  const bytes = new TextEncoder().encode(make());
  const start = process.cpuUsage();
  expect(await read(bytes)).toBe(expected);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(10);
});

test('reading and normalising never throw on random bytes', async () => {
  const pieces =
    `${markup}|${words}|<rss><channel>|<feed>|<entry>|<description>|<content type="xhtml">|<pubDate>|</item>|</entry>|</channel>`.split(
      '|',
    );
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.constantFrom('', '<rss><channel><item>', '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'),
      async (parts, head) => {
        expect(['number', 'string']).toContain(typeof (await read(new TextEncoder().encode(head + parts.join('')))));
      },
    ),
    { numRuns: cases(1500) },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '<rss><channel><item>'), async (bytes, head) => {
      expect(['number', 'string']).toContain(typeof (await read(Uint8Array.from([...new TextEncoder().encode(head), ...bytes]))));
    }),
    { numRuns: cases(1000) },
  );
});

test('each fixture is read or refused when it is cut off or has changed bytes', async () => {
  const folder = join(import.meta.dirname, '../data/feeds');
  const random = createRandom(1);
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    for (let round = 0; round < (isFull ? 60 : 10); round++)
      expect(['number', 'string']).toContain(typeof (await read(mutate(bytes, random, round))));
  }
});
