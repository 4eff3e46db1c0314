import { expect, test } from 'vitest';
import type { EntryChange } from '../../src/model/entry.ts';
import type { HeadlineQuery } from '../../src/model/headline.ts';
import type { Listing } from '../../src/model/listing.ts';
import type { Store } from '../../src/ports/store.ts';
import { declare } from '../support/bench.ts';
import { makeRevision } from '../support/entry.ts';
import { after, change, HOUR, noon, publishAll, settled, verdict } from './store-bench.ts';
import type { StoreBench } from './store-bench.ts';

const everything: HeadlineQuery = { slugs: ['all'], sources: null, words: [], offset: 0, limit: 100 };
const toListing = (storyNo: number, at: Date, said: Partial<Listing> = {}): Listing => ({
  storyNo,
  kind: 'new',
  seq: storyNo,
  at,
  updated: noon,
  accountedFor: noon,
  loggedAt: noon,
  isRecalled: false,
  ...said,
});
const titles = async (store: Store, said: Partial<HeadlineQuery> = {}) =>
  (await store.readHeadlines({ ...everything, ...said })).headlines.map(({ title }) => title);
const save = (store: Store, slug: string, listings: readonly Listing[]) => store.saveListings(slug, listings, { seq: 99, changeSeq: 0 });
/** The next version of an entry. */
const revise = (identity: string, revision: Parameters<typeof makeRevision>[0]): EntryChange => ({
  ...change({ identity }),
  revisions: [makeRevision({ kind: 'edit', seenAt: after(5), ...revision })],
});

/** Lists of stories as people see them, and what is counted for those who watch over feeds. */
export function testHeadlines({ openBound, open, makeDatabase, defer }: StoreBench): void {
  /** Stories of these titles, published and listed in `all` one second after another, and their numbers by title. */
  const openListed = async (entries: readonly (readonly [title: string, entry?: Parameters<typeof change>[0], text?: string])[]) => {
    const store = await openBound();
    const stored = await publishAll(
      store,
      entries.map(([title, entry, text], n) =>
        change({ identity: `e${n}`, position: n, ...entry }, { title, ...(text !== undefined && { text }) }),
      ),
    );
    for (const slug of ['all', 'other', 'third']) await store.bindFeed(slug, noon);
    const numbers = new Map(stored.map(({ no, revision }) => [revision.title, no]));
    const no = (title: string) => numbers.get(title) ?? 0;
    await save(
      store,
      'all',
      entries.map(([title], n) => toListing(no(title), after(n * 1000))),
    );
    return { store, no, stored };
  };

  test('a headline tells of a story what the story has', async () => {
    const store = await open();
    const source = { title: 'Wire of A', language: 'pt' };
    await store.bindSources([declare('file', '/a.xml', { id: 'a', ...source }), declare('file', '/b.xml', { id: 'b' })], noon);
    const long = `${'😀 word '.repeat(200)}end`;
    const [lead, other, again] = await publishAll(store, [
      change({ identity: 'lead', url: 'https://a.test/1' }, { title: 'First', text: 'old' }),
      change({ identity: 'again', position: 1 }, { title: 'Again', text: 'old again', seenAt: after(2) }),
      change({ identity: 'other', sourceId: 'b' }, { title: 'Copy', text: 'copy' }),
    ]).then((entries) => ['lead', 'other', 'again'].map((identity) => entries.find((entry) => entry.identity === identity)));
    const storyNo = lead?.no ?? 0;
    const same = { storyNo, comparedWith: storyNo, verdict: { ...verdict, label: 'same' as const } };
    await store.moveEntries(
      [other, again].map((entry) => ({ entryNo: entry?.no ?? 0, ...same })),
      [],
      after(1),
    );
    await store.saveEntries(
      [{ ...revise('lead', { title: 'Second', text: long }), entry: { ...change({ identity: 'lead', url: 'https://a.test/1' }).entry } }],
      after(5),
    );
    await store.saveEntries(
      [
        {
          ...revise('lead', { kind: 'cosmetic', title: 'Third', text: long }),
          entry: { ...change({ identity: 'lead', url: 'https://a.test/1' }).entry },
        },
      ],
      after(6),
    );
    await store.saveSettlements([settled(storyNo, { published: after(-9), updated: after(5), change: 'updated' })], after(6));
    await store.bindFeed('all', noon);
    await save(store, 'all', [toListing(storyNo, after(7))]);
    const [story] = await store.readStoriesByNumber([storyNo]);
    const { headlines, isCut } = await store.readHeadlines(everything);
    expect(isCut).toBe(false);
    expect(headlines).toEqual([
      {
        no: storyNo,
        id: story?.id,
        key: story?.key,
        title: 'Third',
        url: 'https://a.test/1',
        excerpt: [...long].slice(0, 600).join(''),
        language: 'pt',
        published: after(-9),
        updated: after(5),
        firstSeenAt: story?.firstSeenAt,
        at: after(7),
        sources: [
          { id: 'a', title: 'Wire of A' },
          { id: 'b', title: 'b' },
        ],
        entries: 3,
        // The lead's first and second, and what its source has posted of it beside.
        revisions: story?.revisions.length,
      },
    ]);
    expect(headlines[0]?.revisions).toBe(3);
    // Another leads: its source comes first, and its versions count.
    await store.saveSettlements([settled(storyNo, { leadNo: other?.no ?? 0, change: 'none' })], after(7));
    expect((await store.readHeadlines(everything)).headlines).toMatchObject([
      { title: 'Copy', url: null, language: null, sources: [{ id: 'b' }, { id: 'a' }], entries: 3, revisions: 1 },
    ]);
  });

  test('one feed comes in its order, newest first; of one instant by source, then as they were first read', async () => {
    const { store, no } = await openListed([['a1'], ['b1', { sourceId: 'b' }], ['a2'], ['b2', { sourceId: 'b' }], ['a3']]);
    expect(await titles(store)).toEqual(['a3', 'b2', 'a2', 'b1', 'a1']);
    await save(
      store,
      'all',
      ['a1', 'b1', 'a2', 'b2'].map((title) => toListing(no(title), noon)),
    );
    const order = ['a3', 'a1', 'a2', 'b1', 'b2'];
    expect(await titles(store)).toEqual(order);
    for (let offset = 0; offset <= order.length; offset++)
      for (const limit of [1, 2, 9]) expect(await titles(store, { offset, limit })).toEqual(order.slice(offset, offset + limit));
    expect((await store.readOrdered('all', { offset: 0, limit: 9 })).map(({ storyNo }) => storyNo)).toEqual(order.map(no));
  });

  test('several feeds come by date, each story once; a feed named twice is one, and no feed has nothing', async () => {
    const { store, no } = await openListed([['a1'], ['b1', { sourceId: 'b' }], ['a2'], ['held']]);
    await publishAll(store, [change({ identity: 'old' }, { title: 'old', published: after(-HOUR) })]);
    const [old] = (await store.readStories({ order: 'published', offset: 4, limit: 1 })).map((story) => story.no);
    await save(store, 'all', [toListing(old ?? 0, after(99_000)), toListing(no('held'), noon, { kind: 'held', seq: 0 })]);
    await save(store, 'other', [toListing(no('a1'), after(HOUR)), toListing(no('held'), noon, { kind: 'gone' })]);
    const order = ['a1', 'a2', 'b1', 'old'];
    for (let offset = 0; offset <= 4; offset++)
      expect(await titles(store, { slugs: ['other', 'all'], offset })).toEqual(order.slice(offset));
    expect((await store.readHeadlines({ ...everything, slugs: ['third', 'all'] })).headlines.at(-1)?.at).toEqual(after(-HOUR));
    expect(await titles(store, { slugs: ['all', 'all'] })).toEqual(['old', 'a2', 'b1', 'a1']);
    expect(await titles(store, { slugs: ['third'] })).toEqual([]);
    expect(await titles(store, { slugs: ['third', 'none'] })).toEqual([]);
    expect(await titles(store, { slugs: [] })).toEqual([]);
    expect(await titles(store, { slugs: ['third', 'all'], words: ['old'] })).toEqual(['old']);
    expect(await titles(store, { slugs: ['third', 'all'], sources: ['b'] })).toEqual(['b1']);
  });

  test('what is hidden, withdrawn, held, gone, deleted or not settled is left out, of pages, searches and sources alike', async () => {
    const names = ['hidden', 'withdrawn', 'held', 'gone', 'lead hidden', 'updated', 'moved', 'last'];
    const { store, no, stored } = await openListed(names.map((title) => [title, {}, 'some words']));
    const keyOf = (title: string) => stored.find(({ revision }) => revision.title === title)?.key ?? '';
    await store.hide(keyOf('hidden'), true, noon);
    const hidden = (await store.readStoriesByNumber([no('lead hidden')]))[0];
    await store.saveSettlements([settled(no('withdrawn'), { leadNo: null, change: 'withdrawn' })], after(1));
    await save(store, 'all', [
      toListing(no('held'), after(1), { kind: 'held', seq: 0 }),
      toListing(no('gone'), after(2), { kind: 'gone' }),
      toListing(no('updated'), after(3), { kind: 'updated' }),
    ]);
    expect(hidden?.no).toBe(no('lead hidden'));
    await store.markMissing('a', ['e4'], noon, { graceMs: 0, runs: 1 });
    // Its lead stands in another story from now on, and it is not settled yet.
    await store.moveEntries([{ entryNo: no('moved'), storyNo: no('last'), comparedWith: null, verdict }], [], after(2));
    await store.saveEntries([change({ identity: 'waits' }, { title: 'waits', text: 'some words' })], after(3));
    const shown = ['last', 'updated'];
    for (let offset = 0; offset < 3; offset++)
      for (const said of [
        {},
        { words: ['some words'] },
        { sources: ['a'] },
        { slugs: ['all', 'other'] },
        { words: ['wo'], sources: ['a', 'b'] },
      ]) {
        const order = 'slugs' in said ? shown.toReversed() : shown;
        expect([said, offset, await titles(store, { ...said, offset })]).toEqual([said, offset, order.slice(offset)]);
      }
    await store.hide(keyOf('hidden'), false, noon);
    expect(await titles(store)).toEqual(['last', 'updated', 'hidden']);
  });

  test('stories of some sources are those that have a member of one of them that may be shown', async () => {
    const { store, no, stored } = await openListed([['a1'], ['b1', { sourceId: 'b' }], ['a2'], ['b2', { sourceId: 'b' }]]);
    await store.moveEntries([{ entryNo: no('b1'), storyNo: no('a1'), comparedWith: no('a1'), verdict }], [], after(1));
    await store.saveSettlements(
      [settled(no('a1'), { change: 'updated' }), settled(no('b1'), { leadNo: null, change: 'withdrawn' })],
      after(1),
    );
    expect(await titles(store, { sources: ['b'] })).toEqual(['b2', 'a1']);
    expect(await titles(store, { sources: ['b'], offset: 1 })).toEqual(['a1']);
    expect(await titles(store, { sources: ['b', 'a', 'none'] })).toEqual(['b2', 'a2', 'a1']);
    expect(await titles(store, { sources: ['none'] })).toEqual([]);
    expect(await titles(store, { sources: [] })).toEqual([]);
    await store.hide(stored.find(({ revision }) => revision.title === 'b1')?.key ?? '', true, after(2));
    await store.saveSettlements([settled(no('a1'), { change: 'none' })], after(2));
    expect(await titles(store, { sources: ['b'] })).toEqual(['b2']);
    expect((await store.readHeadlines({ ...everything, offset: 2 })).headlines[0]).toMatchObject({
      title: 'a1',
      entries: 1,
      sources: [{ id: 'a' }],
    });
  });

  test('a long list is paged through without a gap, by source and by words too', async () => {
    const { store } = await openListed(
      Array.from({ length: 460 }, (_, n) => [`t${n}`, { sourceId: n % 3 === 0 ? 'b' : 'a' }, n % 2 === 0 ? 'an even number' : 'odd']),
    );
    const wanted = (isWanted: (n: number) => boolean) =>
      Array.from({ length: 460 }, (_, n) => 459 - n)
        .filter(isWanted)
        .map((n) => `t${n}`);
    for (const [said, isWanted] of [
      [{}, () => true],
      [{ sources: ['b'] }, (n: number) => n % 3 === 0],
      [{ words: ['even'] }, (n: number) => n % 2 === 0],
      [{ words: ['even'], sources: ['b'] }, (n: number) => n % 6 === 0],
    ] as const) {
      const read: string[] = [];
      for (let offset = 0; offset < 460; offset += 70) read.push(...(await titles(store, { ...said, offset, limit: 70 })));
      expect(read).toEqual(wanted(isWanted));
    }
  });

  const texts = [
    ['English', 'The Harbour Council votes for a SECOND slipway'],
    ['German', 'Über die Brücke: ÄRGER in Köln, die Straße ist zu'],
    ['Chinese', '新华社北京十二月五日电，中国海军'],
    ['Arabic', 'وزير الخارجية يزور القاهرة اليوم'],
    ['Greek', 'ΟΔΟΣ ΠΡΟΣΩΠΟΥ, όπως λέμε'],
    ['Turkish', 'İstanbul ve İzmir'],
    ['marks', String.raw`100% of "it's" a_b c\d and (x OR y) AND* ^z -n {m}: col`],
    ['emoji', 'good news 😀👍🏽 everybody'],
    ['NUL', 'nul\0in and lone \ud800 here'],
    ['short', 'ab'],
  ] as const;
  const cases: readonly (readonly [words: readonly string[], expected: readonly string[]])[] = [
    [['harbour'], ['English']],
    [['HARBOUR council'], ['English']],
    [['council harbour'], []],
    [['council', 'HARBOUR'], ['English']],
    [['arbou', 'ipway'], ['English']],
    [['harbour', 'köln'], []],
    [['english'], ['English']],
    [['English', 'second'], ['English']],
    [['über', 'ärger', 'KÖLN', 'BRÜCKE'], ['German']],
    [['uber'], []],
    [['straße'], ['German']],
    [['ße'], ['German']],
    [['ßE'], ['German']],
    [['北京'], ['Chinese']],
    [['京北'], []],
    [['海军'], ['Chinese']],
    [['新华', '中国'], ['Chinese']],
    [['北京十二月'], ['Chinese']],
    [['القاهرة'], ['Arabic']],
    [['يزور القاهرة'], ['Arabic']],
    [['οδος'], ['Greek']],
    [['προσ'], ['Greek']],
    [['ΌΠΩΣ'], ['Greek']],
    [['istanbul'], ['Turkish']],
    [['İSTANBUL'], ['Turkish']],
    [['100%'], ['marks']],
    [['10%'], []],
    [['0% of'], ['marks']],
    [['a_b'], ['marks']],
    [['a%b'], []],
    [['_o'], []],
    [['%_'], []],
    [[`"it's"`], ['marks']],
    [['t" a'], []],
    [[String.raw`c\d`], ['marks']],
    [[String.raw`\d`], ['marks']],
    [[String.raw`c\\d`], []],
    [['(x OR y) AND* ^z -n {m}: col'], ['marks']],
    [['x or y'], ['marks']],
    [['😀'], ['emoji']],
    [['😀👍'], ['emoji']],
    [['news 😀👍🏽 e'], ['emoji']],
    [['👎'], []],
    [['nulin'], ['NUL']],
    [['nul\0in'], ['NUL']],
    [['lone \ud800'], ['NUL']],
    [['lone \ufffd'], ['NUL']],
    [['ab'], ['short', 'Arabic']],
    [['b'], ['short', 'marks', 'Turkish', 'English', 'emoji', 'Arabic', 'German']],
    [['\0'], texts.map(([title]) => title)],
    [[''], texts.map(([title]) => title)],
    [['word '.repeat(50_000)], []],
    [[...'abcdefghijklmnopqrstuvwxyz'].flatMap((a) => [...'abcdefghij'].map((b) => `${a}${b}${a}`)), []],
  ];
  test.for(['looked up', 'looked through'] as const)(
    'words are found in any script and case, and nothing in them is a command: %s',
    async (how) => {
      const { store } = await openListed(texts.map(([title, text]) => [title, {}, text]));
      if (how === 'looked up') while (await store.indexWords());
      const found: unknown[] = [];
      for (const [words] of cases) found.push([words, new Set(await titles(store, { words }))]);
      expect(found).toEqual(cases.map(([words, expected]) => [words, new Set(expected)]));
    },
  );

  test('only the newest version of the lead is searched, and a change is found at once and after it is indexed', async () => {
    const { store, no } = await openListed([
      ['lead', {}, 'the first wording'],
      ['copy', { sourceId: 'b' }, 'what the copy says'],
      ['rest', {}, 'nothing else'],
    ]);
    await store.indexWords();
    await store.moveEntries([{ entryNo: no('copy'), storyNo: no('lead'), comparedWith: no('lead'), verdict }], [], after(1));
    await store.saveSettlements(
      [settled(no('lead'), { change: 'updated' }), settled(no('copy'), { leadNo: null, change: 'withdrawn' })],
      after(1),
    );
    const check = async (expected: Readonly<Record<string, readonly string[]>>) => {
      for (let round = 0; round < 2; round++) {
        for (const [word, found] of Object.entries(expected))
          expect([round, word, await titles(store, { words: [word] })]).toEqual([round, word, found]);
        expect(await store.indexWords()).toBe(false);
      }
    };
    await check({ 'first wording': ['lead'], 'copy says': [] });
    await store.saveEntries([revise('e0', { title: 'lead', text: 'the second phrase' })], after(5));
    await check({ 'first wording': [], wording: [], 'second phrase': ['lead'] });
    await store.saveEntries([{ ...revise('e0', { title: 'lead', text: 'the third go' }), replacesLast: true }], after(6));
    await check({ 'second phrase': [], 'third go': ['lead'] });
    await store.saveEntries([revise('e0', { kind: 'cosmetic', title: 'lead', text: 'the third, go' })], after(7));
    await check({ 'third go': [], 'third, go': ['lead'] });
    await store.saveSettlements([settled(no('lead'), { leadNo: no('copy'), change: 'updated' })], after(8));
    await check({ 'third, go': [], 'copy says': ['copy'] });
  });

  test('words are found after an import, before and after the next run', async () => {
    const { store } = await openListed([
      ['one', {}, 'the harbour'],
      ['two', {}, '北京'],
    ]);
    await store.indexWords();
    const rows: unknown[] = [];
    await store.readState(
      async () => undefined,
      async (row) => void rows.push(row),
    );
    const database = await makeDatabase();
    defer(database.remove);
    const { openStore } = await import('../../src/store/store.ts');
    const other = await openStore(database.open());
    defer(() => other.close());
    await other.writeState(
      (async function* () {
        for (const [index, value] of rows.entries()) yield { line: index, value };
      })(),
      null,
    );
    for (let round = 0; round < 2; round++) {
      expect(await titles(other, { words: ['harbour'] })).toEqual(['one']);
      expect(await titles(other, { words: ['北京'] })).toEqual(['two']);
      await other.indexWords();
    }
  });

  test('entries are counted by source and day, from an instant on, those before 1970 too; deleted and hidden ones are not', async () => {
    const store = await openBound();
    const dates = [
      '1969-12-31T23:59:59Z',
      '1970-01-01T00:00:00Z',
      '2026-03-08T23:59:59.999Z',
      '2026-03-09T00:00:00Z',
      '2026-03-09T13:00:00Z',
    ];
    const dated = (sourceId: string, date: string) => change({ sourceId, identity: date }, { published: new Date(date) });
    const entries = await publishAll(store, [
      ...dates.map((date) => dated('a', date)),
      dated('b', '2026-03-09T09:00:00Z'),
      dated('b', '2026-03-09T10:00:00Z'),
    ]);
    const day = Date.UTC(2026, 2, 9) / 86_400_000;
    const from = new Date('1960-01-01');
    expect(await store.countEntriesByDay(from)).toEqual(
      new Map([
        ['a', [-1, 0, day - 1, day].map((n) => ({ day: n, count: n === day ? 2 : 1 }))],
        ['b', [{ day, count: 2 }]],
      ]),
    );
    const noonOf = new Date('2026-03-09T12:00:00Z');
    expect(await store.countEntriesByDay(noonOf)).toEqual(new Map([['a', [{ day, count: 1 }]]]));
    expect(await store.countEntriesByDay(new Date('2026-03-09T13:00:00Z'))).toEqual(new Map([['a', [{ day, count: 1 }]]]));
    await store.moveEntries([{ entryNo: entries[1]?.no ?? 0, storyNo: entries[0]?.no ?? 0, comparedWith: null, verdict }], [], noon);
    expect(await store.hide(entries[1]?.key ?? '', true, noon)).toBe('entry');
    await store.markMissing('b', ['2026-03-09T10:00:00Z'], noon, { graceMs: 0, runs: 1 });
    expect((await store.countEntriesByDay(new Date(0))).get('b')).toEqual([{ day, count: 1 }]);
    expect((await store.countEntriesByDay(from)).get('a')?.map((count) => count.day)).toEqual([-1, day - 1, day]);
  });

  test('a feed is counted by the days of its order; what has left it since is lost', async () => {
    const { store, no } = await openListed(['n', 'u', 'old', 'gone', 'gone before', 'never there', 'held'].map((title) => [title]));
    await store.saveListings(
      'all',
      [
        toListing(no('n'), new Date('2026-03-10T00:00:00Z')),
        toListing(no('u'), new Date('2026-03-10T23:00:00Z'), { kind: 'updated' }),
        toListing(no('old'), new Date('2026-03-01T23:00:00Z')),
        toListing(no('gone'), noon, { kind: 'gone', loggedAt: after(10) }),
        toListing(no('gone before'), noon, { kind: 'gone', loggedAt: after(9) }),
        toListing(no('never there'), noon, { kind: 'gone', seq: 0, loggedAt: after(10) }),
        toListing(no('held'), noon, { kind: 'held', seq: 0, loggedAt: after(10) }),
      ],
      { seq: 9, changeSeq: 0 },
    );
    const day = Date.UTC(2026, 2, 10) / 86_400_000;
    const since = { from: new Date('2026-03-05'), lostSince: after(10) };
    expect(await store.countFeed('all', since)).toEqual({ days: [{ day, count: 2 }], standing: 3, lost: 1 });
    expect(await store.countFeed('all', { from: new Date(0), lostSince: after(9) })).toEqual({
      days: [
        { day: day - 9, count: 1 },
        { day, count: 2 },
      ],
      standing: 3,
      lost: 2,
    });
    expect(await store.countFeed('other', since)).toEqual({ days: [], standing: 0, lost: 0 });
  });

  test('the last run is the one that came to its end last', async () => {
    const store = await openBound();
    expect(await store.readLastRun()).toBeNull();
    const first = await store.startRun(noon);
    expect(await store.readLastRun()).toBeNull();
    await store.endRun(first, after(5), {});
    await store.startRun(after(6));
    expect(await store.readLastRun()).toEqual(after(5));
    await store.endRun(await store.startRun(after(7)), after(8), {});
    expect(await store.readLastRun()).toEqual(after(8));
  });
}
