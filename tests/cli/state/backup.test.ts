import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { newsfold } from '../../support/newsfold.ts';
import { serveSite } from '../../support/site.ts';

const START = Date.UTC(2026, 0, 1);
const feed = (count: number) => {
  const items = Array.from({ length: count }, (_, n) => {
    const words = Array.from({ length: 40 }, (__, place) => `word${(n * 31 + place * 7) % 2003}`).join(' ');
    const date = new Date(START + n * 600_000).toUTCString();
    return `<item><title>Report ${n} of the harbour</title><link>https://a.test/${n}</link><guid>g${n}</guid><pubDate>${date}</pubDate><description>${words}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>A</title><link>https://a.test/</link><description>d</description>${items.join('')}</channel></rss>`;
};
const config = (source: string) =>
  `site: { title: Copied, url: "http://copied.test" }\nstore: sqlite:store.db\nschedule: "0 0 1 1 *"\nsources:\n  - { id: a, file: "${source}" }\nfeeds:\n  - { slug: all, limit: 100 }\n`;

test(
  'copies made while a server and a run go on are whole, and give the same feeds in another folder',
  // A server, a long run and many copies share the machine.
  { timeout: 120_000 },
  async () => {
    await using site = await serveSite({ 'newsfold.yaml': config('a.xml'), 'a.xml': feed(100) });
    const path = (name: string) => join(site.folder, name);
    writeFileSync(path('a.xml'), feed(900));
    // The server notices that its file has changed, and runs.
    const isOver = async () => (await (await fetch(`${site.url}/feed.atom`)).text()).includes('Report 899 ');
    const copies: string[] = [];
    while (!(await isOver())) {
      const name = `copy${copies.length}`;
      mkdirSync(path(name));
      writeFileSync(path(`${name}/newsfold.yaml`), config('../a.xml'));
      expect(await site.newsfold('backup', path(`${name}/store.db`))).toMatchObject({ code: 0, stderr: '' });
      copies.push(name);
    }
    // The message names the existing file, not the temporary one.
    expect(await site.newsfold('backup', path('a.xml/store.db'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^newsfold: \S+\/store\.db cannot be written \(ENOTDIR\) \[file\/unwritable\]\n$/),
    });
    expect(copies.length).toBeGreaterThan(1);
    await site.newsfold('build', path('out'));
    const expected = readFileSync(path('out/feed.atom'), 'utf8');
    expect(expected).toContain('Report 899 ');
    const counts = new Set<unknown>();
    for (const name of copies.slice(0, 2)) {
      const database = new DatabaseSync(path(`${name}/store.db`), { readOnly: true });
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      counts.add(database.prepare('SELECT count(*) AS n FROM entry').get()?.['n']);
      database.close();
      // The copy continues where it was taken, in the middle of a run or not.
      const on = (...args: string[]) => newsfold([...args, '--config', path(`${name}/newsfold.yaml`)]);
      expect(await on('run')).toMatchObject({ code: 0, stderr: '' });
      await on('build', path(`${name}/out`));
      expect(readFileSync(path(`${name}/out/feed.atom`), 'utf8')).toBe(expected);
    }
    expect(counts.size).toBeGreaterThan(0);
  },
);
