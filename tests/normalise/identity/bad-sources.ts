import { toHistory } from './histories.ts';
import type { History, Scheme } from './histories.ts';

const at = (name: string) => (name.codePointAt(0) ?? 0) - 65;

/** Documents at successive runs: newest first, one letter for each article. */
const windows: Readonly<Record<string, readonly string[]>> = {
  'one more each time': ['CBA', 'DCB', 'EDC'],
  'all new': ['CBA', 'FED', 'IHG'],
  'grows, then is new': ['A', 'BA', 'C'],
  'one at a time': ['A', 'B', 'C', 'D'],
  'old ones come back': ['BA', 'DC', 'BA', 'DCBA'],
  'another order': ['ABC', 'CBA', 'BACD', 'DCAB'],
  'one is taken out': ['CBA', 'CA', 'DCA', 'DC'],
};

/** Kinds of ids of an article. */
const guids: Readonly<Record<string, (name: string, index: number, version: number) => string | undefined>> = {
  'its own': (name) => `urn:own:${name}`,
  'one for all': () => '532',
  'its position': (_, index) => String(index + 1),
  'its position, from 0, with a word': (_, index) => `item-${index}`,
  'the day of the week': (name) => `day-${at(name) % 4}`,
  none: () => undefined,
  'white space': () => ' ',
  'the home page': () => 'https://a.test/',
  rotating: (_, index, version) => `g${(index + version) % 3}`,
  'comes and goes': (name, _, version) => (version % 2 === 0 ? 'x1' : undefined),
  'another at each poll': (name, _, version) => `${version}-${name}`,
};

/** Kinds of addresses of an article. */
const links: Readonly<Record<string, (link: string, index: number, version: number) => string | undefined>> = {
  'its own': (link) => link,
  none: () => undefined,
  'one page': () => 'https://a.test/news/latest',
  'the home page': () => 'https://a.test/',
  'a position on one page': (_, index) => `https://a.test/news#${index + 1}`,
  'with a session': (link, index, version) => `${link}?sid=${version}x${index}`,
};

const titles: Readonly<Record<string, (title: string) => string | undefined>> = {
  'its own': (title) => title,
  'one for all': () => 'Daily news',
  none: () => undefined,
};

const texts: Readonly<Record<string, (text: string) => string | undefined>> = {
  'its own': (text) => text,
  none: () => undefined,
  'one for all': () =>
    'Read the whole of this article on our site, where you will also find pictures, films and what other readers say about it all.',
};

const dates: Readonly<Record<string, (date: string, name: string) => string | undefined>> = {
  'its own': (date) => date,
  none: () => undefined,
  'one day': (_, name) => `2026-03-01T${String(at(name) % 24).padStart(2, '0')}:10:00.000Z`,
  'one instant': () => '2026-03-01T00:00:00.000Z',
};

const formats = ['rss', 'atom', 'json'] as const;

/** Yields every combination in which a person who sees the documents could tell the articles apart
 *  and find each again. */
export function* allHistories(): Generator<History> {
  let count = 0;
  for (const [window, versions] of Object.entries(windows))
    for (const [guid, toGuid] of Object.entries(guids))
      for (const [link, toLink] of Object.entries(links))
        for (const [title, toTitle] of Object.entries(titles))
          for (const [text, toText] of Object.entries(texts))
            for (const [date, toDate] of Object.entries(dates)) {
              const says =
                [link, title, text].filter((one) => one === 'its own').length + (date === 'its own' || date === 'one day' ? 1 : 0);
              const isIdentifiable = title === 'its own' || text === 'its own' || link === 'its own' || guid === 'its own';
              if (!isIdentifiable || says === 0 || (title !== 'its own' && text !== 'its own')) continue;
              // Single articles in turn under one name look the same as edits of title or text.
              if (/^(?:one at|grows)/.test(window) && guid !== 'its own' && says < 3) continue;
              const scheme: Scheme = (one, index, version) => ({
                guid: toGuid(one.name, index, version),
                link: toLink(one.link, index, version),
                title: toTitle(one.title),
                text: toText(one.text),
                date: toDate(one.date, one.name),
              });
              const name = `${window}; id: ${guid}; link: ${link}; title: ${title}; text: ${text}; date: ${date}`;
              yield toHistory(name, versions, scheme, formats[count++ % 3]);
            }
}
