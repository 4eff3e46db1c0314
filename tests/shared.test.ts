import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseFeed } from '../src/parse/parse.ts';
import { createRandom } from './support/damage.ts';
import { mutate } from './support/mutate.ts';
import { newsfold } from './support/newsfold.ts';

const root = resolve(import.meta.dirname, '..');
const shared = resolve(root, '../shared');
const main = join(root, 'src/main.ts');
const isAbsent = !existsSync(shared);
const note = !isAbsent ? '' : ' (skipped: ../shared is not there)';

test.skipIf(isAbsent)(`reading agrees with the reference on at least 99.6 % of the corpus${note}`, () => {
  const args = [join(shared, 'corpus/score.mjs'), '--', process.execPath, main, 'parse', '--json'];
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
  expect(Number(/agreement ([\d.]+) %/.exec(printed)?.[1])).toBeGreaterThanOrEqual(99.6);
});

test.skipIf(isAbsent)(`every feed of the corpus, cut off or with bytes changed, is read or refused in bounded time${note}`, async () => {
  const files = globSync('**/*', { cwd: join(shared, 'corpus/feeds'), withFileTypes: true }).filter((file) => file.isFile());
  const random = createRandom(1);
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    for (let round = 0; round < 2; round++) {
      const start = process.cpuUsage();
      const result = await parseFeed({ bytes: mutate(bytes, random, round), contentType: null, url: 'https://a.test/' });
      expect(['feed', 'refused']).toContain(result.kind);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1e6).toBeLessThan(1 + bytes.length / 1e6);
    }
  }
});

test.skipIf(isAbsent)(`folding finds 84 % of the labelled pairs and makes no false fold on them${note}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-fold-'));
  try {
    const { stdout } = await newsfold(['fold', join(shared, 'folding/entries.jsonl'), '--pairs', join(shared, 'folding/pairs.jsonl')]);
    writeFileSync(join(folder, 'out.jsonl'), stdout);
    const printed = execFileSync(process.execPath, [join(shared, 'folding/score.mjs'), join(folder, 'out.jsonl')], { encoding: 'utf8' });
    const [pairs, truePositives, falsePositives] = /^ALL\s+(\d+)\s+(\d+)\s+(\d+)/m.exec(printed)?.slice(1).map(Number) ?? [];
    expect({ pairs, falsePositives }).toEqual({ pairs: 663, falsePositives: 0 });
    expect(truePositives).toBeGreaterThanOrEqual(263);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(isAbsent)(`the example of breaking news is one entry with two revisions, updated at 15:45 in New York${note}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-example-'));
  try {
    writeFileSync(join(folder, 'newsfold.yaml'), `store: sqlite:a.db\nsources:\n  - articles: ${join(shared, 'examples')}\n`);
    expect(await newsfold(['run', '--strict', '--config', join(folder, 'newsfold.yaml')])).toMatchObject({ code: 0 });
    const { stdout } = await newsfold(['stories', '--json', '--config', join(folder, 'newsfold.yaml')]);
    const story = JSON.parse(stdout) as { entries: number; revisions: number; updated: string };
    expect(story).toMatchObject({ entries: 1, revisions: 2 });
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', hour: '2-digit', minute: '2-digit' });
    expect(clock.format(new Date(story.updated))).toBe('15:45');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
