import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHostTurns } from '../../src/store/host-turns.ts';
import { startPostgres } from '../support/postgres.ts';
import type { PostgresBench } from '../support/postgres.ts';

let server: PostgresBench;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

test('processes together ask a host twice at once and no more, and others meanwhile', async () => {
  const url = await server.createDatabase();
  const nodes = Array.from({ length: 3 }, () => createHostTurns(url, 2));
  let [now, most, asked] = [0, 0, 0];
  const ask = async (node: number, host: string) => {
    const end = await nodes[node % 3]?.take(host, 0);
    if (host === 'other.test') asked++;
    else most = Math.max(most, ++now);
    await setTimeout(30);
    if (host !== 'other.test') now--;
    end?.();
  };
  const held = await Promise.all([nodes[0]?.take('slow.test', 0), nodes[1]?.take('slow.test', 0)]);
  await Promise.all(Array.from({ length: 12 }, (_, n) => [ask(n, 'host.test'), ask(n, 'other.test')]).flat());
  expect([most, now, asked]).toEqual([2, 0, 12]);
  for (const end of held) end?.();
  await Promise.all(nodes.map((node) => node.close()));
});

test('starts are as far apart as they should be, whoever makes them', async () => {
  const url = await server.createDatabase();
  const nodes = [createHostTurns(url, 2), createHostTurns(url, 2)];
  const starts = await Promise.all(
    Array.from({ length: 4 }, async (_, n) => {
      const end = await nodes[n % 2]?.take('host.test', 300);
      const at = performance.now();
      end?.();
      return at;
    }),
  );
  const sorted = starts.toSorted((a, b) => a - b);
  for (const [n, at] of sorted.slice(1).entries()) expect(at - (sorted[n] ?? 0)).toBeGreaterThan(290);
  await Promise.all(nodes.map((node) => node.close()));
});

test('a process that is gone leaves its places, and without a server nobody waits', async () => {
  const url = await server.createDatabase();
  const [gone, stays] = [createHostTurns(url, 1), createHostTurns(url, 1)];
  await gone.take('host.test', 0);
  const waiting = stays.take('host.test', 0);
  expect(await Promise.race([waiting, setTimeout(500, 'waits')])).toBe('waits');
  await server.ask(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'newsfold-hosts' and pid in (select pid from pg_locks where locktype = 'advisory' and granted)",
  );
  (await waiting)();
  const nowhere = createHostTurns('postgres://nobody@127.0.0.1:1/none', 1);
  const again = [await nowhere.take('host.test', 0), await nowhere.take('host.test', 0)];
  expect(again).toHaveLength(2);
  await Promise.all([gone, stays, nowhere].map((node) => node.close()));
});
