import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rss } from '../support/bench.ts';
import { startLoopback } from '../support/loopback.ts';
import type { Loopback } from '../support/loopback.ts';
import { newsfold, startNewsfold } from '../support/newsfold.ts';

/** Words that must not appear in any output. Names of variables are not secret. */
const SECRETS = [
  'Zq1userinfo',
  'Zq2password',
  'Zq3query',
  'Zq4header',
  'Zq5cookie',
  'Zq6basic',
  'Zq7path',
  'Zq8page',
  'Zq9token',
  'Zq10moved',
  'Zq11api',
  'Zq12hook',
  'Zq13hub',
  'Zq14callback',
  'Zq15wrong',
  'Zq16database',
];
const env = {
  KEY: 'Zq3query',
  HEADER: 'Zq4header',
  COOKIE: 'Zq5cookie',
  BASIC: 'Zq6basic',
  PATHKEY: 'Zq7path',
  PAGE: 'Zq8page',
  TOKEN: 'Zq9token',
  API: 'Zq11api',
  HOOK: 'Zq12hook',
};

function writeConfig(folder: string, server: Loopback): string {
  const host = `127.0.0.1:${server.port}`;
  const file = join(folder, 'newsfold.yaml');
  writeFileSync(
    file,
    `site: { title: Test, url: "http://localhost:1" }
store: sqlite:test.db
log: { level: debug }
server: { token: "\${API}" }
fetch: { allowPrivateAddresses: [127.0.0.0/8] }
websub: { hub: own, subscribe: true }
onProblem: { webhook: "http://${host}/hook/\${HOOK}" }
sources:
  - { id: userinfo, feed: "http://Zq1userinfo:Zq2password@${host}/feed/1" }
  - { id: query, feed: "http://${host}/feed/2?key=\${KEY}" }
  - { id: fields, feed: "http://${host}/feed/3", headers: { X-Key: "\${HEADER}", Cookie: "session=\${COOKIE}" }, auth: { user: me, password: "\${BASIC}" } }
  - { id: path, feed: "http://${host}/\${PATHKEY}/missing" }
  - { id: html, feed: "http://${host}/\${PATHKEY}/page" }
  - { id: broken, feed: "http://${host}/\${PATHKEY}/broken" }
  - { id: refused, feed: "http://127.0.0.1:1/\${PATHKEY}" }
  - { id: moved, feed: "http://${host}/moved?key=\${KEY}" }
  - { id: loop, feed: "http://${host}/loop?key=\${KEY}" }
  - { id: page, page: "http://${host}/\${PAGE}/" }
  - { id: nothing, page: "http://${host}/\${PAGE}/nothing" }
  - { id: forbidden, page: "http://${host}/\${PAGE}/forbidden" }
feeds:
  - { slug: all }
  - { slug: closed, private: true, token: "\${TOKEN}" }
`,
  );
  const feed = (n: number) => rss(`https://a${n}.test/`, [[`Title number ${n}`, `https://a${n}.test/1`, `Text ${n}.`]]);
  for (const n of [1, 2, 3]) server.answer(`/feed/${n}`, 200, {}, feed(n));
  server.answer('/Zq7path/page', 200, { 'content-type': 'text/html' }, '<html><body>Log in</body></html>');
  server.answer('/Zq7path/broken', 200, {}, '<rss version="2.0"><channel>');
  server.answer('/moved', 301, { location: '/Zq10moved/?key=Zq3query' });
  server.answer('/Zq10moved/', 200, {}, feed(4));
  server.answer('/loop', 302, { location: '/loop?key=Zq3query' });
  server.answer('/robots.txt', 200, {}, 'User-agent: *\nDisallow: /*forbidden\n');
  server.answer(
    '/Zq8page/',
    200,
    { 'content-type': 'text/html' },
    '<html><link rel="alternate" type="application/rss+xml" href="feed.rss"><link rel="alternate" type="application/rss+xml" href="more.rss"></html>',
  );
  server.answer('/Zq8page/feed.rss', 200, {}, feed(5));
  server.answer('/Zq8page/nothing', 200, { 'content-type': 'text/html' }, '<html></html>');
  return file;
}

test(
  'no secret appears in any output: verbose logs, reports, errors, lists, feeds, pages, headers',
  // The test runs every command with its most verbose log.
  { timeout: 120_000 },
  async () => {
    await using server = await startLoopback();
    const folder = mkdtempSync(join(tmpdir(), 'newsfold-secrets-'));
    try {
      const file = writeConfig(folder, server);
      const outputs = new Map<string, string>();
      const call = async (...args: string[]) => {
        const { stdout, stderr } = await newsfold([...args, '--config', file], { env });
        outputs.set(args.join(' '), stdout + stderr);
        return stdout;
      };
      const report = JSON.parse(await call('run', '--json')) as { entriesNew: number; failed: number };
      // Each source was requested with its own credentials.
      expect(report).toMatchObject({ entriesNew: 5, failed: 7 });
      expect(server.requests.find(({ url }) => url === '/feed/3')?.headers).toMatchObject({
        'x-key': 'Zq4header',
        cookie: 'session=Zq5cookie',
      });
      await call('run', '--all');
      await call('check');
      await call('sources');
      const listed = (await call('sources', '--json')).trim().split('\n');
      expect(listed).toHaveLength(12);
      await call('stories', '--json');
      for (const id of ['query', 'moved']) await call('sources', 'polite', id);
      for (const id of ['userinfo', 'path', 'html', 'page', 'nothing', 'forbidden']) await call('sources', 'check', id);
      await call('sources', 'check', 'page', '--json');
      await call('opml', 'export');
      await call('build', join(folder, 'site'));
      for (const name of readdirSync(join(folder, 'site'), { recursive: true, encoding: 'utf8' }))
        if (/\.(atom|rss|json|opml|html)$/.test(name)) outputs.set(`site/${name}`, readFileSync(join(folder, 'site', name), 'latin1'));
      const serving = startNewsfold(['serve', '--port', '0', '--config', file], { env });
      const [, url = ''] = await serving.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
      const { key } = JSON.parse((outputs.get('stories --json') ?? '').split('\n')[0] ?? '{}') as { key: string };
      for (const path of [
        '/',
        '/feed.atom',
        '/feed.rss',
        '/feed.json',
        '/sources.opml',
        `/stories/${key}/`,
        '/feeds/closed.atom',
        '/feeds/closed.atom?token=Zq9token',
        '/feeds/closed.atom?token=Zq15wrong',
        '/websub/callback/Zq14callback',
        '/websub/callback/Zq14callback/more',
        '/nowhere/?key=Zq15wrong',
        '/metrics',
      ]) {
        const answer = await fetch(url + path);
        outputs.set(path, `${JSON.stringify([...answer.headers])} ${await answer.text()}`);
      }
      const metrics = await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer Zq11api' } });
      outputs.set('metrics', await metrics.text());
      expect(outputs.get('metrics')).toContain('newsfold_sources{state="failing"} 7');
      expect(outputs.get('metrics')).not.toMatch(/closed|userinfo|path"/);
      const hub = new URLSearchParams({
        'hub.mode': 'subscribe',
        'hub.topic': 'http://localhost:1/feed.atom',
        'hub.callback': `${server.origin}/Zq14callback?key=Zq3query`,
        'hub.secret': 'Zq13hub',
      });
      const asked = await fetch(`${url}/websub`, { method: 'POST', body: hub });
      outputs.set('hub', `${asked.status} ${await asked.text()}`);
      expect(outputs.get('hub')).toMatch(/^202 /);
      for (
        const until = performance.now() + 10_000;
        performance.now() < until && !server.requests.some((one) => one.url.startsWith('/Zq14'));
      )
        await new Promise((resolve) => setTimeout(resolve, 50));
      const { stdout, stderr } = await serving.stop();
      outputs.set('serve', stdout + stderr);
      // Each request is logged, requests of secret sources too.
      expect(stderr).toMatch(
        /"route":"\/feeds\/\{slug\}\.atom","path":"\/feeds\/closed\.atom\?…","status":200,"ms":[\d.]+,"client":"127\.0\.0\.1","msg":"request"/,
      );
      expect(stderr).toMatch(/"route":"\/websub\/callback\/\{path\}","status":404/);
      const store = 'postgres://me:Zq16database@127.0.0.1:1/news?password=Zq16database';
      for (const command of ['run', 'serve', 'sources']) {
        const away = await newsfold([command, '--config', file], { env: { ...env, NEWSFOLD_STORE: store } });
        outputs.set(`${command} without a store`, away.stdout + away.stderr);
      }
      const hooked = server.requests.filter((one) => one.url === '/hook/Zq12hook');
      expect(hooked.length).toBeGreaterThan(0);
      const leaks = [...outputs].flatMap(([name, text]) =>
        SECRETS.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${name}`),
      );
      expect(leaks).toEqual([]);
      expect(outputs.size).toBeGreaterThan(25);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
