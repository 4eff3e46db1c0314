import { expect, test } from 'vitest';
import { declare } from '../../support/bench.ts';
import type { SourceDeclaration } from '../../../src/model/source.ts';
import { noon, after, HOUR, change, state, record, pendingOf } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Tests sources, their polls, and hosts that asked for no requests. */
export function testSources({ open, openBound }: StoreBench): void {
  test('binding the same sources twice changes nothing, and removed sources come last', async () => {
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

  test('sources without an id get a unique, permanent one from title, address or file', async () => {
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

  test('id and title of a private source contain nothing of its address, and a bound id stays', async () => {
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

  const named = (title: string | null, address: string, overrides: Partial<SourceDeclaration> = {}) =>
    declare('feed', address, { title, ...overrides });
  test.each<[name: string, declarations: readonly SourceDeclaration[], ids: readonly string[]]>([
    [
      'a title in Greek or Cyrillic is spelled in Latin letters',
      [named('Новости', 'https://a.test/'), named('Ειδήσεις', 'https://b.test/'), named('Србија данас', 'https://c.test/')],
      ['novosti', 'eidiseis', 'srbija-danas'],
    ],
    [
      'a title in a script that cannot be spelled gives way to the address',
      [
        named('新闻', 'https://www.a.test/rss?x=1'),
        named('الأخبار', 'https://b.test/'),
        named('חדשות', 'https://c.test/'),
        named('समाचार', 'https://d.test/'),
        named('ข่าว', 'https://e.test/'),
        named('뉴스', 'https://f.test/'),
      ],
      ['a-test-rss', 'b-test', 'c-test', 'd-test', 'e-test', 'f-test'],
    ],
    [
      'a title counts when half of its letters can be spelled',
      [named('BBC 中文', 'https://a.test/'), named('The 中文论坛', 'https://b.test/'), named('Вести +', 'https://c.test/')],
      ['bbc', 'b-test', 'vesti'],
    ],
    [
      'a title without a letter gives way to the address, and so does a word that YAML takes for no text',
      [
        named('24', 'https://a.test/'),
        named('🎉', 'https://b.test/'),
        named('\u0301\u0302', 'https://c.test/'),
        named('', 'https://d.test/'),
        named('True', 'https://e.test/'),
        named('1E5', 'https://f.test/'),
        named('20 Minuten', 'https://g.test/'),
      ],
      ['a-test', 'b-test', 'c-test', 'd-test', 'e-test', 'f-test', '20-minuten'],
    ],
    [
      'titles that are alike, and long ones, get numbers',
      [
        named('Café', 'https://a.test/'),
        named('cafe!', 'https://b.test/'),
        named('x'.repeat(90), 'https://c.test/'),
        named(`${'x'.repeat(80)} y`, 'https://d.test/'),
      ],
      ['cafe', 'cafe-2', 'x'.repeat(56), `${'x'.repeat(56)}-2`],
    ],
    [
      'an address is named as people read it',
      [
        named(null, 'https://xn--b1amarcd.xn--p1ai/rss'),
        named(null, 'https://a.test/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%E0'),
        named(null, 'https://xn--fsqu00a.xn--0zwm56d/feed'),
        declare('articles', '/дом/статьи'),
      ],
      ['novini-rf-rss', 'a-test-novosti', 'xn-fsqu00a-xn-0zwm56d-feed', 'dom-stati'],
    ],
    [
      'a private source that cannot be named by its title is numbered',
      [named('新闻', 'https://a.test/', { private: true }), named('24', 'https://b.test/', { private: true })],
      ['private-1', 'private-2'],
    ],
  ])('%s', async (_, declarations, ids) => {
    const store = await open();
    expect((await store.bindSources(declarations, noon)).map(({ id }) => id)).toEqual(ids);
  });

  test('a folder without a usable name gets the same id in every store', async () => {
    const mint = async (declarations: readonly SourceDeclaration[]) =>
      (await (await open()).bindSources(declarations, noon)).map(({ id }) => id);
    const folders = [declare('articles', '/文章'), declare('file', '/新闻/一.xml', { title: '新闻' })];
    const ids = await mint(folders);
    for (const id of ids) expect(id).toMatch(/^source-[a-z2-7]{6}$/);
    expect(await mint(folders.toReversed())).toEqual(ids.toReversed());
  });

  test('an id that an earlier version has made stays', async () => {
    const store = await open();
    await store.bindSources(
      [named('新闻', 'https://a.test/', { id: 'source' }), declare('feed', 'https://b.test/', { id: 'source-2' })],
      noon,
    );
    const again = await store.bindSources([named('新闻', 'https://a.test/'), named('Новости', 'https://b.test/')], after(1));
    expect(again.map(({ id }) => id)).toEqual(['source', 'source-2']);
  });

  test('a source keeps its entries when its owner gives it an id', async () => {
    const store = await open();
    const [bound] = await store.bindSources([declare('file', '/x/wire.xml')], noon);
    await store.saveEntries([change({ sourceId: bound?.id ?? '' })], noon);
    await store.bindSources([declare('file', '/x/wire.xml', { id: 'mine' })], noon);
    expect((await store.readSources()).map(({ source, entries }) => [source.id, entries])).toEqual([['mine', 1]]);
    expect((await pendingOf(store))[0]?.sourceId).toBe('mine');
  });

  test('a source keeps its id at a new address, and starts with an empty state after thirty days away', async () => {
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

  test('pages and robots.txt are read back as stored, and the last one counts', async () => {
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

  test('a poll is stored to the millisecond, the last one counts, and a poll without a document keeps the description', async () => {
    const store = await openBound();
    await store.recordPoll('a', record);
    await store.recordPoll('a', record);
    await store.recordPoll('a', { ...record, state: { ...state, failures: 4 }, description: null, hold: null });
    const [a, b] = await store.readSources();
    expect(a?.poll).toEqual({ ...state, failures: 4 });
    expect(a?.description).toEqual(record.description);
    expect(b?.poll).toMatchObject({ etag: null, lastPollAt: null, failures: 0, gone: false, problem: null });
  });

  test('pruning the poll log keeps the state', async () => {
    const store = await openBound();
    for (let n = 0; n < 250; n++) await store.recordPoll('a', { ...record, at: after(n), hold: null });
    expect((await store.readSources())[0]?.poll).toEqual(state);
  });

  test('a host is held until its time, and the last hold counts', async () => {
    const store = await openBound();
    await store.recordPoll('a', record);
    expect(await store.readHolds(noon)).toEqual(new Map([['a.test', after(HOUR)]]));
    await store.recordPoll('b', { ...record, hold: { host: 'a.test', until: after(2 * HOUR) } });
    expect(await store.readHolds(after(HOUR))).toEqual(new Map([['a.test', after(2 * HOUR)]]));
    expect(await store.readHolds(after(2 * HOUR))).toEqual(new Map());
  });
}
