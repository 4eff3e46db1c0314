import { expect, test } from 'vitest';
import { isEvident } from '../support/world/evidence.ts';
import { isNews } from '../support/world/news.ts';
import { toWords } from '../support/world/words.ts';
import type { Item } from '../support/world/world.ts';

const before: Item = {
  article: 1,
  guid: 'urn:x:1',
  link: 'https://s0.test/1',
  title: toWords(1, 5, 100),
  text: toWords(1, 40),
  date: new Date('2026-03-10T11:55:00Z'),
};
const other: Partial<Item> = {
  guid: 'urn:x:2',
  link: 'https://s0.test/2',
  title: toWords(1, 5, 200),
  date: new Date('2026-03-09T11:55:00Z'),
};

test.each<[label: string, isKnown: boolean, after: Partial<Item>]>([
  ['a whole text and one name', true, { ...other, guid: before.guid }],
  ['a whole text alone', false, other],
  ['a text in part and one name', false, { ...other, guid: before.guid, text: `${toWords(1, 30)} ${toWords(1, 20, 500)}` }],
  [
    'a text in part and two names',
    true,
    { ...other, guid: before.guid, link: before.link, text: `${toWords(1, 30)} ${toWords(1, 20, 500)}` },
  ],
  ['a phrase under a new id on another day', false, { guid: 'urn:x:2', date: other.date ?? null, text: toWords(1, 10) }],
  ['title and link under an id that says nothing', true, { guid: '0', text: '', date: null }],
  ['id and link with other words on another day', false, { title: other.title ?? '', text: toWords(1, 40, 500), date: other.date ?? null }],
])('%s: an article is known again: %s', (_, isKnown, after) => {
  expect(isEvident(before, { ...before, ...after }, () => true)).toBe(isKnown);
});

test('a name of several articles is no evidence', () => {
  expect(isEvident(before, { ...before, ...other, guid: before.guid }, (kind) => kind !== 'guid')).toBe(false);
});

test.each<[label: string, isTold: boolean, after: Partial<Item>]>([
  ['another title', true, { title: toWords(1, 5, 200) }],
  ['six new words', true, { text: `${before.text} ${toWords(1, 6, 500)}` }],
  ['another number', true, { text: `${before.text} 1001` }],
  ['a slip', false, { text: before.text.replace('xba', 'xbz') }],
  ['a text that is cut', false, { text: toWords(1, 10) }],
  ['markup alone', false, { text: `<p>${before.text}</p>` }],
])('%s is told to readers: %s', (_, isTold, after) => {
  const told = { title: before.title, text: before.text, all: new Set(before.text.split(' ')) };
  expect(isNews(told, { ...before, ...after })).toBe(isTold);
});
