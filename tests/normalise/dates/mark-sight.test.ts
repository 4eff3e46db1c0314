import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KnownEntry, Revision } from '../../../src/model/entry.ts';
import type { ParsedItem } from '../../../src/model/parsed.ts';
import { normalise } from '../../../src/normalise/normalise.ts';
import { makeItem } from '../../support/item.ts';
import { cases } from '../../support/scale.ts';

const TEXT = '<p>The bridge is shut to lorries until its piers have been surveyed.</p>';

/** Reads an item at one instant after another, each time with the given marks on top. Returns the
 *  stored versions. */
function readAll(
  item: Partial<ParsedItem>,
  readings: readonly (readonly [seenAt: string, ...marks: string[]])[],
  zone = 'UTC',
): Revision[] {
  let known: KnownEntry | null = null;
  for (const [at, ...marks] of readings) {
    const seenAt = new Date(at);
    const html = marks.map((mark, index) => `<p>${mark}: word${index} ${mark.length} of it.</p><hr>`).join('') + TEXT;
    const sent = { item: makeItem({ ...item, html }), identity: 'one', position: 0, contentHash: at };
    const { change } = normalise(sent, known, { sourceId: 'a', homePage: null, language: null, zone, seenAt });
    const before: readonly Revision[] = known === null ? [] : (known.revisions as Revision[]);
    const firstSeenAt: Date = known?.firstSeenAt ?? seenAt;
    const revisions = [...before, ...(change?.revisions ?? [])];
    known = { identity: 'one', location: null, contentHash: at, firstSeenAt, isDeleted: false, isPruned: false, revisions };
  }
  return (known?.revisions ?? []) as Revision[];
}

function check(
  item: Partial<ParsedItem>,
  readings: Parameters<typeof readAll>[1],
  expected: readonly (string | null)[],
  zone?: string,
): readonly Revision[] {
  const revisions = readAll(item, readings, zone);
  expect(revisions.map(({ updated }) => updated?.toISOString().slice(0, 16) ?? null)).toEqual(expected);
  return revisions;
}

test('a mark is never before the version that it updates, nor after its first sight', () => {
  // Undated and known since noon, so a mark is neither of yesterday nor of the hours before.
  check({}, [['2026-11-30T12:00Z'], ['2026-11-30T15:54Z', 'Update (1730CET)']], [null, '2026-11-30T15:54']);
  check({}, [['2026-11-30T12:00Z'], ['2026-11-30T15:54Z', 'Update (0900 GMT)']], [null, '2026-11-30T15:54']);
  check({}, [['2026-11-30T12:00Z'], ['2026-11-30T15:54Z', 'Update (1630CET)']], [null, '2026-11-30T15:30']);
  check({}, [['2026-11-30T23:50Z'], ['2026-12-01T00:10Z', 'Update (2355)']], [null, '2026-11-30T23:55']);
  check({}, [['2026-11-30T23:50Z'], ['2026-12-01T00:10Z', 'Update (0015)']], [null, '2026-12-01T00:10']);
  // Dated today, with a time of day and without.
  const today = { published: '2026-11-30T10:00:00Z' };
  check(today, [['2026-11-30T15:54Z', 'Update (1730CET)']], ['2026-11-30T10:00', '2026-11-30T15:54']);
  check(today, [['2026-11-30T11:00Z'], ['2026-11-30T15:54Z', 'Update (1730CET)']], ['2026-11-30T10:00', '2026-11-30T15:54']);
  check(today, [['2026-11-30T11:00Z'], ['2026-11-30T15:54Z', 'Update (0400 JST)']], ['2026-11-30T10:00', '2026-11-30T15:54']);
  check({ published: '2026-11-30' }, [['2026-11-30T15:54Z', 'Update (1730CET)']], ['2026-11-30T00:00', '2026-11-30T15:54']);
  check({ published: '2026-11-30' }, [['2026-11-30T15:54Z', 'Update (0600 JST)']], ['2026-11-30T00:00', '2026-11-30T00:00']);
  // A mark of a day before the article's date, and a mark of a day still to come.
  check(today, [['2026-11-30T11:00Z'], ['2026-11-30T15:54Z', 'Update, 3 Nov 2026, 3 p.m.']], ['2026-11-30T10:00', '2026-11-30T15:54']);
  check(today, [['2026-11-30T11:00Z'], ['2026-11-30T15:54Z', 'Update, 3 Dec 2026, 3 p.m.']], ['2026-11-30T10:00', '2026-11-30T15:00']);
  check(today, [['2026-11-30T11:00Z'], ['2026-11-30T15:54Z', 'Update, 3 Nov 2026']], ['2026-11-30T10:00', '2026-11-30T15:54']);
});

test('stacked marks out of order keep their sequence, and marks of yesterday keep their time', () => {
  const published = '2026-11-30T10:00:00Z';
  check(
    { published },
    [['2026-11-30T18:00Z', 'Update (1500)', 'Update (1700)']],
    ['2026-11-30T10:00', '2026-11-30T17:00', '2026-11-30T18:00'],
  );
  check(
    { published },
    [['2026-11-30T10:30Z'], ['2026-11-30T18:00Z', 'Update (1700)'], ['2026-11-30T19:00Z', 'Update (1500)', 'Update (1700)']],
    ['2026-11-30T10:00', '2026-11-30T17:00', '2026-11-30T19:00'],
  );
  check(
    { published: '2026-11-29T20:00:00Z' },
    [['2026-11-30T00:30Z', 'Update (0020)', 'Update (2350)']],
    ['2026-11-29T20:00', '2026-11-29T23:50', '2026-11-30T00:20'],
  );
});

test('a mark in an old post at first sight is no news, and a mark added later is', () => {
  const published = '2019-03-01T10:00:00Z';
  const [day, now] = ['2019-03-01T10:00', '2026-11-30T12:00Z'];
  check({ published }, [[now, 'Update']], [day, day]);
  check({ published, updated: '2020-02-02T08:00:00Z' }, [[now, 'Update']], [day, '2020-02-02T08:00']);
  check({ published, updated: '2018-02-02T08:00:00Z' }, [[now, 'Update']], [day, day]);
  check({ published, updated: '2099-02-02T08:00:00Z' }, [[now, 'Update']], [day, day]);
  // With several marks, the source's own date applies to the last.
  check({ published, updated: '2020-02-02T08:00:00Z' }, [[now, 'Update 2', 'Update 1']], [day, day, '2020-02-02T08:00']);
  // Marks with a day or a time are dated after the article, in their order.
  check({ published }, [[now, 'Update, March 7']], [day, '2019-03-07T00:00']);
  check({ published }, [[now, 'Update, Jan 7']], [day, '2020-01-07T00:00']);
  check({ published }, [[now, 'Update, 7 March 2021']], [day, '2021-03-07T00:00']);
  check({ published }, [[now, 'Update (1545ET)']], [day, '2019-03-01T20:45']);
  check({ published }, [[now, 'Update, 7 March 2018']], [day, day]);
  check({ published }, [[now, 'Update, 7 March 2031']], [day, day]);
  check({ published }, [[now, 'Update, 7 March 2031, 3 p.m.']], [day, day]);
  check({ published }, [[now, 'Update', 'Update, 7 March 2021']], [day, '2021-03-07T00:00', '2021-03-07T00:00']);
  // For an article without any date, nothing is known of a bare mark.
  check({}, [[now, 'Update']], [null, null]);
  check({}, [[now, 'Update, 7 March 2021']], ['2021-03-07T00:00', '2021-03-07T00:00']);
  // Later marks get their own time, by the clock too.
  check(
    { published },
    [
      [now, 'Update'],
      ['2026-11-30T16:00Z', 'Update 2', 'Update'],
    ],
    [day, day, '2026-11-30T16:00'],
  );
  check({ published }, [[now], ['2026-11-30T16:00Z', 'Update (1545 GMT)']], [day, '2026-11-30T15:45']);
  check(
    {},
    [
      [now, 'Update'],
      ['2026-11-30T16:00Z', 'Update 2', 'Update'],
    ],
    [null, null, '2026-11-30T16:00'],
  );
});

test('a mark before the version that it updates counts from its first sight', () => {
  check(
    { published: '2026-10-25', updated: '2026-10-25T00:30:00Z' },
    [['2026-10-25T00:30Z'], ['2026-10-25T00:31Z', 'Update (0010 JST)']],
    ['2026-10-25T00:30', '2026-10-25T00:31'],
  );
});

test('an undated article gets the time of its mark, and an article of yesterday its own date', () => {
  check({}, [['2026-11-30T21:00Z', 'Update (1545ET)']], ['2026-11-30T20:45', '2026-11-30T20:45']);
  check({}, [['2026-11-30T19:00Z', 'Update (1545ET)']], ['2026-11-29T20:45', '2026-11-29T20:45']);
  check({ published: '2026-11-29' }, [['2026-11-30T19:00Z', 'Update (1545ET)']], ['2026-11-29T00:00', '2026-11-29T20:45']);
});

test('versions are in order, after their article and not after their first sight, whatever their marks', () => {
  const marks =
    'Update|Update (1545ET)|Update (0010 JST)|Update (2359 GMT)|Update, Jan 7|Update, 29 Feb|Update, 3 Dec 2031, 3 p.m.|Update 2|Update, 7 March 2018|Correction: yes|Update (noon)|Update (0230CET)|Update, Oct 25, 0230CET';
  const mark = fc.constantFrom(...marks.split('|'));
  const date = fc.constantFrom(undefined, '2019-03-01', '2026-10-24T23:30:00Z', '2026-10-25', '2026-10-25T00:30:00Z', '2027-01-01');
  const minute = fc.integer({ min: 0, max: 3 * 1440 });
  fc.assert(
    fc.property(
      date,
      date,
      fc.array(mark, { maxLength: 4 }),
      minute,
      fc.array(mark, { maxLength: 2 }),
      minute,
      (published, updated, first, from, second, later) => {
        const at = (minutes: number) => new Date(Date.UTC(2026, 9, 24, 20) + minutes * 60_000).toISOString();
        const said = { ...(published && { published }), ...(updated && { updated }) };
        const revisions = readAll(said, [
          [at(from), ...first],
          [at(from + later), ...second, ...first],
        ]);
        const day = revisions[0]?.published ?? null;
        let before = day;
        for (const { updated: time, seenAt } of revisions) {
          if (time === null) continue;
          expect(time.getTime()).toBeGreaterThanOrEqual(before?.getTime() ?? 0);
          expect(time.getTime()).toBeLessThanOrEqual(seenAt.getTime());
          before = time;
        }
      },
    ),
    { numRuns: cases(500) },
  );
});
