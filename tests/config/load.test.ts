import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { descriptions } from '../../src/config/descriptions.ts';
import { toJsonSchema } from '../../src/config/json-schema.ts';
import type { JsonSchema } from '../../src/config/json-schema.ts';
import { toReference } from './reference.ts';
import { ConfigError } from '../../src/model/errors.ts';
import { faultsOf, checks, folder, load } from '../support/config.ts';

test('substitutes ${NAME} and ${NAME:-default}, also for numbers and booleans', () => {
  const config = load(
    `site: { title: "\${TITLE} and \${MORE:-more}", description: "\${UNSET}", language: "\${EMPTY:-de}" }
titlePrefix: "\${YES}"
server: { port: "\${PORT}", token: "\${UNSET}", trustProxy: "\${NO}" }
fetch: { timeout: "\${ZERO}", concurrency: "\${UNSET}" }
`,
    { TITLE: '12', EMPTY: '', YES: 'true', NO: 'false', PORT: '81', ZERO: '0' },
  );
  expect(config.site).toMatchObject({ title: '12 and more', description: null, language: 'de' });
  expect(config).toMatchObject({ titlePrefix: true, server: { port: 81, trustProxy: false }, fetch: { timeout: 0, concurrency: 20 } });
  expect(config.server.token).toBeUndefined();
});

test('counts a key without a value as absent, and an empty file as all defaults', () => {
  expect(load('site:\nsources:\nfeeds:')).toEqual({ ...load(''), savedAt: expect.any(Date) as Date });
  const config = load('');
  expect(config).toMatchObject({
    site: { title: 'Newsfold', url: 'http://localhost:8080', language: null, author: { name: 'Newsfold', email: null, url: null } },
    server: { host: '127.0.0.1', port: 8080 },
    schedule: '*/10 * * * *',
    timeZone: null,
    fetch: {
      concurrency: 20,
      perHost: 2,
      timeout: 30_000,
      maxBytes: 10_485_760,
      minInterval: 3_600_000,
      maxInterval: 86_400_000,
      runTimeout: 600_000,
      allowPrivateAddresses: [],
    },
    fold: { level: 'careful', windowMs: 1_209_600_000 },
    alsoPublished: 'footer',
    titlePrefix: false,
    content: 'lead',
    websub: { hub: null, isOwn: false, subscribe: false },
    sources: [],
    feeds: [{ slug: 'all', title: 'Newsfold', isDefault: true, limit: 50, order: 'published', holdBackMs: 0, since: null }],
    keep: { days: null, perSource: null },
    onProblem: null,
  });
});

test('drops a key whose value is an empty default, and substitutes the others', () => {
  const { server, sources } = load(
    'server: { token: "${T:-}" }\nsources: [{ feed: "https://a.example/", headers: { Cookie: "${C:-}", X: "a${C:-}" } }]',
  );
  expect(server.token).toBeUndefined();
  expect(sources[0]?.request.headers).toEqual({ X: 'a' });
});

test('reads a single address as a range of one', () => {
  const { fetch } = load('fetch: { allowPrivateAddresses: [127.0.0.1, "::1", 10.0.0.0/8] }');
  expect(fetch.allowPrivateAddresses).toEqual(['127.0.0.1/32', '::1/128', '10.0.0.0/8']);
});

test('reads durations and sizes in every unit', () => {
  const { sources } = load(`sources:
  - { file: a, interval: 0, timeout: 30s, maxBytes: 5B }
  - { file: b, interval: 10m, timeout: 1s, maxBytes: 500kB }
  - { file: c, interval: 1h, maxBytes: 2MB }
  - { file: d, interval: 14d, maxBytes: 3KiB }
  - { file: e, maxBytes: 10MiB }
`);
  expect(sources.map((source) => source.intervalMs)).toEqual([0, 600_000, 3_600_000, 1_209_600_000, null]);
  expect(sources.map((source) => source.request.timeoutMs)).toEqual([30_000, 1000, null, null, null]);
  expect(sources.map((source) => source.request.maxBytes)).toEqual([5, 500_000, 2_000_000, 3072, 10_485_760]);
});

test('needs no variable in a key that the environment overrides, and drops list items with an empty default', () => {
  const yaml =
    'site: { url: "https://${HOST}/" }\nstore: "${DB}"\nfeeds: [{ slug: all, tags: [a, "${TAG:-}"] }]\nsources: [{ file: a.xml, tags: [a] }]';
  const config = load(yaml, { NEWSFOLD_STORE: 'sqlite:/b.db', NEWSFOLD_URL: 'https://a.test' });
  expect([config.store, config.site.url, config.feeds[0]?.tags]).toEqual([{ kind: 'sqlite', path: '/b.db' }, 'https://a.test', ['a']]);
});

test('resolves relative paths against the folder of the file, and NEWSFOLD_STORE against the working directory', () => {
  const yaml = 'store: sqlite:../data/a.db\nsources: [{ articles: ../feeds }, { file: "a/*.xml" }, { file: /abs.xml }]';
  expect(load(yaml)).toMatchObject({
    store: { kind: 'sqlite', path: join(dirname(folder), 'data/a.db') },
    sources: [
      { kind: 'articles', address: join(dirname(folder), 'feeds') },
      { kind: 'file', address: join(folder, 'a/*.xml') },
      { kind: 'file', address: '/abs.xml' },
    ],
  });
  expect(load(yaml, { NEWSFOLD_STORE: 'sqlite:b.db' }).store).toEqual({ kind: 'sqlite', path: resolve('b.db') });
  expect(load(yaml, { NEWSFOLD_STORE: 'sqlite:/b.db' }).store).toEqual({ kind: 'sqlite', path: '/b.db' });
  expect(load(yaml, { NEWSFOLD_STORE: 'data/b.db' }).store).toEqual({ kind: 'sqlite', path: resolve('data/b.db') });
  expect(load(yaml, { NEWSFOLD_STORE: 'postgres://u@h/d' }).store).toEqual({ kind: 'postgres', url: 'postgres://u@h/d' });
});

test('NEWSFOLD_HOST, NEWSFOLD_PORT and NEWSFOLD_URL override the file', () => {
  const yaml = 'site: { url: "https://a.example/planet//" }\nserver: { host: a, port: 1 }';
  expect(load(yaml)).toMatchObject({ site: { url: 'https://a.example/planet' }, server: { host: 'a', port: 1 } });
  const env = { NEWSFOLD_HOST: '::', NEWSFOLD_PORT: '0', NEWSFOLD_URL: 'https://b.example/' };
  expect(load(yaml, env)).toMatchObject({ site: { url: 'https://b.example' }, server: { host: '::', port: 0 } });
});

test('a source is private by its key, by userinfo, or by a variable in its address', () => {
  const { sources } = load(
    `sources:
  - feed: https://a.example/@user
  - feed: https://u:p@a.example/
  - feed: "https://a.example/\${KEY}"
  - page: "https://a.example/\${KEY}"
  - page: https://u@a.example/
  - { feed: https://a.example/, private: true }
  - { feed: https://a.example/b, headers: { X-Key: "\${KEY}" } }
`,
    { KEY: 'k' },
  );
  expect(sources.map((source) => source.private)).toEqual([false, true, true, true, true, true, false]);
  expect(sources[2]?.address).toBe('https://a.example/k');
});

test('the default feed is the one with default: true, else the one with the slug all, else the only one', () => {
  const defaultsOf = (yaml: string) =>
    load(yaml)
      .feeds.filter((feed) => feed.isDefault)
      .map((feed) => feed.slug);
  expect(defaultsOf('feeds: [{ slug: a }]')).toEqual(['a']);
  expect(defaultsOf('feeds: [{ slug: a }, { slug: all }]')).toEqual(['all']);
  expect(defaultsOf('feeds: [{ slug: a, default: true }, { slug: all }]')).toEqual(['a']);
});

test('the proxy of the file serves all requests; the proxy of the environment excludes the hosts of NO_PROXY', () => {
  const proxyOf = (yaml: string, env: Record<string, string>) => {
    const { proxy, noProxy } = load(yaml, env).fetch;
    return [proxy, noProxy];
  };
  const env = { HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: 'a.example, .b.example  c.example:8080' };
  expect(proxyOf('', env)).toEqual(['http://proxy.example:3128', ['a.example', '.b.example', 'c.example:8080']]);
  expect(proxyOf('', { https_proxy: 'http://low.example' })).toEqual(['http://low.example', []]);
  expect(proxyOf('fetch: { proxy: "http://mine.example" }', env)).toEqual(['http://mine.example', []]);
  expect(proxyOf('', { HTTPS_PROXY: '' })).toEqual([null, []]);
  expect(faultsOf(() => load('', { HTTPS_PROXY: 'proxy.example:3128' }))).toMatchObject([{ key: 'HTTPS_PROXY' }]);
});

test('refuses a second source of one page, and a former address that is still listed', () => {
  const faults = (yaml: string) => faultsOf(() => load(yaml)).map(({ key }) => key);
  expect(faults('sources: [{ page: "https://a.example/" }, { page: "https://a.example/" }]')).toEqual(['sources[1].page']);
  expect(faults('sources: [{ feed: "https://a.example/" }, { feed: "https://b.example/", previous: "https://a.example/" }]')).toEqual([
    'sources[1].previous',
  ]);
});

test('the hub of feeds is our own below the address of the site, another one, or none', () => {
  const websub = (text: string) => load(`site: { url: "https://planet.example/p/" }\n${text}`).websub;
  expect(websub('websub: { hub: own }')).toEqual({ hub: 'https://planet.example/p/websub', isOwn: true, subscribe: false });
  expect(websub('websub: { hub: "https://hub.example/", subscribe: true }')).toEqual({
    hub: 'https://hub.example/',
    isOwn: false,
    subscribe: true,
  });
  expect(websub('websub: { subscribe: true }')).toEqual({ hub: null, isOwn: false, subscribe: true });
});

test('problems are reported by either command or webhook, by default every six hours', () => {
  const read = (yaml: string) => load(yaml).onProblem;
  expect(read('')).toBeNull();
  expect(read('onProblem: { command: "mail -s news me" }')).toEqual({ command: 'mail -s news me', webhook: null, everyMs: 6 * 3_600_000 });
  expect(read('onProblem: { webhook: "https://hook.example/x", every: 1d }')).toEqual({
    command: null,
    webhook: 'https://hook.example/x',
    everyMs: 86_400_000,
  });
  for (const both of ['{ every: 1h }', '{ command: x, webhook: "https://hook.example/" }'])
    expect(faultsOf(() => read(`onProblem: ${both}`))).toMatchObject([
      { line: 1, key: 'onProblem', message: 'must have exactly one of command and webhook' },
    ]);
});

test('config/newsfold.schema.json and the sample configuration match the options', () => {
  const config = resolve(import.meta.dirname, '../../config');
  expect(JSON.parse(readFileSync(join(config, 'newsfold.schema.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(toJsonSchema())));
  const sample = loadConfig(join(config, 'newsfold.yaml'), checks, {});
  expect(sample.feeds.map((feed) => feed.isDefault)).toEqual([true, false]);
});

test('reads a stylesheet relative to the file, and reports one that cannot be read', () => {
  const own = mkdtempSync(join(tmpdir(), 'newsfold-style-'));
  try {
    writeFileSync(join(own, 'own.css'), 'body { color: red }');
    writeFileSync(join(own, 'large.css'), ' '.repeat(200_001));
    const read = (name: string) => {
      const file = join(own, 'newsfold.yaml');
      writeFileSync(file, `site:\n  title: x\n  stylesheet: ${name}\n`);
      try {
        return loadConfig(file, checks, {}).site.stylesheet;
      } catch (error) {
        return error instanceof ConfigError ? error.faults : error;
      }
    };
    expect(read('own.css')).toBe('body { color: red }');
    expect(read('none.css')).toEqual([
      { line: 3, key: 'site.stylesheet', value: '"none.css"', message: 'must be a CSS file that can be read (ENOENT)' },
    ]);
    expect(read('.')).toMatchObject([{ message: 'must be a CSS file that can be read (EISDIR)' }]);
    expect(read('large.css')).toMatchObject([{ message: 'must be a CSS file of at most 200 kB' }]);
  } finally {
    rmSync(own, { recursive: true });
  }
});

test.each(['#0b5fae', '#FFF'])('accepts %s as the accent', (accent) =>
  expect(load(`site: { accent: "${accent}" }`).site.accent).toBe(accent),
);

test.each(['red', '#12345', 'url(x)', '#000;}body{display:none'])('refuses %s as the accent', (accent) =>
  expect(faultsOf(() => load(`site: { accent: "${accent}" }`))).toMatchObject([
    { key: 'site.accent', message: 'must be a colour such as #0b5fae' },
  ]),
);

test('every key has a description, and docs/configuration.md is up to date', async () => {
  const undescribed = (schema: JsonSchema, path: string): string[] =>
    Object.entries(schema.properties ?? {}).flatMap(([key, of]) => [
      ...(of.description === undefined || descriptions[path + key] === undefined ? [path + key] : []),
      ...undescribed(of.items ?? of, `${path}${key}.`),
    ]);
  const matches = /^feeds\.(?:include|exclude)\./;
  expect(undescribed(toJsonSchema(), '').filter((key) => !matches.test(key))).toEqual([]);
  await expect(toReference()).toMatchFileSnapshot('../../docs/configuration.md');
});
