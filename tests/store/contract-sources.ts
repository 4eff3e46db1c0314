import { expect, test } from 'vitest';
import { declare } from '../support/bench.ts';
import type { SourceDeclaration } from '../../src/model/source.ts';
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

  test('the id and the title of a private source say nothing of its address, and an id that is bound stays', async () => {
    const store = await open();
    const secret = [
      declare('feed', 'https://hidden.blog/members/k7', { private: true }),
      declare('file', '/home/ann/secret/wire.xml', { private: true }),
      declare('page', 'https://u:pw@hidden.blog/', { private: true, title: 'The desk' }),
    ];
    const shown = declare('feed', 'https://open.blog/');
    const idsOf = async (declarations: readonly SourceDeclaration[]) =>
      (await store.bindSources(declarations, noon)).map((source) => source.id);
    expect(await idsOf([...secret, shown])).toEqual(['private-1', 'private-2', 'the-desk', 'open-blog']);
    expect(await idsOf([{ ...shown, private: true }, ...secret.toReversed()])).toEqual(['open-blog', 'the-desk', 'private-2', 'private-1']);
  });

  test('a source that is given an id by its owner keeps its entries', async () => {
    const store = await open();
    const [bound] = await store.bindSources([declare('file', '/x/wire.xml')], noon);
    await store.saveEntries([change({ sourceId: bound?.id ?? '' })], noon);
    await store.bindSources([declare('file', '/x/wire.xml', { id: 'mine' })], noon);
    expect((await store.readSources()).map(({ source, entries }) => [source.id, entries])).toEqual([['mine', 1]]);
    expect((await pendingOf(store))[0]?.sourceId).toBe('mine');
  });

  test('a source goes on under its id at the address that it has moved to, and begins anew after thirty days away', async () => {
    const store = await open();
    const address = 'https://old.test/';
    await store.bindSources([declare('feed', address, { id: 'a' })], noon);
    await store.recordPoll('a', record);
    const there = (at: Date) => store.bindSources([declare('feed', 'https://new.test/', { previous: address })], at);
    expect(await there(after(1))).toMatchObject([{ id: 'a', address: 'https://new.test/' }]);
    const moved = (await store.readSources()).find(({ source }) => source.id === 'a');
    expect(moved).toMatchObject({ active: true, poll: { etag: null, bodyHash: null, found: null, move: null, gone: false, failures: 0 } });
    expect(moved?.poll.lastSuccessAt).toEqual(record.state.lastSuccessAt);
    await store.recordPoll('a', record);
    await store.bindSources([], after(2));
    await there(after(2 + 30 * 24 * HOUR));
    expect((await store.readSources()).find(({ source }) => source.id === 'a')?.poll.etag).toBe(record.state.etag);
    await store.bindSources([], after(3 + 30 * 24 * HOUR));
    await there(after(4 + 60 * 24 * HOUR));
    expect((await store.readSources()).find(({ source }) => source.id === 'a')?.poll.etag).toBeNull();
  });

  test('pages and what sites ask of robots come back as they were saved, and the last word counts', async () => {
    const store = await open();
    const page = {
      url: `https://a.test/${'x'.repeat(5000)}`,
      askedFor: 'h1',
      askedAt: noon,
      attempts: 2,
      html: null,
      problem: { code: 'c', message: 'm' },
    };
    const other = { url: 'https://a.test/2', askedFor: 'h2', askedAt: after(1), attempts: 0, html: '<p>\u00e9\0</p>', problem: null };
    for (const saved of [page, other, { ...page, attempts: 3, askedAt: after(5) }]) await store.savePage(saved);
    const read = await store.readPages([page.url, other.url, 'https://a.test/never']);
    expect([...read]).toHaveLength(2);
    expect(read.get(page.url)).toEqual({ ...page, attempts: 3, askedAt: after(5) });
    expect(read.get(other.url)).toEqual({ ...other, html: '<p>\u00e9</p>' });
    expect(await store.readRobots('https://a.test')).toBeNull();
    await store.saveRobots('https://a.test', { rules: 'User-agent: *', askedAt: noon });
    await store.saveRobots('https://a.test', { rules: null, askedAt: after(1) });
    expect(await store.readRobots('https://a.test')).toEqual({ rules: null, askedAt: after(1) });
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
