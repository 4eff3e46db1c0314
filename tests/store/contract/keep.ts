import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Store } from '../../../src/ports/store/store.ts';
import { after, all, alone, change, foldBatch, noon, pendingOf, publishAll, record } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';
import { save, toListing } from './listed.ts';

const DAY = 86_400_000;
const url = (name: string) => ({ identity: name, url: `https://a.test/${name}`, urlKey: `a.test/${name}` });

/** Tests retention and clean-up. */
export function testKeeping({ openBound, open, copyState }: StoreBench): void {
  const readStories = async (store: Store) => (await store.readStories(all)).map(({ lead }) => lead.entry.identity);
  const publishDays = async (store: Store, names: readonly string[]) => {
    const entries = [];
    for (const [day, name] of names.entries())
      entries.push(...(await publishAll(store, [change(url(name), { title: name })], after(day * DAY))));
    return entries;
  };

  test('old entries are found by age or by number, oldest first', async () => {
    const store = await openBound();
    await publishDays(store, ['one', 'two', 'three']);
    const limitBy = (before: Date | null, perSource: number | null) => store.readRetentionLimit('a', { before, perSource });
    const old = async (before: Date | null, perSource: number | null) => {
      const limit = await limitBy(before, perSource);
      return limit === null ? [] : (await store.findOld('a', { limit, after: null }, 10)).map(({ firstSeenAt }) => firstSeenAt);
    };
    expect(await old(null, null)).toEqual([]);
    expect(await old(after(DAY), null)).toEqual([noon]);
    expect(await old(null, 1)).toEqual([noon, after(DAY)]);
    expect(await old(null, 3)).toEqual([]);
    expect(await old(null, 4)).toEqual([]);
    expect(await old(after(DAY), 1)).toEqual([noon, after(DAY)]);
    expect(await old(after(9 * DAY), 2)).toHaveLength(3);
    const limit = (await limitBy(after(9 * DAY), null)) ?? expect.fail();
    const [first] = await store.findOld('a', { limit, after: null }, 1);
    expect((await store.findOld('a', { limit, after: first ?? null }, 10)).map(({ firstSeenAt }) => firstSeenAt)).toEqual([
      after(DAY),
      after(2 * DAY),
    ]);
    expect(await store.readRetentionLimit('b', { before: null, perSource: 1 })).toBeNull();
  });

  test('a pruned story is removed with all its rows, and its source cannot bring it back', async () => {
    const store = await openBound();
    const [entry] = await publishDays(store, ['one', 'two']);
    await store.savePrepared([{ entryNo: entry?.no ?? 0, at: noon, profile: Uint8Array.of(1), sketch: [5] }]);
    await store.indexPrepared();
    await store.indexWords();
    await store.bindFeed('all', noon);
    await save(store, 'all', [toListing(entry?.no ?? 0, noon)]);
    await store.savePage({ url: 'https://a.test/one', askedFor: 'x', askedAt: noon, attempts: 0, html: 'x', problem: null });
    const bundles = await store.readBundles([entry?.no ?? 0]);
    expect(bundles).toMatchObject([{ stories: [entry?.no], isHeld: false, members: [{ sourceId: 'a' }] }]);
    expect(await store.pruneStories(bundles, after(1))).toEqual({ entries: 1, stories: 1 });
    expect(await readStories(store)).toEqual(['two']);
    expect(await store.findSharers([5])).toEqual([]);
    expect((await store.readPages(['https://a.test/one'])).size).toBe(0);
    expect((await store.readListings('all', [entry?.no ?? 0])).size).toBe(0);
    expect((await store.readKnown('a', ['one', 'two'])).get('one')).toMatchObject({ isPruned: true, contentHash: 'hash', revisions: [] });
    expect((await store.readKnown('a', null)).get('two')).toMatchObject({ isPruned: false });
    // The same entry, changed or not, and twice.
    for (const text of ['Some text.', 'Other text.'])
      expect(await store.saveEntries([change(url('one'), { text }), change(url('one'), { text })], after(2))).toEqual({
        added: 0,
        revised: 0,
      });
    expect(await store.readPending(10)).toEqual([]);
    expect(await store.saveEntries([change({ ...url('one'), sourceId: 'b' })], after(2))).toEqual({ added: 1, revised: 0 });
  });

  test('a pruned entry is found by its address, and gets the identity that its source gives it now', async () => {
    const store = await openBound();
    const [entry] = await publishDays(store, ['one']);
    await store.pruneStories(await store.readBundles([entry?.no ?? 0]), after(1));
    const by = { identities: [], guids: [], urlKeys: ['a.test/one'], dates: [], newest: 0 };
    const [kin] = await store.readPriorEntries('a', by);
    expect(kin).toMatchObject({ identity: 'one', urlKey: 'a.test/one', title: 'one', text: '' });
    expect(await store.readPriorEntries('a', { identities: [], guids: [], urlKeys: [], dates: [], newest: 5 })).toEqual([kin]);
    expect(await store.readPriorEntries('b', by)).toEqual([]);
    const renamed = { ...change({ ...url('new'), urlKey: 'a.test/moved' }), formerIdentity: 'one' };
    expect(await store.saveEntries([{ ...renamed, revisions: [] }], after(2))).toEqual({ added: 0, revised: 0 });
    expect([...(await store.readKnown('a', ['one', 'new'])).keys()]).toEqual(['new']);
    expect(await store.readPriorEntries('a', { ...by, urlKeys: ['a.test/moved'] })).toMatchObject([{ identity: 'new' }]);
  });

  test('stories that share entries are removed together: merged ones, and ones whose founder is elsewhere', async () => {
    const store = await openBound();
    const [one, two, three] = (await publishDays(store, ['one', 'two', 'three'])).map(({ no }) => no);
    const verdict = { label: 'same' as const, score: 1, why: [], rules: 'x', signals: null };
    await store.moveEntries([{ entryNo: two ?? 0, storyNo: one ?? 0, comparedWith: one ?? 0, verdict }], [], noon);
    await store.moveEntries([{ entryNo: one ?? 0, storyNo: three ?? 0, comparedWith: three ?? 0, verdict }], [], noon);
    for (const { no } of await store.readPendingStories(10))
      await store.saveLeadChoices(
        [{ no, leadNo: null, leadRevision: 0, published: null, datedAt: null, updated: noon, footer: null, change: 'none' }],
        noon,
      );
    const bundles = await store.readBundles([three ?? 0, one ?? 0]);
    expect(bundles).toHaveLength(1);
    expect(bundles[0]?.stories.toSorted((a, b) => a - b)).toEqual([one, two, three]);
    expect(bundles[0]?.members.map(({ no }) => no).toSorted((a, b) => a - b)).toEqual([one, two, three]);
    expect(await store.pruneStories(bundles, after(1))).toEqual({ entries: 3, stories: 3 });
    expect(await store.readPlaces({ from: new Date(0), before: null })).toEqual([]);
  });

  test('stories are held while they are pending, pinned, hidden, held back, or due in an archive that is not made yet', async () => {
    const store = await openBound();
    const entries = await publishDays(store, ['waits', 'pinned', 'other', 'hidden', 'story', 'held', 'gone', 'free', 'dirty']);
    const [waits, pinned, other, hidden, story, held, gone, free, dirty] = entries;
    await store.saveEntries([change(url('waits'), { text: 'changed' })], after(1));
    await store.moveEntries([], [{ entryNo: pinned?.no ?? 0, otherNo: other?.no ?? 0, kind: 'apart' }], noon);
    await store.hide(hidden?.key ?? '', true, noon);
    const keys = new Map((await store.readStories(all)).map((one) => [one.no, one.key]));
    await store.hide(keys.get(story?.no ?? 0) ?? '', true, noon);
    await store.hide(dirty?.key ?? '', true, noon);
    await store.hide(dirty?.key ?? '', false, noon);
    await store.bindFeed('all', noon);
    const start = { chain: 1, rules: 'x', changeSeq: 0, seq: 30, archivedSeq: 0, beforeWindowSeq: 30 };
    await store.replaceListings(
      'all',
      [toListing(held?.no ?? 0, noon, { kind: 'held', seq: 0 }), toListing(gone?.no ?? 0, noon, { kind: 'gone', seq: 15 })],
      start,
    );
    await store.saveHistory('all', { beforeWindowSeq: 30, archives: [10, 20, 30], isPrivate: false });
    const isHeld = async (no: number | undefined) => (await store.readBundles([no ?? 0]))[0]?.isHeld;
    expect(await isHeld(gone?.no)).toBe(false);
    await store.replaceArchive('all', 1, Uint8Array.of(1), noon);
    for (const { no, revision } of [waits, pinned, other, hidden, story, held, gone, dirty].map((entry) => entry ?? expect.fail()))
      expect([revision.title, await isHeld(no)]).toEqual([revision.title, true]);
    expect(await isHeld(free?.no)).toBe(false);
    await store.replaceArchive('all', 2, Uint8Array.of(1), noon);
    expect(await isHeld(gone?.no)).toBe(false);
  });

  test('a trace is removed half a year after its source has dropped the entry, and never while it is listed', async () => {
    const store = await openBound();
    const entries = await publishDays(store, ['one', 'two']);
    await store.pruneStories(await store.readBundles(entries.map(({ no }) => no)), noon);
    const tidy = (days: number) => store.cleanUp(after(days * DAY), { slugs: [], limit: 100 });
    const known = async () => [...(await store.readKnown('a', null)).keys()];
    await store.noteStillListed('a', ['one', 'new'], after(DAY));
    await tidy(180);
    expect(await known()).toEqual(['one', 'two']);
    // An entry that is listed again stays; the half year begins after it is dropped again.
    await store.noteStillListed('a', ['one', 'two'], after(2 * DAY));
    await store.noteStillListed('a', ['one'], after(3 * DAY));
    await tidy(182);
    expect(await known()).toEqual(['one', 'two']);
    await tidy(184);
    expect(await known()).toEqual(['one']);
  });

  test('clean-up limits runs, changes, robots and holds, and never reuses a number', async () => {
    const store = await openBound();
    for (let n = 0; n < 510; n++) await store.endRun(await store.startRun(after(n)), after(n), {});
    await publishDays(store, ['one', 'two', 'three']);
    await store.saveRobots('https://a.test', { rules: '', askedAt: noon });
    for (const slug of ['all', 'left']) {
      const state = await store.bindFeed(slug, noon);
      await store.replaceListings(slug, [], {
        ...state,
        chain: 1,
        rules: 'x',
        changeSeq: slug === 'all' ? 3 : 1,
        archivedSeq: 0,
        beforeWindowSeq: 0,
      });
    }
    const options = { slugs: ['all'], limit: 4 };
    expect(await store.cleanUp(after(DAY), options)).toMatchObject({ run: 4, change: 0, robots: 0 });
    expect(await store.cleanUp(after(40 * DAY), options)).toMatchObject({ run: 4, change: 2, robots: 1 });
    expect(await store.cleanUp(after(40 * DAY), options)).toMatchObject({ run: 2, change: 0, robots: 0 });
    expect(await store.readRobots('https://a.test')).toBeNull();
    expect(await store.readLastRun()).toEqual(after(509));
    expect(await store.readChangedStories(2)).toMatchObject({ seq: 3, stories: [expect.any(Number)] });
    // A feed that has not processed the removed changes begins a new chain.
    expect(await store.bindFeed('left', noon)).toMatchObject({ rules: null });
    expect(await store.bindFeed('all', noon)).toMatchObject({ rules: 'x' });
    expect(await store.startRun(noon)).toBe(511);
  });

  test('archives that hold nothing are found, the newest stays, and numbers continue', async () => {
    const store = await openBound();
    const [one] = await publishDays(store, ['one']);
    await store.bindFeed('all', noon);
    const start = { chain: 1, rules: 'x', changeSeq: 0, seq: 40, archivedSeq: 0, beforeWindowSeq: 40 };
    await store.replaceListings('all', [toListing(one?.no ?? 0, noon, { seq: 15 })], start);
    await store.saveHistory('all', { beforeWindowSeq: 40, archives: [10, 20, 30, 40], isPrivate: false });
    const empty = async () => (await store.findEmptyArchives()).map(({ n }) => n);
    expect(await empty()).toEqual([1, 3]);
    await store.replaceArchive('all', 4, gzipSync('leads to 3'), noon);
    await store.replaceArchive('all', 2, gzipSync('leads to 1'), noon);
    const relink = (gzip: Uint8Array, previous: number | null) => gzipSync(`${gunzipSync(gzip).toString()}, now ${previous}`);
    const remove = (n: number) => store.removeArchive('all', n, relink, noon);
    expect([await remove(3), await remove(1), await remove(4), await remove(9)]).toEqual([true, true, false, false]);
    const text = async (n: number) => gunzipSync((await store.readArchive('all', n))?.stored?.gzip ?? '').toString();
    expect([await text(4), await text(2)]).toEqual(['leads to 3, now 2', 'leads to 1, now null']);
    expect(await store.readArchive('all', 4)).toMatchObject({ previous: 2 });
    expect(await store.readArchive('all', 2)).toMatchObject({ previous: null });
    await store.saveHistory('all', { beforeWindowSeq: 40, archives: [50], isPrivate: false });
    expect(await store.listArchives('all', 1)).toEqual([2, 4, 5]);
    const [story] = await store.readStories(all);
    expect(await store.findLiveIds([story?.id ?? '', 'urn:none'])).toEqual(new Set([story?.id]));
  });

  test('traces of pruned entries are exported and imported, the clock mark is not', async () => {
    const store = await openBound();
    const [one] = await publishDays(store, ['one', 'two']);
    await store.pruneStories(await store.readBundles([one?.no ?? 0]), noon);
    await store.saveClock({ at: after(1), since: noon, offsetMs: 5 });
    const second = await copyState(store);
    expect((await second.readKnown('a', ['one'])).get('one')).toMatchObject({ isPruned: true });
    expect(await store.readClock()).toEqual({ at: after(1), since: noon, offsetMs: 5 });
    expect(await second.readClock()).toBeNull();
    expect(await readStories(second)).toEqual(['two']);
    expect(await open().then((again) => again.readCleanedUp())).toBeNull();
  });

  test('an old entry is found with its story, and with null before it was folded', async () => {
    const store = await openBound();
    await store.saveEntries([change(url('one'))], noon);
    const limit = (await store.readRetentionLimit('a', { before: after(1), perSource: null })) ?? expect.fail();
    expect(await store.findOld('a', { limit, after: null }, 5)).toMatchObject([{ storyNo: null }]);
    const [entry] = await pendingOf(store);
    await store.saveFolds(foldBatch({ placements: [alone(entry ?? expect.fail())], decided: [entry?.no ?? 0] }), noon);
    expect(await store.findOld('a', { limit, after: null }, 5)).toMatchObject([{ storyNo: entry?.no }]);
  });

  test('polls, holds and leases wait as long as planned after the clock was set back', async () => {
    const store = await openBound();
    const year = 365 * DAY;
    const state = (await store.readSources())[0]?.poll ?? expect.fail();
    const poll = (lastPollAt: Date) => ({
      ...record,
      at: lastPollAt,
      state: {
        ...state,
        lastPollAt,
        nextPollAt: new Date(lastPollAt.getTime() + DAY),
        notBeforeAt: new Date(lastPollAt.getTime() + 3_600_000),
      },
    });
    await store.recordPoll('a', { ...poll(after(year)), hold: { host: 'a.test', until: after(year + DAY) } });
    await store.recordPoll('b', { ...poll(after(-DAY)), hold: { host: 'b.test', until: after(DAY) } });
    await store.saveRobots('https://a.test', { rules: '', askedAt: after(year) });
    await store.shiftWaits(year, noon);
    const polls = new Map((await store.readSources()).map(({ source, poll: after_ }) => [source.id, after_]));
    expect(polls.get('a')).toMatchObject({ lastPollAt: noon, nextPollAt: after(DAY), notBeforeAt: after(3_600_000) });
    expect(polls.get('b')).toMatchObject({ lastPollAt: after(-DAY), nextPollAt: noon });
    expect(await store.readHolds(noon)).toEqual(
      new Map([
        ['a.test', after(DAY)],
        ['b.test', after(DAY)],
      ]),
    );
    expect(await store.readRobots('https://a.test')).toBeNull();
  });
}
