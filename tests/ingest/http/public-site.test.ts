import { expect, test } from 'vitest';
import { isInnerHost, unreachableReason } from '../../../src/ingest/http/public-site.ts';

const loopback = ['127.0.0.0/8'];

test.for<[url: string, allow: readonly string[], isReachable: boolean]>([
  ['https://planet.org', [], true],
  ['http://planet.org:8080/p', [], true],
  ['https://93.184.215.14', [], true],
  ['https://[2606:2800:21f::1]', [], true],
  ['https://localhost.org', [], true],
  ['http://localhost:8080', [], false],
  ['http://a.localhost', [], false],
  ['http://127.0.0.1', [], false],
  ['http://2130706433', [], false],
  ['http://10.1.2.3', [], false],
  ['http://192.168.1.9', [], false],
  ['http://[::1]', [], false],
  ['http://[fd00::1]', [], false],
  ['http://planet', [], false],
  ['http://planet.', [], false],
  ['http://planet.local', [], false],
  ['http://planet.test', [], false],
  ['http://planet.internal.', [], false],
  ['http://planet.home.arpa', [], false],
  ['ftp://planet.org', [], false],
  ['nothing', [], false],
  ['http://localhost:8080', loopback, true],
  ['http://127.0.0.1', loopback, true],
  ['http://10.1.2.3', loopback, false],
  ['http://10.1.2.3', ['10.0.0.0/8'], true],
  ['http://planet.test', loopback, false],
])('hubs can reach %s with %j allowed: %j', ([url, allow, isReachable]) => {
  expect(unreachableReason(url, allow) === null).toBe(isReachable);
});

test('the reason is given in words', () => {
  expect(unreachableReason('http://localhost:8080', [])).toBe('localhost is a name of a private network');
  expect(unreachableReason('http://planet', [])).toBe('planet is a name of a private network, without a domain');
  expect(unreachableReason('http://10.0.0.1', [])).toBe('10.0.0.1 is an address of a private network');
});

test("a public host is never in the owner's network, whatever the owner allows", () => {
  expect(isInnerHost('93.184.215.14', ['0.0.0.0/0'])).toBe(false);
  expect(isInnerHost('127.0.0.1', loopback)).toBe(true);
  expect(isInnerHost('localhost', loopback)).toBe(true);
  expect(isInnerHost('localhost', [])).toBe(false);
  expect(isInnerHost('localhost.org', loopback)).toBe(false);
});
