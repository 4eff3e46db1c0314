import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addSources, changeSource, removeSource } from '../../../src/config/edit/edit.ts';
import { ConfigEditError } from '../../../src/model/errors.ts';
import { load } from '../../support/config.ts';

const NEW = { feed: 'https://n.test/f', tags: ['a', 'b'] };
const B = ['- feed: https://n.test/f', '  tags: [a, b]'];

function check(edited: string, expected: string): void {
  expect(edited).toBe(expected);
}

test.each<[name: string, before: string, after: string]>([
  ['indented', 'sources:\n  - file: a\nfeeds: []\n', `sources:\n  - file: a\n  ${B[0]}\n  ${B[1]}\nfeeds: []\n`],
  ['not indented', 'sources:\n- file: a\nfeeds: []\n', `sources:\n- file: a\n${B[0]}\n${B[1]}\nfeeds: []\n`],
  [
    'indented far',
    'sources:\n      -   file: a\n',
    `sources:\n      -   file: a\n      -   feed: https://n.test/f\n          tags: [a, b]\n`,
  ],
  ['a dash on its own line', 'sources:\n  -\n    file: a\n', `sources:\n  -\n    file: a\n  ${B[0]}\n  ${B[1]}\n`],
  [
    'commented examples below',
    'sources:\n  - file: a # mine\n    # fullText: true\n  # - feed: x\n  #   tags: [y]\n\nfeeds: []\n',
    `sources:\n  - file: a # mine\n    # fullText: true\n  ${B[0]}\n  ${B[1]}\n  # - feed: x\n  #   tags: [y]\n\nfeeds: []\n`,
  ],
  [
    'empty lines between',
    'sources:\n  - file: a\n\n  - file: b\n\nfeeds: []\n',
    `sources:\n  - file: a\n\n  - file: b\n\n  ${B[0]}\n  ${B[1]}\n\nfeeds: []\n`,
  ],
  ['no final newline', 'sources:\n  - file: a', `sources:\n  - file: a\n  ${B[0]}\n  ${B[1]}`],
  [
    'CRLF and a byte order mark',
    '\ufeffsources:\r\n- file: a\r\n# end\r\n',
    `\ufeffsources:\r\n- file: a\r\n${B[0]}\r\n${B[1]}\r\n# end\r\n`,
  ],
  ['a block scalar at the end', 'sources:\n- title: |\n    a\n\n\n# c\n', `sources:\n- title: |\n    a\n${B[0]}\n${B[1]}\n\n\n# c\n`],
  ['nothing', '', `sources:\n  ${B[0]}\n  ${B[1]}`],
  ['comments alone', '# c\n', `# c\n\nsources:\n  ${B[0]}\n  ${B[1]}\n`],
  ['no such key', 'site: { title: x }\n', `site: { title: x }\n\nsources:\n  ${B[0]}\n  ${B[1]}\n`],
  ['no such key, the end marked', 'site: { title: x }\n...\n# c\n', `site: { title: x }\n\nsources:\n  ${B[0]}\n  ${B[1]}\n...\n# c\n`],
  ['no value', 'sources: # c\n  # d\nfeeds:\n- slug: a\n', `sources: # c\n${B[0]}\n${B[1]}\n  # d\nfeeds:\n- slug: a\n`],
  ['a null value', 'sources: ~ # c\n', `sources: # c\n  ${B[0]}\n  ${B[1]}\n`],
  ['empty brackets', 'sources: [] # none\nfeeds: []\n', `sources: # none\n  ${B[0]}\n  ${B[1]}\nfeeds: []\n`],
  ['empty brackets with a comment', 'sources: [\n  # c\n]\n', 'sources: [{feed: https://n.test/f, tags: [a, b]}\n  # c\n]\n'],
  ['brackets', 'sources: [ { file: a }, ] # c\n', 'sources: [ { file: a }, {feed: https://n.test/f, tags: [a, b]}, ] # c\n'],
  [
    'brackets over lines',
    'sources: [\n  { file: a } # c\n  # d\n]\n',
    'sources: [\n  { file: a }, # c\n  {feed: https://n.test/f, tags: [a, b]}\n  # d\n]\n',
  ],
  ['braces around all', '{ site: {} }', '{ site: {}, sources: [{feed: https://n.test/f, tags: [a, b]}] }'],
  ['JSON', '{"sources": [\n  {"file": "a"}\n]}\n', '{"sources": [\n  {"file": "a"},\n  {"feed":"https://n.test/f","tags":["a","b"]}\n]}\n'],
])('a source is added: %s', (_, before, after) => check(addSources(before, [NEW]), after));

test.each<[name: string, before: string, index: number, after: string]>([
  ['the first', 'sources:\n  - file: a # c\n    tags: [x]\n  - file: b\n', 0, 'sources:\n  - file: b\n'],
  [
    'comments on lines of their own',
    'sources:\n  # above\n  - file: a\n    # in\n    tags: # gone\n      - x\n      # deep\n  # below\n  - file: b\n',
    0,
    'sources:\n  # above\n    # in\n      # deep\n  # below\n  - file: b\n',
  ],
  ['the only one', 'sources: # mine\n  - file: a\n  # - feed: x\nfeeds: []\n', 0, 'sources: [] # mine\n  # - feed: x\nfeeds: []\n'],
  ['no final newline', 'sources:\n- file: a\n- file: b', 1, 'sources:\n- file: a'],
  ['CRLF', 'sources:\r\n- file: a\r\n  # c\r\n  title: x\r\n- file: b\r\n', 0, 'sources:\r\n  # c\r\n- file: b\r\n'],
  [
    'a comment that would become part of a block scalar',
    'sources:\n- title: |\n    x\n- file: b\n    # c\n  title: y\n',
    1,
    'sources:\n- title: |\n    x\n# c\n',
  ],
  ['first in brackets', 'sources: [ { file: a }, { file: b } ]\n', 0, 'sources: [ { file: b } ]\n'],
  ['last in brackets', 'sources: [ { file: a }, { file: b } ]\n', 1, 'sources: [ { file: a }  ]\n'],
  ['only one in brackets', 'sources: [{ file: a }]\n', 0, 'sources: []\n'],
  [
    'brackets over lines',
    'sources: [\n  { file: a,\n    # in\n    title: x }, # gone\n  # d\n  { file: b }\n]\n',
    0,
    'sources: [\n    # in\n  # d\n  { file: b }\n]\n',
  ],
  ['last line in brackets', 'sources: [\n  { file: a }, # kept\n  { file: b } # gone\n]\n', 1, 'sources: [\n  { file: a } # kept\n]\n'],
  ['an item that is an alias', 'x: &x { file: a }\nsources:\n- *x\n- file: b\n', 0, 'x: &x { file: a }\nsources:\n- file: b\n'],
])('a source is removed: %s', (_, before, index, after) => check(removeSource(before, index), after));

test.each<[name: string, before: string, changes: Record<string, unknown>, after: string]>([
  ['a value', 'sources:\n- feed: "http://a" # c\n  title: x\n', { feed: 'https://b' }, 'sources:\n- feed: https://b # c\n  title: x\n'],
  [
    'a new key',
    'sources:\n  - feed: x\n    # c\n\nfeeds: []\n',
    { previous: 'w' },
    'sources:\n  - feed: x\n    previous: w\n    # c\n\nfeeds: []\n',
  ],
  ['a new key without final newline', 'sources:\n- feed: x', { title: 'a: b' }, "sources:\n- feed: x\n  title: 'a: b'"],
  ['a key without value', 'sources:\n- title: # c\n  feed: x\n', { title: 'w' }, 'sources:\n- title: w # c\n  feed: x\n'],
  [
    'a block list',
    'sources:\n- tags:\n    - a\n    # c\n    - b\n  feed: x\n',
    { tags: ['z'] },
    'sources:\n- tags: [z]\n    # c\n  feed: x\n',
  ],
  ['a block scalar', 'sources:\n- title: >-\n    a\n    b\n  feed: x\n', { title: 'z' }, 'sources:\n- title: z\n  feed: x\n'],
  [
    'between braces',
    'sources: [{ feed: x, title: y }]\n',
    { title: 'a, b', tags: [] },
    "sources: [{ feed: x, title: 'a, b', tags: [] }]\n",
  ],
  ['two keys', 'sources:\n- feed: x\n', { feed: 'w', previous: 'x' }, 'sources:\n- feed: w\n  previous: x\n'],
])('a source is changed: %s', (_, before, changes, after) => check(changeSource(before, 0, changes), after));

const awkward = [
  '\u00a0',
  'a title \u00a0',
  'a: b',
  'a #b',
  '#a',
  '@a',
  "it's",
  '"q"',
  '- x',
  '123',
  'yes',
  'null',
  '~',
  '2026-01-31',
  '',
  ' a ',
  'ü 🦀',
  'a\nb\tc',
  '*x',
  '&x',
  '!x',
  '%x',
  '{a}',
  '[a',
  'a, b',
  '? a',
  '\u0085\u2028\ufeff',
  '\ud800',
  'x '.repeat(300),
  '`',
  '|',
  '0o17',
  '=',
  '<<',
];

test.each(awkward.map((title) => [title]))('writes %j unchanged, in block and flow style', (title) => {
  for (const before of ['sources:\n- file: a\n', 'sources: [{ file: a }]\n', '{"sources": [{"file": "a"}]}']) {
    const source = { feed: 'https://n.test/', title, headers: { 'X-A': title } };
    expect(parse(addSources(before, [source]))).toEqual({ sources: [{ file: 'a' }, source] });
    expect(parse(changeSource(before, 0, { title }))).toEqual({ sources: [{ file: 'a', title }] });
  }
});

test('a text from outside cannot name a variable, unless the owner typed it', () => {
  const source = { feed: 'https://n.test/${SECRET}', title: 'pay ${SECRET:-x} $${SECRET} $5' };
  const [literal] = load(addSources('', [source]), { SECRET: 's3' }).sources;
  expect(literal).toMatchObject({ address: source.feed, title: source.title, private: false });
  const [typed] = load(addSources('', [source], { variables: ['feed'] }), { SECRET: 's3' }).sources;
  expect(typed).toMatchObject({ address: 'https://n.test/s3', title: source.title, private: true });
});

test.each<[name: string, edit: () => string]>([
  ['invalid YAML', () => addSources('sources: [', [NEW])],
  ['several documents', () => addSources('sources: []\n---\nfeeds: []\n', [NEW])],
  ['a list at the top level', () => addSources('- a\n', [NEW])],
  ['sources that are no list', () => addSources('sources: x\n', [NEW])],
  ['an alias', () => addSources('x: &x [{file: a}]\nsources: *x\n', [NEW])],
  ['no such source', () => removeSource('sources:\n- file: a\n', 1)],
  ['no sources', () => removeSource('', 0)],
  ['an anchor in use', () => removeSource('sources:\n- file: a\n  tags: &t [a]\n- file: b\n  tags: *t\n', 0)],
  ['an anchor in use', () => changeSource('sources:\n- file: a\n  title: &t x\n- file: b\n  title: *t\n', 0, { title: 'y' })],
  ['a list in use', () => addSources('sources: &s\n- file: a\nx: *s\n', [NEW])],
  ['an item that is an alias', () => changeSource('x: &x { file: a }\nsources:\n- *x\n', 0, { title: 'y' })],
])('an edit that cannot be done alone is refused: %s', (_, edit) => expect(edit).toThrow(ConfigEditError));

test('the sample configuration keeps every line, and its examples stay below the new source', () => {
  const sample = readFileSync(join(import.meta.dirname, '../../../config/newsfold.yaml'), 'utf8');
  const added = addSources(sample, [NEW]);
  expect(added).toContain('of its own\n  - feed: https://n.test/f\n    tags: [a, b]\n  # - feed:');
  expect(removeSource(added, 2)).toBe(sample);
});
