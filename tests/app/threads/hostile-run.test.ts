import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createRunThread } from '../../../src/app/threads/run-thread.ts';
import type { RunThread } from '../../../src/app/threads/run-thread.ts';
import { createLog } from '../../../src/app/log.ts';
import { readConfig } from '../../../src/app/config.ts';
import { ampersands, listHostileKinds, updates } from '../../support/hostile-kinds.ts';
import { sample } from '../../support/scale.ts';

const folders: string[] = [];
const threads: RunThread[] = [];
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const GOOD =
  '<rss version="2.0"><channel><title>Good</title><item><guid>g</guid><title>Good tea</title><description>Words about tea.</description></item></channel></rss>';

/** The run process of `serve`, with these documents beside a good one. */
function open(documents: readonly string[], memoryMb = 384) {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-hostile-run-'));
  folders.push(folder);
  writeFileSync(join(folder, 'good.xml'), GOOD);
  const write = (n: number, text: string) => writeFileSync(join(folder, `bad-${n}.xml`), text);
  for (const [n, text] of documents.entries()) write(n, text);
  const sources = documents.map((_, n) => `  - { id: bad-${n}, file: bad-${n}.xml }`).join('\n');
  const file = join(folder, 'newsfold.yaml');
  writeFileSync(
    file,
    `site: { title: T, url: "http://localhost:1" }\nstore: sqlite:newsfold.db\nfeeds: [{ slug: all, title: All, maxPerSource: 30 }]\nsources:\n${sources}\n  - { id: good, file: good.xml }\n`,
  );
  const config = readConfig(file);
  const thread = createRunThread(config, createLog(config), { memoryMb });
  threads.push(thread);
  const render = async () => new Map((await thread.render()).map((document) => [document.format, Buffer.from(document.bytes)]));
  return { thread, write, render, storeBytes: () => statSync(join(folder, 'newsfold.db')).size };
}

test(
  'five texts of two million characters of ten bytes each end no run: documents have the beginning of each, reported once',
  // The documents are as large as a source may send them.
  { timeout: 120_000 },
  async () => {
    const { thread, write, render } = open([ampersands.make(1, 0)]);
    const first = await thread.run(null);
    expect(first?.problems.filter(({ code }) => code === 'entry/cut')).toHaveLength(5);
    const documents = await render();
    for (const format of ['atom', 'rss', 'json'] as const) {
      const text = documents.get(format)?.toString() ?? '';
      expect(text).toContain('Good tea');
      expect(text.match(/The text goes on at/g)).toHaveLength(5);
      expect(text.length).toBeLessThan(6_000_000);
    }
    // Another document with the same texts.
    write(0, `${ampersands.make(1, 0)}\n`);
    expect((await thread.run(null))?.problems.filter(({ code }) => code === 'entry/cut')).toEqual([]);
  },
);

test(
  'texts of update marks alone take a few times their bytes in the store, and other texts are published',
  // The documents are as large as a source may send them.
  { timeout: 120_000 },
  async () => {
    const document = updates.make(1, 0);
    const { thread, render, storeBytes } = open([document]);
    const report = await thread.run(null);
    expect(report?.problems.some(({ code }) => code === 'entry/many-updates')).toBe(true);
    expect((await render()).get('atom')?.toString()).toContain('Good tea');
    await thread.stop();
    expect(storeBytes()).toBeLessThan(7 * document.length);
  },
);

test.each(sample([3, 11, 28, 52, 77, 106, 131], 3))(
  'a hostile document of another kind keeps no other source from being published: %i',
  // The documents are as large as a source may send them.
  { timeout: 120_000 },
  async (n) => {
    const kind = listHostileKinds(200)[n];
    const { thread, render } = open([kind?.make(1, 5_000_000) ?? '']);
    expect(await thread.run(null)).toMatchObject({ stopped: false });
    expect((await render()).get('atom')?.toString()).toContain('Good tea');
  },
);

test(
  'a run that needs too much memory dies alone, wherever in the engine that happens, and the next run is made',
  // The documents are as large as a source may send them.
  { timeout: 120_000 },
  async () => {
    const { thread, write } = open([ampersands.make(1, 0)], 60);
    await expect(thread.run(null)).rejects.toMatchObject({ code: 'run/died', message: expect.stringContaining('60 MB') as string });
    write(0, GOOD);
    expect(await thread.run(null)).toMatchObject({ sources: 2 });
  },
);
