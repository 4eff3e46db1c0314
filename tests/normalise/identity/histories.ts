/** An article of a history. `name` is its true identity, which only a category in the document
 *  contains. */
export interface Shown {
  readonly name: string;
  readonly guid?: string | undefined;
  readonly title?: string | undefined;
  readonly link?: string | undefined;
  readonly date?: string | undefined;
  readonly text?: string | undefined;
}

/** A shown article with all its fields. */
export type Article = { readonly [field in keyof Shown]-?: string };

/** The documents of one address at successive runs. */
export interface History {
  readonly name: string;
  readonly format: 'rss' | 'atom' | 'json';
  readonly versions: readonly (readonly Shown[])[];
}

const subjects = ['harbour', 'lighthouse', 'ferry', 'market', 'library', 'orchard', 'railway', 'theatre', 'quarry', 'brewery', 'museum'];
const verbs = [
  'opens',
  'closes',
  'burns',
  'moves',
  'wins',
  'expands',
  'sings',
  'floods',
  'votes',
  'celebrates',
  'sleeps',
  'travels',
  'pays',
];
const words =
  'stone green river winter paper silver garden engine copper window timber ribbon candle bridge meadow anchor violet summer barrel kettle'.split(
    ' ',
  );

const numberOf = (name: string): number => (name.codePointAt(0) ?? 0) - 65;

/** Returns forty words that no other article's text contains in this order. */
export function makeText(name: string): string {
  let state = numberOf(name) * 7919 + 12345;
  const next = (size: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * size);
  };
  const word = () => `${words[next(words.length)]}${['', 's', 'ed', 'ing', 'er'][next(5)]}`;
  return Array.from(
    { length: 40 },
    (_, index) => `${word()}${index % 9 === 4 ? ` ${subjects[numberOf(name) % subjects.length]}` : ''}`,
  ).join(' ');
}

/** Returns an article with its own title, link, day and text, one day after that of the letter
 *  before. */
export function article(name: string): Article {
  const n = numberOf(name);
  const title = `The ${subjects[n % subjects.length]} ${verbs[n % verbs.length]} near ${words[(n * 3) % words.length]} hill`;
  const date = new Date(Date.UTC(2026, 1, 1 + n, (n * 5) % 24, (n * 7) % 60, 11)).toISOString();
  return {
    name,
    guid: `https://a.test/?p=${n}`,
    title,
    link: `https://a.test/2026/${subjects[n % subjects.length]}-${n}`,
    date,
    text: makeText(name),
  };
}

/** Returns the history with texts of a few words, as short posts have: "Article A" and "Article A
 *  text". */
export function withShortTexts(history: History): History {
  const shorten = (name: string, said: string | undefined) => {
    const { title, text } = article(name);
    return said?.replaceAll(title, `Article ${name}`).replaceAll(text, `Article ${name} text`);
  };
  const versions = history.versions.map((shown) =>
    shown.map((one): Shown => ({
      ...one,
      ...(one.title !== undefined && { title: shorten(one.name, one.title) }),
      ...(one.text !== undefined && { text: shorten(one.name, one.text) }),
    })),
  );
  return { ...history, name: `${history.name}; of a few words`, versions };
}

/** Changes an article of a version; a change to `undefined` drops a field. */
export type Scheme = (item: Article, index: number, version: number) => Partial<Record<keyof Shown, string | undefined>>;

function toShown(one: Article, change: ReturnType<Scheme>): Shown {
  return Object.fromEntries(Object.entries({ ...one, ...change }).filter(([, value]) => value !== undefined)) as unknown as Shown;
}

/** Returns a history of windows ("CBA" → "DCB" …), with each article changed by `scheme`. */
export function toHistory(name: string, windows: readonly string[], scheme: Scheme, format: History['format'] = 'rss'): History {
  const versions = windows.map((window, version) =>
    Array.from(window).map((letter, index) => {
      const one = article(letter);
      return toShown(one, scheme(one, index, version));
    }),
  );
  return { name, format, versions };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Returns a version as a document, with a build number, so that no two documents are equal. */
export function write({ format }: Pick<History, 'format'>, items: readonly Shown[], build: number): string {
  const tag = (name: string, value: string | undefined) => (value === undefined ? '' : `<${name}>${escape(value)}</${name}>`);
  if (format === 'json') {
    const written = items.map(({ name, guid, title, link, date, text }) => ({
      id: guid,
      url: link,
      title,
      date_published: date,
      content_html: text,
      tags: [name],
    }));
    return JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: `A`,
      _build: build,
      home_page_url: 'https://a.test/',
      items: written,
    });
  }
  if (format === 'atom') {
    const written = items.map(
      ({ name, guid, title, link, date, text }) =>
        `<entry>${tag('id', guid)}${tag('title', title)}${link === undefined ? '' : `<link href="${escape(link)}"/>`}${tag('published', date)}${
          text === undefined ? '' : `<content type="html">${escape(text)}</content>`
        }<category term="${name}"/></entry>`,
    );
    return `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><link href="https://a.test/"/><rights>${build}</rights>${written.join('')}</feed>`;
  }
  const written = items.map(
    ({ name, guid, title, link, date, text }) =>
      `<item>${tag('title', title)}${tag('link', link)}${guid === undefined ? '' : `<guid isPermaLink="false">${escape(guid)}</guid>`}${tag(
        'pubDate',
        date === undefined ? undefined : new Date(date).toUTCString(),
      )}${tag('description', text)}<category>${name}</category></item>`,
  );
  return `<rss version="2.0"><channel><title>A</title><link>https://a.test/</link><copyright>${build}</copyright>${written.join('')}</channel></rss>`;
}
