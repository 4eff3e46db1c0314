import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startLoopback } from '../../support/loopback.ts';
import { newsfold } from '../../support/newsfold.ts';
import { serveSite } from '../../support/site.ts';

/** Copies that are made while the run waits for a source. */
const HELD_COPIES = 2;
/** Copies altogether: the rest are made while the run stores, folds and publishes. */
const MOST_COPIES = 6;
const START = Date.UTC(2026, 0, 1);

function toFeed(site: string, count: number): string {
  const items = Array.from({ length: count }, (_, n) => {
    const words = Array.from({ length: 40 }, (__, position) => `${site}word${(n * 31 + position * 7) % 2003}`).join(' ');
    const date = new Date(START + n * 600_000).toUTCString();
    return `<item><title>Report ${n} of the ${site}</title><link>https://${site}.test/${n}</link><guid>${site}${n}</guid><pubDate>${date}</pubDate><description>${words}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>${site}</title><link>https://${site}.test/</link><description>d</description>${items.join('')}</channel></rss>`;
}

function toConfig(sources: string): string {
  return `site: { title: Copied, url: "http://copied.test" }
store: sqlite:store.db
schedule: "0 0 1 1 *"
fetch: { allowPrivateAddresses: [127.0.0.0/8], timeout: 10m }
sources: [${sources}]
feeds:
  - { slug: all, limit: 100 }
`;
}

test('copies made while a server is in the middle of a run are whole, and give the same feeds in another folder', async () => {
  await using remote = await startLoopback();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const feed = remote.on('/mill.xml', (_, response) => {
    asked.resolve();
    void answer.promise.then(() => response.end(toFeed('mill', 300)));
  });
  await using site = await serveSite({
    'newsfold.yaml': toConfig('{ id: harbour, file: harbour.xml }'),
    'harbour.xml': toFeed('harbour', 50),
  });
  const path = (name: string) => join(site.folder, name);
  const copies: string[] = [];
  const copy = async () => {
    const name = `copy${copies.length}`;
    mkdirSync(path(name));
    writeFileSync(path(`${name}/newsfold.yaml`), toConfig(`{ id: harbour, file: ../harbour.xml }, { id: mill, feed: "${feed}" }`));
    expect(await site.newsfold('backup', path(`${name}/store.db`))).toMatchObject({ code: 0, stderr: '' });
    copies.push(name);
  };
  // The server sees the new source and starts a run, which reads the file and waits for the feed.
  writeFileSync(path('harbour.xml'), toFeed('harbour', 300));
  writeFileSync(path('newsfold.yaml'), toConfig(`{ id: harbour, file: harbour.xml }, { id: mill, feed: "${feed}" }`));
  await asked.promise;
  while (copies.length < HELD_COPIES) await copy();
  answer.resolve();
  const isOver = async () => (await (await fetch(`${site.url}/feed.atom`)).text()).includes('Report 299 of the mill');
  while (!(await isOver())) await (copies.length < MOST_COPIES ? copy() : setTimeout(50));
  // The message tells the cause, and not the cleaning up after it.
  expect(await site.newsfold('backup', path('harbour.xml/store.db'))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^newsfold: \S+\/store\.db cannot be written \(ENOTDIR\) \[file\/unwritable\]\n$/),
  });
  await site.newsfold('build', path('out'));
  const expected = readFileSync(path('out/feed.atom'), 'utf8');
  expect(expected).toContain('Report 299 of the mill');
  for (const name of copies.slice(0, HELD_COPIES)) {
    const database = new DatabaseSync(path(`${name}/store.db`), { readOnly: true });
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(database.prepare('SELECT ended_at AS ended FROM run ORDER BY no DESC LIMIT 1').get()).toEqual({ ended: null });
    database.close();
    // The copy continues from the middle of that run.
    const on = (...args: string[]) => newsfold([...args, '--config', path(`${name}/newsfold.yaml`)]);
    expect(await on('run')).toMatchObject({ code: 0, stderr: '' });
    await on('build', path(`${name}/out`));
    expect(readFileSync(path(`${name}/out/feed.atom`), 'utf8')).toBe(expected);
  }
});
