import { expect, test } from 'vitest';
import type { OwnFileRecord } from '../../../src/ports/store/own-files.ts';
import { after, all, change, noon, publishAll } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

const file = (location: string, rest: Partial<OwnFileRecord> = {}): OwnFileRecord => ({
  location,
  contentHash: 'x',
  title: 'A',
  reason: 'draft',
  code: 'article/draft',
  message: 'it is a draft',
  line: null,
  mend: null,
  dueAt: null,
  isPublished: false,
  ...rest,
});

/** Tests own articles that are held back. */
export function testOwn({ openBound }: StoreBench): void {
  test('held-back files of a folder are read back as stored, and removed with their source', async () => {
    const store = await openBound();
    expect(await store.readFolder('a')).toEqual({ reader: null, files: [] });
    const fault = {
      reason: 'fault',
      code: 'article/date',
      message: 'date says\0 "x"',
      line: 3,
      mend: 'write a date',
      isPublished: true,
    } as const;
    const files = [
      file('a.md'),
      file('b.md', fault),
      file('c.md', { reason: 'embargo', dueAt: after(1) }),
      file('d.md', { reason: null, dueAt: noon }),
    ];
    await store.saveFolder('a', { reader: '1 UTC', files });
    const kept = files.map((one) => ({ ...one, message: one.message.replace('\0', '') }));
    expect(await store.readFolder('a')).toEqual({ reader: '1 UTC', files: kept });
    expect((await store.readHeld()).map(({ sourceId, location, until }) => [sourceId, location, until])).toEqual([
      ['a', 'a.md', null],
      ['a', 'b.md', null],
      ['a', 'c.md', after(1)],
    ]);
    await store.saveFolder('a', { reader: '2 UTC', files: [file('a.md')] });
    expect((await store.readFolder('a')).files).toHaveLength(1);
    await store.purgeSource('a', noon);
    expect(await store.readFolder('a')).toEqual({ reader: null, files: [] });
  });

  test('the earliest date of an own article and the latest past one are known; removed sources have neither', async () => {
    const store = await openBound();
    expect(await store.readDue(noon)).toEqual({ next: null, passed: null });
    const files = [1, 2, 3].map((ms) => file(`${ms}.md`, { dueAt: after(ms) }));
    await store.saveFolder('a', { reader: 'x', files });
    expect(await store.readDue(noon)).toEqual({ next: after(1), passed: null });
    expect(await store.readDue(after(2))).toEqual({ next: after(1), passed: after(2) });
    await store.bindSources([], after(3));
    expect(await store.readDue(after(9))).toEqual({ next: null, passed: null });
    expect(await store.readHeld()).toEqual([]);
  });

  test('entries are withdrawn at once, and their texts can still be read', async () => {
    const store = await openBound();
    await publishAll(store, [
      change({ identity: 'one' }, { title: 'One' }),
      change({ identity: 'two', url: null, urlKey: null }, { title: 'Two' }),
    ]);
    expect(await store.withdrawEntries('a', ['one', 'nobody'], after(1))).toBe(1);
    expect(await store.withdrawEntries('a', ['one'], after(1))).toBe(0);
    expect((await store.readKnown('a', null)).get('one')?.isDeleted).toBe(true);
    expect((await store.readPendingStories(10)).map(({ members }) => members.length)).toEqual([0]);
    expect((await store.readStories(all)).map(({ lead }) => lead.entry.identity)).toContain('two');
    expect([...(await store.readTexts('a', ['one', 'two', 'nobody']))].map(([identity, { title }]) => [identity, title])).toEqual([
      ['one', 'One'],
      ['two', 'Two'],
    ]);
  });
}
