import { expect, test } from 'vitest';
import type { FailedItem } from '../../../src/model/set-aside.ts';
import { after, all, alone, change, foldBatch, noon, pendingOf, publishAll } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Returns an item over which a stage of version 0.1.1 failed. */
const item = (rest: Partial<FailedItem>): FailedItem => ({
  what: 'entry',
  sourceId: 'a',
  name: 'k',
  no: null,
  stage: 'fold',
  reason: 'failed',
  message: 'boom\nat x',
  mark: null,
  ...rest,
});

/** Tests items that are set aside and sources being processed, and unique names whatever sources
 *  publish. */
export function testSetAside({ openBound, copyState }: StoreBench): void {
  test('an entry set aside at folding is not read until a newer version, the owner or its source opens it', async () => {
    const store = await openBound();
    await store.saveEntries([change({ identity: 'one' }), change({ identity: 'two' })], noon);
    const [one, two] = await pendingOf(store);
    const names = await store.readNames('entry', [one?.no ?? 0, 99]);
    expect(names).toEqual(new Map([[one?.no, { sourceId: 'a', name: one?.key }]]));
    const failed = item({ name: one?.key ?? '', no: one?.no ?? 0 });
    await store.setAside([failed, item({ sourceId: 'nobody' })], '0.1.1', noon);
    const waiting = async () => (await pendingOf(store)).map(({ identity }) => identity);
    expect(await waiting()).toEqual(['two']);
    expect(await store.readSetAside()).toEqual([{ ...failed, message: 'boom', version: '0.1.1', at: noon, tries: 1, isOpen: false }]);
    expect([await store.countSetAside(), await store.readSetAside(['b'])]).toEqual([1, []]);
    for (const version of ['0.1.1', '0.1.0', '0.0.9']) await store.openSetAside(version);
    expect(await waiting()).toEqual(['two']);
    await store.openSetAside('0.1.10');
    expect(await waiting()).toEqual(['one', 'two']);
    await store.setAside([failed], '0.1.10', after(1));
    expect(await store.readSetAside()).toMatchObject([{ tries: 2, version: '0.1.10', at: after(1), isOpen: false }]);
    await store.openSetAside(null);
    expect(await waiting()).toEqual(['one', 'two']);
    await store.setAside([failed], '0.1.10', after(2));
    await store.saveEntries([change({ identity: 'one', contentHash: 'new' }, { kind: 'edit', text: 'Other.' })], after(3));
    expect(await waiting()).toEqual(['one', 'two']);
    await store.freeSetAside(['settle']);
    await store.freeSetAside(['fold'], { sourceId: 'a', names: [two?.key ?? ''] });
    expect(await store.countSetAside()).toBe(1);
    await store.freeSetAside(['fold']);
    expect(await store.countSetAside()).toBe(0);
  });

  test('a story set aside at choosing the lead is not read; a source set aside at folding has no entries read', async () => {
    const store = await openBound();
    const [one] = await publishAll(store, [change({ identity: 'one' }), change({ identity: 'two' })], noon);
    const { sourceId, name } = (await store.readNames('story', [one?.no ?? 0])).get(one?.no ?? 0) ?? expect.fail();
    expect(name).toBe((await store.readStories(all)).find(({ no }) => no === one?.no)?.key);
    await store.setAside([item({ what: 'story', sourceId, name, no: one?.no ?? 0, stage: 'settle' })], '0.1.1', noon);
    const changes = ['one', 'two'].map((identity) => change({ identity, contentHash: 'n' }, { kind: 'edit', text: 'new' }));
    await store.saveEntries([...changes, change({ sourceId: 'b' })], after(1));
    await store.setAside([item({ what: 'story', sourceId, name, no: one?.no ?? 0, stage: 'settle' })], '0.1.1', noon);
    await store.saveFolds(foldBatch({ decided: (await pendingOf(store)).map(({ no }) => no) }), after(1));
    expect((await store.readPendingStories(10)).map(({ no }) => no)).not.toContain(one?.no);
    expect(await store.readPendingStories(10)).toHaveLength(1);
    await store.saveEntries([change({ identity: 'three' }), change({ sourceId: 'b', identity: 'four' })], after(2));
    await store.setAside([item({ what: 'source', name: '', reason: 'died' })], '0.1.1', noon);
    expect((await pendingOf(store)).map(({ identity }) => identity)).toEqual(['four']);
  });

  test('purging a source removes its set-aside items for good', async () => {
    const store = await openBound();
    const [one] = await publishAll(store, [change({ identity: 'one' })], noon);
    await store.saveEntries(
      [change({ identity: 'one', contentHash: 'n' }, { kind: 'edit', text: 'new' }), change({ identity: 'two' })],
      after(1),
    );
    const two = (await pendingOf(store)).find(({ identity }) => identity === 'two');
    await store.setAside(
      [item({ name: one?.key ?? '', no: one?.no ?? 0 }), item({ name: two?.key ?? '', no: two?.no ?? 0 })],
      '0.1.1',
      noon,
    );
    await store.takeInHand(['a'], 'parse', noon);
    await store.purgeSource('a', after(2));
    expect([await store.countSetAside(), await store.readSuspects()]).toEqual([0, []]);
    expect(await pendingOf(store)).toEqual([]);
    expect([...(await store.readKnown('a', null)).keys()]).toEqual(['one']);
    await store.saveEntries([change({ identity: 'two' })], after(3));
    expect((await pendingOf(store)).map(({ identity }) => identity)).toEqual(['two']);
  });

  test('crashes are counted for sources being processed, and forgotten after the stage has ended well', async () => {
    const store = await openBound();
    await store.takeInHand(['a', 'b'], 'parse', noon);
    await store.putAway(['b'], 'parse');
    expect(await store.readSuspects()).toEqual([{ sourceId: 'a', stage: 'parse', mark: null, deaths: 1 }]);
    expect(await store.readSuspects()).toEqual([{ sourceId: 'a', stage: 'parse', mark: null, deaths: 1 }]);
    await store.takeInHand(['a'], 'parse', after(1));
    await store.takeInHand(['b'], 'fold', after(1));
    expect(await store.readSuspects()).toEqual([
      { sourceId: 'a', stage: 'parse', mark: null, deaths: 2 },
      { sourceId: 'b', stage: 'fold', mark: null, deaths: 1 },
    ]);
    await store.putAway(['a'], 'parse');
    expect(await store.readSuspects()).toHaveLength(1);
  });

  test('items that are set aside and sources being processed are exported and imported', async () => {
    const store = await openBound();
    await store.setAside([item({ what: 'source', name: '', stage: 'parse', mark: 'x' })], '0.1.1', noon);
    await store.takeInHand(['a'], 'parse', noon);
    const second = await copyState(store);
    expect(await second.readSetAside()).toEqual(await store.readSetAside());
    expect(await second.readSuspects()).toEqual(await store.readSuspects());
  });

  test('entries keep unique identities when they swap them or take one that is in use', async () => {
    const store = await openBound();
    const save = (identity: string, formerIdentity: string | null, hash: string) => ({
      ...change({ identity, contentHash: hash }),
      revisions: formerIdentity === null ? change({ identity }).revisions : [],
      formerIdentity,
    });
    await store.saveEntries([save('x', null, 'A'), save('y', null, 'B'), save('z', null, 'C')], noon);
    await store.saveEntries([save('y', 'x', 'A'), save('x', 'y', 'B'), save('z', null, 'C')], after(1));
    const known = async () => new Map([...(await store.readKnown('a', null)).values()].map((one) => [one.identity, one.contentHash]));
    expect(await known()).toEqual(
      new Map([
        ['y', 'A'],
        ['x', 'B'],
        ['z', 'C'],
      ]),
    );
    // One entry takes the identity of an entry that left the document, and another the identity of
    // the first.
    await store.saveEntries([save('z', 'x', 'B'), save('x', null, 'D')], after(2));
    expect((await known()).get('z')).toBe('B');
    expect((await known()).get('x')).toBe('D');
    expect([...(await known()).values()].toSorted()).toEqual(['A', 'B', 'C', 'D']);
  });

  test('an id or key of a story or entry is never given to another one, also after tombstones and pruning', async () => {
    const store = await openBound();
    const names = [];
    for (let n = 0; n < 6; n++) {
      await store.saveEntries([change({ identity: 'same', contentHash: `${n}` })], after(n < 3 ? 0 : n));
      const [entry] = await pendingOf(store);
      await publishAll(store, [], after(n));
      const story = (await store.readStories(all)).find(({ no }) => no === entry?.no);
      names.push({ id: story?.id, key: story?.key, entry: entry?.key });
      // The identity goes to the next entry after this one has lost it; some are withdrawn, some
      // pruned.
      await store.saveEntries([{ ...change({ identity: `left ${n}` }), revisions: [], formerIdentity: 'same' }], after(n));
      if (n % 3 === 1) await store.pruneStories(await store.readBundles([entry?.no ?? 0]), after(n));
      if (n % 3 === 2) await store.hide(story?.key ?? '', true, after(n));
    }
    for (const part of ['id', 'key'] as const) expect(new Set(names.map((one) => one[part])).size).toBe(6);
    expect(new Set(names.filter((_, n) => n % 3 !== 1).map(({ entry }) => entry)).size).toBe(4);
    expect(names.every(({ id, key, entry }) => id !== undefined && key !== undefined && entry !== undefined)).toBe(true);
  });

  test('an id that one entry brings and another would be given is given once', async () => {
    const store = await openBound();
    await store.saveEntries([change({ identity: 'x' })], noon);
    const [first] = await pendingOf(store);
    await store.saveFolds(foldBatch({ placements: [alone(first ?? expect.fail())], decided: [first?.no ?? 0] }), noon);
    const minted = (await store.readPendingStories(5))[0]?.id ?? '';
    await store.saveEntries([{ ...change({ identity: 'y' }), revisions: [], formerIdentity: 'x' }], noon);
    await store.saveEntries([change({ identity: 'x' }), change({ identity: 'z' })], noon);
    const both = await pendingOf(store);
    await store.saveFolds(foldBatch({ placements: both.map((entry) => alone(entry, minted)), decided: both.map(({ no }) => no) }), noon);
    expect(new Set((await store.readPendingStories(5)).map(({ id }) => id)).size).toBe(3);
  });
}
