import { expect, test } from 'vitest';
import { createRunStarter } from '../src/callbacks.ts';

test('runs that are asked for while one goes on are one run after it', async () => {
  const runs: PromiseWithResolvers<void>[] = [];
  const start = createRunStarter(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (let n = 0; n < 5; n++) start();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await turn();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve();
  await turn();
  expect(runs).toHaveLength(2);
  start();
  expect(runs).toHaveLength(3);
});
