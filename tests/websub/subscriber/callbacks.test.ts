import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createRunStarter } from '../../../src/app/server/run-starter.ts';

test('runs requested during a run become one run after it', async () => {
  const runs: PromiseWithResolvers<void>[] = [];
  const start = createRunStarter(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  }, 1);
  for (let n = 0; n < 5; n++) start();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await vi.waitFor(() => expect(runs).toHaveLength(2));
  runs[1]?.resolve();
  await setTimeout(50);
  expect(runs).toHaveLength(2);
  start();
  await vi.waitFor(() => expect(runs).toHaveLength(3));
});

test('runs that deliveries request pause for as long as they take, however many deliveries come', async () => {
  let working = 0;
  const start = createRunStarter(async () => {
    const at = performance.now();
    await setTimeout(40);
    working += performance.now() - at;
  }, 1);
  const begun = performance.now();
  while (performance.now() - begun < 600) {
    start();
    await setTimeout(1);
  }
  expect(working).toBeGreaterThan(100);
  expect(working / (performance.now() - begun)).toBeLessThan(0.65);
});
