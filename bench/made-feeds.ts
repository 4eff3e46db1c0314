import { createRandom } from '../tests/support/damage.ts';
import type { Random } from '../tests/support/damage.ts';

/** Generated feeds like those of a planet, in RSS or Atom, in words as frequent as in a language.
 *  Each has ENTRIES entries of about three kilobytes of HTML. One entry in five is in several
 *  feeds, half of them word for word and half with another first sentence, so that folding has
 *  work. */
export const ENTRIES = 33;

/** Returns one feed; the same number gives the same feed. Dates end at `now`. */
export function makeFeed(n: number, now: Date): string {
  const home = `http://site-${n}.test/`;
  const entries = Array.from({ length: ENTRIES }, (_, index) => makeEntry(n, index, now));
  if (n % 3 === 0) {
    const written = entries.map(
      ({ id, title, html, at }) =>
        `<entry><id>${id}</id><title>${title}</title><link href="${id}"/><published>${at.toISOString()}</published><updated>${at.toISOString()}</updated><author><name>A. Writer</name></author><category term="news"/><content type="html">${html.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</content></entry>`,
    );
    return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>${home}</id><title>Site ${n}</title><link href="${home}"/><updated>${now.toISOString()}</updated>${written.join('\n')}</feed>`;
  }
  const written = entries.map(
    ({ id, title, html, at }) =>
      `<item><title>${title}</title><link>${id}</link><guid>${id}</guid><pubDate>${at.toUTCString()}</pubDate><dc:creator>A. Writer</dc:creator><category>news</category><content:encoded><![CDATA[${html}]]></content:encoded></item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Site ${n}</title><link>${home}</link><description>d</description><language>en</language>${written.join('\n')}</channel></rss>`;
}

const SHARED = 2000;

function makeEntry(n: number, index: number, now: Date) {
  const isShared = (n + index) % 5 === 0;
  const story = isShared ? (n * 7 + index * 13) % SHARED : SHARED + n * ENTRIES + index;
  const random = createRandom(story + 1);
  const own = createRandom(n * ENTRIES + index + 1);
  const title = capitalise(makeSentence(random, 8));
  const paragraphs = Array.from(
    { length: 6 },
    () => `<p>${Array.from({ length: 5 }, () => `${capitalise(makeSentence(random, 12))}.`).join(' ')}</p>`,
  );
  // Half of the shared entries are exact copies, which keys alone can fold.
  const first =
    isShared && story % 2 === 0
      ? ''
      : `<p>${capitalise(makeSentence(own, 10))}. <a href="http://site-${n}.test/about">${makeSentence(own, 2)}</a></p>\n`;
  const html = first + paragraphs.join('\n');
  // Copies link to the site that published the entry first.
  const home = `http://site-${isShared ? story % 900 : n}.test/`;
  return { id: `${home}entry-${story}`, title, html, at: new Date(now.getTime() - (story % 1000) * 600_000 - 60_000) };
}

const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru sta spe tri'.split(' ');
const vocabulary = Array.from({ length: 8000 }, (_, n) => {
  const random = createRandom(n + 77);
  return Array.from({ length: 1 + Math.floor(random() * 3.5) }, () => syllables[Math.floor(random() * syllables.length)]).join('');
});

/** Returns words without a full stop. The cube makes a few words common and most rare, as in
 *  languages. */
function makeSentence(random: Random, words: number): string {
  return Array.from({ length: words }, () => vocabulary[Math.floor(random() ** 3 * vocabulary.length)]).join(' ');
}

/** Returns a maker of titles and texts of some hundred words. One in ten is a copy of an earlier
 *  one with a few words more. */
export function createTextMaker(random: Random): () => { readonly title: string; readonly text: string } {
  const next = (below: number) => Math.floor(random() * below);
  const made: { readonly title: string; readonly text: string }[] = [];
  return () => {
    const copied = next(10) === 0 ? made[next(made.length)] : undefined;
    if (copied !== undefined) return { title: copied.title, text: `${copied.text} ${makeSentence(random, 5)}.` };
    const sentences = Array.from({ length: 7 + next(4) }, () => `${makeSentence(random, 12)}.`);
    const one = { title: makeSentence(random, 8), text: sentences.join(' ') };
    made[made.length < 1000 ? made.length : next(1000)] = one;
    return one;
  };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
