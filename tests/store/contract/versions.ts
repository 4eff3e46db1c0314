import { expect, test } from 'vitest';
import type { EntryChange, Revision } from '../../../src/model/entry.ts';
import { makeRevision } from '../../support/entry.ts';
import { after, change, publishAll, settled } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Tests the limits on the versions of one entry, in number and in bytes. */
export function testVersions({ openBound }: StoreBench): void {
  const open = async () => {
    const store = await openBound();
    const [entry] = await publishAll(store, [change()]);
    const no = entry?.no ?? 0;
    let n = 0;
    const add = async (said: Partial<Revision>): Promise<readonly string[]> => {
      const at = after(++n * 1000);
      const made: EntryChange = {
        ...change(),
        revisions: [makeRevision({ kind: 'edit', text: `text ${n}`, hash: `${n}`, seenAt: at, updated: at, ...said })],
      };
      return (await store.saveEntries([made], at)).thinned ?? [];
    };
    const read = async () => {
      await store.saveLeadChoices([settled(no, { updated: after(9e6) })], after(9e6));
      const key = (await store.readStories({ order: 'published', offset: 0, limit: 1 }))[0]?.key ?? '';
      return (await store.readStory(key))?.revisions ?? [];
    };
    return { store, add, read };
  };

  test('an entry with too many versions keeps its first, its newest and the latest ones between', async () => {
    const { store, add, read } = await open();
    const thinnedAt: number[] = [];
    for (let n = 1; n <= 300; n++) if ((await add({ kind: n % 3 === 0 ? 'cosmetic' : 'edit' })).length > 0) thinnedAt.push(n);
    const known = (await store.readKnown('a', null)).values().next().value;
    expect(known?.revisions.length).toBeLessThanOrEqual(120);
    expect(known?.revisions[0]?.kind).toBe('first');
    expect(known?.revisions.at(-1)?.hash).toBe('300');
    expect((await read()).at(-1)).toMatchObject({ hash: '299', text: 'text 299' });
    // Not after each change.
    expect(thinnedAt.length).toBeGreaterThan(1);
    expect(thinnedAt.length).toBeLessThan(12);
  });

  test('texts of older versions are dropped when all of them are too long; their update marks stay', async () => {
    const { store, add, read } = await open();
    for (let n = 1; n <= 12; n++)
      await add({ kind: 'mark', mark: `Update ${n}`, text: `${n} ${'x'.repeat(600_000)}`, html: `${n} ${'y'.repeat(600_000)}` });
    const known = (await store.readKnown('a', null)).values().next().value;
    expect(known?.revisions.map(({ mark }) => mark)).toEqual([null, ...Array.from({ length: 12 }, (_, n) => `Update ${n + 1}`)]);
    const versions = await read();
    expect(versions.at(-1)?.text).toMatch(/^12 x/);
    expect(versions[0]?.text).not.toBeNull();
    expect(versions[1]?.text).toBeNull();
    expect(versions.reduce((sum, { text }) => sum + (text?.length ?? 0), 0)).toBeLessThan(4_000_000);
  });

  test('the newest version of an entry is read by its identity, also a silent one', async () => {
    const { store, add } = await open();
    await add({ text: 'told' });
    await add({ kind: 'cosmetic', text: 'silent' });
    const { identity } = change().entry;
    expect((await store.readNewest('a', [identity, 'another'])).get(identity)).toMatchObject({ kind: 'cosmetic', text: 'silent' });
    expect((await store.readNewest('a', ['another'])).size).toBe(0);
    expect((await store.readNewest('b', [identity])).size).toBe(0);
  });

  test('sizes of stories are read without their texts', async () => {
    const { store, add } = await open();
    const [story] = await store.readStories({ order: 'published', offset: 0, limit: 1 });
    const before = (await store.measureStories([story?.no ?? 0])).get(story?.no ?? 0) ?? 0;
    await add({ text: 'é'.repeat(1000), html: 'x'.repeat(500), summary: 'yy' });
    expect((await store.measureStories([story?.no ?? 0])).get(story?.no ?? 0)).toBe(2502);
    expect(before).toBeGreaterThan(0);
    expect(await store.measureStories([])).toEqual(new Map());
  });
}
