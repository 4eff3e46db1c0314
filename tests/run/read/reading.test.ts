import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { OneAtATime } from '../../../src/runtime/one-at-a-time.ts';
import { limitProblems } from '../../../src/run/read/problems.ts';

test('problems of one kind are reported ten times, then counted', () => {
  const many = Array.from({ length: 200_000 }, (_, n) => ({ code: 'entry/empty', message: `entry ${n}` }));
  const other = { code: 'xml/cut', message: 'cut' };
  const reported = limitProblems([...many, other]);
  expect(reported.slice(0, 10)).toEqual(many.slice(0, 10));
  expect(reported.slice(10)).toEqual([other, { code: 'entry/empty', message: 'and 199990 more problems of this kind' }]);
});

test('a gate admits one piece of work at a time, in order, also after failures', async () => {
  const gate = new OneAtATime();
  const log: string[] = [];
  const work = (name: string, ms: number, fails = false) =>
    gate.pass(async () => {
      log.push(`${name} in`);
      await setTimeout(ms);
      log.push(`${name} out`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('a', 20), work('b', 5, true), work('c', 1)]);
  expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
