import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { workByHost } from '../../src/runtime/host-queues.ts';

const limits = { total: 4, perQueue: 2 };
const never = () => false;

test('every item is worked on once, in the order of its queue, within both limits', async () => {
  const items = Array.from({ length: 60 }, (_, n) => ({ host: n < 30 ? 'a' : `b${n % 5}`, n }));
  const begun: (typeof items)[number][] = [];
  const active = new Map<string, number>();
  let most = 0;
  await workByHost(
    items,
    ({ host }) => host,
    limits,
    async (item) => {
      begun.push(item);
      active.set(item.host, (active.get(item.host) ?? 0) + 1);
      expect(active.get(item.host)).toBeLessThanOrEqual(2);
      most = Math.max(
        most,
        [...active.values()].reduce((sum, count) => sum + count, 0),
      );
      await setTimeout(item.n % 3);
      active.set(item.host, (active.get(item.host) ?? 0) - 1);
    },
    never,
  );
  expect(begun.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual(items.map(({ n }) => n));
  expect(begun.filter(({ host }) => host === 'a').map(({ n }) => n)).toEqual(items.slice(0, 30).map(({ n }) => n));
  expect(most).toBe(4);
});

test('a hanging queue does not delay the others', async () => {
  const hung = Promise.withResolvers<void>();
  const done: string[] = [];
  const work = workByHost(
    ['a', 'a', 'a', 'a', 'b', 'c', 'd'],
    (name) => name,
    limits,
    async (name) => {
      if (name === 'a') await hung.promise;
      done.push(name);
      if (name === 'd') hung.resolve();
    },
    never,
  );
  await work;
  expect(done).toEqual(['b', 'c', 'd', 'a', 'a', 'a', 'a']);
});

test('nothing begins after a stop or a failure', async () => {
  const begun: number[] = [];
  const run = (isStopped: () => boolean, fails: boolean) =>
    workByHost(
      [1, 2, 3],
      String,
      { total: 1, perQueue: 1 },
      async (n) => {
        begun.push(n);
        if (fails) throw new Error('disk full');
      },
      isStopped,
    );
  await run(() => begun.length === 2, false);
  expect(begun).toEqual([1, 2]);
  await expect(run(never, true)).rejects.toThrow('disk full');
  expect(begun).toEqual([1, 2, 1]);
});
