import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR, openHistory } from '../support/history.ts';
import type { HistoryBench } from '../support/history.ts';
import { createSubscriber } from '../support/world/checks/subscriber.ts';
import type { Subscriber } from '../support/world/checks/subscriber.ts';

let history: HistoryBench;
let subscriber: Subscriber;
beforeEach(async () => {
  history = await openHistory();
  subscriber = createSubscriber('all');
  for (let n = 0; n < 4; n++) history.add(`s${n}`, history.ago((n + 1) * HOUR));
});
afterEach(() => history[Symbol.asyncDispose]());

/** Lets a subscriber read the feed and its archives, and expects that they miss nothing. */
async function visit(): Promise<void> {
  expect(await subscriber.visit(history.rendering(), { walks: true })).toEqual([]);
}

test('a tombstone is not older than its entry after the clock was set back', async () => {
  await history.run();
  history.pass(HOUR);
  history.revise('s1');
  await history.run();
  await visit();
  history.pass(-HOUR / 2);
  await history.take('s1', true);
  await visit();
});

test('a story that is shown again and hidden within one second is withdrawn', async () => {
  await history.run();
  for (const isHidden of [true, false, true, false]) {
    await history.take('s1', isHidden);
    await visit();
  }
});

test('a new rule withdraws a story with a tombstone that is not older than its entry', async () => {
  await history.run();
  history.pass(HOUR);
  history.revise('s1');
  await history.run();
  await visit();
  history.pass(-HOUR / 2);
  history.use({ exclude: [{ field: 'title', pattern: 's1' }] });
  await history.run();
  await visit();
});
