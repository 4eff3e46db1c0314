import { article, makeText } from './histories.ts';
import type { History, Shown } from './histories.ts';

const formats = ['rss', 'atom', 'json'] as const;
const guids =
  (...ids: readonly (string | undefined)[]) =>
  (one: Shown, index: number): Shown => ({ ...one, guid: ids[index] });
const show = (names: string, change: (one: Shown, index: number) => Shown = (one) => one): Shown[] =>
  Array.from(names).map((name, index) => change(article(name), index));
const without =
  (...fields: (keyof Shown)[]) =>
  (one: Shown): Shown =>
    Object.fromEntries(Object.entries(one).filter(([field]) => !fields.includes(field as keyof Shown))) as unknown as Shown;

/** Dates an article years before the others. */
const old = (one: Shown): Shown => ({ ...one, date: '2017-05-04T10:00:00.000Z' });
const poll = (name: string, rest: Partial<Shown> = {}): Shown => ({
  name,
  title: `Poll ${name}`,
  link: 'https://a.test/polls',
  date: article(name).date,
  text: `Poll ${name}: tell us what you think about it by a click on one of the answers below, before Sunday.`,
  ...rest,
});
const grown = (one: Shown, hours: number): Shown => ({
  ...one,
  title: `Live: hour ${['one', 'two', 'three'][hours]} of the storm`,
  text: `${Array.from({ length: hours }, (_, n) => `<p>Update (1${hours - n}45ET): ${makeText(String.fromCodePoint(75 + hours - n))}</p><hr>`).join('')}${one.text}`,
});

/** Cases reported of real feeds, and similar ones. */
const cases: Readonly<Record<string, readonly (readonly Shown[])[]>> = {
  'one id on everything': [show('A', guids('532')), show('BA', guids('532', '532')), show('C', guids('532'))],
  'one id on everything, without dates': [show('A', guids('532')), show('BA', guids('532', '532')), show('C', guids('532'))].map((list) =>
    list.map(without('date')),
  ),
  'one id on everything, without links': [show('A', guids('532')), show('BA', guids('532', '532')), show('C', guids('532'))].map((list) =>
    list.map(without('link')),
  ),
  'one id on everything, without texts': [show('A', guids('532')), show('BA', guids('532', '532')), show('C', guids('532'))].map((list) =>
    list.map(without('text')),
  ),
  'one id on everything, and then a longer document': [
    show('A', guids('532')),
    show('BA', guids('532', '532')),
    show('C', guids('532')),
    show('DCBA', () => ({ ...article('D'), guid: '532' })),
  ].map((list, at) => (at === 3 ? show('DCBA', guids('532', '532', '532', '532')) : list)),
  'an id comes and goes': [
    show('A', guids('x1')),
    show('A', without('guid')),
    [{ ...article('B'), guid: 'x1' }, without('guid')(article('A'))],
  ],
  'an id comes, goes and returns': [
    show('A', guids('x1')),
    show('A', without('guid')),
    [{ ...article('B'), guid: 'x1' }, without('guid')(article('A'))],
    show('BA', without('guid')),
    show('BA', guids(undefined, 'x1')),
  ],
  'an id used again years later': [show('A', (one) => old({ ...one, guid: 'g1' })), show('B', guids('g1'))],
  'an id used again years later, with the same link': [
    show('A', (one) => old({ ...one, guid: 'g1', link: 'https://a.test/tools' })),
    show('B', (one) => ({ ...one, guid: 'g1', link: 'https://a.test/tools' })),
  ],
  'an id used again years later, without dates': [
    show('A', (one) => without('date')({ ...one, guid: 'g1' })),
    show('B', (one) => without('date')({ ...one, guid: 'g1' })),
  ],
  'an id used again years later, without texts': [
    show('A', (one) => without('text')(old({ ...one, guid: 'g1' }))),
    show('B', (one) => without('text')({ ...one, guid: 'g1' })),
  ],
  'an id used again years later, the old article still there under another id': [
    show('A', (one) => old({ ...one, guid: 'g1' })),
    [{ ...article('B'), guid: 'g1' }, old({ ...article('A'), guid: 'g2' })],
  ],
  'an id used again years later, the old article still there without an id': [
    show('A', (one) => old({ ...one, guid: 'g1' })),
    [{ ...article('B'), guid: 'g1' }, without('guid')(old(article('A')))],
  ],
  'an id used again years later, where the link is the id': [
    show('A', (one) => without('guid')(old({ ...one, link: 'https://a.test/tools' }))),
    show('B', (one) => without('guid')({ ...one, link: 'https://a.test/tools' })),
  ],
  'the id is the position': [show('CBA', guids('1', '2', '3')), show('DCB', guids('1', '2', '3')), show('EDC', guids('1', '2', '3'))],
  'the id is the position, by several at once': [
    show('CBA', guids('1', '2', '3')),
    show('FED', guids('1', '2', '3')),
    show('IHG', guids('1', '2', '3')),
    show('JIH', guids('1', '2', '3')),
  ],
  'the id is the position, without dates': [
    show('CBA', guids('1', '2', '3')),
    show('DCB', guids('1', '2', '3')),
    show('EDC', guids('1', '2', '3')),
  ].map((list) => list.map(without('date'))),
  'the id is the position, of titles alone': [
    show('CBA', guids('1', '2', '3')),
    show('DCB', guids('1', '2', '3')),
    show('EDC', guids('1', '2', '3')),
  ].map((list) => list.map(without('date', 'text', 'link'))),
  'the id is the position, of texts alone': [
    show('CBA', guids('1', '2', '3')),
    show('DCB', guids('1', '2', '3')),
    show('EDC', guids('1', '2', '3')),
  ].map((list) => list.map(without('date', 'title', 'link'))),
  'the id is the position, growing': [
    show('A', guids('1')),
    show('BA', guids('1', '2')),
    show('CBA', guids('1', '2', '3')),
    show('DCBA', guids('1', '2', '3', '4')),
  ],
  'two articles exchange their ids': [
    show('BA', guids('1', '2')),
    show('BA', guids('2', '1')),
    show('BA', guids('1', '2')),
    show('CBA', guids('3', '2', '1')),
  ],
  'ids rotate': [
    show('CBA', guids('1', '2', '3')),
    show('CBA', guids('2', '3', '1')),
    show('CBA', guids('3', '1', '2')),
    show('DCB', guids('1', '2', '3')),
  ],
  'ids rotate without dates and links': [
    show('CBA', guids('1', '2', '3')),
    show('CBA', guids('2', '3', '1')),
    show('DCB', guids('3', '1', '2')),
  ].map((list) => list.map(without('date', 'link'))),
  'two articles exchange their addresses': [
    show('BA', without('guid')),
    show('BA', (one, at) => without('guid')({ ...one, link: article('AB'[at] ?? '').link })),
  ],
  'polls at one link': [
    [poll('A'), poll('B')],
    [poll('C'), poll('B')],
  ],
  'polls at one link, one at a time': [[poll('A')], [poll('B')], [poll('C')]],
  'polls at one link, without texts': [
    [poll('A'), poll('B')],
    [poll('C'), poll('B')],
  ].map((list) => list.map(without('text'))),
  'polls at one link, without titles': [
    [poll('A'), poll('B')],
    [poll('C'), poll('B')],
  ].map((list) => list.map((one) => ({ ...without('title')(one), text: makeText(one.name) }))),
  'polls at one link, with an id for all': [
    [poll('A'), poll('B')],
    [poll('C'), poll('B')],
  ].map((list) => list.map((one) => ({ ...one, guid: 'polls' }))),
  'polls at one link, with old ones that return': [
    [poll('A'), poll('B')],
    [poll('C'), poll('B')],
    [poll('A'), poll('C')],
    [poll('D'), poll('A')],
  ],
  'a link log about one page': [
    show('BA', (one) => ({ ...one, link: 'https://b.test/page' })),
    show('CBA', (one) => ({ ...one, link: 'https://b.test/page' })),
    show('D', (one) => ({ ...one, link: 'https://b.test/page' })),
  ],
  'a daily series without ids and links': [
    show('A', (one) => ({ ...without('guid', 'link')(one), title: 'Weather' })),
    show('BA', (one) => ({ ...without('guid', 'link')(one), title: 'Weather' })),
    show('CB', (one) => ({ ...without('guid', 'link')(one), title: 'Weather' })),
  ],
  'a daily page under one link and one title, with ids': [
    show('A', (one) => ({ ...one, title: 'Weather', link: 'https://a.test/weather' })),
    show('B', (one) => ({ ...one, title: 'Weather', link: 'https://a.test/weather' })),
    show('C', (one) => ({ ...one, title: 'Weather', link: 'https://a.test/weather' })),
  ],
  'a rubric of one day without ids, one at a time': Array.from('ABC', (name, n) => [
    { ...without('guid')(article(name)), title: 'News', date: `2026-03-01T1${n}:00:00.000Z` },
  ]),
  'short posts without titles, one edited': [
    show('BA', (one) => ({ ...without('title')(one), text: `Short words of ${one.title}` })),
    show('CBA', (one) => ({ ...without('title')(one), text: `Short words of ${one.title}${one.name === 'B' ? ', put right' : ''}` })),
  ],
  'a living article under one id': [[article('A')], [grown(article('A'), 1)], [grown(article('A'), 2)]],
  'a living article under one link': [[article('A')], [grown(article('A'), 1)], [grown(article('A'), 2)]].map((list) =>
    list.map(without('guid')),
  ),
  'a living article with a later date each time': [
    [article('A')],
    [{ ...grown(article('A'), 1), date: '2026-02-09T10:00:00.000Z' }],
    [{ ...grown(article('A'), 2), date: '2026-02-17T10:00:00.000Z' }],
  ],
  'a live blog that begins anew each day': [0, 1, 2].map((n) => [
    { ...article('ABC'[n] ?? ''), guid: 'live', link: 'https://a.test/live' },
  ]),
  'ids that are zero': [show('BA', guids('0', '0')), show('CB', guids('0', '0')), show('D', guids('0'))],
  'ids that are the address of the site': [
    show('BA', guids('https://a.test', 'http://a.test/')),
    show('CB', guids('https://a.test', 'https://a.test/')),
    show('D', guids('https://a.test/')),
  ],
  'ids that are the day of the week': [
    show('A', guids('Sun')),
    show('BA', guids('Mon', 'Sun')),
    show('HG', guids('Sun', 'Sat')),
    show('IH', guids('Mon', 'Sun')),
    show('PO', guids('Mon', 'Sun')),
  ],
  'a new id for all, and an edit': [
    show('CBA'),
    show('CBA', (one) => ({ ...one, guid: `new-${one.name}`, text: one.name === 'B' ? `${one.text} And more was said.` : one.text })),
    show('DCBA', (one) => ({ ...one, guid: `new-${one.name}` })),
  ],
  'a moved site that uses its old ids for other articles': [
    show('CBA', guids('1', '2', '3')),
    show('DCBA', (one, at) => ({ ...one, guid: String(at + 1), link: one.link?.replace('a.test', 'b.test') })),
    show('EDCB', (one, at) => ({ ...one, guid: String(at + 1), link: one.link?.replace('a.test', 'b.test') })),
  ],
};

/** Cases that a text decides, so it must have more than a few words. */
const wordy: typeof cases = {
  'two articles of one instant exchange their addresses, and one gets another title': [
    show('BA', (one) => ({ ...one, date: article('A').date })),
    show('BA', (one, at) => ({
      ...one,
      date: article('A').date,
      link: article('AB'[at] ?? '').link,
      ...(at === 0 && { title: 'A quite different headline' }),
    })),
  ],
  'the titles and addresses of all change, the ids and texts stay': [
    show('BA', without('date')),
    show('BA', (one) => without('date')({ ...one, title: 'Untitled', link: one.link?.replace('a.test', 'b.test/new') })),
  ],
  'all ids, addresses and titles change at once, texts and instants stay': [
    show('BA'),
    show('BA', (one) => ({ ...one, guid: `new-${one.name}`, link: `https://b.test/new/${one.name}`, title: 'Untitled' })),
  ],
  'a new article takes the id of another, which stays and loses its address': [
    show('BA'),
    [
      { ...article('C'), guid: article('B').guid, link: 'https://a.test/' },
      ...show('BA', (one) => ({ ...one, link: 'https://a.test/' })),
    ].map((one) => ({ ...one, date: '2026-03-01T10:00:00.000Z' })),
  ],
};

/** The cases as histories, in each format in turn. */
export const allCases: readonly History[] = toHistories(cases);

/** The cases that a text decides. */
export const wordyCases: readonly History[] = toHistories(wordy);

function toHistories(named: typeof cases): History[] {
  return Object.entries(named).map(([name, versions], index) => ({ name, versions, format: formats[index % 3] ?? 'rss' }));
}

/** Headlines dated far ahead, which count as written at first sight; then their site moves. */
export const headlinesAhead: History = {
  name: 'headlines dated far ahead move to another domain',
  format: 'rss',
  versions: ['a.test', 'b.test'].map((host) =>
    show('BA', (one) => ({ ...without('text')(one), date: '2099-01-01T00:00:00.000Z', link: one.link?.replace('a.test', host) })),
  ),
};
