import { expect, test } from 'vitest';
import { hashConfig } from '../../src/config/hash.ts';
import { load } from '../support/config.ts';

const base = ['site: { title: T }', 'store: postgres://u:secret@db.test/news', 'feeds: [{ slug: all, title: All }]'];
const hashOf = (...lines: readonly string[]) => hashConfig(load(lines.join('\n')));

test.for<[name: string, lines: readonly string[], isSame: boolean]>([
  ['another host name and password of the store', [base[0] ?? '', 'store: postgres://u:other@10.0.0.1:5433/news', base[2] ?? ''], true],
  ['the address of the server', [...base, 'server: { host: 0.0.0.0, port: 81 }'], true],
  ['the log level', [...base, 'log: { level: debug }'], true],
  ['a comment', [...base, '# one'], true],
  ['a rule of a feed', [...base.slice(0, 2), 'feeds: [{ slug: all, title: All, private: true, token: abcdefghijkl }]'], false],
  ['token and limits of the server', [...base, 'server: { token: abcdefghijklmnopqrstuvwx, trustProxy: true, limitRequests: 60 }'], true],
  ['the proxy', [...base, 'fetch: { proxy: "http://p.test/" }'], true],
  ['the time limit of requests', [...base, 'fetch: { timeout: 5s }'], false],
])('the hash that nodes compare covers or ignores %s', ([, lines, isSame]) => {
  expect(hashOf(...lines) === hashOf(...base)).toBe(isSame);
});
