import { expect, test } from 'vitest';
import type { KnownEntry, Revision } from '../../src/model/entry.ts';
import type { ParsedItem } from '../../src/model/parsed.ts';
import { normalise } from '../../src/normalise/normalise.ts';
import { makeItem } from '../support/item.ts';

const noon = new Date('2026-03-10T12:00:00Z');

function read(item: Partial<ParsedItem>, known: KnownEntry | null = null, context: { seenAt?: Date; homePage?: string } = {}) {
  const identified = { item: makeItem(item), identity: 'one', position: 0, contentHash: JSON.stringify(item) };
  return normalise(identified, known, {
    sourceId: 'a',
    homePage: context.homePage ?? null,
    language: null,
    zone: 'UTC',
    seenAt: context.seenAt ?? noon,
  });
}

function toKnown(revisions: readonly Revision[]): KnownEntry {
  return { identity: 'one', location: null, contentHash: 'before', firstSeenAt: noon, isDeleted: false, isPruned: false, revisions };
}

const dates = (item: Partial<ParsedItem>) => {
  const { change, problems } = read(item);
  const revision = change?.revisions.at(-1);
  return [revision?.published?.toISOString() ?? null, revision?.updated?.toISOString() ?? null, problems.map((problem) => problem.code)];
};

test.each<[string, Partial<ParsedItem>, unknown[]]>([
  ['a missing date is null, never the present', {}, [null, null, []]],
  [
    'an item without an update was last changed at its publication',
    { published: '2026-03-01T10:00:00Z' },
    ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.000Z', []],
  ],
  ['an unreadable date is a problem and counts as unknown', { published: 'yesterday-ish' }, [null, null, ['date/unreadable']]],
  ['a date in the year 0001 counts as unreadable', { published: '0001-01-01T00:00:00Z' }, [null, null, ['date/unreadable']]],
  [
    'a future date counts as first seen',
    { published: '2027-01-01T00:00:00Z' },
    ['2026-03-10T12:00:00.000Z', '2026-03-10T12:00:00.000Z', []],
  ],
  [
    'a change before publication is ignored',
    { published: '2026-03-02T00:00:00Z', updated: '2026-03-01T00:00:00Z' },
    ['2026-03-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z', []],
  ],
  [
    'a change in the future is ignored',
    { published: '2026-03-02T00:00:00Z', updated: '2028-03-01T00:00:00Z' },
    ['2026-03-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z', []],
  ],
])('%s', (_, item, expected) => {
  expect(dates(item)).toEqual(expected);
});

test.each<[string, ParsedItem['titleType'], string]>([
  ['Fish &amp; chips', 'unknown', 'Fish & chips'],
  ['<b>Bold</b> words', 'unknown', 'Bold words'],
  ['<ABC> shares rise', 'unknown', '<ABC> shares rise'],
  ['1 < 2 &lt; 3', 'unknown', '1 < 2 < 3'],
  ['1 &lt; 2', 'text', '1 &lt; 2'],
  ['  two\n lines ', 'text', 'two lines'],
  ['&lt;script&gt;', 'html', '<script>'],
])('the title %j of type %s reads %j', (title, titleType, expected) => {
  expect(read({ title, titleType }).change?.revisions[0]?.title).toBe(expected);
});

test('an unchanged item makes no change', () => {
  const first = read({}).change?.revisions ?? [];
  expect(read({}, { ...toKnown(first), contentHash: '{}' }).change).toBeNull();
});

test('new markup is a cosmetic revision, which the next one replaces; new words are an edit', () => {
  const first = read({ html: '<p>Some text.</p>' }).change?.revisions ?? [];
  const silent = read({ html: '<div><p>Some  text.</p></div>' }, toKnown(first)).change;
  expect(silent).toMatchObject({ replacesLast: false, revisions: [{ kind: 'cosmetic', updated: null }] });
  const again = read({ html: '<p class="x">Some text!</p>' }, toKnown([...first, ...(silent?.revisions ?? [])])).change;
  expect(again).toMatchObject({ replacesLast: true, revisions: [{ kind: 'cosmetic' }] });
  const seenAt = new Date('2026-03-11T12:00:00Z');
  expect(read({ html: '<p>Some other text.</p>' }, toKnown(first), { seenAt }).change).toMatchObject({
    revisions: [{ kind: 'edit', updated: seenAt }],
  });
  expect(
    read({ html: '<p>Other.</p>', updated: '2026-03-11T09:00:00Z' }, toKnown(first), { seenAt }).change?.revisions[0]?.updated,
  ).toEqual(new Date('2026-03-11T09:00:00Z'));
});

test('a mark in an entry of a feed is a revision at its clock time after publication', () => {
  const { change } = read({ published: '2026-03-09T14:00:00Z', html: '<p>Update (5:30 p.m. ET): More.</p><hr><p>The text.</p>' });
  expect(change?.revisions.map(({ kind, updated, text }) => [kind, updated?.toISOString(), text.includes('More')])).toEqual([
    ['first', '2026-03-09T14:00:00.000Z', false],
    ['mark', '2026-03-09T21:30:00.000Z', true],
  ]);
});

test('two equal marks in one article are two revisions', () => {
  const one = read({ published: '2026-03-09T14:00:00Z', html: '<p>Text here.</p><p>Update: first.</p>' }).change?.revisions ?? [];
  const seenAt = new Date('2026-03-11T12:00:00Z');
  const two = read(
    { published: '2026-03-09T14:00:00Z', html: '<p>Text here.</p><p>Update: first.</p><p>Update: second.</p>' },
    toKnown(one),
    { seenAt },
  ).change;
  expect(two?.revisions.map(({ kind, updated }) => [kind, updated])).toEqual([['mark', seenAt]]);
});

test.each<[string, Partial<ParsedItem>, boolean]>([
  [
    'points elsewhere and says nothing',
    { url: 'https://b.blog/1', html: '<p><a href="https://news.a.blog/item?id=1">Comments</a></p>' },
    true,
  ],
  [
    'lists addresses and points',
    { url: 'https://b.blog/1', html: '<p>Article URL: https://b.blog/1</p><p>Comments URL: https://news.a.blog/1</p><p>Points: 12</p>' },
    true,
  ],
  [
    'points elsewhere and has a text of its own',
    { url: 'https://b.blog/1', html: '<p>What this means for all of us who build boats in the north.</p>' },
    false,
  ],
  ['is a headline of its own site', { url: 'https://a.blog/1', html: null }, false],
])('an entry that %s is a link post: %s', (_, item, expected) => {
  expect(read(item, null, { homePage: 'https://a.blog/' }).change?.entry.linkPost).toBe(expected);
});

test('an entry behind a counting proxy has the key of its own page and is no link post', () => {
  const item = { url: 'https://feeds.proxy.test/~r/a/~3/xyz/', originalUrl: 'https://a.blog/1?utm_source=feed', html: null };
  expect(read(item, null, { homePage: 'https://a.blog/' }).change?.entry).toMatchObject({
    url: 'https://feeds.proxy.test/~r/a/~3/xyz/',
    urlKey: 'a.blog/1',
    linkPost: false,
  });
});
