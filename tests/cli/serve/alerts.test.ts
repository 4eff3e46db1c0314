import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AlertMessage } from '../../../src/model/alert.ts';
import { rss } from '../../support/bench.ts';
import { startLoopback } from '../../support/loopback.ts';
import type { Loopback } from '../../support/loopback.ts';
import { newsfold, startNewsfold } from '../../support/newsfold.ts';

/** A configuration with one source that works and a private one that is gone. */
function writeConfig(folder: string, server: Loopback, onProblem: string): string {
  const file = join(folder, 'newsfold.yaml');
  server.answer('/feed', 200, {}, rss('https://a.test/', [['A story', 'https://a.test/1', 'Its text.']]));
  server.answer('/s3cret', 410, {});
  writeFileSync(
    file,
    `site: { title: Alerts, url: "http://localhost:1" }
store: sqlite:test.db
fetch: { allowPrivateAddresses: [127.0.0.0/8] }
onProblem: ${onProblem}
sources:
  - { id: works, feed: "${server.origin}/feed" }
  - { id: lost, feed: "${server.origin}/s3cret", private: true }
`,
  );
  return file;
}

test('run sends one alert to a command at its end; a dry run sends none', async () => {
  await using server = await startLoopback();
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-alerts-'));
  try {
    const file = writeConfig(folder, server, '{ command: "cat >> told" }');
    const told = () => readFileSync(join(folder, 'told'), 'utf8');
    expect(await newsfold(['run', '--config', file])).toMatchObject({ code: 0 });
    expect(told()).toContain('Newsfold at http://localhost:1: 1 problem\n');
    expect(told()).toMatch(/^source lost: .* \[fetch\/gone\]$/m);
    expect(told()).not.toContain('s3cret');
    const before = told();
    await newsfold(['run', '--config', file]);
    await newsfold(['run', '--dry-run', '--config', file]);
    expect(told()).toBe(before);
    rmSync(join(folder, 'test.db'));
    writeFileSync(join(folder, 'test.db'), 'no database');
    expect(await newsfold(['run', '--config', file])).toMatchObject({ code: 3 });
    expect(told().slice(before.length)).toMatch(/: 1 problem\n[\s\S]*test\.db/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('serve sends an alert to a webhook after its first run', async () => {
  await using server = await startLoopback();
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-alerts-'));
  try {
    const got: AlertMessage[] = [];
    const waiting: (() => void)[] = [];
    const hook = server.on('/hook', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        got.push(JSON.parse(body) as AlertMessage);
        response.end();
        waiting.forEach((look) => look());
      });
    });
    const file = writeConfig(folder, server, `{ webhook: "${hook}" }`);
    const serving = startNewsfold(['serve', '--port', '0', '--config', file]);
    await serving.waitFor(/Next runs/);
    if (got.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    expect(got).toMatchObject([{ site: 'http://localhost:1', problems: [{ code: 'fetch/gone', source: 'lost' }], resolved: [], more: 0 }]);
    expect(JSON.stringify(got)).not.toContain('s3cret');
    expect((await serving.stop()).code).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
