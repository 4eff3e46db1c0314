import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { newsfold } from './support/newsfold.ts';

const root = resolve(import.meta.dirname, '..');

test('the sample runs offline: shared articles appear once, near misses stay apart, the marked article has two revisions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-sample-'));
  try {
    cpSync(join(root, 'config'), join(folder, 'config'), { recursive: true });
    cpSync(join(root, 'feeds'), join(folder, 'feeds'), { recursive: true });
    expect(await newsfold(['run', '--strict'], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    const lines = (await newsfold(['stories', '--json'], { cwd: folder })).stdout.trim().split('\n');
    const stories = lines.map((line) => JSON.parse(line) as { title: string; sources: string[]; revisions: number });
    const of = (start: string) =>
      stories.filter((story) => story.title.startsWith(start)).map(({ sources, revisions }) => ({ sources: sources.length, revisions }));
    expect(of('Storm closes')).toEqual([{ sources: 2, revisions: 1 }]);
    expect(of('Harbour council')).toEqual([{ sources: 2, revisions: 1 }]);
    expect(of('Ferry timetable')).toEqual([
      { sources: 1, revisions: 1 },
      { sources: 1, revisions: 1 },
    ]);
    expect(of('The Old Ferry')).toEqual([{ sources: 2, revisions: 2 }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
