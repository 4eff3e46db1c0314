import { smallFeed } from './hostile.ts';

/** A document that is built to break its reader. */
export interface HostileDocument {
  readonly name: string;
  /** Makes the document, about 10 MB or 100,000 pieces at a scale of 1. Large documents are made
   *  again at each call. */
  readonly make: (scale: number) => string | Uint8Array;
  readonly contentType?: string;
  /** The number of its entries, or the code of the problem for which it has none. */
  readonly expected: number | RegExp;
}

const MIB = 1 << 20;
/** A little below the default limit of 10 MiB. */
const ALMOST = 10 * MIB - 1000;

const rss = (inside: string) => `<rss version="2.0"><channel><title>Hostile</title>${inside}</channel></rss>`;
const item = (inside: string) => rss(`<item><guid>a</guid><title>Ferry returns</title>${inside}</item>`);
const fill = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));
const html = (inside: string) => item(`<description><![CDATA[${inside}]]></description>`);
const numbered = (count: number, make: (n: number) => string) => Array.from({ length: Math.ceil(count) }, (_, n) => make(n)).join('');

const entity = (name: string, of: string) => `<!ENTITY ${name} "${of.repeat(10)}">`;
const laughs = `<!DOCTYPE rss [<!ENTITY a0 "ha">${numbered(9, (n) => entity(`a${n + 1}`, `&a${n};`))}]>`;

/** Documents with too many or too large pieces. */
const large: readonly HostileDocument[] = [
  {
    name: 'a text node beyond the limit',
    expected: /^fetch\/too-large$/,
    make: (scale) => item(`<description>${fill('word ', scale * 50 * MIB)}</description>`),
  },
  { name: 'one long text', expected: 1, make: (scale) => item(`<description>${fill('word ', scale * ALMOST)}</description>`) },
  { name: 'one long word', expected: 1, make: (scale) => item(`<description>${fill('x', scale * ALMOST)}</description>`) },
  { name: 'nothing but white space', expected: /^feed\/empty$/, make: (scale) => fill(' \n', scale * ALMOST) },
  {
    name: 'nothing but white space before a feed',
    expected: /^feed\/unknown-format$/,
    make: (scale) => fill(' \n', scale * ALMOST - 500) + smallFeed(),
  },
  { name: 'nothing but junk', expected: /^feed\/unknown-format$/, make: (scale) => fill('junk ', scale * ALMOST) },
  { name: 'no bytes', expected: /^feed\/empty$/, make: () => '' },
  {
    name: 'a title without end',
    expected: 1,
    make: (scale) => rss(`<item><guid>a</guid><title>${fill('word ', scale * 9 * MIB)}</title></item>`),
  },
  {
    name: 'an id without end',
    expected: 1,
    make: (scale) => rss(`<item><guid>${fill('x', scale * 9 * MIB)}</guid><title>a</title></item>`),
  },
  { name: 'a link without end', expected: 1, make: (scale) => item(`<link>https://a.test/${fill('x', scale * 9 * MIB)}</link>`) },
  { name: 'a date without end', expected: 1, make: (scale) => item(`<pubDate>${fill('1 ', scale * 9 * MIB)}</pubDate>`) },
  { name: 'an attribute without end', expected: 1, make: (scale) => item(`<enclosure url="${fill('x', scale * 9 * MIB)}"/>`) },
  { name: 'very many attributes', expected: 1, make: (scale) => item(`<enclosure ${numbered(scale * 100_000, (n) => `a${n}="b" `)}/>`) },
  { name: 'very many namespaces', expected: 1, make: (scale) => item(`<x ${numbered(scale * 100_000, (n) => `xmlns:a${n}="b" `)}/>`) },
  { name: 'very many categories', expected: 1, make: (scale) => item(numbered(scale * 100_000, (n) => `<category>c${n}</category>`)) },
  {
    name: 'very many enclosures',
    expected: 1,
    make: (scale) => item(numbered(scale * 100_000, (n) => `<enclosure url="https://a.test/${n}"/>`)),
  },
  { name: 'very many names of elements', expected: 1, make: (scale) => item(numbered(scale * 100_000, (n) => `<e${n}>x</e${n}>`)) },
  {
    name: 'one id very many times',
    expected: 1,
    make: (scale) => rss(fill('<item><guid>a</guid><title>Ferry</title></item>', scale * 4_700_000)),
  },
  {
    name: 'very many items',
    expected: /^\d{4,}$/,
    make: (scale) => rss(numbered(scale * 100_000, (n) => `<item><guid>${n}</guid><title>Ferry ${n} returns</title></item>`)),
  },
  { name: 'very many empty items', expected: 0, make: (scale) => rss('<item/>'.repeat(scale * 100_000)) },
];

/** Documents whose nesting or markup never ends. */
const deep: readonly HostileDocument[] = [
  {
    name: 'very many elements inside each other',
    expected: 1,
    make: (scale) => item('<x>'.repeat(scale * 100_000) + '</x>'.repeat(scale * 100_000)),
  },
  { name: 'very many elements that stay open', expected: 1, make: (scale) => item('<x>'.repeat(scale * 1_000_000)) },
  {
    name: 'very many open elements and foreign ends',
    expected: 1,
    make: (scale) => item(numbered(scale * 100_000, (n) => `<x${n}>`) + numbered(scale * 100_000, (n) => `</y${n}>`)),
  },
  {
    name: 'very many items inside each other',
    expected: /^\d+$/,
    make: (scale) => rss(numbered(scale * 100_000, (n) => `<item><guid>${n}</guid>`)),
  },
  { name: 'very many divs in a text', expected: 1, make: (scale) => html('<div>'.repeat(scale * 100_000)) },
  {
    name: 'very many blockquotes and ends in a text',
    expected: 1,
    make: (scale) => html('<blockquote><p>'.repeat(scale * 100_000) + '</b></i>'.repeat(scale * 100_000)),
  },
  { name: 'very many arrays inside each other', expected: /^(feed|json)\//, make: (scale) => '['.repeat(scale * 100_000) },
  {
    name: 'very many objects inside each other',
    expected: /^(feed|json)\/|^\d+$/,
    make: (scale) =>
      `{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[],"x":${'{"x":'.repeat(scale * 100_000)}1${'}'.repeat(scale * 100_000 + 1)}`,
  },
  { name: 'nothing but <', expected: 1, make: (scale) => item(`<description>${fill('<', scale * ALMOST)}</description>`) },
  { name: 'nothing but < in a text', expected: 1, make: (scale) => html(fill('<', scale * ALMOST)) },
  { name: 'nothing but <a in a text', expected: 1, make: (scale) => html(fill('<a ', scale * ALMOST)) },
  { name: 'nothing but <!-- in a text', expected: 1, make: (scale) => html(fill('<!-- ', scale * ALMOST)) },
  { name: 'nothing but &', expected: 1, make: (scale) => item(`<description>${fill('&', scale * ALMOST)}</description>`) },
  { name: 'nothing but &amp;', expected: 1, make: (scale) => item(`<description>${fill('&amp;', scale * ALMOST)}</description>`) },
  { name: 'nothing but &#', expected: 1, make: (scale) => item(`<description>${fill('&#', scale * ALMOST)}</description>`) },
  { name: 'nothing but comments that stay open', expected: 1, make: (scale) => item('<!-- '.repeat(scale * 2_000_000)) },
  { name: 'nothing but CDATA that stays open', expected: 1, make: (scale) => item('<![CDATA['.repeat(scale * 1_100_000)) },
  { name: 'nothing but ]]>', expected: 1, make: (scale) => item(`<description>${fill(']]>', scale * ALMOST)}</description>`) },
  { name: 'nothing but <? that stay open', expected: 1, make: (scale) => item('<?x '.repeat(scale * 2_500_000)) },
  { name: 'nothing but <!DOCTYPE that stay open', expected: 1, make: (scale) => item('<!DOCTYPE ['.repeat(scale * 900_000)) },
  { name: 'nothing but quotes in a tag', expected: 1, make: (scale) => item(`<enclosure ${fill('"\'', scale * ALMOST)}/>`) },
  { name: 'nothing but = in a tag', expected: 1, make: (scale) => item(`<enclosure ${fill('= ', scale * ALMOST)}/>`) },
];

/** Texts on which regular expressions may be slow. */
const slow: readonly HostileDocument[] = [
  { name: 'very many update marks', expected: 1, make: (scale) => html('<p>Update (1545ET): more.</p><hr>'.repeat(scale * 100_000)) },
  { name: 'an update mark that does not end', expected: 1, make: (scale) => html(`<p>Update (${fill('1545ET, ', scale * 9 * MIB)}`) },
  { name: 'nothing but Update', expected: 1, make: (scale) => html(`<p>${fill('Update ', scale * 9 * MIB)}</p>`) },
  { name: 'nothing but line breaks', expected: 1, make: (scale) => html(fill('<br>', scale * 9 * MIB)) },
  { name: 'nothing but spaces in a text', expected: 1, make: (scale) => html(`a${fill(' ', scale * 9 * MIB)}b`) },
  {
    name: 'nothing but spaces in a title',
    expected: 1,
    make: (scale) => rss(`<item><guid>a</guid><title>a${fill(' ', scale * 9 * MIB)}b</title></item>`),
  },
  { name: 'nothing but dots in a link', expected: 1, make: (scale) => item(`<link>https://a.test/${fill('../', scale * 9 * MIB)}</link>`) },
  {
    name: 'nothing but & in a link',
    expected: 1,
    make: (scale) => item(`<link>https://a.test/?${fill('a=b&amp;', scale * 9 * MIB)}</link>`),
  },
  { name: 'nothing but digits in a date', expected: 1, make: (scale) => item(`<pubDate>${fill('1', scale * 9 * MIB)}</pubDate>`) },
  { name: 'nothing but spaces in a date', expected: 1, make: (scale) => item(`<pubDate>Tue,${fill(' ', scale * 9 * MIB)}1</pubDate>`) },
  { name: 'nothing but lines of white space', expected: 1, make: (scale) => html(fill(' \n', scale * 9 * MIB)) },
  { name: 'nothing but combining marks', expected: 1, make: (scale) => html(`a${fill('\u0301', scale * 4 * MIB)}`) },
  { name: 'nothing but ideographs', expected: 1, make: (scale) => html(fill('港口的渡轮再次起航', scale * 3 * MIB)) },
  { name: 'nothing but links', expected: 1, make: (scale) => html(fill('<a href="https://a.test/">a</a> ', scale * 9 * MIB)) },
];

/** Documents with false declarations or forbidden references. */
const untrue: readonly HostileDocument[] = [
  { name: 'a billion laughs', expected: 1, make: () => `<?xml version="1.0"?>${laughs}${item('<description>&a9;</description>')}` },
  {
    name: 'a large entity used very often',
    expected: 1,
    make: (scale) =>
      `<!DOCTYPE rss [<!ENTITY a "${'a'.repeat(15_000)}">]>${item(`<description>${'&a;'.repeat(scale * 3_000_000)}</description>`)}`,
  },
  {
    name: 'an external entity',
    expected: 1,
    make: () => `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>${item('<description>&a;</description>')}`,
  },
  { name: 'a parameter entity', expected: 1, make: () => `<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.9/"> %a;]>${item('')}` },
  { name: 'a DTD that does not end', expected: /^\d+$|^feed\//, make: () => `<!DOCTYPE rss [ ${item('')}` },
  {
    name: 'an inclusion',
    expected: 1,
    make: () => item('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
  },
  { name: 'a stylesheet', expected: 1, make: () => `<?xml-stylesheet href="file:///etc/passwd"?>${item('')}` },
  {
    name: 'UTF-8 that says it is UTF-16',
    expected: 1,
    contentType: 'text/xml; charset=utf-16',
    make: () => item('<author>Ö</author>'),
  },
  {
    name: 'Latin-1 that says it is UTF-8',
    expected: 1,
    contentType: 'text/xml; charset=utf-8',
    make: () => Buffer.from(item('<author>\xd6</author>'), 'latin1'),
  },
  { name: 'an unknown charset', expected: 1, contentType: 'text/xml; charset=klingon', make: () => item('') },
  {
    name: 'UTF-7',
    expected: 1,
    contentType: 'text/xml; charset=utf-7',
    make: () => item('<description>+ADw-script+AD4-</description>'),
  },
  {
    name: 'UTF-32',
    expected: /^\d+$|^feed\//,
    contentType: 'text/xml; charset=utf-32',
    make: () => new Uint8Array(Uint32Array.from(Buffer.from(item(''))).buffer),
  },
  { name: 'half a UTF-16 character', expected: 1, make: () => Buffer.from(`\ufeff${item('')}`, 'utf16le').subarray(0, -1) },
  { name: 'NUL bytes', expected: 1, make: () => item('<description>a\0b</description>\0') },
  { name: 'nothing but NUL bytes', expected: /^feed\//, make: (scale) => new Uint8Array(scale * ALMOST) },
  { name: 'control characters', expected: 1, make: () => item('<description>\x01\x02\x0b\x0c\x1f\x7f\ufffe\uffff</description>') },
  {
    name: 'lone surrogates',
    expected: 1,
    make: () => item('<description>&#xd800;&#xdfff; &#x110000; &#0; &#-1; &#99999999999;</description>'),
  },
  { name: 'a feed that says it is a picture', expected: 1, contentType: 'image/png', make: () => item('') },
  {
    name: 'a picture that says it is a feed',
    expected: /^feed\//,
    contentType: 'application/rss+xml',
    make: () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  },
  {
    name: 'a web page that says it is a feed',
    expected: /^feed\/html-page$/,
    contentType: 'application/rss+xml',
    make: () => '<!doctype html><html><body>Log in</body></html>',
  },
  {
    name: 'JSON that says it is XML',
    expected: 1,
    contentType: 'text/xml',
    make: () => '{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":"a","title":"b"}]}',
  },
  {
    name: 'JSON with a prototype',
    expected: /^\d+$/,
    make: () =>
      '{"version":"https://jsonfeed.org/version/1.1","title":"a","__proto__":{"x":1},"items":[{"id":"a","__proto__":{"title":"b"},"constructor":{"prototype":1}}]}',
  },
  {
    name: 'JSON of wrong types',
    expected: /^\d+$|^(feed|json)\//,
    make: () => '{"version":1,"title":{},"items":[null,1,"a",[],{"id":{}},{"id":1e999,"title":[],"tags":{},"authors":1}]}',
  },
  {
    name: 'elements named like properties of objects',
    expected: 1,
    make: () => item('<__proto__>a</__proto__><constructor>b</constructor><toString>c</toString><hasOwnProperty>d</hasOwnProperty>'),
  },
];

/** All hostile documents. */
export const hostileDocuments: readonly HostileDocument[] = [...large, ...deep, ...slow, ...untrue];
