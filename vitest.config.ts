import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Far above what any test needs: it only ends one that hangs, on a busy machine too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['tests/support/global-setup.ts', 'tests/support/browser-setup.ts'],
    // Tests of servers and nodes wait for them most of the time: one file more than there are cores, and two on a single one.
    maxWorkers: availableParallelism() + 1,
  },
});
