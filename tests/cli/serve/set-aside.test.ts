import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../../../src/model/version.ts';
import { openSqlite } from '../../../src/store/engine/sqlite.ts';
import { openStore } from '../../../src/store/store.ts';
import { rss } from '../../support/bench.ts';
import { newsfold } from '../../support/newsfold.ts';

test('an item that is set aside is listed by sources, explained by its key, and tried again by run --retry', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-aside-'));
  try {
    const file = join(folder, 'newsfold.yaml');
    writeFileSync(join(folder, 'a.xml'), rss('https://a.test/', [['One', 'https://a.test/1', 'some words', 'one']]));
    writeFileSync(
      file,
      'site: { title: T, url: "https://t.test" }\nstore: sqlite:n.db\nsources:\n  - { id: a, file: a.xml }\nfeeds:\n  - { slug: all, title: All }\n',
    );
    const on = (...args: string[]) => newsfold([...args, '--config', file]);
    expect(await on('run')).toMatchObject({ code: 0, stderr: '' });
    const store = await openStore(openSqlite(join(folder, 'n.db')));
    const [story] = await store.readStories({ order: 'published', offset: 0, limit: 1 });
    const failed = { what: 'entry', sourceId: 'a', stage: 'fold', reason: 'failed', message: 'boom', mark: null } as const;
    await store.setAside(
      [
        { ...failed, name: story?.lead.entry.key ?? '', no: story?.no ?? 0 },
        { ...failed, name: 'unknown', no: null },
      ],
      VERSION,
      new Date(0),
    );
    await store.close();
    const said = 'is set aside, because the stage "fold" failed on it (boom)';
    expect((await on('sources')).stdout).toContain(`a: the entry unknown ${said}`);
    expect(JSON.parse((await on('sources', '--json')).stdout)).toMatchObject({
      setAside: [{ what: 'entry', stage: 'fold', version: VERSION, tries: 1 }, {}],
    });
    expect((await on('explain', story?.key ?? '')).stdout).toContain(said);
    expect(await on('explain', 'unknown')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`newsfold ${VERSION}, 1970-01-01, tried once`),
    });
    expect((await on('run')).stdout).toContain('2 items set aside: newsfold sources lists them');
    expect(JSON.parse((await on('run', '--retry', '--json')).stdout)).toMatchObject({ setAside: 0, problems: [] });
    expect((await on('sources')).stdout).not.toContain('set aside');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
