import { expect, test } from 'vitest';
import type { Store } from '../../../src/ports/store/store.ts';
import { openStore } from '../../../src/store/store.ts';
import { makeRevision } from '../../support/entry.ts';
import { noon, after, HOUR, all, change, alone, foldBatch, settled, pendingOf, publishAll } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Tests the stories that readers see. */
export function testPublishing({ makeDatabase, open, openBound, defer }: StoreBench): void {
  test('publishing raises the generation only when the lead of a story was chosen', async () => {
    const store = await openBound();
    expect(await store.readGeneration()).toEqual({ n: 0, at: new Date(0) });
    expect((await store.publish(noon, noon)).n).toBe(0);
    await publishAll(store, [change()]);
    expect(await store.readGeneration()).toEqual({ n: 1, at: noon });
    expect(await store.publish(after(1), noon)).toEqual({ n: 1, at: noon });
    expect(await store.readStories(all)).toHaveLength(1);
  });

  test('publishing removes the fold index of old entries', async () => {
    const store = await openBound();
    const [entry] = await publishAll(store, [change()]);
    await store.savePrepared([{ entryNo: entry?.no ?? 0, at: noon, profile: Uint8Array.of(1), sketch: [5, -5] }]);
    await store.indexPrepared();
    await store.publish(noon, noon);
    expect(await store.findSharers([5, -5])).toHaveLength(2);
    await store.publish(noon, after(1));
    expect(await store.findSharers([5, -5])).toEqual([]);
    expect(await store.readProfiles(10)).toEqual([]);
  });

  test('a changed story is published again, a withdrawn one is gone, and a restored one has its former key', async () => {
    const store = await openBound();
    const [entry] = await publishAll(store, [change()], noon, { published: after(-1), footer: [{ title: 'O', url: 'https://o.test/' }] });
    const no = entry?.no ?? 0;
    const [story] = await store.readStories(all);
    expect(story).toMatchObject({
      no,
      published: after(-1),
      updated: noon,
      firstSeenAt: noon,
      footer: [{ title: 'O', url: 'https://o.test/' }],
    });
    expect(story?.lead.source).toMatchObject({ id: 'a', title: 'a', priority: 50 });
    const revisions = story?.revisions.map((version) => ({ ...version, text: expect.any(String) as string }));
    expect(await store.readStory(story?.key ?? '')).toEqual({ ...story, revisions });
    expect(await store.readStory('none')).toBeNull();
    await store.saveLeadChoices([settled(no, { updated: after(5), leadRevision: 1, footer: null, change: 'updated' })], after(5));
    expect((await store.readStories(all))[0]).toMatchObject({ updated: after(5), footer: story?.footer });
    const withdrawal = settled(no, { leadNo: null, change: 'withdrawn' });
    await store.saveLeadChoices([withdrawal, withdrawal], after(6));
    expect(await store.readStories(all)).toEqual([]);
    expect(await store.readStory(story?.key ?? '')).toBeNull();
    await store.saveLeadChoices([settled(no, { updated: after(7000) })], after(7000));
    expect((await store.readStory(story?.key ?? ''))?.updated).toEqual(after(7000));
  });

  test('pending stories come with their members, their real revisions and the former choice of lead', async () => {
    const store = await openBound();
    const [entry] = await publishAll(store, [change()]);
    expect(await store.readPendingStories(10)).toEqual([]);
    const edit = makeRevision({ kind: 'edit', updated: after(3), seenAt: after(4) });
    const cosmetic = makeRevision({ kind: 'cosmetic', updated: after(8), seenAt: after(9) });
    await store.saveEntries([{ ...change(), revisions: [edit, cosmetic] }], after(10));
    expect((await store.readPending(10))[0]?.reason).toBe('revised');
    await store.saveFolds(foldBatch({ decided: [entry?.no ?? 0] }), after(10));
    const [story] = await store.readPendingStories(10);
    expect(story).toMatchObject({ no: entry?.no, leadNo: entry?.no, leadRevision: 1, updated: noon, settledAt: noon, withdrawnAt: null });
    expect(story?.members).toMatchObject([
      { realRevision: 2, realUpdated: after(3), realSeenAt: after(4), source: { title: 'a', priority: 50 } },
    ]);
    expect((await store.readStories(all))[0]?.revisions.map(({ kind }) => kind)).toEqual(['first', 'edit']);
  });

  test('stories come newest first in either order and by pages; at the same instant by source, whichever was stored first', async () => {
    const store = await openBound();
    await store.saveEntries([change({ sourceId: 'b', identity: 'b1' })], noon);
    await store.saveEntries([change({ identity: 'a1' }), change({ identity: 'a2', position: 1 })], noon);
    await store.saveEntries([change({ identity: 'old' }, { published: after(-HOUR) })], noon);
    const entries = await pendingOf(store);
    await store.saveFolds(foldBatch({ placements: entries.map((entry) => alone(entry)), decided: entries.map(({ no }) => no) }), noon);
    await store.saveLeadChoices(
      entries.map(({ no, identity }) => settled(no, identity === 'old' ? { published: after(-HOUR), updated: after(HOUR) } : {})),
      noon,
    );
    const read = async (query: Parameters<Store['readStories']>[0]) =>
      (await store.readStories(query)).map(({ lead }) => lead.entry.identity);
    expect(await read(all)).toEqual(['a1', 'a2', 'b1', 'old']);
    expect(await read({ ...all, order: 'updated' })).toEqual(['old', 'a1', 'a2', 'b1']);
    expect(await read({ ...all, offset: 1, limit: 2 })).toEqual(['a2', 'b1']);
    expect(await read({ ...all, offset: 4 })).toEqual([]);
  });

  test('a feed keeps its id for ever, whoever asks first; another store has another id', async () => {
    const [store, second] = [await open(), await open()];
    const ids = await Promise.all([store.bindFeed('all', noon), store.bindFeed('all', noon), second.bindFeed('all', noon)]);
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);
    expect(ids[0]?.createdAt).toEqual(noon);
    expect(await store.bindFeed('all', after(5))).toEqual(ids[0]);
    const other = await makeDatabase();
    defer(other.remove);
    const otherStore = await openStore(other.open());
    defer(() => otherStore.close());
    expect((await otherStore.bindFeed('all', noon)).id).not.toBe(ids[0]?.id);
  });

  test('a document with new bytes gets a date at least one second later', async () => {
    const store = await open();
    const first = await store.stampDocument('all', 'atom', 'x', noon);
    expect(first).toEqual(new Date('2026-03-10T12:00:00Z'));
    expect(await store.stampDocument('all', 'atom', 'x', after(60_000))).toEqual(first);
    expect(await store.stampDocument('all', 'atom', 'y', noon)).toEqual(new Date(first.getTime() + 1000));
    expect(await store.stampDocument('all', 'rss', 'x', noon)).toEqual(first);
    expect(await store.stampDocument('all', 'atom', 'z', after(HOUR))).toEqual(new Date(first.getTime() + HOUR));
    const second = await open();
    const together = await Promise.all([store, second].map((one) => one.stampDocument('all', 'atom', 'w', noon)));
    expect(together[1]).toEqual(together[0]);
  });

  test('runs have increasing numbers', async () => {
    const store = await open();
    const first = await store.startRun(noon);
    await store.endRun(first, after(1), { problems: ['a\0'] });
    expect(await store.startRun(noon)).toBeGreaterThan(first);
  });
}
