import { expect, test } from 'vitest';
import { hashConfig } from '../../src/config/hash.ts';
import { load } from '../support/config.ts';

const base = ['site: { title: T }', 'store: postgres://u:secret@db.test/news', 'feeds: [{ slug: all, title: All }]'];
const hashOf = (...lines: readonly string[]) => hashConfig(load(lines.join('\n')));

test.for<[what: string, lines: readonly string[], isSame: boolean]>([
  ['another name of the server and another password', [base[0] ?? '', 'store: postgres://u:other@10.0.0.1:5433/news', base[2] ?? ''], true],
  ['where it listens', [...base, 'server: { host: 0.0.0.0, port: 81 }'], true],
  ['what it logs', [...base, 'log: { level: debug }'], true],
  ['a comment', [...base, '# one'], true],
  ['a rule of a feed', [...base.slice(0, 2), 'feeds: [{ slug: all, title: All, private: true, token: abcdefghijkl }]'], false],
  ['how it serves', [...base, 'server: { token: abcdefghijklmnopqrstuvwx, trustProxy: true, limitRequests: 60 }'], true],
  ['by which proxy it asks', [...base, 'fetch: { proxy: "http://p.test/" }'], true],
  ['how it asks', [...base, 'fetch: { timeout: 5s }'], false],
])('nodes agree or not: %s', ([, lines, isSame]) => {
  expect(hashOf(...lines) === hashOf(...base)).toBe(isSame);
});
