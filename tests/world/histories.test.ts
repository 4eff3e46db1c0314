import { expect, test } from 'vitest';
import { tryWorld } from '../support/world/histories.ts';

test('a small world without a failure: seed 1', async () => {
  expect((await tryWorld(1, { shrinkMs: 30_000 })).failure).toBeNull();
});
