import { expect, test } from 'vitest';
import { toPollRecord } from '../../../src/ingest/polling/after-poll.ts';
import { planPoll } from '../../../src/ingest/polling/poll-plan.ts';
import type { ReadResult } from '../../../src/ingest/polling/read-result.ts';
import { neverPolled } from '../../../src/model/source.ts';
import type { PollState, Source } from '../../../src/model/source.ts';
import { declare } from '../../support/bench.ts';

const now = new Date('2026-03-10T12:00:00Z');
const source: Source = { ...declare('feed', 'https://a.test/feed'), id: 'a' };
const known: PollState = { ...neverPolled, etag: '"one"', lastModified: 'Mon', bodyHash: 'abc', failures: 2, lastSuccessAt: now };

function stateAfter(result: Partial<ReadResult>): PollState {
  const read: ReadResult = { outcome: 'content', problems: [], ...result };
  const polled = { source, poll: known, plan: planPoll(source, known), isSubscribed: false };
  return toPollRecord(polled, read, now, { minIntervalMs: 3_600_000, maxIntervalMs: 86_400_000 }).state;
}

test('an absent field leaves validators and the hash of the body as they were, and null forgets them', () => {
  expect(stateAfter({})).toMatchObject({ etag: '"one"', lastModified: 'Mon', bodyHash: 'abc', failures: 0 });
  expect(stateAfter({ etag: null, lastModified: null, bodyHash: null })).toMatchObject({ etag: null, lastModified: null, bodyHash: null });
});

test('a failure is counted and keeps the time of the last success; gone is for good', () => {
  const later = stateAfter({ outcome: 'failed', problems: [{ code: 'fetch/status', message: 'm' }] });
  expect(later).toMatchObject({ failures: 3, lastSuccessAt: now, problem: { code: 'fetch/status' }, gone: false });
  expect(stateAfter({ outcome: 'failed', gone: true }).gone).toBe(true);
});
