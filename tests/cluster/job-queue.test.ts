import { afterEach, expect, test } from 'vitest';
import type { NodeWork, Queue, SharedOutcome, SharedTask } from '../../src/ports/queue.ts';
import { openQueue } from '../../src/cluster/job-queue.ts';
import { sharePostgres } from '../support/shared-postgres.ts';

const postgres = sharePostgres();
const opened: Queue[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.close()));
});

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const open = async (url: string, said: { configHash?: string; concurrency?: number } = {}) => {
  const queue = await openQueue({ url, configHash: 'one', concurrency: 4, hostQueueSeconds: 60, log, ...said });
  opened.push(queue);
  return queue;
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const nothing: NodeWork = { run: async () => ({}), readHostQueue: async () => [], giveUp: async () => undefined };
const outcomeOf = (source: string, node: string): SharedOutcome => ({
  source,
  pushed: null,
  polled: {
    outcome: 'content',
    entriesNew: 1,
    entriesRevised: 0,
    entriesDeleted: 0,
    problems: [{ code: node, message: node }],
  },
});

test(
  'a slot has one run, however many nodes request it and however late; without a slot a later run begins',
  // Nodes look for work every half second, and a busy machine delays them.
  { timeout: 60_000 },
  async () => {
    const url = await postgres.createDatabase();
    const nodes = [await open(url), await open(url), await open(url)];
    let runs = 0;
    for (const [index, node] of nodes.entries())
      await node.work({
        ...nothing,
        run: async () => {
          await sleep(300);
          return { run: ++runs, node: index };
        },
      });
    const slot = new Date('2026-03-10T12:00:17Z');
    const answers = await Promise.all(nodes.map((node) => node.requestRun(slot)));
    expect(answers.filter((answer) => answer !== null)).toEqual([expect.objectContaining({ run: 1 })]);
    expect(await nodes[2]?.requestRun(slot)).toBeNull();
    expect(runs).toBe(1);
    // One run goes on and one waits: a request made now is served by the waiting one.
    const ask = async (node: Queue | undefined) => node?.requestRun(null);
    const first = ask(nodes[0]);
    await sleep(700);
    await Promise.all([first, ask(nodes[1]), ask(nodes[2])]);
    expect(runs).toBeGreaterThanOrEqual(2);
    expect(runs).toBeLessThanOrEqual(3);
  },
);

test('host queues are shared among nodes, each is read once, and the outcome of each source comes back', async () => {
  const url = await postgres.createDatabase();
  const nodes = [await open(url), await open(url)];
  const read: string[] = [];
  let most = 0;
  let going = 0;
  for (const [index, node] of nodes.entries())
    await node.work({
      ...nothing,
      async readHostQueue(task, sources) {
        expect(task).toEqual({ startedAt: new Date('2026-03-10T12:00:00.123Z'), all: true, tries: 0 });
        most = Math.max(most, ++going);
        // Several times the pause between two looks, also on a busy machine.
        await sleep(250);
        going--;
        read.push(...sources);
        return sources.map((source) => outcomeOf(source, `node ${index}`));
      },
    });
  const hostQueues = Array.from({ length: 40 }, (_, n) => ({ name: `host-${n}`, sources: [`s${n}a`, `s${n}b`] }));
  const outcomes: SharedOutcome[] = [];
  const task = { startedAt: new Date('2026-03-10T12:00:00.123Z'), all: true };
  await nodes[0]?.distribute(
    task,
    hostQueues,
    (outcome) => outcomes.push(outcome),
    () => false,
  );
  expect(read.toSorted()).toEqual(hostQueues.flatMap(({ sources }) => sources).toSorted());
  expect(outcomes.map(({ source }) => source).toSorted()).toEqual(read.toSorted());
  expect(new Set(outcomes.map(({ polled }) => polled?.problems[0]?.code))).toEqual(new Set(['node 0', 'node 1']));
  expect(most).toBeGreaterThan(4);
  expect(most).toBeLessThanOrEqual(8);
  expect(await nodes[1]?.count()).toEqual({ waiting: 0, active: 0 });
});

test('a host queue that is being read is read by no other node, and requested again afterwards', async () => {
  const url = await postgres.createDatabase();
  const nodes = [await open(url), await open(url)];
  let going = 0;
  let times = 0;
  for (const node of nodes)
    await node.work({
      ...nothing,
      async readHostQueue(_task, sources) {
        expect(++going).toBe(1);
        times++;
        await sleep(800);
        going--;
        return sources.map((source) => outcomeOf(source, 'x'));
      },
    });
  const task = { startedAt: new Date('2026-03-10T12:00:00Z'), all: false };
  const hostQueue = [{ name: 'host', sources: ['a'] }];
  const outcomes: SharedOutcome[] = [];
  const distribute = (node: Queue | undefined) =>
    node?.distribute(
      task,
      hostQueue,
      (outcome) => outcomes.push(outcome),
      () => false,
    );
  await Promise.all([distribute(nodes[0]), distribute(nodes[1])]);
  expect(times).toBe(2);
  expect(outcomes).toHaveLength(2);
});

test('host queues that no node has begun are cancelled when the time of the run is used up', async () => {
  const url = await postgres.createDatabase();
  const node = await open(url, { concurrency: 1 });
  const read: string[] = [];
  await node.work({
    ...nothing,
    async readHostQueue(_task, sources) {
      await sleep(600);
      read.push(...sources);
      return sources.map((source) => outcomeOf(source, 'x'));
    },
  });
  const hostQueues = ['a', 'b', 'c', 'd'].map((name) => ({ name, sources: [name] }));
  const until = performance.now() + 900;
  const outcomes: SharedOutcome[] = [];
  await node.distribute(
    { startedAt: new Date('2026-03-10T12:00:00Z'), all: false },
    hostQueues,
    (outcome) => outcomes.push(outcome),
    () => performance.now() > until,
  );
  expect(read.length).toBeLessThan(4);
  expect(outcomes).toHaveLength(read.length);
  await sleep(1000);
  expect(read).toHaveLength(outcomes.length);
});

test('nodes with another configuration take none of our jobs', async () => {
  const url = await postgres.createDatabase();
  const ours = await open(url, { configHash: 'ours' });
  const other = await open(url, { configHash: 'other' });
  await other.work({ ...nothing, run: async () => ({ node: 'other' }) });
  const asked = ours.requestRun(null);
  expect(await Promise.race([asked, sleep(2000).then(() => 'nothing')])).toBe('nothing');
  await ours.work({ ...nothing, run: async () => ({ node: 'ours' }) });
  expect(await asked).toEqual({ node: 'ours' });
});

test('a job that fails repeatedly is given up, and the others continue', async () => {
  const url = await postgres.createDatabase();
  const node = await open(url);
  const lost: [SharedTask, readonly string[]][] = [];
  const triesOf: number[] = [];
  await node.work({
    ...nothing,
    readHostQueue: async (task, sources) => {
      if (sources.includes('bad')) {
        triesOf.push(task.tries);
        throw new Error('no');
      }
      return sources.map((source) => outcomeOf(source, 'x'));
    },
    giveUp: async (...given) => void lost.push(given),
  });
  const outcomes: SharedOutcome[] = [];
  const task = { startedAt: new Date('2026-03-10T12:00:00Z'), all: false };
  await node.distribute(
    task,
    [
      { name: 'h1', sources: ['bad', 'beside'] },
      { name: 'h2', sources: ['good'] },
    ],
    (outcome) => outcomes.push(outcome),
    () => false,
  );
  expect(outcomes.map(({ source }) => source)).toEqual(['good']);
  for (let tries = 0; lost.length === 0 && tries < 100; tries++) await sleep(100);
  expect(lost).toEqual([[task, ['bad', 'beside']]]);
  expect(triesOf).toEqual([0, 1, 2]);
});

test('nodes that stop in an orderly way return their job, and it counts as never tried', async () => {
  const url = await postgres.createDatabase();
  const asking = await open(url);
  const lost: unknown[] = [];
  const tries: number[] = [];
  const outcomes: SharedOutcome[] = [];
  const task = { startedAt: new Date('2026-03-10T12:00:00Z'), all: false };
  const asked = asking.distribute(
    task,
    [{ name: 'a.test', sources: ['a'] }],
    (outcome) => void outcomes.push(outcome),
    () => false,
  );
  for (let n = 0; n < 4; n++) {
    const node = await open(url);
    const begun = Promise.withResolvers<void>();
    await node.work({
      ...nothing,
      async readHostQueue(given, sources, isStopped) {
        tries.push(given.tries);
        begun.resolve();
        if (n === 3) return sources.map((source) => outcomeOf(source, 'last'));
        while (!isStopped()) await sleep(20);
        throw new Error('stopped');
      },
      giveUp: async (_task, sources) => void lost.push(sources),
    });
    await begun.promise;
    if (n < 3) await node.close();
  }
  await asked;
  expect([tries, lost, outcomes.map(({ source }) => source)]).toEqual([[0, 0, 0, 0], [], ['a']]);
});
