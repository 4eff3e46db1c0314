import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Listing } from '../../../src/model/listing.ts';
import { declare } from '../../support/bench.ts';
import { after, all, alone, change, foldBatch, HOUR, noon, pendingOf, publishAll, settled } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

const toListing = (storyNo: number, seq: number, said: Partial<Listing> = {}): Listing => ({
  storyNo,
  kind: 'new',
  seq,
  at: after(storyNo),
  updated: noon,
  accountedFor: noon,
  loggedAt: noon,
  isInWindow: false,
  ...said,
});

/** Tests the listings, archives and document versions of feeds. */
export function testListings({ openBound }: StoreBench): void {
  const openListed = async (count: number) => {
    const store = await openBound();
    const entries = await publishAll(
      store,
      Array.from({ length: count }, (_, n) => change({ identity: `e${n}`, position: n, sourceId: n % 2 === 0 ? 'a' : 'b' })),
    );
    await store.bindFeed('all', noon);
    return { store, numbers: entries.map(({ no }) => no).toSorted((a, b) => a - b) };
  };

  test('a feed that was never published has no state', async () => {
    const store = await openBound();
    expect(await store.readFeed('all')).toBeNull();
    const state = await store.bindFeed('all', noon);
    expect(await store.readFeed('all')).toEqual(state);
    expect(state).toMatchObject({
      slug: 'all',
      createdAt: noon,
      chain: 0,
      rules: null,
      changeSeq: 0,
      seq: 0,
      archivedSeq: 0,
      beforeWindowSeq: 0,
      notice: null,
    });
  });

  test('listings come back as stored, in the order of the feed and of its history; saving them again changes nothing', async () => {
    const { store, numbers } = await openListed(4);
    const [one = 0, two = 0, three = 0, four = 0] = numbers;
    const listings = [
      toListing(one, 1, { at: after(5) }),
      toListing(two, 2, { at: after(9), kind: 'updated', isInWindow: true, updated: after(1), accountedFor: after(2), loggedAt: after(3) }),
      toListing(three, 3, { kind: 'gone' }),
      toListing(four, 0, { kind: 'held', at: after(HOUR) }),
    ];
    for (let round = 0; round < 2; round++) {
      await store.saveListings('all', listings, { seq: 3, changeSeq: 7 });
      expect([...(await store.readListings('all', [...numbers, 99_999])).values()].toSorted((a, b) => a.storyNo - b.storyNo)).toEqual(
        listings.toSorted((a, b) => a.storyNo - b.storyNo),
      );
    }
    expect(await store.bindFeed('all', noon)).toMatchObject({ seq: 3, changeSeq: 7, archivedSeq: 0 });
    expect((await store.readOrdered('all', { offset: 0, limit: 10 })).map(({ storyNo }) => storyNo)).toEqual([two, one]);
    expect((await store.readOrdered('all', { offset: 1, limit: 1 })).map(({ storyNo }) => storyNo)).toEqual([one]);
    const listed = await store.readHistory('all', { after: 1, upTo: null });
    expect(listed.map(({ storyNo, sourceId }) => [storyNo, sourceId])).toEqual([
      [two, 'b'],
      [three, 'a'],
    ]);
    expect(listed[0]?.id).toBe((await store.readStoriesByNumber([two]))[0]?.id);
    expect((await store.readHistory('all', { after: 0, upTo: 2 })).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await store.readDueListings('all', after(HOUR - 1))).toEqual([]);
    expect(await store.readDueListings('all', after(HOUR))).toEqual([four]);
    const found = await Promise.all(numbers.map((no) => store.findFeeds(no, ['other', 'all'])));
    expect(found.map((feeds) => [...feeds])).toEqual([[['all', true]], [['all', true]], [['all', false]], []]);
    expect([await store.findFeeds(one, ['other']), await store.findFeeds(one, [])]).toEqual([new Map(), new Map()]);
  });

  test('stories of the same instant come by source in a feed, then in the order of their first reading', async () => {
    const { store, numbers } = await openListed(5);
    await store.saveListings(
      'all',
      numbers.map((no, n) => toListing(no, n + 1, { at: noon })),
      { seq: 5, changeSeq: 0 },
    );
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = numbers;
    expect((await store.readOrdered('all', { offset: 0, limit: 9 })).map(({ storyNo }) => storyNo)).toEqual([a, c, e, b, d]);
  });

  test('a new chain replaces all listings and forgets the versions of documents', async () => {
    const { store, numbers } = await openListed(3);
    await store.saveListings(
      'all',
      numbers.map((no, n) => toListing(no, n + 1)),
      { seq: 3, changeSeq: 1 },
    );
    await store.saveVersion('all', { tag: 'x', chain: 0, seq: 3 }, noon);
    const state = { chain: 1, rules: 'r', changeSeq: 5, seq: 4, archivedSeq: 3, beforeWindowSeq: 4 };
    await store.replaceListings('all', [toListing(numbers[1] ?? 0, 4)], state);
    expect(await store.bindFeed('all', noon)).toMatchObject(state);
    expect([...(await store.readListings('all', numbers)).keys()]).toEqual([numbers[1]]);
    expect(await store.readVersions('all', 0)).toEqual(new Map());
  });

  test('archives are numbered from 1, across chains, and name the previous one of their chain', async () => {
    const { store } = await openListed(1);
    const start = { rules: 'r', changeSeq: 0, seq: 40, beforeWindowSeq: 0 };
    await store.replaceListings('all', [], { ...start, chain: 1, archivedSeq: 0 });
    await store.saveHistory('all', { beforeWindowSeq: 12, archives: [10, 20], isPrivate: false });
    await store.saveHistory('all', { beforeWindowSeq: 12, archives: [], isPrivate: false });
    expect(await store.bindFeed('all', noon)).toMatchObject({ beforeWindowSeq: 12, archivedSeq: 20 });
    await store.replaceListings('all', [], { ...start, chain: 2, archivedSeq: 40 });
    await store.saveHistory('all', { beforeWindowSeq: 40, archives: [45], isPrivate: false });
    expect(await store.readArchive('all', 2)).toEqual({
      n: 2,
      chain: 1,
      firstSeq: 11,
      lastSeq: 20,
      isPrivate: false,
      previous: 1,
      stored: null,
    });
    expect(await store.readArchive('all', 3)).toEqual({
      n: 3,
      chain: 2,
      firstSeq: 41,
      lastSeq: 45,
      isPrivate: false,
      previous: null,
      stored: null,
    });
    expect(await Promise.all([store.readArchive('all', 4), store.readArchive('other', 1)])).toEqual([null, null]);
    expect([await store.readNewestArchive('all', 1), await store.readNewestArchive('all', 3)]).toEqual([2, null]);
    expect(await store.listArchives('all', 1)).toEqual([1, 2]);
  });

  test('the first bytes of an archive stay unless they are explicitly replaced', async () => {
    const { store } = await openListed(1);
    await store.replaceListings('all', [], { chain: 1, rules: 'r', changeSeq: 0, seq: 9, archivedSeq: 0, beforeWindowSeq: 0 });
    await store.saveHistory('all', { beforeWindowSeq: 0, archives: [9], isPrivate: false });
    expect(await store.readMadeArchives('all')).toEqual([]);
    const [first, second] = ['one', 'two'].map((text) => gzipSync(text));
    const madeOf = { chain: 1, entries: 0, previous: null };
    for (const other of [{ chain: 2 }, { entries: 1 }, { previous: 7 }])
      expect(await store.makeArchive('all', 1, first ?? gzipSync(''), noon, { ...madeOf, ...other })).toBeNull();
    expect(await store.makeArchive('all', 2, first ?? gzipSync(''), noon, madeOf)).toBeNull();
    const made = await store.makeArchive('all', 1, first ?? gzipSync(''), noon, madeOf);
    expect(Buffer.from(made?.stored?.gzip ?? [])).toEqual(first);
    expect(made?.stored?.madeAt).toEqual(new Date('2026-03-10T12:00:00Z'));
    expect(await store.makeArchive('all', 1, second ?? gzipSync(''), after(HOUR), madeOf)).toEqual(made);
    expect(await store.readMadeArchives('all')).toEqual([1]);
    await store.replaceArchive('all', 1, second ?? gzipSync(''), after(HOUR));
    expect(Buffer.from((await store.readArchive('all', 1))?.stored?.gzip ?? [])).toEqual(second);
  });

  test('versions of a document are kept by tag with their newest position, and the oldest are forgotten', async () => {
    const { store } = await openListed(1);
    await store.saveVersion('all', { tag: 'a', chain: 1, seq: 1 }, noon);
    await store.saveVersion('all', { tag: 'b', chain: 1, seq: 2 }, after(1));
    await store.saveVersion('all', { tag: 'a', chain: 1, seq: 3 }, after(2));
    expect(await store.readVersions('all', 1)).toEqual(
      new Map([
        ['a', 3],
        ['b', 2],
      ]),
    );
    expect(await store.readVersions('all', 2)).toEqual(new Map());
    for (let n = 0; n < 440; n++) await store.saveVersion('all', { tag: `t${n}`, chain: 1, seq: n }, after(10 + n));
    const kept = await store.readVersions('all', 1);
    expect([kept.size, kept.has('a'), kept.has('t439')]).toEqual([432, false, true]);
  });

  test('candidates have the fields that rules use, and words only on demand', async () => {
    const store = await openBound();
    const authors = [{ name: 'Ada', url: null, email: null }];
    const [entry] = await publishAll(store, [
      change({ language: 'pt', url: 'https://a.test/1' }, { title: 'T', text: 'Words.', authors, categories: ['c'] }),
    ]);
    const no = entry?.no ?? 0;
    const [bare] = await store.readCandidates([no, 99_999], { withWords: false });
    expect(bare).toMatchObject({ no, isPublished: true, updated: noon, firstSeenAt: noon, sourceIds: ['a'], founderSourceId: 'a' });
    expect(bare?.lead).toEqual({ sourceId: 'a', url: 'https://a.test/1', language: 'pt', words: null });
    const [full] = await store.readAllCandidates({ after: 0, limit: 10, withWords: true });
    expect(full?.lead?.words).toEqual({ title: 'T', text: 'Words.', authors: ['Ada'], categories: ['c'] });
    expect(await store.readAllCandidates({ after: no, limit: 10, withWords: false })).toEqual([]);
    await store.saveLeadChoices([settled(no, { leadNo: null, change: 'withdrawn' })], after(1));
    expect((await store.readCandidates([no], { withWords: true }))[0]?.isPublished).toBe(false);
    expect(await store.readStoriesByNumber([no])).toEqual([]);
  });

  test('changed stories are those with a later choice of lead and those of sources with changed tags', async () => {
    const { store, numbers } = await openListed(2);
    const first = await store.readChangedStories(0);
    expect(new Set(first.stories)).toEqual(new Set(numbers));
    expect(await store.readChangedStories(first.seq)).toEqual({ stories: [], seq: first.seq });
    const bind = (tags: readonly string[]) =>
      store.bindSources([declare('file', '/a.xml', { id: 'a', tags }), declare('file', '/b.xml', { id: 'b' })], noon);
    await bind(['harbour']);
    await bind(['harbour']);
    expect((await store.readSourceTags()).get('a')).toEqual(['harbour']);
    const second = await store.readChangedStories(first.seq);
    expect(second.stories).toEqual([numbers[0]]);
    expect((await store.publish(after(1), noon)).n).toBe(2);
  });

  test('counts the stories that a source leads in a feed on a day', async () => {
    const { store, numbers } = await openListed(4);
    await store.saveListings(
      'all',
      numbers.map((no, n) => toListing(no, n + 1)),
      { seq: 4, changeSeq: 0 },
    );
    const [dated] = await store.readCandidates(numbers.slice(0, 1), { withWords: false });
    const day = { from: dated?.datedAt ?? noon, before: new Date((dated?.datedAt ?? noon).getTime() + 1) };
    expect(await store.countLedBy('all', 'a', day)).toBe(2);
    expect(await store.countLedBy('all', 'a', { from: day.before, before: after(HOUR * 99) })).toBe(0);
    expect(await store.countLedBy('other', 'a', day)).toBe(0);
  });

  test('counts the late stories of a source in a feed since an instant, and finds the oldest dated story', async () => {
    const store = await openBound();
    await store.bindFeed('all', noon);
    expect(await store.findOldestDated()).toBeNull();
    const days = (n: number) => after(-n * 24 * HOUR);
    const dated = (identity: string, published: Date | null, sourceId = 'a') => change({ identity, sourceId }, { published });
    const stored = await publishAll(store, [
      dated('x', days(20)),
      dated('y', days(30)),
      dated('z', days(1)),
      dated('u', null),
      dated('b', days(20), 'b'),
    ]);
    const listed = stored.map(({ no }, n) => toListing(no, n + 1, { isInWindow: true }));
    await store.saveListings('all', listed, { seq: 5, changeSeq: 0 });
    const lateMs = 72 * HOUR;
    expect(await store.countLate('all', 'a', { since: noon, lateMs })).toBe(2);
    expect(await store.countLate('all', 'b', { since: noon, lateMs })).toBe(1);
    expect(await store.countLate('all', 'a', { since: after(1), lateMs })).toBe(0);
    expect(await store.countLate('other', 'a', { since: noon, lateMs })).toBe(0);
    await store.saveListings(
      'all',
      listed.map((listing) => ({ ...listing, isInWindow: false })),
      { seq: 5, changeSeq: 0 },
    );
    expect(await store.countLate('all', 'a', { since: noon, lateMs })).toBe(0);
    expect(await store.findOldestDated()).toEqual(days(30));
  });

  test('reports whether a story has news, and keeps the date that the choice of lead gives it', async () => {
    const store = await openBound();
    await store.saveEntries([change({ identity: 'old' })], noon, { backlogAt: after(-HOUR) });
    await store.saveEntries([change({ identity: 'new' })], noon);
    const entries = await pendingOf(store);
    await store.saveFolds(foldBatch({ placements: entries.map((entry) => alone(entry)), decided: entries.map(({ no }) => no) }), noon);
    const unsettled = await store.readPendingStories(5);
    expect(unsettled.map(({ members }) => members.map(({ backlogAt }) => backlogAt))).toEqual([[after(-HOUR)], [null]]);
    const numbers = unsettled.map(({ no }) => no);
    await store.saveLeadChoices(
      numbers.map((no, n) => settled(no, { datedAt: n === 0 ? after(-HOUR) : null })),
      noon,
    );
    const candidates = await store.readCandidates(numbers, { withWords: false });
    expect(candidates.map(({ isNews, datedAt }) => [isNews, datedAt])).toEqual([
      [false, after(-HOUR)],
      [true, noon],
    ]);
    expect((await store.readStories(all)).map(({ datedAt }) => datedAt)).toEqual([noon, after(-HOUR)]);
  });

  test('the end of a feed gets a position in its history and can be removed', async () => {
    const { store } = await openListed(1);
    await store.noteEnd('all', after(HOUR), noon);
    expect(await store.bindFeed('all', noon)).toMatchObject({ seq: 1, notice: { endsAt: after(HOUR), at: noon, seq: 1 } });
    await store.noteEnd('all', null, after(1));
    expect(await store.bindFeed('all', noon)).toMatchObject({ seq: 2, notice: null });
  });

  test('changed feeds are published once, even when a process is killed in between', async () => {
    const { store, numbers } = await openListed(1);
    const { n } = await store.readGeneration();
    await store.saveListings('all', [], { seq: 0, changeSeq: 9 });
    expect((await store.publish(after(1), noon)).n).toBe(n);
    await store.saveListings('all', [toListing(numbers[0] ?? 0, 1)], { seq: 1, changeSeq: 9 });
    expect((await store.publish(after(2), noon)).n).toBe(n + 1);
    expect((await store.publish(after(3), noon)).n).toBe(n + 1);
    await store.noteEnd('all', after(HOUR), noon);
    expect((await store.publish(after(4), noon)).n).toBe(n + 2);
  });

  test('hiding an entry notes every id that archives may have for it, and makes feeds publish its story again', async () => {
    const { store, numbers } = await openListed(3);
    const [one = 0, two = 0] = numbers;
    const entries = await store.readEntries(numbers);
    const stories = await store.readStoriesByNumber(numbers);
    const verdict = { label: 'same' as const, score: 1, why: [], rules: 'x', signals: null };
    await store.moveEntries([{ entryNo: two, storyNo: one, comparedWith: one, verdict }], [], noon);
    await store.saveListings('all', [toListing(one, 1)], { seq: 1, changeSeq: 0 });
    expect(await store.hide(entries[1]?.key ?? '', true, noon)).toBe('entry');
    expect(new Set(await store.readTakedowns())).toEqual(new Set([stories[0]?.id, stories[1]?.id]));
    expect((await store.readListings('all', [one])).get(one)?.accountedFor).toEqual(after(-1));
    for (const id of await store.readTakedowns()) await store.endTakedown(id);
    expect(await store.hide(entries[1]?.key ?? '', false, noon)).toBe('entry');
    expect(await store.readTakedowns()).toEqual([]);
    expect(await store.hide(stories[2]?.key ?? '', true, noon)).toBe('story');
    expect(await store.readTakedowns()).toEqual([stories[2]?.id]);
    expect(await store.readStoriesByNumber([numbers[2] ?? 0])).toEqual([]);
  });
}
