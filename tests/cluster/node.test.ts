import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openApp } from '../../src/app/app.ts';
import type { App } from '../../src/app/app.ts';
import { openNode } from '../../src/cluster/node.ts';
import { openPostgres } from '../../src/store/engine/postgres.ts';
import { readConfig } from '../../src/app/config.ts';
import { sharePostgres } from '../support/shared-postgres.ts';

const postgres = sharePostgres();
const { folder } = postgres;
const opened: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const slot = new Date('2026-03-10T12:00:00Z');

/** Writes a configuration with one local feed and a database of its own. */
async function openShared() {
  const url = await postgres.createDatabase();
  const feed = join(folder, 'a.xml');
  writeFileSync(feed, '<rss version="2.0"><channel><title>A</title><item><guid>1</guid><title>One</title></item></channel></rss>');
  const name = url.split('/').at(-1) ?? '';
  const write = (feeds = '') => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(
      file,
      `site: { title: T, url: "http://localhost:1" }\nstore: ${url}\nsources:\n  - { id: a, file: ${feed} }\nfeeds: [{ slug: all, title: All${feeds} }]\n`,
    );
    return readConfig(file);
  };
  return { url, write, ask: (sql: string) => postgres.ask(sql, name) };
}

/** Starts one of many nodes in this process. */
async function start(config: App['config'], { isDeliberate = false, change = (app: App) => app } = {}) {
  const app = change(await openApp(config, 'worker'));
  opened.push(app);
  const node = await openNode(app, { isDeliberate });
  if (node === null) throw new Error('no node');
  opened.push(node);
  return node;
}

test('an unforeseen failure of a run is reported to its requester and in the log', async () => {
  const { write } = await openShared();
  const logged: unknown[] = [];
  const change = (app: App) => {
    const note = (_fields: object, message: string) => void logged.push(message);
    const clock = {
      now: () => {
        throw new TypeError('the clock is broken');
      },
    };
    return { ...app, runContext: { ...app.runContext, clock, log: { ...app.log, error: note } } };
  };
  const node = await start(write(), { change });
  await expect(node.requestRun(slot)).rejects.toMatchObject({
    code: 'run/failed',
    exitCode: 3,
    message: expect.stringMatching(/no node could make the run: the clock is broken/),
  });
  expect(logged).toContain('a run has failed');
});

test('another node runs once the server has freed the lock of a node that lost its power', async () => {
  const { url, write } = await openShared();
  const node = await start(write());
  // The lock of a session that no process uses any more.
  const release = await openPostgres(url).takeLock();
  const running = node.requestRun(slot);
  const first = await Promise.race([running.catch((error: unknown) => error), sleep(4000).then(() => 'it waits')]);
  expect(first).toBe('it waits');
  await release?.();
  expect(await running).toMatchObject({ sources: 1, entriesNew: 1 });
});

test('the configuration loaded last counts, and an older one comes back only deliberately', async () => {
  const { write } = await openShared();
  const [older, newer] = [write(), write(', order: updated')];
  const old = await start(older);
  expect(await old.requestRun(slot)).toMatchObject({ sources: 1 });
  const next = await start(newer);
  const refusal = {
    code: 'run/other-config',
    exitCode: 3,
    message: expect.stringMatching(/save it again, or start once with --take-over/),
  };
  await expect(old.requestRun(null)).rejects.toMatchObject(refusal);
  // A crash ends the node, and systemd starts it again.
  await old.close();
  await expect(start(older)).rejects.toMatchObject(refusal);
  expect(await next.requestRun(null)).toMatchObject({ sources: 1 });
  // The old node does not start either while the newer one is restarted.
  await next.close();
  await expect(start(older)).rejects.toMatchObject(refusal);
  const again = await start(newer);
  expect(await again.requestRun(null)).toMatchObject({ sources: 1 });
  const deliberate = await start(older, { isDeliberate: true });
  expect(await deliberate.requestRun(null)).toMatchObject({ sources: 1 });
  await expect(again.requestRun(null)).rejects.toMatchObject(refusal);
  // The owner has edited the file back.
  const back = await start(write(', order: updated'));
  expect(await back.requestRun(null)).toMatchObject({ sources: 1 });
  await expect(deliberate.requestRun(null)).rejects.toMatchObject(refusal);
});
