import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourceDeclaration } from '../../../src/model/source.ts';
import { declare } from '../../support/bench.ts';
import { HOUR, openHistory } from '../../support/history.ts';
import type { HistoryBench } from '../../support/history.ts';

let history: HistoryBench;
beforeEach(async () => {
  history = await openHistory();
});
afterEach(() => history[Symbol.asyncDispose]());

/** An item of the feed. */
interface Post {
  readonly name: string;
  readonly title: string;
  readonly author: string;
  readonly html: string;
}

const AUTHORS = ['Anna Berg', 'Ben Holm', 'Carla Ruiz', 'Dora Lind', 'Emil Vik', 'Flora Noe', 'Gus Tamm', 'Hanna Ost'];
const THINGS = ['mill', 'ferry', 'lamp', 'bridge', 'orchard', 'slipway', 'choir', 'market', 'tower', 'canal', 'bakery', 'school'];

/** Returns posts that differ in every sentence. */
function write(count: number): readonly Post[] {
  return Array.from({ length: count }, (_, n) => {
    const thing = THINGS[n % THINGS.length] ?? '';
    const told = [
      `The old ${thing} at gate ${n} opens again after a long winter, say its keepers.`,
      `Nobody had painted the ${thing} since the flood of ${1900 + n}, and its roof let in rain and jackdaws.`,
      `A fund of the village paid for ${n + 3} new beams; carpenters from valley ${n} set them before the frost.`,
      `On Sunday the ${thing} shows its rooms to visitors, with soup number ${n} and a fiddler from street ${n}.`,
    ];
    return { name: `p${n}`, title: `A new roof for the ${thing} ${n}`, author: AUTHORS[n % AUTHORS.length] ?? '', html: paragraphs(told) };
  });
}

function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${text}</p>`).join('');
}

const sentence = (n: number, at: number) =>
  `In year ${at} of its life the house of post ${n} had guests from town ${n * 100 + at}, who stayed until spring.`;
const addEach = (posts: readonly Post[], more: (post: Post, n: number) => string) =>
  posts.map((post, n) => ({ ...post, html: post.html + more(post, n) }));
const firstParagraph = ({ html }: Post) => html.slice(0, html.indexOf('</p>') + 4);

function toSource(posts: readonly Post[], said: Partial<SourceDeclaration> = {}): SourceDeclaration {
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const items = posts.map(
    ({ name, title, author, html }) =>
      `<item><guid isPermaLink="false">urn:x:${name}</guid><link>https://a.test/${name}</link><title>${escape(title)}</title>` +
      `<dc:creator>${author}</dc:creator><pubDate>Tue, 10 Mar 2026 09:00:00 GMT</pubDate><description>${escape(html)}</description></item>`,
  );
  const head = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>A</title><link>https://a.test/</link>';
  return declare('file', history.bench.write('a.xml', `${head}${items.join('')}</channel></rss>`), { id: 'a', ...said });
}

/** Reads one state of the feed after another, an hour apart. Returns the names of the posts that
 *  have a version of which readers were told. */
async function readAll(states: readonly (readonly Post[])[], said: Partial<SourceDeclaration> = {}): Promise<readonly string[]> {
  for (const posts of states) {
    await history.run([toSource(posts, said)]);
    history.pass(HOUR);
  }
  return (await history.bench.stories())
    .filter(({ revisions }) => revisions.length > 1)
    .map(({ id }) => id.slice(6))
    .sort();
}

async function textOf(name: string): Promise<string> {
  return (await history.bench.stories()).find(({ id }) => id === `urn:x:${name}`)?.lead.entry.revision.text ?? '';
}

test.each<[label: string, more: (post: Post, n: number) => string]>([
  ['a footer', () => '<p>Subscribe to our letter and read on at home, every week, for 5 euros.</p>'],
  ['a line in the last paragraph', () => ' Read more at the site of the village paper.'],
  ['a short line', () => '<p>Share this</p>'],
  ['one author box', () => '<div><h4>About the author</h4><p>Anna Berg has written for this paper since 2009.</p></div>'],
  [
    'a box for each author',
    ({ author }) => `<div><h4>About the author</h4><p>${author} has kept bees for ${author.length * 3} years.</p></div>`,
  ],
  [
    'a fingerprint for each post',
    (_, n) => `<p>© The village paper. (Digital fingerprint: ${(0xa1b2c3d4 + n * 7919).toString(16)}f0e${n})</p>`,
  ],
  [
    'a line with the title of the post',
    ({ title, name }) => `<p>The post <a href="https://a.test/${name}">${title}</a> appeared first on A village.</p>`,
  ],
  ['a French footer', () => '<p>Abonnez-vous à notre lettre pour 5 € par mois et lisez tous nos articles.</p>'],
  ['a German footer', () => '<p>Unterstützen Sie unsere Arbeit: Schon ab 3 Euro im Monat sind Sie dabei.</p>'],
  ['a Spanish footer', () => '<p>Suscríbase a nuestro boletín: más de 20.000 lectores ya lo reciben.</p>'],
  ['an Italian footer', () => '<p>Iscriviti alla nostra newsletter: 10 minuti di lettura ogni sabato.</p>'],
  ['a Chinese footer', () => '<p>欢迎订阅我们的电子报，每周六早上八点发送。</p>'],
  ['a Japanese footer', () => '<p>メールマガジンのご登録はこちらから。毎週土曜日の朝8時に配信します。</p>'],
])('%s that all entries gain at once, and lose again, is no news', async (_, more) => {
  const posts = write(12);
  expect(await readAll([posts, addEach(posts, more), posts])).toEqual([]);
});

test('a template at the end of long texts, with a link and a picture, changes no published byte', async () => {
  const posts = write(6).map((post, n) => ({
    ...post,
    html: `${paragraphs(Array.from({ length: 60 }, (_, at) => sentence(n, at)))}${post.html}`,
  }));
  const document = async () => {
    await readAll([posts]);
    return history.read('');
  };
  const before = await document();
  const footer =
    '<p><a href="https://a.test/join"><img src="https://a.test/join.png" alt=""> Join the friends of the village paper now</a></p>';
  expect(await readAll([addEach(posts, () => footer)])).toEqual([]);
  expect(await history.read('')).toBe(before);
  const edited = addEach(posts, (post) => (post.name === 'p2' ? `<p>A bell came from Riga in the year 1911.</p>${footer}` : footer));
  expect(await readAll([edited])).toEqual(['p2']);
});

test('boxes that move from the end of all texts to their beginning are no news', async () => {
  const posts = write(6);
  const box = '<p>Anna Berg has written for this paper since 2009.</p>';
  expect(await readAll([addEach(posts, () => box), posts.map((post) => ({ ...post, html: box + post.html }))])).toEqual([]);
});

test('a year that changes in the footer of all entries is no news', async () => {
  const posts = write(10);
  const states = [2025, 2026].map((year) => addEach(posts, () => `<p>© ${year} The village paper, all rights reserved.</p>`));
  expect(await readAll(states)).toEqual([]);
});

test('a name of the site that all titles gain at once is no news', async () => {
  const posts = write(8);
  expect(await readAll([posts, posts.map((post) => ({ ...post, title: `${post.title} – The village paper` })), posts])).toEqual([]);
});

test('nine of ten entries are enough, and so are three of three', async () => {
  const posts = write(10);
  const footer = () => '<p>Subscribe to our letter and read on at home.</p>';
  expect(await readAll([posts, [...addEach(posts.slice(0, 9), footer), ...posts.slice(9)]])).toEqual([]);
  await history[Symbol.asyncDispose]();
  history = await openHistory();
  expect(await readAll([posts.slice(0, 3), addEach(posts.slice(0, 3), footer)])).toEqual([]);
});

test('two entries, or less than four fifths of a document, are no template', async () => {
  const posts = write(10);
  const footer = () => '<p>Subscribe to our letter and read on at home.</p>';
  expect(await readAll([posts, [...addEach(posts.slice(0, 7), footer), ...posts.slice(7)]])).toEqual(
    posts.slice(0, 7).map(({ name }) => name),
  );
  await history[Symbol.asyncDispose]();
  history = await openHistory();
  expect(await readAll([posts.slice(0, 2), addEach(posts.slice(0, 2), footer)])).toEqual(['p0', 'p1']);
});

test('an edit that comes with a new footer is told, the footers of the others are not', async () => {
  const posts = write(12);
  const edited = posts.map((post) => (post.name === 'p4' ? { ...post, html: post.html.replace('7 new beams', '9 new beams') } : post));
  expect(await readAll([posts, addEach(edited, () => '<p>Subscribe to our letter and read on at home.</p>')])).toEqual(['p4']);
  expect(await textOf('p4')).toContain('9 new beams');
});

test('edits of all entries that have only their form in common are told', async () => {
  const posts = write(5).map((post, n) => ({ ...post, html: `<p>Ferry ${n}: 10 places left.</p>${post.html}` }));
  const sold = posts.map((post, n) => ({ ...post, html: post.html.replace('10 places', `${n + 3} places`) }));
  expect(await readAll([posts, sold])).toEqual(posts.map(({ name }) => name));
});

test('after a new footer, a counter of one entry is no news, and a later edit of one entry is', async () => {
  const posts = write(12).map((post) => ({ ...post, html: `${post.html}<p>104 views</p>` }));
  const footed = addEach(posts, () => '<p>Subscribe to our letter and read on at home, every week.</p>');
  const seen = footed.map((post) => (post.name === 'p3' ? { ...post, html: post.html.replace('104 views', '105 views') } : post));
  const edited = seen.map((post) => (post.name === 'p5' ? { ...post, html: post.html.replace('8 new beams', '6 new beams') } : post));
  expect(await readAll([posts, footed, seen])).toEqual([]);
  expect(await readAll([edited])).toEqual(['p5']);
});

test('entries that come with a new footer do not make the footer of the others news', async () => {
  const posts = write(12);
  const footer = () => '<p>Subscribe to our letter and read on at home, every week.</p>';
  const footed = addEach(posts, footer);
  const slip = footed.map((post) => (post.name === 'p11' ? { ...post, html: post.html.replace('jackdaws', 'jackdaws too') } : post));
  expect(await readAll([posts.slice(6), footed.slice(3), slip])).toEqual([]);
});

test('a footer that some entries were published with is no news when it goes, or when another comes', async () => {
  const posts = write(12);
  const footer = (words: string) => () => `<p>${words}</p>`;
  const campaign = addEach(posts, footer('Our summer campaign: give five euros for the new bell of the village.'));
  const other = addEach(posts, footer('Subscribe to our letter and read on at home, every week.'));
  // Six entries came before the campaign, six with it.
  expect(await readAll([posts.slice(6), campaign, other, posts])).toEqual([]);
});

test.each<[label: string, cut: (post: Post) => string]>([
  ['first paragraphs', firstParagraph],
  [
    'first words with dots',
    ({ html }) =>
      `${html
        .replaceAll(/<[^>]+>/g, ' ')
        .trim()
        .slice(0, 130)} […]`,
  ],
  ['first words and a link', (post) => `${firstParagraph(post)}<p><a href="https://a.test/">Continue reading</a></p>`],
  ['summaries by another hand', ({ title }) => `<p>Our reporter was there: ${title}.</p>`],
  ['headlines alone', () => ''],
])('a feed cut to %s keeps the longer texts', async (_, cut) => {
  const posts = write(12);
  expect(await readAll([posts, posts.map((post) => ({ ...post, html: cut(post) })), posts])).toEqual([]);
  for (const { name } of posts) expect(await textOf(name)).toContain('set them before the frost');
});

test('the longer text stays beside a new title of an entry whose feed is cut to summaries', async () => {
  const posts = write(6);
  const cut = posts.map((post) => ({
    ...post,
    html: firstParagraph(post),
    title: post.name === 'p2' ? 'The lamp burns again' : post.title,
  }));
  expect(await readAll([posts, cut])).toEqual(['p2']);
  const story = (await history.bench.stories()).find(({ id }) => id === 'urn:x:p2');
  expect(story?.lead.entry.revision.title).toBe('The lamp burns again');
  expect(story?.lead.entry.revision.html).toBe(posts[2]?.html);
});

test('an edit of one entry of a feed that was cut to its first paragraphs is told', async () => {
  const posts = write(6);
  const cut = posts.map((post) => ({ ...post, html: firstParagraph(post) }));
  const edited = cut.map((post) =>
    post.name === 'p2' ? { ...post, html: '<p>The old lamp burned down last night, with all its rooms.</p>' } : post,
  );
  expect(await readAll([posts, cut, edited])).toEqual(['p2']);
  expect(await textOf('p2')).toContain('burned down');
});

test('one entry that is cut to its beginning keeps its longer text', async () => {
  const posts = write(6);
  expect(await readAll([posts, posts.map((post) => (post.name === 'p1' ? { ...post, html: firstParagraph(post) } : post))])).toEqual([]);
  expect(await textOf('p1')).toContain('a fiddler from street 1');
});

test('shorter: replaces publishes the shorter texts', async () => {
  const posts = write(6);
  const cut = posts.map((post) => ({ ...post, html: firstParagraph(post) }));
  expect(await readAll([posts, cut], { shorter: 'replaces' })).toEqual(posts.map(({ name }) => name));
  expect(await textOf('p1')).toBe('The old ferry at gate 1 opens again after a long winter, say its keepers.');
});

test('a sentence that is taken out of the middle is an edit', async () => {
  const posts = write(6);
  const shorter = posts.map((post) => (post.name === 'p1' ? { ...post, html: post.html.replace(/<p>Nobody.*?<\/p>/, '') } : post));
  expect(await readAll([posts, shorter])).toEqual(['p1']);
  expect(await textOf('p1')).not.toContain('jackdaws');
});

test('a text that says something else is an edit, however short it is', async () => {
  const posts = write(6);
  const other = posts.map((post) => (post.name === 'p1' ? { ...post, html: '<p>This article was wrong, and we took it back.</p>' } : post));
  expect(await readAll([posts, other])).toEqual(['p1']);
  expect(await textOf('p1')).toBe('This article was wrong, and we took it back.');
});

test('a feed that goes over from summaries to full texts shows them and tells nobody', async () => {
  const posts = write(12);
  expect(await readAll([posts.map((post) => ({ ...post, html: firstParagraph(post) })), posts])).toEqual([]);
  for (const { name } of posts) expect(await textOf(name)).toContain('set them before the frost');
});

test('a feed that goes over from summaries by another hand to full texts shows them and tells nobody', async () => {
  const posts = write(12);
  const short = posts.map((post) => ({ ...post, html: `<p>Our reporter was there: ${post.title}.</p>` }));
  expect(await readAll([short, posts])).toEqual([]);
  for (const { name } of posts) expect(await textOf(name)).toContain('set them before the frost');
});

test('one headline that gets a text is an edit', async () => {
  const posts = write(4).map((post) => ({ ...post, html: '' }));
  expect(await readAll([posts, posts.map((post) => (post.name === 'p1' ? { ...post, html: '<p>1004 came.</p>' } : post))])).toEqual(['p1']);
});

test('one text that grows is an edit', async () => {
  const posts = write(12);
  const short = posts.map((post) => (post.name === 'p7' ? { ...post, html: firstParagraph(post) } : post));
  expect(await readAll([short, posts])).toEqual(['p7']);
});
