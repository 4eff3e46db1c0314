import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openApp } from '../../../src/app/app.ts';
import { createRunThread } from '../../../src/app/threads/run-thread.ts';
import type { RunThread } from '../../../src/app/threads/run-thread.ts';
import { openNode } from '../../../src/cluster/node.ts';
import { createLog } from '../../../src/app/log.ts';
import { readConfig } from '../../../src/app/config.ts';
import { sharePostgres } from '../../support/shared-postgres.ts';

const postgres = sharePostgres();
const { folder } = postgres;
const started: RunThread[] = [];
afterEach(() => Promise.all(started.splice(0).map((thread) => thread.stop())));

/** The run process of a `serve` node on a database of its own, with a local feed. */
async function openThread() {
  const url = await postgres.createDatabase();
  const write = (items: number) => {
    const all = Array.from({ length: items }, (_, n) => `<item><guid>${n}</guid><title>Title of ${n}</title></item>`);
    writeFileSync(join(folder, 'a.xml'), `<rss version="2.0"><channel><title>A</title>${all.join('')}</channel></rss>`);
  };
  const file = join(folder, 'newsfold.yaml');
  const read = (feeds = '') => {
    const text = `site: { title: T, url: "http://localhost:1" }\nstore: ${url}\nfetch: { maxBytes: 200MB }\nsources:\n  - { id: a, file: a.xml }\nfeeds: [{ slug: all, title: All${feeds} }]\n`;
    writeFileSync(file, text);
    return readConfig(file);
  };
  const config = read();
  const thread = createRunThread(config, createLog(config), { memoryMb: 80 });
  started.push(thread);
  return { thread, write, read, name: url.split('/').at(-1) };
}
const slot = (minute: number) => new Date(Date.UTC(2026, 2, 10, 12, minute));

test('a thread that has died joins the cluster again with its next call', async () => {
  const { thread, write, read } = await openThread();
  write(1);
  await thread.join({ isDeliberate: false });
  expect(await thread.run(slot(0))).toMatchObject({ sources: 1 });
  // The text is larger than the heap.
  write(1_500_000);
  await expect(thread.run(slot(1))).rejects.toMatchObject({ code: 'run/died' });
  write(2);
  await expect.poll(() => thread.countQueue(), { timeout: 20_000 }).not.toBeNull();
  expect(await thread.run(slot(2))).toMatchObject({ sources: 1 });
  // A slot has only one run.
  expect(await thread.run(slot(2))).toBeNull();

  // After another configuration takes over, this one makes no more runs, and neither does a
  // restarted process.
  const app = await openApp(read(', order: updated'), 'worker');
  const node = await openNode(app);
  await expect(thread.run(slot(3))).rejects.toMatchObject({ code: 'run/other-config' });
  await thread.stop();
  await expect(thread.run(null)).rejects.toMatchObject({ code: 'run/other-config' });
  await node?.close();
  await app.close();
});

test('a thread that could not join the cluster joins with its next call', async () => {
  const { thread, write, name } = await openThread();
  write(1);
  const allow = (is: boolean) => postgres.ask(`alter database ${name} with allow_connections ${is}`);
  await allow(false);
  await expect(thread.join({ isDeliberate: false })).rejects.toThrow(/not currently accepting connections/);
  await expect(thread.run(slot(0))).rejects.toThrow(/not currently accepting connections/);
  expect(await thread.countQueue()).toBeNull();
  await allow(true);
  expect(await thread.run(slot(1))).toMatchObject({ sources: 1 });
  expect(await thread.run(slot(1))).toBeNull();
  expect(await thread.countQueue()).toEqual({ waiting: 0, active: 0 });
});
