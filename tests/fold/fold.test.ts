import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Folder } from '../../src/fold/fold.ts';
import { countWordUse, prepareEntry } from '../../src/fold/prepare/prepared-entry.ts';
import type { FoldRules } from '../../src/fold/fold.ts';
import type { StoredEntry } from '../../src/model/entry.ts';
import type { Pin } from '../../src/model/fold.ts';
import { makeStored } from '../support/entry.ts';

const RULES: FoldRules = { level: 'careful', windowMs: 14 * 86_400_000 };
const LONG = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house.';
const at = (time: string) => new Date(`2026-03-${time}:00Z`);

/** Returns the results of placing entries one after the other. */
function place(entries: readonly StoredEntry[], { rules = RULES, pins = [], silent = [] }: Options = {}) {
  const prepared = entries.map(prepareEntry);
  const folder = new Folder(rules, countWordUse(prepared.map(({ profile }) => profile)), pins);
  const placed = prepared.map((one) => folder.place({ prepared: one, folds: !silent.includes(one.entry.sourceId) }, new Map()));
  return { folder, placed };
}

interface Options {
  readonly rules?: FoldRules;
  readonly pins?: readonly Pin[];
  /** Ids of sources that do not fold. */
  readonly silent?: readonly string[];
}

/** Returns the stories as lists of entry numbers. */
function fold(entries: readonly StoredEntry[], options: Options = {}): number[][] {
  const { folder } = place(entries, options);
  const stories = new Map<number, number[]>();
  for (const { no } of entries) {
    const story = folder.storyOf(no) ?? -1;
    stories.set(story, [...(stories.get(story) ?? []), no]);
  }
  return [...stories.values()];
}

const e = (no: number, sourceId: string, title: string, text: string, rest: Partial<StoredEntry> = {}, published: Date | null = null) =>
  makeStored({ no, sourceId, guid: `${sourceId}-${no}`, ...rest }, { title, text, published });

const home = (host: string, path: string) => ({ homeHost: host, urlKey: `${host}${path}` });

test.each<[behaviour: string, entries: StoredEntry[], expected: number[][]]>([
  ['folds equal texts of two sources', [e(1, 'a', 'One title here', LONG), e(2, 'b', 'Another title there', LONG)], [[1, 2]]],
  [
    'folds entries with equal titles when one text contains the other',
    [e(1, 'a', 'A second slipway', `${LONG} Work begins in May.`), e(2, 'b', 'A Second Slipway!', `${LONG.slice(0, 80)}…`)],
    [[1, 2]],
  ],
  [
    'folds a headline without text on the same day',
    [e(1, 'a', 'Wall falls at Gull Point', LONG, {}, at('10T08:00')), e(2, 'b', 'Wall falls at Gull Point', '', {}, at('10T20:00'))],
    [[1, 2]],
  ],
  [
    'keeps a headline without text apart from an equal one two days earlier',
    [e(1, 'a', 'The morning briefing today', LONG, {}, at('08T06:00')), e(2, 'b', 'The morning briefing today', '', {}, at('10T06:00'))],
    [[1], [2]],
  ],
  [
    'keeps different texts with equal titles apart',
    [
      e(1, 'a', 'The week in pictures', LONG),
      e(2, 'b', 'The week in pictures', 'Something else entirely was said of this week by this paper.'),
    ],
    [[1], [2]],
  ],
  [
    'folds an article that its source publishes again under another id, as a version',
    [
      e(1, 'a', 'A second slipway for the harbour', `${LONG} ${LONG}`, {}, at('10T08:00')),
      e(2, 'a', 'A second slipway for the harbour', `${LONG} ${LONG} Work begins in May.`, {}, at('11T08:00')),
    ],
    [[1, 2]],
  ],
  [
    'keeps similar texts with other numbers apart',
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
    'folds entries at one address when it is at the home of both sources',
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
    'ignores an address that one source uses for two entries',
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
    'never folds a link post by its text',
    [
      e(1, 'a', 'A second slipway for the harbour', `${LONG} ${LONG}`),
      e(2, 'b', 'A second slipway for the harbour', `${LONG} ${LONG}`, { linkPost: true }),
    ],
    [[1], [2]],
  ],
  [
    'keeps daily briefings without text apart',
    [
      e(1, 'a', 'Your morning briefing', '', {}, at('08T06:00')),
      e(2, 'b', 'Your morning briefing', '', {}, at('08T07:00')),
      e(3, 'a', 'Your morning briefing', '', {}, at('09T06:00')),
      e(4, 'b', 'Your morning briefing', '', {}, at('09T07:00')),
    ],
    [[1], [2], [3], [4]],
  ],
  [
    'keeps episodes of a podcast apart that share one blurb',
    [e(1, 'a', 'Episode about boats', LONG), e(2, 'a', 'Episode about nets', LONG), e(3, 'b', 'Episode about rope', LONG)],
    [[1], [2], [3]],
  ],
  [
    'keeps entries apart whose first sights are further apart than the window',
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
  expect(fold(entries, { rules: { ...RULES, level: 'off' } })).toEqual([[1], [2]]);
  expect(fold(entries, { silent: ['a'] })).toEqual([[1], [2]]);
  expect(fold(entries, { silent: ['b'] })).toEqual([[1], [2]]);
});

test('level keys folds equal texts, but not versions of a text', () => {
  const rules = { ...RULES, level: 'keys' } as const;
  const other = 'Harbour councillors want a second slipway: seven to four, beside the old ice house, after Tuesday.';
  expect(fold([e(1, 'a', 'A second slipway', LONG), e(2, 'b', 'Another title', LONG)], { rules })).toEqual([[1, 2]]);
  expect(fold([e(1, 'a', 'A second slipway', LONG), e(2, 'b', 'A second slip', other)], { rules })).toEqual([[1], [2]]);
});

test('a verdict contains the measured signals, the threshold and reasons in words', () => {
  const { placed } = place([e(1, 'a', 'A second slipway', LONG), e(2, 'b', 'A second slipway', `${LONG} Work begins in May.`)]);
  const verdict = placed[1]?.placement.verdict;
  expect(verdict).toMatchObject({ label: 'same', rules: 'text-3', signals: { titleEqual: 1, threshold: 0.7 } });
  expect(verdict?.score).toBeGreaterThan(0.9);
  expect(verdict?.why).toEqual(expect.arrayContaining(['same title', expect.stringMatching(/% of the shorter text's rare phrases/)]));
});

test("the owner's pins keep entries apart, and together", () => {
  const entries = [
    e(1, 'a', 'A second slipway', LONG),
    e(2, 'b', 'A second slipway', LONG),
    e(3, 'c', 'The ferry sails again', 'It left on time today.'),
  ];
  expect(fold(entries, { pins: [{ entryNo: 1, otherNo: 2, kind: 'apart' }] })).toEqual([[1], [2], [3]]);
  expect(fold(entries, { pins: [{ entryNo: 3, otherNo: 1, kind: 'together' }] })).toEqual([[1, 2, 3]]);
});

test('two stories are merged into the first when a third text contains both', () => {
  const one = 'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house near the pier.';
  const two =
    'Work on the planks begins in May once the herring boats have gone, said the harbour master at the town hall on Wednesday, and the last of them will be laid before the first frost of the winter comes.';
  const entries = [
    e(1, 'a', 'Harbour gets a second slipway', one),
    e(2, 'b', 'Harbour gets its second slipway', two),
    e(3, 'c', 'Harbour gets a second slipway', `${one} ${two}`),
  ];
  const { folder, placed } = place(entries);
  expect(placed.flatMap(({ merges }) => merges)).toMatchObject([{ fromStory: 2, intoStory: 1, entryNo: 3 }]);
  expect(entries.map(({ no }) => folder.storyOf(no))).toEqual([1, 1, 1]);
  const pins: Pin[] = [{ entryNo: 1, otherNo: 2, kind: 'apart' }];
  expect(fold(entries, { pins })).toHaveLength(2);
});

test('another text about the same event is related and founds a story of its own', () => {
  const text = (rest: string) => `The harbour council voted seven to four on Tuesday to build a second slipway. ${rest}`;
  const entries = [
    e(1, 'a', 'Council votes for a slipway', text('Fishermen had asked for it for years, and the mayor was against it until last week.')),
    e(
      2,
      'b',
      'Why the slipway divides the town',
      text('Our reporter has walked along the pier and asked eleven people what they think of its price.'),
    ),
  ];
  const { placed } = place(entries);
  expect(placed[1]?.placement.storyNo).toBe(2);
  expect(placed[1]?.relations).toMatchObject([{ entryNo: 2, otherNo: 1, verdict: { label: 'related' } }]);
});

test('a story stops growing at twelve texts and is reported as crowded', () => {
  const entries = Array.from({ length: 14 }, (_, n) => e(n + 1, `s${n}`, 'A second slipway for the harbour', LONG));
  const { placed } = place(entries);
  expect(placed.map(({ isCrowded }) => isCrowded)).toEqual([...Array.from({ length: 12 }, () => false), true, true]);
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
])('a story whose first entry has the guid %s prefers the id %s', (guid, expected) => {
  expect(place([makeStored({ guid })]).placed[0]?.placement.preferredId).toBe(expected);
});

test('two versions of one entry are a revision, whatever their texts', () => {
  const a = makeStored({ identity: 'x' }, { text: LONG });
  const b = makeStored({ identity: 'x' }, { text: 'Other.' });
  const { folder } = place([a, b]);
  expect(folder.compare(a.no, b.no).verdict).toMatchObject({ label: 'revision', score: 1 });
});

test('any entries fold into the same stories each time, each into exactly one', () => {
  const word = fc.constantFrom('harbour', 'council', 'slipway', 'votes', 'second', 'ferry', '42', '');
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
      expect(fold(entries)).toEqual(stories);
    }),
  );
});
