import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rss } from '../../support/bench.ts';
import { newsfold } from '../../support/newsfold.ts';

test('imports an export of a version without first readings: its sources count as read before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-older-'));
  const path = (name: string) => join(folder, name);
  const on = (store: string, ...args: string[]) =>
    newsfold([...args, '--config', path('newsfold.yaml')], { env: { NEWSFOLD_STORE: `sqlite:${path(store)}` } });
  const write = (...titles: string[]) =>
    writeFileSync(
      path('a.xml'),
      rss(
        'https://a.test/',
        titles.map((title) => [title, `https://a.test/${title}`, `${title} `.repeat(40)]),
      ),
    );
  try {
    writeFileSync(path('newsfold.yaml'), 'sources:\n  - { id: a, file: a.xml }\n');
    write('One', 'Two');
    await on('first.db', 'run');
    await on('first.db', 'export', path('first.jsonl'));
    const lines = readFileSync(path('first.jsonl'), 'utf8');
    const older = lines.replace(/,"(?:backlog_at|first_read_at)":(?:null|-?\d+)/g, '');
    expect(older).not.toMatch(/backlog_at|first_read_at/);
    expect(older).not.toBe(lines);
    writeFileSync(path('older.jsonl'), older);
    expect(await on('older.db', 'import', path('older.jsonl'))).toMatchObject({ code: 0, stderr: '' });
    write('Three', 'One', 'Two');
    await on('older.db', 'run');
    // New entries are not taken for a backlog.
    const { stdout } = await on('older.db', 'stories');
    expect(stdout).toMatch(/^\S+ {2}\d{4}-\S+ \S+ {2}Three \(first seen\)\n/);
    await on('older.db', 'export', path('again.jsonl'));
    expect(readFileSync(path('again.jsonl'), 'utf8')).toMatch(/"first_read_at":\d+/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('imports an export whose tables had other names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-older-'));
  const path = (name: string) => join(folder, name);
  const on = (store: string, ...args: string[]) =>
    newsfold([...args, '--config', path('newsfold.yaml')], { env: { NEWSFOLD_STORE: `sqlite:${path(store)}` } });
  try {
    writeFileSync(path('newsfold.yaml'), 'sources:\n  - { id: a, file: a.xml }\n');
    writeFileSync(path('a.xml'), rss('https://a.test/', [['One', 'https://a.test/1', 'One '.repeat(40)]]));
    await on('first.db', 'run');
    await on('first.db', 'export', path('first.jsonl'));
    const hint = { source_id: 'a', at: 1, waiting: 1 };
    const document = { no: 7, source_id: 'a', at: 1, topic: 'https://a.test/feed', content_type: null, bytes: 'YQ==', size: 1 };
    const subscription = {
      path: 'p'.repeat(43),
      source_id: 'a',
      hub: 'https://hub.test/',
      topic: 'https://a.test/feed',
      callback: 'https://us.test/',
      secret: null,
      state: 'active',
      asked_at: 1,
      attempts: 0,
      next_at: 1,
      expires_at: null,
      version: 1,
    };
    const rows = Object.entries({ subscription, document, hint });
    const older = readFileSync(path('first.jsonl'), 'utf8')
      .replace(/"websub_source_(\w+)":0/g, '"push_$1":1')
      .replace(
        /^\{"table":"generation"/m,
        `${rows.map(([name, row]) => `${JSON.stringify({ table: `push_${name}`, row })}\n`).join('')}$&`,
      );
    writeFileSync(path('older.jsonl'), older);
    expect(await on('older.db', 'import', path('older.jsonl'))).toMatchObject({ code: 0, stderr: '' });
    await on('older.db', 'export', path('again.jsonl'));
    const again = readFileSync(path('again.jsonl'), 'utf8');
    for (const [name, row] of rows) expect(again).toContain(JSON.stringify({ table: `websub_source_${name}`, row }));
    writeFileSync(path('cut.jsonl'), older.replace(/^\{"table":"push_hint".*\n/m, ''));
    expect(await on('cut.db', 'import', path('cut.jsonl'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('push_hint') as string,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
