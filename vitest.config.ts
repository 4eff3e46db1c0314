import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Rooms that keep nothing between two calls: their test files share a process, and load what they test once. */
const pure = ['parse', 'normalise', 'fold', 'publish'].map((room) => `tests/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Far above what any test needs: it only ends one that hangs, on a busy machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    globalSetup: ['tests/support/global-setup.ts', 'tests/support/browser-setup.ts'],
    // Tests of servers and nodes wait for them most of the time: two files more than there are cores.
    maxWorkers: availableParallelism() + 2,
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['tests/**/*.test.ts'], exclude: pure } },
    ],
  },
});
