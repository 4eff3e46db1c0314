import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openSqlite } from '../../../src/store/engine/sqlite.ts';
import { openStore } from '../../../src/store/store.ts';
import { after, HOUR, record, state } from '../../store/store-bench.ts';
import { declare, rss } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import { newsfold } from '../../support/newsfold.ts';

const folder = mkdtempSync(join(tmpdir(), 'newsfold-polite-'));
afterAll(() => rmSync(folder, { recursive: true }));
const config = ['--config', join(folder, 'newsfold.yaml')];

function configure(source: string): void {
  const fetch = 'fetch: { allowPrivateAddresses: [127.0.0.0/8] }';
  writeFileSync(join(folder, 'newsfold.yaml'), `store: sqlite:test.db\n${fetch}\nsources:\n  - ${source}\n`);
}

test('the record of a source shows each request, why the next one waits, and every rule kept', async () => {
  await using server = await startLoopback();
  const url = server.answer('/feed', 200, { etag: '"one"' }, rss('https://a.test/', [['A title of words', 'https://a.test/1', 'Text.']]));
  configure(`{ id: a, feed: "${url}", interval: 0s }`);
  await newsfold(['run', ...config]);
  server.answer('/feed', 304);
  await newsfold(['run', ...config]);
  const { code, stdout } = await newsfold(['sources', 'polite', 'a', ...config]);
  expect(stdout).toMatch(/no validator +200 content +\d+ +\S+Z \(owner\)\n/);
  expect(stdout).toMatch(/\d+ s +"one" +304 notModified +\S+Z \(owner\)\n/);
  for (const rule of ['A1', 'A2 A3', 'A5', 'A6 A7']) expect(stdout).toMatch(new RegExp(`^kept  ${rule} `, 'm'));
  expect(stdout).toMatch(/^- +A4 .*not tested yet$/m);
  expect(stdout).not.toContain('BROKEN');
  expect(code).toBe(0);
});

test('a rule that was broken is named, and the exit code says so', async () => {
  configure('{ id: b, feed: "https://b.test/feed" }');
  const store = await openStore(openSqlite(join(folder, 'test.db')));
  await store.bindSources([declare('feed', 'https://b.test/feed', { id: 'b', intervalMs: null })], after(0));
  const good = { ...state, notBeforeAt: after(HOUR), failures: 0, gone: false, problem: null };
  await store.recordPoll('b', { ...record, state: good });
  await store.recordPoll('b', { ...record, state: good, at: after(59 * 60_000) });
  await store.close();
  const { code, stdout } = await newsfold(['sources', 'polite', 'b', ...config]);
  expect(stdout).toMatch(/^BROKEN +A1 .*: broken 1 of 1 times$/m);
  expect(stdout).toMatch(/^BROKEN +A2 A3 /m);
  expect(stdout).toMatch(/^BROKEN +A5 .*shortest time between two requests 59 min/m);
  expect(stdout).toMatch(/^BROKEN +A6 A7 /m);
  expect(code).toBe(1);
});

test('a source read from disk has no rules, and none is broken', async () => {
  writeFileSync(join(folder, 'own.xml'), rss('https://a.test/', [['A title of words', 'https://a.test/1', 'Text.']]));
  configure('{ id: own, file: own.xml }');
  await newsfold(['run', ...config]);
  await newsfold(['run', ...config]);
  expect(await newsfold(['sources', 'polite', 'own', ...config])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^own is read from disk \(\S+own\.xml\): no rule [^\n]*\n$/),
  });
});

test('an unknown source is reported', async () => {
  configure('{ id: c, feed: "https://c.test/feed" }');
  expect(await newsfold(['sources', 'polite', 'nobody', ...config])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('newsfold sources'),
  });
});
