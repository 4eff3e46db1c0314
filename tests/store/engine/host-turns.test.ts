import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HostLimit } from '../../../src/ingest/http/host-limit.ts';
import { createHostTurns } from '../../../src/store/engine/host-turns.ts';
import { sharePostgres } from '../../support/shared-postgres.ts';

const said: string[] = [];
const note = (_fields: object, text: string) => void said.push(text);
const log = { debug: note, info: note, warn: note, error: note };
const server = sharePostgres();

test('all processes together send at most two requests at once to a host, and do not limit other hosts', async () => {
  const url = await server.createDatabase();
  const nodes = Array.from({ length: 3 }, () => createHostTurns(url, 2, log));
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

test('requests of all processes to one host start at the configured distance', async () => {
  const url = await server.createDatabase();
  const nodes = [createHostTurns(url, 2, log), createHostTurns(url, 2, log)];
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

test('locks of a process that has ended are released, and nobody waits when the server is gone', async () => {
  const url = await server.createDatabase();
  const [gone, stays] = [createHostTurns(url, 1, log), createHostTurns(url, 1, log)];
  await gone.take('host.test', 0);
  const waiting = stays.take('host.test', 0);
  expect(await Promise.race([waiting, setTimeout(500, 'waits')])).toBe('waits');
  await server.ask(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'newsfold-hosts' and pid in (select pid from pg_locks where locktype = 'advisory' and granted)",
  );
  (await waiting)();
  const nowhere = createHostTurns('postgres://nobody@127.0.0.1:1/none', 1, log);
  const again = [await nowhere.take('host.test', 0), await nowhere.take('host.test', 0)];
  expect(again).toHaveLength(2);
  expect(said.filter((text) => text.startsWith('other nodes cannot be asked'))).toHaveLength(2);
  await Promise.all([gone, stays, nowhere].map((node) => node.close()));
});

test('a lock of a host is released once, however often its release function is called', async () => {
  const freed: string[] = [];
  const turns = { take: async (host: string) => () => void freed.push(host), close: async () => undefined };
  const hosts = new HostLimit(1, () => 0, turns);
  const leave = await hosts.enter('host.test');
  leave();
  leave();
  expect(freed).toEqual(['host.test']);
});

test('closing ends all waits at once, releases each lock once, and leaves no connection open', async () => {
  const url = await server.createDatabase();
  const [one, other] = [createHostTurns(url, 1, log), createHostTurns(url, 1, log)];
  const end = await one.take('host.test', 0);
  const waiting = other.take('host.test', 0);
  expect(await Promise.race([waiting, setTimeout(400, 'waits')])).toBe('waits');
  const closing = other.close();
  expect(await Promise.race([waiting, setTimeout(2000, 'waits')])).toBeInstanceOf(Function);
  await closing;
  end();
  // The server restarts again and again.
  for (let n = 0; n < 5; n++) {
    await server.ask("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'newsfold-hosts'");
    (await one.take(`h${n}.test`, 0))();
  }
  await one.close();
  await expect
    .poll(() => server.ask("select count(*)::int as n from pg_stat_activity where application_name = 'newsfold-hosts'"), { timeout: 5000 })
    .toEqual([{ n: 0 }]);
});
