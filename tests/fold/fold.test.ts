import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePair, placeEntries } from '../../src/fold/fold.ts';
import type { StoredEntry } from '../../src/model/entry.ts';
import { makeStored } from '../support/entry.ts';

const RULES = { level: 'careful', windowMs: 14 * 86_400_000 } as const;
const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';
const at = (time: string) => new Date(`2026-03-${time}:00Z`);

/** Which entries share a story, as lists of numbers. */
function fold(entries: readonly StoredEntry[], rules: Parameters<typeof placeEntries>[2] = RULES): number[][] {
  const stories = new Map<number, number[]>();
  for (const { entryNo, storyNo } of placeEntries(
    entries.map((entry) => ({ entry, folds: true })),
    [],
    rules,
  )) {
    stories.set(storyNo, [...(stories.get(storyNo) ?? []), entryNo]);
  }
  return [...stories.values()];
}

const e = (no: number, sourceId: string, title: string, text: string, rest: Partial<StoredEntry> = {}, published: Date | null = null) =>
  makeStored({ no, sourceId, ...rest }, { title, text, published });

const home = (host: string, path: string) => ({ homeHost: host, urlKey: `${host}${path}` });

test.each<[behaviour: string, entries: StoredEntry[], expected: number[][]]>([
  ['folds equal texts of two sources', [e(1, 'a', 'One title here', LONG), e(2, 'b', 'Another title there', LONG)], [[1, 2]]],
  [
    'folds an equal title whose text stands in the other',
    [e(1, 'a', 'A second slipway', `${LONG} Work begins in May.`), e(2, 'b', 'A Second Slipway!', `${LONG.slice(0, 80)}…`)],
    [[1, 2]],
  ],
  [
    'folds a headline without text on the same day',
    [e(1, 'a', 'Wall falls at Gull Point', LONG, {}, at('10T08:00')), e(2, 'b', 'Wall falls at Gull Point', '', {}, at('10T20:00'))],
    [[1, 2]],
  ],
  [
    'keeps a headline without text apart from one of two days before',
    [e(1, 'a', 'The morning briefing today', LONG, {}, at('08T06:00')), e(2, 'b', 'The morning briefing today', '', {}, at('10T06:00'))],
    [[1], [2]],
  ],
  [
    'keeps equal titles over different texts apart',
    [
      e(1, 'a', 'The week in pictures', LONG),
      e(2, 'b', 'The week in pictures', 'Something else entirely was said of this week by this paper.'),
    ],
    [[1], [2]],
  ],
  [
    'keeps two entries of one source apart even when they are equal',
    [e(1, 'a', 'A second slipway', LONG), e(2, 'a', 'A second slipway', LONG)],
    [[1], [2]],
  ],
  [
    'keeps a near miss apart',
    [
      e(1, 'a', 'Sailings on weekdays from here', 'Boats leave at 7.40, 10.15, 14.30 and 17.50, and bicycles go free before noon.'),
      e(2, 'b', 'Sailings at weekends from here', 'Boats leave at 9.40, 12.15, 14.30 and 18.50, and bicycles go free before noon.'),
    ],
    [[1], [2]],
  ],
  ['keeps a rubric apart', [e(1, 'a', 'News', ''), e(2, 'b', 'News', '')], [[1], [2]]],
  [
    'keeps short equal texts apart',
    [e(1, 'a', 'Picture of the day', 'Photo: us'), e(2, 'b', 'Another thing altogether', 'Photo: us')],
    [[1], [2]],
  ],
  [
    'folds one address of the home of both sources',
    [e(1, 'a', 'Title one is this', 'Text one.', home('x.test', '/1')), e(2, 'b', 'Title two is that', 'Text two.', home('x.test', '/1'))],
    [[1, 2]],
  ],
  [
    'does not let a source capture the address of another home',
    [
      e(1, 'a', 'Title one is this', 'Text one.', home('x.test', '/1')),
      e(2, 'b', 'Title two is that', 'Text two.', { homeHost: 'evil.test', urlKey: 'x.test/1' }),
    ],
    [[1], [2]],
  ],
  [
    'takes no address for a key that one source uses for two entries',
    [
      e(1, 'a', 'Title one is this', 'Text one.', home('x.test', '/1')),
      e(2, 'a', 'Title two is that', 'Text two.', home('x.test', '/1')),
      e(3, 'b', 'Title three is other', 'Text three.', home('x.test', '/1')),
    ],
    [[1], [2], [3]],
  ],
  [
    'never folds a link post by its title',
    [e(1, 'a', 'Show: my new compiler', LONG), e(2, 'b', 'Show: my new compiler', '', { linkPost: true })],
    [[1], [2]],
  ],
  [
    'keeps daily briefings of two sources in a story for each day',
    [
      e(1, 'a', 'Your morning briefing', '', {}, at('08T06:00')),
      e(2, 'b', 'Your morning briefing', '', {}, at('08T07:00')),
      e(3, 'a', 'Your morning briefing', '', {}, at('09T06:00')),
      e(4, 'b', 'Your morning briefing', '', {}, at('09T07:00')),
    ],
    [[1, 2], [3], [4]],
  ],
  [
    "keeps a podcast's blurb that one source repeats apart under other titles",
    [e(1, 'a', 'Episode about boats', LONG), e(2, 'a', 'Episode about nets', LONG), e(3, 'b', 'Episode about rope', LONG)],
    [[1], [2], [3]],
  ],
  [
    'keeps apart what was first seen further apart than the window',
    [
      e(1, 'a', 'A second slipway', LONG, { firstSeenAt: at('01T00:00') }),
      e(2, 'b', 'A second slipway', LONG, { firstSeenAt: at('16T00:00') }),
    ],
    [[1], [2]],
  ],
  [
    'folds Chinese text that is equal',
    [
      e(1, 'a', '港口委员会批准第二条滑道', '港口委员会周二以七比四的票数决定在旧冰库旁修建第二条滑道，工程将在鲱鱼季节结束后开始。'),
      e(2, 'b', '第二条滑道获得批准', '港口委员会周二以七比四的票数决定在旧冰库旁修建第二条滑道，工程将在鲱鱼季节结束后开始。'),
    ],
    [[1, 2]],
  ],
])('%s', (_, entries, expected) => {
  expect(fold(entries)).toEqual(expected);
});

test('folds nothing when folding is off, or for a source that does not fold', () => {
  const entries = [e(1, 'a', 'A second slipway', LONG), e(2, 'b', 'A second slipway', LONG)];
  expect(fold(entries, { ...RULES, level: 'off' })).toEqual([[1], [2]]);
  expect(
    placeEntries(
      entries.map((entry) => ({ entry, folds: entry.no === 1 })),
      [],
      RULES,
    ).map((placement) => placement.storyNo),
  ).toEqual([1, 2]);
});

test('joins a story that already stands, and says why', () => {
  const standing = [{ entry: e(1, 'a', 'A second slipway', LONG), storyNo: 7, storySources: ['a', 'c'] }];
  const [placement] = placeEntries([{ entry: e(2, 'b', 'A second slipway', LONG), folds: true }], standing, RULES);
  expect(placement).toMatchObject({ entryNo: 2, storyNo: 7, comparedWith: 1, verdict: { label: 'same', score: 0.98, rules: 'keys-1' } });
  expect(placement?.verdict.why).toContain('same title');
  const [kept] = placeEntries([{ entry: e(3, 'c', 'A second slipway', LONG), folds: true }], standing, RULES);
  expect(kept?.storyNo).toBe(3);
});

test.each([
  ['https://a.blog/1', 'https://a.blog/1'],
  ['tag:a.blog,2026:1', 'tag:a.blog,2026:1'],
  ['urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a', 'urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a'],
  ['abc123', null],
  ['/relative', null],
  ['javascript:alert(1)', null],
  ['https://a.blog/with space', null],
  ['http://localhost/1', null],
  ['https://example.com/1', null],
  ['https://news.example/1', null],
  ['http://192.168.0.1/1', null],
  [null, null],
])('a story whose first entry has the guid %s would like the id %s', (guid, expected) => {
  expect(placeEntries([{ entry: makeStored({ guid }), folds: true }], [], RULES)[0]?.preferredId).toBe(expected);
});

test('two versions of one entry are a revision, strangers are different', () => {
  const a = makeStored({ identity: 'x' }, { text: LONG });
  expect(comparePair(a, makeStored({ identity: 'x' }, { text: 'Other.' }), RULES)).toMatchObject({ label: 'revision', score: 1 });
  expect(comparePair(a, makeStored({ sourceId: 'b' }, { title: 'Nothing like it at all', text: 'Other.' }), RULES)).toMatchObject({
    label: 'different',
    score: 0,
  });
  expect(comparePair(a, makeStored({ sourceId: 'b' }, { text: LONG }), RULES)).toMatchObject({ label: 'same' });
});

test('every entry stands in exactly one story, never twice with its source, whatever comes', () => {
  const word = fc.constantFrom('harbour', 'council', 'slipway', 'votes', 'second', 'ferry', '');
  const text = fc.array(word, { maxLength: 20 }).map((words) => words.join(' '));
  const entry = fc.record({
    sourceId: fc.constantFrom('a', 'b', 'c'),
    title: text,
    text,
    urlKey: fc.constantFrom(null, 'x.test/1', 'y.test/2'),
    homeHost: fc.constantFrom(null, 'x.test'),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (drafts) => {
      const entries = drafts.map(({ sourceId, title, text: body, urlKey, homeHost }, no) =>
        makeStored({ no, sourceId, urlKey, homeHost }, { title, text: body }),
      );
      const stories = fold(entries);
      expect(stories.flat().toSorted((x, y) => x - y)).toEqual(entries.map(({ no }) => no));
      for (const story of stories) expect(new Set(story.map((no) => entries[no]?.sourceId)).size).toBe(story.length);
    }),
  );
});
