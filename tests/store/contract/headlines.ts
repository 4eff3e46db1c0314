import { expect, test } from 'vitest';
import type { EntryChange } from '../../../src/model/entry.ts';
import type { HeadlineQuery } from '../../../src/model/headline.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import { declare } from '../../support/bench.ts';
import { makeRevision } from '../../support/entry.ts';
import { createListed, save, toListing } from './listed.ts';
import { cases, texts } from '../search/search-cases.ts';
import { after, change, HOUR, noon, publishAll, settled, verdict } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

const everything: HeadlineQuery = { slugs: ['all'], sources: null, words: [], offset: 0, limit: 100 };
const titles = async (store: Store, said: Partial<HeadlineQuery> = {}) =>
  (await store.readHeadlines({ ...everything, ...said })).headlines.map(({ title }) => title);
/** Returns the next version of an entry. */
const revise = (identity: string, revision: Parameters<typeof makeRevision>[0]): EntryChange => ({
  ...change({ identity }),
  revisions: [makeRevision({ kind: 'edit', seenAt: after(5), ...revision })],
});

/** Tests lists of stories as pages show them, and counts for monitoring. */
export function testHeadlines({ openBound, open, copyState }: StoreBench): void {
  const openListed = createListed(openBound);

  test('a headline has the same content as its story', async () => {
    const store = await open();
    const source = { title: 'Wire of A', language: 'pt' };
    await store.bindSources([declare('file', '/a.xml', { id: 'a', ...source }), declare('file', '/b.xml', { id: 'b' })], noon);
    const long = `${'😀 word '.repeat(200)}end`;
    const [lead, other, again] = await publishAll(store, [
      change({ identity: 'lead', url: 'https://a.test/1' }, { title: 'First', text: 'old' }),
      change({ identity: 'again', position: 1 }, { title: 'Again', text: 'old again', seenAt: after(2) }),
      change({ identity: 'other', sourceId: 'b' }, { title: 'Copy', text: 'copy' }),
    ]).then((entries) => ['lead', 'other', 'again'].map((identity) => entries.find((entry) => entry.identity === identity)));
    const storyNo = lead?.no ?? 0;
    const same = { storyNo, comparedWith: storyNo, verdict: { ...verdict, label: 'same' as const } };
    await store.moveEntries(
      [other, again].map((entry) => ({ entryNo: entry?.no ?? 0, ...same })),
      [],
      after(1),
    );
    await store.saveEntries(
      [{ ...revise('lead', { title: 'Second', text: long }), entry: { ...change({ identity: 'lead', url: 'https://a.test/1' }).entry } }],
      after(5),
    );
    await store.saveEntries(
      [
        {
          ...revise('lead', { kind: 'cosmetic', title: 'Third', text: long, summary: 'short' }),
          entry: { ...change({ identity: 'lead', url: 'https://a.test/1' }).entry },
        },
      ],
      after(6),
    );
    await store.saveLeadChoices([settled(storyNo, { published: after(-9), updated: after(5), change: 'updated' })], after(6));
    await store.bindFeed('all', noon);
    await save(store, 'all', [toListing(storyNo, after(7))]);
    const [story] = await store.readStoriesByNumber([storyNo]);
    const { headlines, isCut } = await store.readHeadlines(everything);
    expect(isCut).toBe(false);
    expect(headlines).toEqual([
      {
        no: storyNo,
        id: story?.id,
        key: story?.key,
        title: 'Third',
        url: 'https://a.test/1',
        excerpt: Array.from(long).slice(0, 600).join(''),
        summary: 'short',
        language: 'pt',
        published: after(-9),
        updated: after(5),
        firstSeenAt: story?.firstSeenAt,
        datedAt: after(-9),
        at: after(7),
        sources: [
          { id: 'a', title: 'Wire of A' },
          { id: 'b', title: 'b' },
        ],
        entries: 3,
        // The first two versions of the lead, and another entry of its source in the story.
        revisions: story?.revisions.length,
      },
    ]);
    expect(headlines[0]?.revisions).toBe(3);
    // Another entry leads: its source comes first, and its versions count.
    await store.saveLeadChoices([settled(storyNo, { leadNo: other?.no ?? 0, change: 'none' })], after(7));
    expect((await store.readHeadlines(everything)).headlines).toMatchObject([
      { title: 'Copy', url: null, language: null, sources: [{ id: 'b' }, { id: 'a' }], entries: 3, revisions: 1 },
    ]);
  });

  test('stories of one feed come in its order, newest first; at the same instant by source, then in the order of their first reading', async () => {
    const { store, no } = await openListed([['a1'], ['b1', { sourceId: 'b' }], ['a2'], ['b2', { sourceId: 'b' }], ['a3']]);
    expect(await titles(store)).toEqual(['a3', 'b2', 'a2', 'b1', 'a1']);
    await save(
      store,
      'all',
      ['a1', 'b1', 'a2', 'b2'].map((title) => toListing(no(title), noon)),
    );
    const order = ['a3', 'a1', 'a2', 'b1', 'b2'];
    expect(await titles(store)).toEqual(order);
    for (let offset = 0; offset <= order.length; offset++)
      for (const limit of [1, 2, 9]) expect(await titles(store, { offset, limit })).toEqual(order.slice(offset, offset + limit));
    expect((await store.readOrdered('all', { offset: 0, limit: 9 })).map(({ storyNo }) => storyNo)).toEqual(order.map(no));
  });

  test('stories of several feeds come by date and once each; a repeated feed counts once, and no feed gives no story', async () => {
    const { store, no } = await openListed([['a1'], ['b1', { sourceId: 'b' }], ['a2'], ['held']]);
    await publishAll(store, [change({ identity: 'old' }, { title: 'old', published: after(-HOUR) })]);
    const [old] = (await store.readStories({ order: 'published', offset: 4, limit: 1 })).map((story) => story.no);
    await save(store, 'all', [toListing(old ?? 0, after(99_000)), toListing(no('held'), noon, { kind: 'held', seq: 0 })]);
    await save(store, 'other', [toListing(no('a1'), after(HOUR)), toListing(no('held'), noon, { kind: 'gone' })]);
    const order = ['a1', 'a2', 'b1', 'old'];
    for (let offset = 0; offset <= 4; offset++)
      expect(await titles(store, { slugs: ['other', 'all'], offset })).toEqual(order.slice(offset));
    expect((await store.readHeadlines({ ...everything, slugs: ['third', 'all'] })).headlines.at(-1)?.at).toEqual(after(-HOUR));
    expect(await titles(store, { slugs: ['all', 'all'] })).toEqual(['old', 'a2', 'b1', 'a1']);
    expect(await titles(store, { slugs: ['third'] })).toEqual([]);
    expect(await titles(store, { slugs: ['third', 'none'] })).toEqual([]);
    expect(await titles(store, { slugs: [] })).toEqual([]);
    expect(await titles(store, { slugs: ['third', 'all'], words: ['old'] })).toEqual(['old']);
    expect(await titles(store, { slugs: ['third', 'all'], sources: ['b'] })).toEqual(['b1']);
  });

  test('stories that are hidden, withdrawn, held, gone, deleted or pending are left out of pages, searches and sources', async () => {
    const names = ['hidden', 'withdrawn', 'held', 'gone', 'lead deleted', 'updated', 'moved', 'story hidden', 'last'];
    const { store, no, stored } = await openListed(names.map((title) => [title, {}, 'some words']));
    const keyOf = (title: string) => stored.find(({ revision }) => revision.title === title)?.key ?? '';
    expect(await store.hide(keyOf('hidden'), true, noon)).toBe('entry');
    const [story] = await store.readStoriesByNumber([no('story hidden')]);
    expect(await store.hide(story?.key ?? '', true, noon)).toBe('story');
    await store.saveLeadChoices([settled(no('withdrawn'), { leadNo: null, change: 'withdrawn' })], after(1));
    await save(store, 'all', [
      toListing(no('held'), after(1), { kind: 'held', seq: 0 }),
      toListing(no('gone'), after(2), { kind: 'gone' }),
      toListing(no('updated'), after(3), { kind: 'updated' }),
    ]);
    await store.markMissing('a', ['e4'], noon, { graceMs: 0, runs: 1 });
    // The lead now belongs to another story, and the lead of this one is not chosen again yet.
    await store.moveEntries([{ entryNo: no('moved'), storyNo: no('last'), comparedWith: null, verdict }], [], after(2));
    await store.saveEntries([change({ identity: 'waits' }, { title: 'waits', text: 'some words' })], after(3));
    const shown = ['last', 'updated'];
    for (let offset = 0; offset < 3; offset++)
      for (const said of [
        {},
        { words: ['some words'] },
        { sources: ['a'] },
        { slugs: ['all', 'other'] },
        { words: ['wo'], sources: ['a', 'b'] },
      ]) {
        const order = 'slugs' in said ? shown.toReversed() : shown;
        expect([said, offset, await titles(store, { ...said, offset })]).toEqual([said, offset, order.slice(offset)]);
      }
    await store.hide(keyOf('hidden'), false, noon);
    expect(await titles(store)).toEqual(['last', 'updated', 'hidden']);
  });

  test('a filter by sources keeps stories that have a visible member of one of them', async () => {
    const { store, no, stored } = await openListed([['a1'], ['b1', { sourceId: 'b' }], ['a2'], ['b2', { sourceId: 'b' }]]);
    await store.moveEntries([{ entryNo: no('b1'), storyNo: no('a1'), comparedWith: no('a1'), verdict }], [], after(1));
    await store.saveLeadChoices(
      [settled(no('a1'), { change: 'updated' }), settled(no('b1'), { leadNo: null, change: 'withdrawn' })],
      after(1),
    );
    expect(await titles(store, { sources: ['b'] })).toEqual(['b2', 'a1']);
    expect(await titles(store, { sources: ['b'], offset: 1 })).toEqual(['a1']);
    expect(await titles(store, { sources: ['b', 'a', 'none'] })).toEqual(['b2', 'a2', 'a1']);
    expect(await titles(store, { sources: ['none'] })).toEqual([]);
    expect(await titles(store, { sources: [] })).toEqual([]);
    await store.hide(stored.find(({ revision }) => revision.title === 'b1')?.key ?? '', true, after(2));
    await store.saveLeadChoices([settled(no('a1'), { change: 'none' })], after(2));
    expect(await titles(store, { sources: ['b'] })).toEqual(['b2']);
    expect((await store.readHeadlines({ ...everything, offset: 2 })).headlines[0]).toMatchObject({
      title: 'a1',
      entries: 1,
      sources: [{ id: 'a' }],
    });
  });

  test('a long list has no gap between pages, also by source and by words', async () => {
    const { store } = await openListed(
      Array.from({ length: 460 }, (_, n) => [`t${n}`, { sourceId: n % 3 === 0 ? 'b' : 'a' }, n % 2 === 0 ? 'an even number' : 'odd']),
    );
    const wanted = (isWanted: (n: number) => boolean) =>
      Array.from({ length: 460 }, (_, n) => 459 - n)
        .filter(isWanted)
        .map((n) => `t${n}`);
    for (const [said, isWanted] of [
      [{}, () => true],
      [{ sources: ['b'] }, (n: number) => n % 3 === 0],
      [{ words: ['even'] }, (n: number) => n % 2 === 0],
      [{ words: ['even'], sources: ['b'] }, (n: number) => n % 6 === 0],
    ] as const) {
      const read: string[] = [];
      for (let offset = 0; offset < 460; offset += 70) read.push(...(await titles(store, { ...said, offset, limit: 70 })));
      expect(read).toEqual(wanted(isWanted));
    }
  });

  test.for(['looked up', 'looked through'] as const)(
    'words are found in any script and case, and nothing in them is a command: %s',
    async (how) => {
      const { store } = await openListed(texts.map(([title, text]) => [title, {}, text]));
      if (how === 'looked up') while (await store.indexWords());
      const found: unknown[] = [];
      for (const [words] of cases) found.push([words, new Set(await titles(store, { words }))]);
      expect(found).toEqual(cases.map(([words, expected]) => [words, new Set(expected)]));
    },
  );

  test('only the newest version of the lead is searched, and a change is found at once and after it was indexed', async () => {
    const { store, no } = await openListed([
      ['lead', {}, 'the first wording'],
      ['copy', { sourceId: 'b' }, 'what the copy says'],
      ['rest', {}, 'nothing else'],
    ]);
    await store.indexWords();
    await store.moveEntries([{ entryNo: no('copy'), storyNo: no('lead'), comparedWith: no('lead'), verdict }], [], after(1));
    await store.saveLeadChoices(
      [settled(no('lead'), { change: 'updated' }), settled(no('copy'), { leadNo: null, change: 'withdrawn' })],
      after(1),
    );
    const check = async (expected: Readonly<Record<string, readonly string[]>>) => {
      for (let round = 0; round < 2; round++) {
        for (const [word, found] of Object.entries(expected))
          expect([round, word, await titles(store, { words: [word] })]).toEqual([round, word, found]);
        expect(await store.indexWords()).toBe(false);
      }
    };
    await check({ 'first wording': ['lead'], 'copy says': [] });
    await store.saveEntries([revise('e0', { title: 'lead', text: 'the second phrase' })], after(5));
    await check({ 'first wording': [], wording: [], 'second phrase': ['lead'] });
    await store.saveEntries([{ ...revise('e0', { title: 'lead', text: 'the third go' }), replacesLast: true }], after(6));
    await check({ 'second phrase': [], 'third go': ['lead'] });
    await store.saveEntries([revise('e0', { kind: 'cosmetic', title: 'lead', text: 'the third, go' })], after(7));
    await check({ 'third go': [], 'third, go': ['lead'] });
    await store.saveLeadChoices([settled(no('lead'), { leadNo: no('copy'), change: 'updated' })], after(8));
    await check({ 'third, go': [], 'copy says': ['copy'] });
  });

  test('words are found after an import, before and after the next run', async () => {
    const { store } = await openListed([
      ['one', {}, 'the harbour'],
      ['two', {}, '北京'],
    ]);
    await store.indexWords();
    const other = await copyState(store);
    for (let round = 0; round < 2; round++) {
      expect(await titles(other, { words: ['harbour'] })).toEqual(['one']);
      expect(await titles(other, { words: ['北京'] })).toEqual(['two']);
      await other.indexWords();
    }
  });
}
