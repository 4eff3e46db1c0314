import { expect, test } from 'vitest';
import { createListed, toListing } from './listed.ts';
import { after, change, noon, publishAll, settled, verdict } from '../store-bench.ts';
import type { StoreBench } from '../store-bench.ts';

/** Tests counts for monitoring sources, feeds and runs. */
export function testCounts({ openBound }: StoreBench): void {
  const openListed = createListed(openBound);

  test('entries are counted by source and day, from an instant on, also before 1970; deleted and hidden ones are left out', async () => {
    const store = await openBound();
    const dates = [
      '1969-12-31T23:59:59Z',
      '1970-01-01T00:00:00Z',
      '2026-03-08T23:59:59.999Z',
      '2026-03-09T00:00:00Z',
      '2026-03-09T13:00:00Z',
    ];
    const dated = (sourceId: string, date: string) => change({ sourceId, identity: date }, { published: new Date(date) });
    const entries = await publishAll(store, [
      ...dates.map((date) => dated('a', date)),
      dated('b', '2026-03-09T09:00:00Z'),
      dated('b', '2026-03-09T10:00:00Z'),
    ]);
    const day = Date.UTC(2026, 2, 9) / 86_400_000;
    const from = new Date('1960-01-01');
    expect(await store.countEntriesByDay(from)).toEqual(
      new Map([
        ['a', [-1, 0, day - 1, day].map((n) => ({ day: n, count: n === day ? 2 : 1 }))],
        ['b', [{ day, count: 2 }]],
      ]),
    );
    const noonOf = new Date('2026-03-09T12:00:00Z');
    expect(await store.countEntriesByDay(noonOf)).toEqual(new Map([['a', [{ day, count: 1 }]]]));
    expect(await store.countEntriesByDay(new Date('2026-03-09T13:00:00Z'))).toEqual(new Map([['a', [{ day, count: 1 }]]]));
    await store.moveEntries([{ entryNo: entries[1]?.no ?? 0, storyNo: entries[0]?.no ?? 0, comparedWith: null, verdict }], [], noon);
    expect(await store.hide(entries[1]?.key ?? '', true, noon)).toBe('entry');
    await store.markMissing('b', ['2026-03-09T10:00:00Z'], noon, { graceMs: 0, runs: 1 });
    expect((await store.countEntriesByDay(new Date(0))).get('b')).toEqual([{ day, count: 1 }]);
    expect((await store.countEntriesByDay(from)).get('a')?.map((count) => count.day)).toEqual([-1, day - 1, day]);
  });

  test('stories of a feed are counted by day, and stories that left it since count as lost', async () => {
    const { store, no } = await openListed(
      ['n', 'u', 'old', 'gone', 'gone before', 'other rules', 'never there', 'held'].map((title) => [title]),
    );
    await store.saveListings(
      'all',
      [
        toListing(no('n'), new Date('2026-03-10T00:00:00Z')),
        toListing(no('u'), new Date('2026-03-10T23:00:00Z'), { kind: 'updated' }),
        toListing(no('old'), new Date('2026-03-01T23:00:00Z'), { seq: 8, loggedAt: after(4) }),
        toListing(no('gone'), noon, { kind: 'gone', loggedAt: after(10) }),
        toListing(no('gone before'), noon, { kind: 'gone', loggedAt: after(9) }),
        toListing(no('other rules'), noon, { kind: 'gone', loggedAt: after(10), accountedFor: new Date(0) }),
        toListing(no('never there'), noon, { kind: 'gone', seq: 0, loggedAt: after(10) }),
        toListing(no('held'), noon, { kind: 'held', seq: 0, loggedAt: after(10) }),
      ],
      { seq: 9, changeSeq: 0 },
    );
    const day = Date.UTC(2026, 2, 10) / 86_400_000;
    const newestAt = new Date('2026-03-10T23:00:00Z');
    const since = { from: new Date('2026-03-05'), lostSince: after(10) };
    expect(await store.countFeed('all', since)).toEqual({ days: [{ day, count: 2 }], standing: 3, newestAt, lost: 1, toldAt: after(4) });
    expect(await store.countFeed('all', { from: new Date(0), lostSince: after(9) })).toEqual({
      days: [
        { day: day - 9, count: 1 },
        { day, count: 2 },
      ],
      standing: 3,
      newestAt,
      lost: 2,
      toldAt: after(4),
    });
    expect(await store.countFeed('other', since)).toEqual({ days: [], standing: 0, newestAt: null, lost: 0, toldAt: null });
  });

  test('the last run is the completed run that ended last', async () => {
    const store = await openBound();
    expect(await store.readLastRun()).toBeNull();
    const first = await store.startRun(noon);
    expect(await store.readLastRun()).toBeNull();
    await store.endRun(first, after(5), {});
    await store.startRun(after(6));
    expect(await store.readLastRun()).toEqual(after(5));
    await store.endRun(await store.startRun(after(7)), after(8), {});
    expect(await store.readLastRun()).toEqual(after(8));
  });

  test('ended runs are read once each; interrupted ones as soon as another has begun', async () => {
    const store = await openBound();
    expect(await store.readRuns(0, noon)).toEqual({ ended: [], last: null });
    await store.endRun(await store.startRun(after(-9)), after(-8), {});
    const first = await store.startRun(noon);
    expect(await store.readRuns(0, noon)).toEqual({ ended: [], last: { startedAt: after(-9), endedAt: after(-8) } });
    await store.endRun(first, after(5), { failed: 2 });
    const cut = await store.startRun(after(6));
    const ended = { no: first, startedAt: noon, endedAt: after(5), report: { failed: 2 } };
    const last = { startedAt: noon, endedAt: after(5) };
    expect(await store.readRuns(0, noon)).toEqual({ ended: [ended], last });
    expect(await store.readRuns(first, noon)).toEqual({ ended: [], last });
    await store.startRun(after(7));
    expect(await store.readRuns(first, noon)).toEqual({ ended: [{ no: cut, startedAt: after(6), endedAt: null, report: null }], last });
  });

  test('the alert state is replaced only by a caller that knows the present one', async () => {
    const store = await openBound();
    expect(await store.readAlertState()).toBeNull();
    expect(await store.replaceAlertState('x', 'a')).toBe(false);
    expect(await store.replaceAlertState(null, 'a')).toBe(true);
    expect(await store.replaceAlertState(null, 'b')).toBe(false);
    expect(await store.replaceAlertState('b', 'c')).toBe(false);
    expect(await store.readAlertState()).toBe('a');
    expect(await store.replaceAlertState('a', 'b')).toBe(true);
    expect(await store.readAlertState()).toBe('b');
  });

  test('published stories are counted, also while they wait for a new lead; hidden, withdrawn and never published ones are not', async () => {
    const store = await openBound();
    expect(await store.countStories()).toBe(0);
    const entries = await publishAll(
      store,
      ['1', '2', '3', '4'].map((identity) => change({ identity })),
    );
    expect(await store.countStories()).toBe(4);
    await store.saveEntries([change({ identity: '5' })], noon);
    const [, second, third, fourth] = entries;
    await store.hide(third?.key ?? '', true, noon);
    // Its story waits for a new choice of lead.
    await store.moveEntries([{ entryNo: second?.no ?? 0, storyNo: fourth?.no ?? 0, comparedWith: null, verdict }], [], noon);
    expect(await store.countStories()).toBe(4);
    await store.saveLeadChoices([settled(second?.no ?? 0, { leadNo: null, change: 'withdrawn' })], noon);
    expect(await store.countStories()).toBe(3);
  });
}
