import { expect, test } from 'vitest';
import { atSecond, startSchedule } from '../../src/run/schedule.ts';

test.each([
  ['*/10 * * * *', '37 */10 * * * *'],
  ['  17 4 * * 1 ', '37 17 4 * * 1'],
  ['5 */10 * * * *', '5 */10 * * * *'],
])('%s starts at the given second unless it names one itself', (expression, expected) => expect(atSecond(expression, 37)).toBe(expected));

test('runs start by the schedule, one at a time, also after a run that throws', async () => {
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const third = Promise.withResolvers<void>();
  let started = 0;
  let active = 0;
  const startRun = async () => {
    expect(++active).toBe(1);
    if (++started === 3) third.resolve();
    await Promise.resolve();
    active--;
    if (started === 1) throw new Error('disk full');
  };
  const schedule = startSchedule({ clock: { now: () => new Date() }, log }, startRun, {
    expression: '* * * * * *',
    timeZone: null,
    second: 0,
  });
  await third.promise;
  await schedule.stop();
  expect(started).toBe(3);
});

test('the schedule uses the injected clock, also across a change of the clocks', async () => {
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const ahead = Date.parse('2026-03-29T00:59:59.900Z') - Date.now();
  const started = Promise.withResolvers<Date>();
  const schedule = startSchedule({ clock: { now: () => new Date(Date.now() + ahead) }, log }, async (slot) => started.resolve(slot), {
    expression: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    second: 0,
  });
  expect(await started.promise).toEqual(new Date('2026-03-29T01:00Z'));
  await schedule.stop();
});
