import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchSources } from '../../../src/ingest/local/watch.ts';

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-watch-'));
  mkdirSync(join(folder, 'articles'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Makes changes until the watch reports one, since a watch needs a moment to start; stops after
 *  `tries` changes. */
async function check(change: (n: number) => void, expected: boolean): Promise<void> {
  let reports = 0;
  const sources = [
    { kind: 'articles', address: join(folder, 'articles') },
    { kind: 'file', address: join(folder, '*.xml') },
  ] as const;
  const watch = watchSources(sources, () => void reports++, log);
  try {
    for (let n = 0; n < (expected ? 20 : 3); n++) {
      if (reports > 0) break;
      change(n);
      await new Promise((resolve) => setTimeout(resolve, 900));
    }
  } finally {
    await watch.close();
  }
  expect(reports > 0).toBe(expected);
}

test.each<[string, (n: number) => void, boolean]>([
  ['an article that is saved', (n) => writeFileSync(join(folder, 'articles/a.txt'), `Title ${n}`), true],
  [
    'an article that an editor writes beside it and renames',
    (n) => {
      writeFileSync(join(folder, 'articles/.a.swp'), `Title ${n}`);
      renameSync(join(folder, 'articles/.a.swp'), join(folder, `articles/b${n}.md`));
    },
    true,
  ],
  ['a feed file of a pattern', (n) => writeFileSync(join(folder, 'a.xml'), `<rss/> ${n}`), true],
  ['a file that no source reads, such as the store', (n) => writeFileSync(join(folder, 'store.db'), `${n}`), false],
])('the watch reports %s: %3$s', (_, change, expected) => check(change, expected));
