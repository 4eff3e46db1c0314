import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/load.ts';
import { toJsonSchema } from '../../src/config/options.ts';
import { ConfigError } from '../../src/model/errors.ts';
import { checkPattern } from '../../src/publish/select.ts';
import { checkSchedule } from '../../src/schedule.ts';

type Env = Readonly<Record<string, string>>;
type Row = readonly [line: number | null, key: string, value: string | null, message: RegExp];

const folder = mkdtempSync(join(tmpdir(), 'newsfold-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const checks = { schedule: checkSchedule, pattern: checkPattern };

function load(yaml: string, env: Env = {}): Config {
  const file = join(folder, 'newsfold.yaml');
  writeFileSync(file, yaml);
  return loadConfig(file, checks, env);
}

function faultsOf(run: () => unknown): ConfigError['faults'] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

/** Exactly these faults, in this order; nothing of `secret` anywhere in them. */
function check(yaml: string, expected: readonly Row[], env: Env = {}): void {
  const faults = faultsOf(() => load(yaml, env));
  expect(faults.map(({ line, key, value }) => [line, key, value])).toEqual(expected.map(([line, key, value]) => [line, key, value]));
  faults.forEach((fault, index) => expect(fault.message).toMatch(expected[index]?.[3] ?? /^never$/));
  expect(JSON.stringify(faults)).not.toContain('s3cret');
}

test.each<[string, string, readonly Row[]]>([
  ['an unknown key', 'site: { titel: x }', [[1, 'site.titel', '"x"', /unknown key; known here: title, url, language/]]],
  ['an unknown key on top', 'a: 1\nb: [1]', [[1, 'a', '1', /known here: site, store/], [2, 'b', null, /known here: site/]]],
  ['a wrong type', 'server: { port: x }', [[1, 'server.port', '"x"', /^must be a number$/]]],
  ['a list in place of a map', 'site: [a]', [[1, 'site', null, /^must have the keys title, url/]]],
  ['text in place of a list', 'sources: a', [[1, 'sources', '"a"', /^must be a list$/]]],
  ['a text in place of the file', 'hello', [[null, '', '"hello"', /^must have the keys site/]]],
  ['a number out of range', 'server:\n  port: 70000', [[2, 'server.port', '70000', /whole number from 0 to 65535/]]],
  ['a fraction', 'fetch: { perHost: 1.5 }', [[1, 'fetch.perHost', '1.5', /whole number from 1 to 2/]]],
  ['a bad choice', 'content: all', [[1, 'content', '"all"', /must be one of lead, fullest, summary/]]],
  ['a bad address', 'sources: [{ feed: "ftp://a.example/" }]', [[1, 'sources[0].feed', '"ftp://a.example/"', /http:\/\/ or https:\/\//]]],
  ['two addresses', 'sources:\n  - feed: https://a.example/\n    file: a.xml', [[2, 'sources[0]', null, /exactly one of feed, file, articles, page; this one has feed and file/]]],
  ['no address', 'sources:\n  - title: a', [[2, 'sources[0]', null, /exactly one of feed, file, articles, page; this one names no address/]]],
  ['a repeated slug', 'feeds:\n  - slug: all\n  - slug: all', [[3, 'feeds[1].slug', '"all"', /slug of an earlier feed/]]],
  ['a repeated id', 'sources:\n  - { id: a, file: a }\n  - { id: a, file: b }', [[3, 'sources[1].id', '"a"', /id of an earlier source/]]],
  ['a bad slug', 'feeds: [{ slug: A_b }]', [[1, 'feeds[0].slug', '"A_b"', /1 to 63 of a-z, 0-9 and -/]]],
  ['no slug', 'feeds: [{ title: x }]', [[1, 'feeds[0].slug', null, /required and missing/]]],
  ['a bad cron expression', 'schedule: "61 * * * *"', [[1, 'schedule', '"61 * * * *"', /must be a cron expression such as/]]],
  ['a bad pattern', 'feeds: [{ slug: all, include: [{ title: "/(/" }] }]', [[1, 'feeds[0].include[0].title', '"/(/"', /no usable pattern/]]],
  ['a blank pattern', 'feeds: [{ slug: all, exclude: [{ title: " " }] }]', [[1, 'feeds[0].exclude[0].title', '" "', /no usable pattern/]]],
  ['a bad field of a pattern', 'feeds: [{ slug: all, include: [{ titel: x }] }]', [[1, 'feeds[0].include[0].titel', '"x"', /one of title, text, author/], [1, 'feeds[0].include[0]', null, /one of title/]]],
  ['two fields of a pattern', 'feeds: [{ slug: all, include: [{ title: x, text: y }] }]', [[1, 'feeds[0].include[0]', null, /one of title, text/]]],
  ['no default among several feeds', 'feeds:\n  - slug: a\n  - slug: b', [[1, 'feeds', null, /give one "default: true" or the slug "all"/]]],
  ['two defaults', 'feeds:\n  - { slug: a, default: true }\n  - { slug: b, default: true }', [[1, 'feeds', null, /only one feed can be the default, and 2 say/]]],
  ['a bad duration', 'fetch: { timeout: 30 }', [[1, 'fetch.timeout', '30', /duration such as 30s, 10m, 1h or 14d/]]],
  ['a bad size', 'fetch: { maxBytes: 10GB }', [[1, 'fetch.maxBytes', '"10GB"', /size such as 500kB or 10MiB/]]],
  ['a bad time zone', 'timeZone: Mars/Base', [[1, 'timeZone', '"Mars/Base"', /IANA zone such as Europe\/Berlin/]]],
  ['a bad language', 'site: { language: en_GB }', [[1, 'site.language', '"en_GB"', /language tag such as en or pt-BR/]]],
  ['a bad date', 'feeds: [{ slug: all, since: yesterday }]', [[1, 'feeds[0].since', '"yesterday"', /must be a date: 2026-01-31/]]],
  ['a bad store', 'store: mysql://a', [[1, 'store', '"mysql://a"', /sqlite:PATH or postgres:/]]],
  ['a bad limit', 'server: { limitRequests: on }', [[1, 'server.limitRequests', '"on"', /must be off or a number of requests/]]],
  ['a bad hub', 'websub: { hub: mine }', [[1, 'websub.hub', '"mine"', /must be own, off or an http/]]],
  ['a bad truth value', 'titlePrefix: 1', [[1, 'titlePrefix', '1', /must be true or false/]]],
  ['a repeated key', 'store: sqlite:a\nstore: sqlite:b', [[2, '', null, /^not YAML: Map keys must be unique/]]],
  ['broken YAML', 'site: { title: a\nfeeds: [', [[2, '', null, /^not YAML/], [2, '', null, /^not YAML/]]],
  ['an alias of nothing', 'site: { title: *a }', [[null, '', null, /^not YAML: Unresolved alias/]]],
  ['a number for a variable', 'feeds: [{ slug: all, limit: "${LIMIT}" }]', [[1, 'feeds[0].limit', '(from the environment)', /must be a number/]]],
])('reports %s with line, key, value and what is allowed', (_, yaml, rows) => check(yaml, rows, { LIMIT: 's3cret' }));

test('reports every fault of a file at once, in the order of its lines', () => {
  check(
    `site: { titel: x, url: nowhere }
schedule: never
sources:
  - feed: https://a.example/
    page: https://a.example/
    prioritty: 3
  - { id: a, file: a, priority: 101 }
  - { id: a, file: b }
feeds:
  - { slug: x, include: [{ text: "/[/" }] }
  - { slug: x }
timeZone: Mars
`,
    [
      [1, 'site.url', '"nowhere"', /http/],
      [1, 'site.titel', '"x"', /unknown key/],
      [2, 'schedule', '"never"', /cron/],
      [4, 'sources[0]', null, /feed and page/],
      [6, 'sources[0].prioritty', '3', /unknown key; known here: id, feed, file/],
      [7, 'sources[1].priority', '101', /0 to 100/],
      [8, 'sources[2].id', '"a"', /earlier source/],
      [9, 'feeds', null, /none is the default/],
      [10, 'feeds[0].include[0].text', '"/[/"', /no usable pattern/],
      [11, 'feeds[1].slug', '"x"', /earlier feed/],
      [12, 'timeZone', '"Mars"', /IANA/],
    ],
  );
});

test('reports faults of NEWSFOLD_* together with those of the file, and no secret in them', () => {
  check(
    'content: x',
    [
      [null, 'NEWSFOLD_STORE', '(from the environment)', /sqlite:PATH/],
      [null, 'NEWSFOLD_URL', '(from the environment)', /http:\/\/ or https:\/\//],
      [null, 'NEWSFOLD_PORT', '(from the environment)', /port from 0 to 65535/],
      [1, 'content', '"x"', /lead/],
    ],
    { NEWSFOLD_STORE: 'mysql://u:s3cret@h', NEWSFOLD_URL: 's3cret', NEWSFOLD_PORT: '99999' },
  );
});

test('says which file is missing, and how to name another', () => {
  const file = join(folder, 'none.yaml');
  expect(faultsOf(() => loadConfig(file, checks, {}))).toEqual([
    { line: null, key: '', value: null, message: 'cannot be read (ENOENT): give another one with --config FILE' },
  ]);
  expect(() => loadConfig(folder, checks, {})).toThrow(expect.objectContaining({ file: folder, exitCode: 2 }));
});

test.each<[string, string, readonly Row[]]>([
  ['a slug', 'feeds: [{ slug: "${S}" }]', [[1, 'feeds[0].slug', '(from the environment)', /1 to 63/]]],
  ['a schedule', 'schedule: "${S}"', [[1, 'schedule', '(from the environment)', /must be a cron expression such as/]]],
  ['a time zone', 'timeZone: "a${S}"', [[1, 'timeZone', '(from the environment)', /IANA/]]],
  ['a pattern', 'feeds: [{ slug: all, include: [{ title: "/${S}(/" }] }]', [[1, 'feeds[0].include[0].title', '(from the environment)', /no usable pattern/]]],
  ['a value of an unknown key', 'tokn: "${S}"', [[1, 'tokn', '(from the environment)', /unknown key/]]],
  ['a default', 'content: "${UNSET:-s3cret}"', [[1, 'content', '(from the environment)', /lead/]]],
  ['an item of a list', 'sources: [{ file: a, tags: ["${S}!"] }]', [[1, 'sources[0].tags[0]', '(from the environment)', /1 to 63/]]],
  ['a feed', 'sources: [{ feed: "${S}" }]', [[1, 'sources[0].feed', '(from the environment)', /http/]]],
])('never shows %s that came from the environment', (_, yaml, rows) => check(yaml, rows, { S: '$s3cret' }));

test('never shows the slug or id of the environment that comes twice', () => {
  const yaml = 'sources: [{ id: "${S}", file: a }, { id: "${S}", file: b }]\nfeeds: [{ slug: "${S}" }, { slug: "${S}", default: true }]';
  check(
    yaml,
    [
      [1, 'sources[1].id', '(from the environment)', /earlier source/],
      [2, 'feeds[1].slug', '(from the environment)', /earlier feed/],
    ],
    { S: 's3cret' },
  );
});

test('takes ${NAME} and ${NAME:-default} from the environment, numbers and truth values too', () => {
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

test('reports a variable that is required and not set', () => {
  check('sources:\n  - feed: https://a.example/\n    auth: { user: a, password: "${UNSET}" }\n  - feed: "${UNSET}"\nfeeds:\n  - slug: "${UNSET}"', [
    [3, 'sources[0].auth.password', null, /required and missing/],
    [4, 'sources[1]', null, /names no address/],
    [6, 'feeds[0].slug', null, /required and missing/],
  ]);
});

test('counts a key without a value as absent, and an empty file as all defaults', () => {
  expect(load('site:\nsources:\nfeeds:')).toEqual(load(''));
  const config = load('');
  expect(config).toMatchObject({
    site: { title: 'Newsfold', url: 'http://localhost:8080', language: null, author: { name: 'Newsfold', email: null, url: null } },
    server: { host: '127.0.0.1', port: 8080 },
    schedule: '*/10 * * * *',
    timeZone: null,
    fetch: { concurrency: 20, perHost: 2, timeout: 30_000, maxBytes: 10_485_760, minInterval: 3_600_000, maxInterval: 86_400_000, runTimeout: 600_000, allowPrivateAddresses: [] },
    fold: { level: 'careful', windowMs: 1_209_600_000 },
    alsoPublished: 'footer',
    titlePrefix: false,
    content: 'lead',
    sources: [],
    feeds: [{ slug: 'all', title: 'Newsfold', isDefault: true, limit: 50, order: 'published', holdBackMs: 0, since: null }],
    notInEffect: [],
  });
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

test('starts relative paths at the folder of the file, and those of NEWSFOLD_STORE at the working directory', () => {
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

test('lets NEWSFOLD_HOST, NEWSFOLD_PORT and NEWSFOLD_URL win over the file', () => {
  const yaml = 'site: { url: "https://a.example/planet//" }\nserver: { host: a, port: 1 }';
  expect(load(yaml)).toMatchObject({ site: { url: 'https://a.example/planet' }, server: { host: 'a', port: 1 } });
  const env = { NEWSFOLD_HOST: '::', NEWSFOLD_PORT: '0', NEWSFOLD_URL: 'https://b.example/' };
  expect(load(yaml, env)).toMatchObject({ site: { url: 'https://b.example' }, server: { host: '::', port: 0 } });
});

test('counts a source as private by its word, its userinfo, or a part of its address from the environment', () => {
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

test('takes for the default feed the one that says so, else the one named all, else the only one', () => {
  const defaultsOf = (yaml: string) => load(yaml).feeds.filter((feed) => feed.isDefault).map((feed) => feed.slug);
  expect(defaultsOf('feeds: [{ slug: a }]')).toEqual(['a']);
  expect(defaultsOf('feeds: [{ slug: a }, { slug: all }]')).toEqual(['all']);
  expect(defaultsOf('feeds: [{ slug: a, default: true }, { slug: all }]')).toEqual(['a']);
});

test('names the keys that do nothing yet', () => {
  const { notInEffect } = load('keep: { days: 3 }\nsources: [{ page: https://a.example/ }, { feed: https://a.example/, fullText: true }]');
  expect(notInEffect).toEqual(['keep', 'sources[0].page', 'sources[1].fullText']);
});

test('refuses YAML that grows without end', () => {
  const levels = Array.from({ length: 12 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`);
  check(['a0: &a0 [x]', ...levels].join('\n'), [[null, '', null, /^not YAML: Excessive alias count/]]);
});

test('keeps config/newsfold.schema.json and the sample configuration in step with the options', () => {
  const config = resolve(import.meta.dirname, '../../config');
  expect(JSON.parse(readFileSync(join(config, 'newsfold.schema.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(toJsonSchema())));
  const sample = loadConfig(join(config, 'newsfold.yaml'), checks, {});
  expect(sample.notInEffect).toEqual([]);
  expect(sample.feeds.map((feed) => feed.isDefault)).toEqual([true, false]);
});
