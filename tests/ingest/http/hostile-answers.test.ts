import { expect, test } from 'vitest';
import { startHostile } from './hostile.ts';
import { hostileAnswers } from './hostile-answers.ts';
import { codeOf, openFetcher } from '../../support/http-fetcher.ts';
import { sample } from '../../support/scale.ts';

const TIMEOUT_MS = 1000;

test.each(sample(hostileAnswers, 3))('survives $name', async ({ script, expected, scheme = 'http' }) => {
  await using server = await startHostile(script);
  await using fetcher = openFetcher({ timeoutMs: TIMEOUT_MS });
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const result = await fetcher.ask(`${scheme}://${server.authority}/feed`);
  expect(codeOf(result)).toMatch(expected);
  expect(performance.now() - start).toBeLessThan(3 * TIMEOUT_MS);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
  if (result.kind !== 'failed') return;
  // The message is one sentence that names the address and the remedy.
  expect(result.problem.message).toContain(server.authority);
  expect(result.problem.message).toMatch(/; [a-z0-9].*[^.]$/);
  expect(result.problem.message.length).toBeLessThan(400);
});
