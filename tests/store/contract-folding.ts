import { expect, test } from 'vitest';
import type { Placement } from '../../src/model/story.ts';
import { declare } from '../support/bench.ts';
import { noon, after, HOUR, all, change, verdict, alone, settled, pendingOf, publishAll } from './store-bench.ts';
import type { StoreBench } from './store-bench.ts';

/** What folding reads and writes. */
export function testFolding({ open, openBound }: StoreBench): void {
  test('pending entries come by believable date, then source, then place in the document', async () => {
    const store = await open();
    const ids = ['b', 'a', 'a-b', 'a1'];
    await store.bindSources(
      ids.map((id) => declare('file', `/${id}.xml`, { id })),
      noon,
    );
    await store.saveEntries(
      [
        change({ sourceId: 'b', identity: 'b0', position: 0 }),
        change({ sourceId: 'a1', identity: 'a1 0', position: 0 }),
        change({ sourceId: 'a-b', identity: 'a-b 0', position: 0 }),
        change({ sourceId: 'a', identity: 'a1', position: 1 }),
        change({ sourceId: 'a', identity: 'a0', position: 0 }),
        change({ sourceId: 'b', identity: 'old' }, { published: after(-5 * HOUR) }),
        change({ sourceId: 'b', identity: 'future', position: 1 }, { published: after(50 * HOUR) }),
      ],
      noon,
    );
    const order = ['old', 'a0', 'a1', 'a-b 0', 'a1 0', 'b0', 'future'];
    expect((await pendingOf(store)).map(({ identity }) => identity)).toEqual(order);
    expect((await pendingOf(store, 3)).map(({ identity }) => identity)).toEqual(order.slice(0, 3));
    expect((await store.readPending(1))[0]?.reason).toBe('new');
  });

  test('candidates are entries of stories that share a key and are young enough, in the order of folding', async () => {
    const store = await openBound();
    await store.saveEntries([change({ sourceId: 'b', identity: 'b' }), change({ identity: 'a' }), change({ identity: 'waits' })], noon);
    const entries = await pendingOf(store);
    const [a, waits, b] = entries;
    if (!a || !b || !waits) throw new Error('three entries were saved');
    const joined: Placement = { ...alone(b), storyNo: a.no, comparedWith: a.no, verdict: { ...verdict, label: 'same', score: 1 / 3 } };
    const keys = entries.map((entry) => ({ entryNo: entry.no, at: noon, keys: ['shared', `own ${entry.identity}`] }));
    await store.savePlacements([alone(a), joined], keys, [a.no, b.no], noon);
    const found = await store.findCandidates(['shared', 'own b', 'none'], noon);
    expect(found.map(({ entry, storyNo, keys: own }) => [entry.identity, storyNo, own])).toEqual([
      ['a', a.no, ['shared']],
      ['b', a.no, ['own b', 'shared']],
    ]);
    expect(found.map(({ storySources }) => storySources.toSorted())).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(await store.findCandidates([], noon)).toEqual([]);
    expect(await store.findCandidates(['shared'], after(1))).toEqual([]);
    expect(await store.findCandidates([...Array.from({ length: 1200 }, (_, n) => `${n}`), 'own a'], noon)).toHaveLength(1);
    await store.savePlacements([], [{ entryNo: a.no, at: noon, keys: ['other'] }], [], noon);
    expect((await store.findCandidates(['shared'], noon)).map(({ entry }) => entry.identity)).toEqual(['b']);
    await store.saveSettlements([settled(a.no)], noon);
    const [story] = await store.readStories(all);
    expect(story?.members.map(({ entry, verdict: { score } }) => [entry.identity, score])).toEqual([
      ['a', 0],
      ['b', 1 / 3],
    ]);
  });

  test('an id that another story has, or had, is not given twice', async () => {
    const store = await openBound();
    await store.saveEntries(
      [change({ identity: '1' }), change({ identity: '2', position: 1 }), change({ identity: '3', position: 2 })],
      noon,
    );
    const [first, second, third] = await pendingOf(store);
    if (!first || !second || !third) throw new Error('three entries were saved');
    const id = 'tag:x,2026:1';
    await store.savePlacements([alone(first, id), alone(second, id)], [], [first.no, second.no], noon);
    const ids = (await store.readUnsettled(10)).map((story) => story.id);
    expect(ids[0]).toBe(id);
    expect(ids[1]).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await store.saveSettlements([settled(first.no), settled(first.no, { leadNo: null, change: 'withdrawn' })], noon);
    await store.savePlacements([alone(third, id)], [], [third.no], noon);
    expect((await store.readUnsettled(10)).map((story) => [story.no, story.id === id])).toEqual([
      [second.no, false],
      [third.no, false],
    ]);
    expect(await store.readPending(10)).toEqual([]);
  });

  test('a placement of an entry that stands already is refused whole', async () => {
    const store = await openBound();
    const [entry] = await publishAll(store, [change()]);
    await expect(store.savePlacements(entry ? [alone(entry)] : [], [], [], noon)).rejects.toThrow(/unique/i);
    expect(await store.readStories(all)).toHaveLength(1);
  });
}
