import { expect, test } from 'vitest';
import { createSlots } from '../../src/run/cron-slots.ts';

/** Returns the slots of an expression in a zone from one instant to another, UTC, without their
 *  seconds. */
function slotsOf(expression: string, zone: string, from: string, to: string): string[] {
  const { next } = createSlots(expression, zone);
  const found: string[] = [];
  for (let slot = next(new Date(from)); slot !== null && slot <= new Date(to); slot = next(slot))
    found.push(slot.toISOString().slice(5, 16));
  return found;
}

function check(expression: string, zone: string, [from, to]: readonly [string, string], expected: readonly string[]): void {
  expect(slotsOf(expression, zone, from, to)).toEqual(expected);
}

const berlinSpring = ['2026-03-28T12:00Z', '2026-03-30T12:00Z'] as const;
const berlinAutumn = ['2026-10-24T12:00Z', '2026-10-26T12:00Z'] as const;

test('a daily slot in a skipped hour comes at the next moment, and one in a repeated hour comes once', () => {
  check('30 2 * * *', 'Europe/Berlin', berlinSpring, ['03-29T01:00', '03-30T00:30']);
  check('30 2 * * *', 'Europe/Berlin', berlinAutumn, ['10-25T00:30', '10-26T01:30']);
  check('0 2,3 * * *', 'Europe/Berlin', berlinSpring, ['03-29T01:00', '03-30T00:00', '03-30T01:00']);
  check('0 2,3 * * *', 'Europe/Berlin', berlinAutumn, ['10-25T00:00', '10-25T02:00', '10-26T01:00', '10-26T02:00']);
  check('30 2,3 * * *', 'Europe/Berlin', berlinSpring, ['03-29T01:00', '03-29T01:30', '03-30T00:30', '03-30T01:30']);
  check('37 30 2 * * *', 'Europe/Berlin', berlinSpring, ['03-29T01:00', '03-30T00:30']);
  expect(createSlots('37 30 2 * * *', 'Europe/Berlin').next(new Date('2026-03-28T12:00Z'))).toEqual(new Date('2026-03-29T01:00:37Z'));
  // New York changes at two in the morning, at six and seven UTC.
  check('30 2 * * *', 'America/New_York', ['2026-03-07T12:00Z', '2026-03-09T12:00Z'], ['03-08T07:00', '03-09T06:30']);
  check('30 1 * * *', 'America/New_York', ['2026-10-31T12:00Z', '2026-11-02T12:00Z'], ['11-01T05:30', '11-02T06:30']);
});

test('a change at midnight moves no slot to another day', () => {
  // Santiago skips the hour after the midnight of a Saturday in September, and repeats the one
  // before it in April.
  check('0 0 * * *', 'America/Santiago', ['2026-09-05T12:00Z', '2026-09-07T12:00Z'], ['09-06T04:00', '09-07T03:00']);
  check('30 23 * * *', 'America/Santiago', ['2026-04-04T12:00Z', '2026-04-06T12:00Z'], ['04-05T02:30', '04-06T03:30']);
  check('30 0 * * 0', 'America/Santiago', ['2026-09-01T12:00Z', '2026-09-14T12:00Z'], ['09-06T04:00', '09-13T03:30']);
  check('15 0 * * *', 'Africa/Cairo', ['2026-04-23T12:00Z', '2026-04-25T12:00Z'], ['04-23T22:00', '04-24T21:15']);
  check('59 23 * * *', 'Africa/Cairo', ['2026-10-29T12:00Z', '2026-10-31T12:00Z'], ['10-29T20:59', '10-30T21:59']);
});

test('a change of the clocks by half an hour is handled too', () => {
  check('15 2 * * *', 'Australia/Lord_Howe', ['2026-10-03T00:00Z', '2026-10-05T00:00Z'], ['10-03T15:30', '10-04T15:15']);
  check('45 1 * * *', 'Australia/Lord_Howe', ['2026-04-04T00:00Z', '2026-04-06T00:00Z'], ['04-04T14:45', '04-05T15:15']);
});

test.each([
  ['*/10 * * * *', 10],
  ['5-59/10 * * * *', 10],
  ['*/7 * * * *', 7],
  ['17 * * * *', 60],
])('a frequent schedule (%s) continues over every change of the clocks in a year, each slot once', (expression, minutes) => {
  for (const zone of ['Europe/Berlin', 'America/Santiago', 'Asia/Kolkata']) {
    const { next } = createSlots(expression, zone);
    let before = next(new Date('2026-01-01T00:00Z'));
    const end = new Date('2027-01-01T00:00Z');
    const gaps = new Set<number>();
    for (let slot = before; before !== null && slot !== null && slot < end; before = slot, slot = next(slot))
      if (slot > before) gaps.add((slot.getTime() - before.getTime()) / 60_000);
    expect({ zone, longest: Math.max(...gaps) }).toEqual({ zone, longest: minutes });
    expect(Math.min(...gaps)).toBeGreaterThan(0);
  }
});

test('the repeated half hour of Lord Howe has no pause either', () => {
  const slots = slotsOf('*/10 * * * *', 'Australia/Lord_Howe', '2026-04-04T13:55Z', '2026-04-04T16:05Z');
  expect(slots).toHaveLength(13);
  expect(new Set(slots).size).toBe(13);
});

test('a daily slot comes once on every day of five years, in every zone that changes', () => {
  for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo', 'Africa/Casablanca']) {
    for (const time of ['0 0', '45 1', '15 2', '30 2', '30 23']) {
      const { next } = createSlots(`${time} * * *`, zone);
      const days: string[] = [];
      for (let slot = next(new Date('2026-01-01T12:00Z')); slot !== null && slot < new Date('2031-01-01T12:00Z'); slot = next(slot))
        days.push(Temporal.Instant.fromEpochMilliseconds(slot.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString());
      expect({ zone, time, slots: days.length, days: new Set(days).size }).toEqual({ zone, time, slots: 1826, days: 1826 });
    }
  }
});

test('days of the month and of the week follow the zone', () => {
  check('0 6 L * *', 'Europe/Berlin', ['2026-02-01T00:00Z', '2026-05-01T00:00Z'], ['02-28T05:00', '03-31T04:00', '04-30T04:00']);
  check('0 1 * * 5L', 'Asia/Tokyo', ['2026-01-01T00:00Z', '2026-03-01T00:00Z'], ['01-29T16:00', '02-26T16:00']);
  check('@daily', 'Asia/Tokyo', ['2026-01-01T00:00Z', '2026-01-03T00:00Z'], ['01-01T15:00', '01-02T15:00']);
  check('0 0 29 2 *', 'UTC', ['2026-01-01T00:00Z', '2033-01-01T00:00Z'], ['02-29T00:00', '02-29T00:00']);
});
