import { expect, test } from 'vitest';
import { BATCH_SIZE } from '../../../src/ports/store/store.ts';
import { makeEntry, makeRevision } from '../../support/entry.ts';
import { noon, after, change, alone, foldBatch, record, state, pendingOf, publishAll } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Tests entries and revisions as sources bring them. */
export function testEntries({ openBound }: StoreBench): void {
  test('saving the same change twice adds no second entry', async () => {
    const store = await openBound();
    expect(await store.saveEntries([change()], noon)).toEqual({ added: 1, revised: 0 });
    expect(await store.saveEntries([{ ...change(), revisions: [] }], noon)).toEqual({ added: 0, revised: 0 });
    expect([...(await store.readKnown('a', null)).keys()]).toEqual(['one']);
    expect(await pendingOf(store)).toHaveLength(1);
  });

  test('a new entry knows which earlier ones stood in its document', async () => {
    const store = await openBound();
    const save = async (identity: string, listed: readonly string[]) =>
      store.saveEntries([change({ identity })], noon, { listedFrom: await store.readListedFrom('a', listed) });
    await save('one', ['one']);
    await save('two', ['two']);
    await save('three', ['three', 'two']);
    await save('four', ['four', 'three', 'two', 'one']);
    await store.saveEntries([change({ identity: 'five' })], noon);
    const entries = await pendingOf(store);
    const numbers = new Map(entries.map(({ identity, no }) => [identity, no]));
    expect(entries.map(({ identity, listedFrom }) => [identity, listedFrom])).toEqual([
      ['one', null],
      ['two', null],
      ['three', numbers.get('two')],
      ['four', numbers.get('one')],
      ['five', null],
    ]);
  });

  test('an entry is read back as stored, every instant to the millisecond', async () => {
    const store = await openBound();
    const entry = makeEntry({
      guid: 'tag:x',
      url: 'https://x.test/é?a=b',
      urlKey: 'x.test/é',
      homeHost: 'x.test',
      linkPost: true,
      location: 'a/b.md',
      language: 'de',
      origin: { id: 'urn:o', title: 'O', url: 'https://o.test/' },
      position: 7,
    });
    const revision = makeRevision({
      published: new Date('1969-12-31T23:59:59.999Z'),
      updated: new Date('9999-12-31T23:59:59.999Z'),
      seenAt: after(1),
      mark: 'Update (1545ET):',
      authors: [{ name: 'A', url: null, email: 'a@x.test' }],
      categories: ['x', 'ÿ'],
      image: 'https://x.test/i.png',
      rights: '© X',
    });
    await store.saveEntries([{ entry, revisions: [revision], replacesLast: false, formerIdentity: null }], noon);
    const [stored] = await pendingOf(store);
    expect(stored).toEqual({ ...entry, no: stored?.no, key: stored?.key, firstSeenAt: noon, listedFrom: null, revision });
    expect(stored?.key).toMatch(/^[a-z2-7]{12}$/);
  });

  test('U+0000 and lone surrogates are removed from every text, all else comes back as stored', async () => {
    const store = await openBound();
    const authors = [{ name: 'A\0da \ud800', url: null, email: null }];
    await store.saveEntries([change({ identity: 'i\0d', guid: 'g\0' }, { title: 'T\0 \udfff ü 😀', text: 'x\0', authors })], noon);
    await store.recordPoll('a', {
      ...record,
      state: { ...state, etag: '"\0"', lastModified: '\0', problem: { code: 'x', message: 'a\0b' } },
      description: { title: 'T\0', homePage: null, feedId: null, language: null },
      sentEtag: '"\0"',
      sentLastModified: '\0',
    });
    const [entry] = await pendingOf(store);
    expect(entry).toMatchObject({ identity: 'id', guid: 'g', revision: { title: 'T � ü 😀', text: 'x', authors: [{ name: 'Ada �' }] } });
    expect((await store.readKnown('a', ['i\0d'])).has('id')).toBe(true);
    expect((await store.readSources())[0]).toMatchObject({ poll: { etag: '""', problem: { message: 'ab' } }, description: { title: 'T' } });
    expect(await store.readStory('\0')).toBeNull();
  });

  test('text of any length is stored, also the longest identity and id', async () => {
    const store = await openBound();
    // No two equal characters in a row, because PostgreSQL compresses an index row before it checks
    // its length.
    const long = (length: number) =>
      Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('');
    const rest = { identity: long(512), guid: `x:${long(998)}`, url: long(20_000), urlKey: long(20_000), location: long(5000) };
    await store.saveEntries([change(rest, { text: long(1_000_000) })], noon);
    const [entry] = await pendingOf(store);
    expect(entry).toMatchObject(rest);
    expect(entry?.revision.text).toHaveLength(1_000_000);
    await store.saveFolds(foldBatch({ placements: entry ? [alone(entry, rest.guid)] : [], decided: [entry?.no ?? 0] }), noon);
    expect((await store.readPendingStories(1))[0]?.id).toMatch(/^urn:uuid:/);
  });

  test('known entries come with all their revisions in order, by identity or all together', async () => {
    const store = await openBound();
    const identities = Array.from({ length: BATCH_SIZE }, (_, index) => `entry ${index}`);
    expect(
      await store.saveEntries(
        identities.map((identity) => change({ identity })),
        noon,
      ),
    ).toEqual({ added: BATCH_SIZE, revised: 0 });
    await store.saveEntries([change({ sourceId: 'b', identity: 'entry 1' })], noon);
    const edit = makeRevision({ kind: 'edit', hash: 'h2', updated: after(5), seenAt: after(9) });
    const revise = {
      entry: makeEntry({ identity: 'entry 1', contentHash: 'new', location: 'x.md' }),
      revisions: [edit],
      replacesLast: false,
      formerIdentity: null,
    };
    expect(await store.saveEntries([revise], after(10))).toEqual({ added: 0, revised: 1 });
    expect(await store.readKnown('a', [])).toEqual(new Map());
    expect((await store.readKnown('a', [...identities, 'none'])).size).toBe(BATCH_SIZE);
    expect((await store.readKnown('a', null)).size).toBe(BATCH_SIZE);
    const known = (await store.readKnown('a', ['entry 1', 'none'])).get('entry 1');
    expect(known).toMatchObject({ contentHash: 'new', location: 'x.md', firstSeenAt: noon, isDeleted: false });
    expect(known?.revisions.map(({ kind, updated, seenAt }) => [kind, updated, seenAt])).toEqual([
      ['first', null, new Date('2026-03-10T12:00:00Z')],
      ['edit', after(5), after(9)],
    ]);
  });

  test('prior entries are found by identity, by an id under another identity, by address and by date, and the newest', async () => {
    const store = await openBound();
    const add = (identity: string, guid: string | null, page: string, published: Date | null, sourceId = 'a') =>
      store.saveEntries([change({ identity, guid, urlKey: page, url: `https://${page}`, sourceId }, { published })], noon);
    await add('532', '532', 'a.test/1', after(-3));
    await add('https://a.test/2', '532', 'a.test/2', after(-2));
    await add('x', 'x', 'a.test/3', null);
    const none = { identities: [], guids: [], urlKeys: [], dates: [], newest: 0 };
    const find = async (by: Partial<typeof none> | object, sourceId = 'a') =>
      (await store.readPriorEntries(sourceId, { ...none, ...by })).map(({ identity }) => identity);
    expect(await find({})).toEqual([]);
    expect(await find({ identities: ['532', 'none'] })).toEqual(['532']);
    expect(await find({ guids: ['532', 'x'] })).toEqual(['https://a.test/2']);
    expect(await find({ urlKeys: ['a.test/3'] })).toEqual(['x']);
    expect(await find({ dates: [after(-3)] })).toEqual(['532']);
    expect(await find({ newest: 2 })).toEqual(['x', 'https://a.test/2']);
    expect(await find({ guids: ['532'], identities: ['532'], urlKeys: ['a.test/2'], dates: [after(-2)] })).toEqual([
      'https://a.test/2',
      '532',
    ]);
    expect(await find({ guids: ['532'], newest: 9 }, 'b')).toEqual([]);
    const many = Array.from({ length: 3000 }, (_, n) => `g${n}`);
    expect(await find({ guids: [...many, '532'], identities: many, urlKeys: many })).toEqual(['https://a.test/2']);
    expect((await store.readPriorEntries('a', { ...none, identities: ['532'] }))[0]).toMatchObject({
      guid: '532',
      url: 'https://a.test/1',
      published: after(-3),
    });
  });

  test('an entry with a new identity frees its former one for the next', async () => {
    const store = await openBound();
    await store.saveEntries([change({ identity: 'old' })], noon);
    const renamed = { ...change({ identity: 'new' }), revisions: [], formerIdentity: 'old' };
    expect(await store.saveEntries([renamed, change({ identity: 'old', contentHash: 'other' })], noon)).toEqual({ added: 1, revised: 0 });
    const [first, second] = [...(await store.readKnown('a', null)).values()];
    expect([first?.identity, first?.contentHash, second?.identity, second?.contentHash]).toEqual(['new', 'hash', 'old', 'other']);
  });

  test('a cosmetic revision is replaced by the next, and is not counted', async () => {
    const store = await openBound();
    await store.saveEntries([change()], noon);
    const next = (kind: 'cosmetic' | 'edit', replacesLast: boolean) => ({ ...change({}, { kind }), replacesLast });
    expect(await store.saveEntries([next('cosmetic', false)], noon)).toEqual({ added: 0, revised: 0 });
    expect(await store.saveEntries([next('edit', true)], noon)).toEqual({ added: 0, revised: 1 });
    expect((await store.readKnown('a', null)).get('one')?.revisions.map(({ kind }) => kind)).toEqual(['first', 'edit']);
    expect((await pendingOf(store))[0]?.revision.kind).toBe('edit');
  });

  test('hundreds of revisions of one entry are stored at once', async () => {
    const store = await openBound();
    const revisions = Array.from({ length: 5000 }, (_, index) => makeRevision({ kind: 'mark', updated: after(index) }));
    await store.saveEntries([{ ...change(), revisions }], noon);
    expect((await store.readKnown('a', null)).get('one')?.revisions.at(-1)?.updated).toEqual(after(4999));
  });

  test('a local entry that is missing for long enough is deleted, and restored when it comes back', async () => {
    const store = await openBound();
    const [entry] = await publishAll(store, [change({ location: 'one.md' }), change({ identity: 'two', location: 'two.md' })]);
    const patience = { graceMs: 1000, runs: 2 };
    expect(await store.markMissing('a', ['one'], after(0), patience)).toBe(0);
    expect(await store.markMissing('a', ['one'], after(999), patience)).toBe(0);
    expect(await store.markMissing('a', [], after(1000), patience)).toBe(0);
    expect(await store.markMissing('a', ['one'], after(2000), patience)).toBe(0);
    expect(await store.markMissing('a', ['one'], after(3000), patience)).toBe(1);
    expect(await store.markMissing('a', ['one'], after(9000), patience)).toBe(0);
    expect((await store.readKnown('a', null)).get('one')?.isDeleted).toBe(true);
    const [unsettled] = await store.readPendingStories(10);
    expect(unsettled).toMatchObject({ no: entry?.no, members: [] });
    expect(await store.saveEntries([{ ...change({ location: 'one.md' }), revisions: [] }], after(9000))).toEqual({ added: 0, revised: 1 });
    expect((await store.readPending(10)).map(({ entry: { no }, reason }) => [no, reason])).toEqual([[entry?.no, 'revised']]);
  });

  test('an entry that its source withdraws is deleted once, and stays if it was changed since', async () => {
    const store = await openBound();
    const revision = (ms: number) => ({ published: noon, updated: after(ms) });
    const [one, two] = await publishAll(store, [
      change({ guid: 'urn:x:1' }, revision(0)),
      change({ identity: 'two', guid: 'urn:x:2' }, revision(300_000)),
      change({ identity: 'three', guid: null }, revision(0)),
    ]);
    const withdrawals = [
      { guid: 'urn:x:1', at: noon },
      { guid: 'urn:x:2', at: after(299_999) },
      { guid: 'three', at: null },
    ];
    expect(await store.followWithdrawals('b', withdrawals, noon)).toBe(0);
    expect(await store.followWithdrawals('a', withdrawals, noon)).toBe(1);
    expect(await store.followWithdrawals('a', withdrawals, noon)).toBe(0);
    expect((await store.readPendingStories(10)).map(({ no, members }) => [no, members.length])).toEqual([[one?.no, 0]]);
    expect(await store.followWithdrawals('a', [{ guid: 'urn:x:2', at: null }], noon)).toBe(1);
    expect((await store.readPendingStories(10)).map(({ no }) => no)).toEqual([one?.no, two?.no]);
  });

  test('a failing change leaves nothing of its whole batch', async () => {
    const store = await openBound();
    const changes = [change({ identity: 'good' }), change({ sourceId: 'unheard-of', identity: 'bad' })];
    await expect(store.saveEntries(changes, noon)).rejects.toThrow(/foreign key/i);
    expect(await store.readPending(10)).toEqual([]);
    await store.saveEntries(changes.slice(0, 1), noon);
    const [entry] = await pendingOf(store);
    const placements = entry ? [alone(entry), { ...alone(entry), entryNo: 987_654 }] : [];
    await expect(store.saveFolds(foldBatch({ placements, decided: [entry?.no ?? 0] }), noon)).rejects.toThrow(/foreign key/i);
    expect(await store.readPendingStories(10)).toEqual([]);
    expect(await store.readPending(10)).toHaveLength(1);
  });
}
