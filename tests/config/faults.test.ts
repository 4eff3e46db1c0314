import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { checks, faultsOf, folder, load } from '../support/config.ts';
import type { Env } from '../support/config.ts';

type Row = readonly [line: number | null, key: string, value: string | null, message: RegExp];

/** Expects exactly these faults, in this order, with no trace of `s3cret`. */
function check(yaml: string, expected: readonly Row[], env: Env = {}): void {
  const faults = faultsOf(() => load(yaml, env));
  expect(faults.map(({ line, key, value }) => [line, key, value])).toEqual(expected.map(([line, key, value]) => [line, key, value]));
  faults.forEach((fault, index) => expect(fault.message).toMatch(expected[index]?.[3] ?? /^never$/));
  expect(JSON.stringify(faults)).not.toContain('s3cret');
}

test.each<[string, string, readonly Row[]]>([
  ['an unknown key', 'site: { titel: x }', [[1, 'site.titel', '"x"', /unknown key; known here: title, url, language/]]],
  [
    'unknown keys at the top level',
    'a: 1\nb: [1]',
    [
      [1, 'a', '1', /known here: site, store/],
      [2, 'b', null, /known here: site/],
    ],
  ],
  ['a wrong type', 'server: { port: x }', [[1, 'server.port', '"x"', /^must be a number$/]]],
  ['a list in place of a map', 'site: [a]', [[1, 'site', null, /^must have the keys title, url/]]],
  ['text in place of a list', 'sources: a', [[1, 'sources', '"a"', /^must be a list$/]]],
  ['a text in place of the file', 'hello', [[null, '', '"hello"', /^must have the keys site/]]],
  ['a number out of range', 'server:\n  port: 70000', [[2, 'server.port', '70000', /whole number from 0 to 65535/]]],
  ['a fraction', 'fetch: { perHost: 1.5 }', [[1, 'fetch.perHost', '1.5', /whole number from 1 to 2/]]],
  ['a bad choice', 'content: all', [[1, 'content', '"all"', /must be one of lead, fullest, summary/]]],
  ['a bad address', 'sources: [{ feed: "ftp://a.example/" }]', [[1, 'sources[0].feed', '"ftp://a.example/"', /http:\/\/ or https:\/\//]]],
  [
    'two addresses',
    'sources:\n  - feed: https://a.example/\n    file: a.xml',
    [[2, 'sources[0]', null, /exactly one of feed, file, articles, page; this one has feed and file/]],
  ],
  [
    'patterns of files without a folder',
    'sources:\n  - feed: https://a.example/\n    files: ["*.md"]\n    skip: [a]',
    [
      [3, 'sources[0].files', null, /only beside `articles:`/],
      [4, 'sources[0].skip', null, /only beside `articles:`/],
    ],
  ],
  [
    'a pattern that leads out of the folder',
    'sources: [{ articles: a, skip: ["../b"] }]',
    [[1, 'sources[0].skip[0]', '"../b"', /paths below the folder/]],
  ],
  [
    'no address',
    'sources:\n  - title: a',
    [[2, 'sources[0]', null, /exactly one of feed, file, articles, page; this one has none of them/]],
  ],
  ['a repeated slug', 'feeds:\n  - slug: all\n  - slug: all', [[3, 'feeds[1].slug', '"all"', /slug of an earlier feed/]]],
  ['a repeated id', 'sources:\n  - { id: a, file: a }\n  - { id: a, file: b }', [[3, 'sources[1].id', '"a"', /id of an earlier source/]]],
  ['a bad slug', 'feeds: [{ slug: A_b }]', [[1, 'feeds[0].slug', '"A_b"', /1 to 63 of a-z, 0-9 and -/]]],
  ['no slug', 'feeds: [{ title: x }]', [[1, 'feeds[0].slug', null, /required and missing/]]],
  ['a bad cron expression', 'schedule: "61 * * * *"', [[1, 'schedule', '"61 * * * *"', /must be a cron expression such as/]]],
  [
    'a bad pattern',
    'feeds: [{ slug: all, include: [{ title: "/(/" }] }]',
    [[1, 'feeds[0].include[0].title', '"/(/"', /not a valid pattern/]],
  ],
  [
    'a blank pattern',
    'feeds: [{ slug: all, exclude: [{ title: " " }] }]',
    [[1, 'feeds[0].exclude[0].title', '" "', /not a valid pattern/]],
  ],
  [
    'a bad field of a pattern',
    'feeds: [{ slug: all, include: [{ titel: x }] }]',
    [
      [1, 'feeds[0].include[0].titel', '"x"', /one of title, text, author/],
      [1, 'feeds[0].include[0]', null, /one of title/],
    ],
  ],
  [
    'two fields of a pattern',
    'feeds: [{ slug: all, include: [{ title: x, text: y }] }]',
    [[1, 'feeds[0].include[0]', null, /one of title, text/]],
  ],
  [
    'no default among several feeds',
    'feeds:\n  - slug: a\n  - slug: b',
    [[1, 'feeds', null, /give one "default: true" or the slug "all"/]],
  ],
  [
    'two defaults',
    'feeds:\n  - { slug: a, default: true }\n  - { slug: b, default: true }',
    [[1, 'feeds', null, /only one feed can be the default, but 2 have/]],
  ],
  ['a bad duration', 'fetch: { timeout: 30 }', [[1, 'fetch.timeout', '30', /duration such as 30s, 10m, 1h or 14d/]]],
  ['a bad size', 'fetch: { maxBytes: 10GB }', [[1, 'fetch.maxBytes', '"10GB"', /size such as 500kB or 10MiB/]]],
  ['a bad time zone', 'timeZone: Mars/Base', [[1, 'timeZone', '"Mars/Base"', /IANA zone such as Europe\/Berlin/]]],
  ['a bad language', 'site: { language: en_GB }', [[1, 'site.language', '"en_GB"', /language tag such as en or pt-BR/]]],
  ['a bad date', 'feeds: [{ slug: all, since: yesterday }]', [[1, 'feeds[0].since', '"yesterday"', /must be a date: 2026-01-31/]]],
  ['a bad store', 'store: mysql://a', [[1, 'store', '"mysql://a"', /sqlite:PATH or postgres:/]]],
  ['a bad limit', 'server: { limitRequests: on }', [[1, 'server.limitRequests', '"on"', /must be off or a number of requests/]]],
  ['a bad hub', 'websub: { hub: mine }', [[1, 'websub.hub', '"mine"', /must be own, off or an http/]]],
  [
    'a duration with a word as unit',
    'sources: [{ file: a, interval: 10 minutes }]',
    [[1, 'sources[0].interval', '"10 minutes"', /^must be a duration such as 30s/]],
  ],
  [
    'an invalid range of addresses',
    'fetch: { allowPrivateAddresses: [local] }',
    [[1, 'fetch.allowPrivateAddresses[0]', '"local"', /such as 127\.0\.0\.1/]],
  ],
  [
    'an address in place of a source',
    'sources: [https://a.example/]',
    [[1, 'sources[0]', '"https://a.example/"', /^write `- feed: https:/]],
  ],
  ['a bad boolean', 'titlePrefix: 1', [[1, 'titlePrefix', '1', /must be true or false/]]],
  ['a repeated key', 'store: sqlite:a\nstore: sqlite:b', [[2, '', null, /^not YAML: Map keys must be unique/]]],
  [
    'broken YAML',
    'site: { title: a\nfeeds: [',
    [
      [2, '', null, /^not YAML/],
      [2, '', null, /^not YAML/],
    ],
  ],
  ['an alias without an anchor', 'site: { title: *a }', [[null, '', null, /^not YAML: Unresolved alias/]]],
  [
    'a text in a variable for a number',
    'feeds: [{ slug: all, limit: "${LIMIT}" }]',
    [[1, 'feeds[0].limit', '(from the environment)', /must be a number/]],
  ],
])('reports %s with line, key, value and the allowed values', (_, yaml, rows) => check(yaml, rows, { LIMIT: 's3cret' }));

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
      [9, 'feeds', null, /no feed is the default/],
      [10, 'feeds[0].include[0].text', '"/[/"', /not a valid pattern/],
      [11, 'feeds[1].slug', '"x"', /earlier feed/],
      [12, 'timeZone', '"Mars"', /IANA/],
    ],
  );
});

test('reports faults of NEWSFOLD_* variables with those of the file, without their values', () => {
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

test('names the missing file and the option for another one', () => {
  const file = join(folder, 'none.yaml');
  expect(faultsOf(() => loadConfig(file, checks, {}))).toEqual([
    { line: null, key: '', value: null, message: 'cannot be read (ENOENT): name another file with --config FILE' },
  ]);
  expect(() => loadConfig(folder, checks, {})).toThrow(expect.objectContaining({ file: folder, exitCode: 2 }));
});

test.each<[string, string, readonly Row[]]>([
  ['a slug', 'feeds: [{ slug: "${S}" }]', [[1, 'feeds[0].slug', '(from the environment)', /1 to 63/]]],
  ['a schedule', 'schedule: "${S}"', [[1, 'schedule', '(from the environment)', /must be a cron expression such as/]]],
  ['a time zone', 'timeZone: "a${S}"', [[1, 'timeZone', '(from the environment)', /IANA/]]],
  [
    'a pattern',
    'feeds: [{ slug: all, include: [{ title: "/${S}(/" }] }]',
    [[1, 'feeds[0].include[0].title', '(from the environment)', /not a valid pattern/]],
  ],
  ['a value of an unknown key', 'tokn: "${S}"', [[1, 'tokn', '(from the environment)', /unknown key/]]],
  ['a default', 'content: "${UNSET:-s3cret}"', [[1, 'content', '(from the environment)', /lead/]]],
  ['an item of a list', 'sources: [{ file: a, tags: ["${S}!"] }]', [[1, 'sources[0].tags[0]', '(from the environment)', /1 to 63/]]],
  ['a feed', 'sources: [{ feed: "${S}" }]', [[1, 'sources[0].feed', '(from the environment)', /http/]]],
])('never shows %s from the environment', (_, yaml, rows) => check(yaml, rows, { S: '$s3cret' }));

test('never shows a repeated slug or id from the environment', () => {
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

test('reports an unset variable once, by its name', () => {
  check(
    'sources:\n  - feed: https://a.example/\n    auth: { user: a, password: "${UNSET}" }\n  - feed: "${UNSET}"\nfeeds:\n  - slug: "${UNSET}"',
    [
      [3, 'sources[0].auth.password', null, /^the variable UNSET is not set: set a value/],
      [4, 'sources[1].feed', null, /^the variable UNSET is not set/],
      [6, 'feeds[0].slug', null, /^the variable UNSET is not set/],
    ],
  );
  check(
    'store: "${DB}"\nonProblem: { command: "mail ${TO} ${CC}" }\nsources:\n  - feed: https://a.example/\n    headers: { Cookie: "session=${EMPTY}", X: "${MAY:-}" }',
    [
      [1, 'store', null, /^the variable DB is not set/],
      [2, 'onProblem.command', null, /^the variables TO and CC are not set/],
      [5, 'sources[0].headers.Cookie', null, /^the variable EMPTY is not set/],
    ],
    { EMPTY: '' },
  );
});

test('refuses YAML whose aliases multiply without bound', () => {
  const levels = Array.from({ length: 12 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`);
  check(['a0: &a0 [x]', ...levels].join('\n'), [[null, '', null, /^not YAML: Excessive alias count/]]);
});
