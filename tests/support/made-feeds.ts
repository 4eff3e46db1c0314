import { createRandom } from './damage.ts';

/** Shapes of feeds that need different work of a parser. */
export type Shape = 'rss-cdata' | 'rss-escaped' | 'atom-html' | 'atom-xhtml' | 'rss-small' | 'rss-russian';

export const shapes: readonly Shape[] = ['rss-cdata', 'rss-escaped', 'atom-html', 'atom-xhtml', 'rss-small', 'rss-russian'];

const english = 'harbour council votes seven four second slipway beside ice house ferry sails again tide mill lamp storm road closed'.split(
  ' ',
);
const russian = 'гавань совет голосует семь четыре второй причал возле ледника паром снова прилив мельница маяк буря дорога закрыта'.split(
  ' ',
);

/** Returns a feed of one shape; the seed decides its words. */
export function makeFeed(shape: Shape, items: number, seed: number): string {
  const random = createRandom(seed);
  const words = shape === 'rss-russian' ? russian : english;
  const text = (count: number) => Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(' ');
  const html = () =>
    Array.from({ length: 6 }, () => `<p>${text(18)} <a href="https://made.test/${text(1)}?a=1&amp;b=2">${text(2)}</a> ${text(4)}</p>`).join(
      '\n',
    );
  const escape = (markup: string) => markup.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const minute = (n: number) => String(n % 60).padStart(2, '0');
  const rssItem = (n: number) => {
    const body = shape === 'rss-small' ? text(9) : shape === 'rss-escaped' ? escape(html()) : `<![CDATA[${html()}]]>`;
    const rest =
      shape === 'rss-small'
        ? ''
        : `<dc:creator>${text(2)}</dc:creator><category>${text(1)}</category><category>${text(1)}</category>` +
          `<enclosure url="https://made.test/${n}.mp3" length="${n + 1}" type="audio/mpeg"/>`;
    return (
      `<item>\n<title>${text(7)} ${n}</title>\n<link>https://made.test/${n}</link>\n<guid isPermaLink="false">made ${n}</guid>\n` +
      `<pubDate>Tue, 10 Mar 2026 12:${minute(n)}:00 GMT</pubDate>\n<description>${body}</description>\n${rest}</item>\n`
    );
  };
  const atomEntry = (n: number) =>
    `<entry>\n<title>${text(7)} ${n}</title>\n<link rel="alternate" href="https://made.test/${n}"/>\n<id>tag:made.test,2026:${n}</id>\n` +
    `<published>2026-03-10T12:${minute(n)}:00Z</published>\n<updated>2026-03-10T12:${minute(n)}:30Z</updated>\n` +
    `<author>\n<name>${text(2)}</name>\n</author>\n<category term="${text(1)}"/>\n` +
    (shape === 'atom-xhtml'
      ? `<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">${html()}</div></content>\n`
      : `<content type="html">${escape(html())}</content>\n`) +
    `</entry>\n`;
  const list = (make: (n: number) => string) => Array.from({ length: items }, (_, n) => make(n)).join('');
  if (shape.startsWith('atom'))
    return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<title>made</title>\n<link href="https://made.test/"/>\n<id>tag:made.test,2026:feed</id>\n${list(atomEntry)}</feed>\n`;
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n<title>made</title>\n` +
    `<link>https://made.test/</link>\n<description>made</description>\n${list(rssItem)}</channel>\n</rss>\n`
  );
}
