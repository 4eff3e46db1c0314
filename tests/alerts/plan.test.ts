import { expect, test } from 'vitest';
import { noAlerts, planAlerts, toAlertText } from '../../src/alerts/plan.ts';
import type { Alert, AlertState } from '../../src/model/alert.ts';

const HOUR = 60;
const start = Date.parse('2026-03-10T12:00:00Z');
const a: Alert = { code: 'fetch/timeout', source: 'a', message: 'a does not answer' };
const b: Alert = { code: 'output/stale', feed: 'b', message: 'b is stale' };
const c: Alert = { code: 'fetch/status', source: 'a', message: 'a answers with 500' };
const d: Alert = { code: 'run/overdue', message: 'no run' };
const e: Alert = { code: 'run/died', message: 'the run died' };

type Look = readonly [minute: number, present: readonly Alert[], told: 'nothing' | readonly Alert[], resolved?: readonly Alert[]];

/** Checks the message of each look: the minute, the problems present, the reported ones, and the
 *  resolved ones. */
function check(looks: readonly Look[], fails: (minute: number) => boolean = () => false): void {
  let state: AlertState = noAlerts;
  for (const [minute, present, told, resolved = []] of looks) {
    const now = new Date(start + minute * 60_000);
    const plan = planAlerts(state, present, { site: 'https://x.test', now, everyMs: 6 * HOUR * 60_000 });
    const message = plan === null ? 'nothing' : { told: plan.message.problems, resolved: plan.message.resolved };
    expect([minute, message]).toEqual([minute, told === 'nothing' ? told : { told, resolved }]);
    if (plan === null) continue;
    state = fails(minute) ? { ...state, triedAt: now.getTime(), failures: state.failures + 1 } : plan.next;
  }
}

test('no message is sent while all is well', () => check([[0, [], 'nothing']]));

test('a problem is reported at once, again after six hours, and once when it is over', () =>
  check([
    [0, [a], [a]],
    [1, [a], 'nothing'],
    [359, [a], 'nothing'],
    [360, [a], [a]],
    [719, [a], 'nothing'],
    [720, [a], [a]],
    [725, [], [], [a]],
    [726, [], 'nothing'],
    [2000, [], 'nothing'],
  ]));

test('a new problem is reported at once, but two messages are at least a minute apart', () =>
  check([
    [0, [a], [a]],
    [0.5, [a, b], 'nothing'],
    [1, [a, b], [a, b]],
    [1.9, [], 'nothing'],
    [2, [], [], [a, b]],
  ]));

test('a resolved problem is reported in the next message while other problems last', () =>
  check([
    [0, [a, b], [a, b]],
    [10, [b], 'nothing'],
    [360, [b], [b], [a]],
    [370, [], [], [b]],
  ]));

test('a flapping problem is reported no more often than a lasting one', () =>
  check([
    [0, [a], [a]],
    [10, [], [], [a]],
    [20, [a], 'nothing'],
    [30, [], 'nothing'],
    [40, [a], 'nothing'],
    [360, [a], [a]],
  ]));

test('a new kind of problem of one source is reported, and its old problem is not called resolved', () =>
  check([
    [0, [a, d], [a, d]],
    [10, [c, d], [c, d]],
    [20, [c, e], [c, e], [d]],
    [30, [], [], [c, e]],
  ]));

test('a failed message is sent again after one minute, then after two, four, and at most fifteen', () =>
  check(
    [
      [0, [a], [a]],
      [1, [a], [a]],
      [2, [a], 'nothing'],
      [3, [a], [a]],
      [6, [a], 'nothing'],
      [7, [a], [a]],
      [15, [a, b], [a, b]],
      [29, [a, b], 'nothing'],
      [30, [a, b], [a, b]],
      [45, [a, b], [a, b]],
      [46, [a, b], 'nothing'],
    ],
    (minute) => minute < 45,
  ));

test('a clock that was set back does not silence alerts', () =>
  check([
    [1000, [a], [a]],
    [10, [a], [a]],
    [11, [a], 'nothing'],
  ]));

test('a message has at most a hundred problems and the number of the others', () => {
  const many = Array.from({ length: 130 }, (_, n): Alert => ({ code: 'fetch/timeout', source: `s${n}`, message: 'it does not answer' }));
  const plan = planAlerts(noAlerts, many, { site: 'https://x.test', now: new Date(start), everyMs: 1 });
  expect(plan?.message).toMatchObject({ more: 30 });
  expect(plan?.message.problems).toHaveLength(100);
  expect(plan?.next.told).toHaveLength(130);
});

test('a message can be written as plain text', () => {
  const message = { site: 'https://x.test', at: new Date(start), more: 0 };
  expect(toAlertText({ ...message, problems: [a, b, d], resolved: [e] })).toBe(`Newsfold at https://x.test: 3 problems
2026-03-10T12:00:00.000Z

source a: a does not answer [fetch/timeout]
feed b: b is stale [output/stale]
no run [run/overdue]

Over:
the run died [run/died]
`);
  expect(toAlertText({ ...message, problems: [], resolved: [d] })).toBe(`Newsfold at https://x.test: all is well again
2026-03-10T12:00:00.000Z

Over:
no run [run/overdue]
`);
  expect(toAlertText({ ...message, problems: [d], more: 2, resolved: [] })).toContain(': 3 problems\n');
});
