import { expect, test } from 'vitest';
import type { Placement } from '../../../src/model/story.ts';
import { declare } from '../../support/bench.ts';
import { noon, after, HOUR, all, change, verdict, alone, foldBatch, settled, pendingOf, publishAll } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Returns an entry as folding prepares it. */
const prepareEntry = (entryNo: number, sketch: number[]) => ({ entryNo, at: noon, profile: Uint8Array.of(entryNo, 1, 2, 3), sketch });

/** Tests the input and output of folding. */
export function testFolding({ open, openBound }: StoreBench): void {
  test('pending entries come by plausible date, then source, then position in the document', async () => {
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

  test('prepared entries are found by their hashes, with the whole story that they belong to', async () => {
    const store = await openBound();
    await store.saveEntries([change({ sourceId: 'b', identity: 'b' }), change({ identity: 'a' }), change({ identity: 'waits' })], noon);
    const [a, waits, b] = await pendingOf(store);
    if (!a || !b || !waits) throw new Error('three entries were saved');
    const joined: Placement = { ...alone(b), storyNo: a.no, comparedWith: a.no, verdict: { ...verdict, label: 'same', score: 1 / 3 } };
    const prepared = [prepareEntry(a.no, [7, -2_147_483_648]), prepareEntry(b.no, [7, 2_147_483_647])];
    await store.saveFolds(foldBatch({ placements: [alone(a), joined], prepared, decided: [a.no, b.no] }), noon);
    expect(await store.findSharers([7])).toEqual([]);
    await store.indexPrepared();
    const found = async (...hashes: number[]) =>
      (await store.findSharers(hashes)).map(({ hash, entryNo }) => `${hash} ${entryNo}`).toSorted();
    expect(await found(7, -2_147_483_648, 99)).toEqual([`-2147483648 ${a.no}`, `7 ${a.no}`, `7 ${b.no}`].toSorted());
    expect(await found(...Array.from({ length: 1200 }, (_, n) => n + 100), 7)).toHaveLength(2);
    const members = await store.readStoredMembers([b.no]);
    const rows = members.map(({ entry, storyNo, profile }) => [entry.identity, storyNo, [...(profile ?? [])]]);
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual(['a', a.no, [a.no, 1, 2, 3]]);
    expect(rows).toContainEqual(['b', a.no, [b.no, 1, 2, 3]]);
    await store.savePrepared([prepareEntry(a.no, [8])]);
    expect(await found(7, 8)).toEqual([`7 ${b.no}`, `8 ${a.no}`]);
    await store.publish(noon, after(1));
    expect(await found(7, 8)).toEqual([]);
    expect((await store.readStoredMembers([a.no])).map(({ profile }) => profile)).toEqual([null, null]);
    await store.saveLeadChoices([settled(a.no)], noon);
    const [story] = await store.readStories(all);
    expect(story?.members.map(({ entry, verdict: { score } }) => [entry.identity, score])).toEqual([
      ['a', 0],
      ['b', 1 / 3],
    ]);
  });

  test('the prepared version and word frequencies stay until the index is dropped', async () => {
    const store = await openBound();
    expect([await store.isPrepared('1'), await store.readWords()]).toEqual([false, null]);
    const counts = new Map([
      [4_294_967_295, 3],
      [1, 2],
    ]);
    await store.markPrepared('1');
    await store.saveWords({ texts: 9, counts }, noon);
    expect([await store.isPrepared('1'), await store.isPrepared('2')]).toEqual([true, false]);
    expect(await store.readWords()).toEqual({ texts: 9, counts, at: noon });
    await store.dropPrepared();
    expect([await store.isPrepared('1'), await store.readWords()]).toEqual([false, null]);
  });

  test('a merged story gives its members to the other and is withdrawn, and exists again after a split', async () => {
    const store = await openBound();
    const [a, b] = await publishAll(store, [change({ identity: 'a' }), change({ sourceId: 'b', identity: 'b' })]);
    if (!a || !b) throw new Error('two entries were saved');
    const [, before] = await store.readStories(all);
    const merge = { fromStory: b.no, intoStory: a.no, entryNo: b.no, comparedWith: a.no, verdict: { ...verdict, label: 'same' as const } };
    await store.saveFolds(foldBatch({ merges: [merge] }), after(1));
    const unsettled = await store.readPendingStories(10);
    expect(unsettled.map(({ no, members }) => [no, members.length])).toEqual([
      [a.no, 2],
      [b.no, 0],
    ]);
    await store.saveLeadChoices([settled(a.no, { change: 'members' }), settled(b.no, { leadNo: null, change: 'withdrawn' })], after(2));
    expect(await store.readStories(all)).toHaveLength(1);
    const evidence = await store.readEvidence(b.key);
    expect(evidence?.members.map(({ entry, comparedWith }) => [entry.no, comparedWith?.no ?? null])).toEqual([
      [a.no, null],
      [b.no, a.no],
    ]);
    const pin = { entryNo: b.no, otherNo: a.no, kind: 'apart' as const };
    await store.moveEntries([{ entryNo: b.no, storyNo: b.no, comparedWith: null, verdict }], [pin], after(3));
    await store.saveLeadChoices([settled(a.no, { change: 'members' }), settled(b.no)], after(4));
    expect((await store.readStories(all)).map(({ id }) => id)).toContain(before?.id);
    expect(await store.readPins()).toEqual([{ entryNo: a.no, otherNo: b.no, kind: 'apart' }]);
  });

  test('a hidden story or entry is shown nowhere until it is shown again', async () => {
    const store = await openBound();
    const [a] = await publishAll(store, [change({ identity: 'a' })]);
    const [story] = await store.readStories(all);
    const members = async () => (await store.readPendingStories(10)).map((unsettled) => unsettled.members.length);
    expect(await store.hide('nothing', true, noon)).toBeNull();
    expect([await store.hide(story?.key ?? '', true, noon), await members()]).toEqual(['story', [0]]);
    expect([await store.hide(story?.key ?? '', false, noon), await members()]).toEqual(['story', [1]]);
    expect([await store.hide(a?.key ?? '', true, noon), await members()]).toEqual(['entry', [0]]);
    expect([await store.hide(a?.key ?? '', false, noon), await members()]).toEqual(['entry', [1]]);
  });

  test('related stories refer to each other', async () => {
    const store = await openBound();
    const [a, b] = await publishAll(store, [change({ identity: 'a' }), change({ sourceId: 'b', identity: 'b' })]);
    if (!a || !b) throw new Error('two entries were saved');
    const relation = { entryNo: b.no, otherNo: a.no, verdict: { ...verdict, label: 'related' as const, score: 0.5 } };
    await store.saveFolds(foldBatch({ relations: [relation, relation] }), noon);
    const related = async (key: string) => (await store.readEvidence(key))?.related.map(({ key: other, score }) => [other, score]);
    const [keyA, keyB] = [(await store.readEvidence(a.key))?.key ?? '', (await store.readEvidence(b.key))?.key ?? ''];
    expect([await related(keyA), await related(keyB)]).toEqual([[[keyB, 0.5]], [[keyA, 0.5]]]);
    expect((await store.readRelated(a.no)).map(({ key, title }) => [key, title])).toEqual([[keyB, b.revision.title]]);
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
    await store.saveFolds(foldBatch({ placements: [alone(first, id), alone(second, id)], decided: [first.no, second.no] }), noon);
    const ids = (await store.readPendingStories(10)).map((story) => story.id);
    expect(ids[0]).toBe(id);
    expect(ids[1]).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await store.saveLeadChoices([settled(first.no), settled(first.no, { leadNo: null, change: 'withdrawn' })], noon);
    await store.saveFolds(foldBatch({ placements: [alone(third, id)], decided: [third.no] }), noon);
    expect((await store.readPendingStories(10)).map((story) => [story.no, story.id === id])).toEqual([
      [second.no, false],
      [third.no, false],
    ]);
    expect(await store.readPending(10)).toEqual([]);
  });

  test('placing an entry that already has a story is refused and changes nothing', async () => {
    const store = await openBound();
    const [entry] = await publishAll(store, [change()]);
    await expect(store.saveFolds(foldBatch({ placements: entry ? [alone(entry)] : [] }), noon)).rejects.toThrow(/unique/i);
    expect(await store.readStories(all)).toHaveLength(1);
  });
}
