import { expect, test } from 'vitest';
import { declare } from '../support/bench.ts';
import { noon, after, HOUR, change, state, record, pendingOf } from './store-bench.ts';
import type { StoreBench } from './store-bench.ts';

/** Sources, their polls and the hosts that are left alone. */
export function testSources({ open, openBound }: StoreBench): void {
  test('the same sources bound twice change nothing, and what has left the configuration comes last', async () => {
    const store = await open();
    const named = ['aa', 'a-z', 'a1'].map((id) => declare('feed', `https://${id}.test/`, { id, title: id.toUpperCase(), tags: ['x'] }));
    const bound = await store.bindSources(named, noon);
    expect(bound).toEqual(named);
    const before = await store.readSources();
    expect(await store.bindSources(named, after(1))).toEqual(bound);
    expect(await store.readSources()).toEqual(before);
    expect(before.map(({ source, active }) => [source.id, active])).toEqual([
      ['a-z', true],
      ['a1', true],
      ['aa', true],
    ]);
    await store.bindSources(named.slice(0, 1), after(2));
    expect((await store.readSources()).map(({ source, active }) => [source.id, active])).toEqual([
      ['aa', true],
      ['a-z', false],
      ['a1', false],
    ]);
  });

  test('sources without an id get one from title, address or file, unique and kept', async () => {
    const store = await open();
    const declarations = [
      declare('feed', 'https://www.a.blog/feed/atom.xml?x=1'),
      declare('feed', 'https://u:secret@a.blog/feed/atom.xml'),
      declare('file', '/x/samples/wire.xml'),
      declare('articles', '/x/articles', { title: 'Ünser Schreibtisch!' }),
      declare('feed', 'https://b.blog/', { id: 'samples-wire' }),
    ];
    const ids = (await store.bindSources(declarations, noon)).map((source) => source.id);
    expect(ids).toEqual(['a-blog-feed-atom-xml', 'a-blog-feed-atom-xml-2', 'samples-wire-2', 'unser-schreibtisch', 'samples-wire']);
    expect((await store.bindSources(declarations.toReversed(), noon)).map((source) => source.id)).toEqual(ids.toReversed());
  });

  test('a source that is given an id by its owner keeps its entries', async () => {
    const store = await open();
    const [bound] = await store.bindSources([declare('file', '/x/wire.xml')], noon);
    await store.saveEntries([change({ sourceId: bound?.id ?? '' })], noon);
    await store.bindSources([declare('file', '/x/wire.xml', { id: 'mine' })], noon);
    expect((await store.readSources()).map(({ source, entries }) => [source.id, entries])).toEqual([['mine', 1]]);
    expect((await pendingOf(store))[0]?.sourceId).toBe('mine');
  });

  test('a poll is remembered to the millisecond, the last one counts, and a poll that read nothing keeps the description', async () => {
    const store = await openBound();
    await store.recordPoll('a', record);
    await store.recordPoll('a', record);
    await store.recordPoll('a', { ...record, state: { ...state, failures: 4 }, description: null, hold: null });
    const [a, b] = await store.readSources();
    expect(a?.poll).toEqual({ ...state, failures: 4 });
    expect(a?.description).toEqual(record.description);
    expect(b?.poll).toMatchObject({ etag: null, lastPollAt: null, failures: 0, gone: false, problem: null });
  });

  test('the log of polls is pruned without losing the state', async () => {
    const store = await openBound();
    for (let n = 0; n < 250; n++) await store.recordPoll('a', { ...record, at: after(n), hold: null });
    expect((await store.readSources())[0]?.poll).toEqual(state);
  });

  test('a host is held until its time, and the last word counts', async () => {
    const store = await openBound();
    await store.recordPoll('a', record);
    expect(await store.readHolds(noon)).toEqual(new Map([['a.test', after(HOUR)]]));
    await store.recordPoll('b', { ...record, hold: { host: 'a.test', until: after(2 * HOUR) } });
    expect(await store.readHolds(after(HOUR))).toEqual(new Map([['a.test', after(2 * HOUR)]]));
    expect(await store.readHolds(after(2 * HOUR))).toEqual(new Map());
  });
}
