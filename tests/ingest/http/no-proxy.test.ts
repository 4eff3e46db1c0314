import { expect, test } from 'vitest';
import { isExcepted } from '../../../src/ingest/http/no-proxy.ts';
import { hideAddresses } from '../../../src/model/values/address.ts';

test.each<[url: string, except: string[], is: boolean]>([
  ['https://a.test/', [], false],
  ['https://a.test/', ['*'], true],
  ['https://a.test/', ['a.test'], true],
  ['https://A.TEST/', ['a.Test'], true],
  ['https://b.a.test/', ['a.test'], true],
  ['https://b.a.test/', ['.a.test'], true],
  ['https://b.a.test/', ['*.a.test'], true],
  ['https://ba.test/', ['a.test'], false],
  ['https://a.test/', ['a.test:443'], true],
  ['https://a.test/', ['a.test:80'], false],
  ['http://a.test:8080/', ['b.test', 'a.test:8080'], true],
  ['http://127.0.0.1/', ['127.0.0.1'], true],
  ['http://a.test/', ['', ':80'], false],
])('%s without a proxy by %j: %s', (url, except, is) => {
  expect(isExcepted(new URL(url), except)).toBe(is);
});

test.each<[message: string, hidden: string]>([
  ['https://a.test/bot1:SECRET/feed answered 404', 'its address answered 404'],
  [
    'the host of https://a.test/x?y is unknown; see http://[fd00::5]:8080/secret/feed: it failed',
    'the host of its address is unknown; see its address: it failed',
  ],
  ['redirects to https://a.test/x, and back', 'redirects to its address, and back'],
])('a private source is reported without its address: %s', (message, hidden) => {
  expect(hideAddresses({ code: 'c', message }).message).toBe(hidden);
});
