import { expect, test } from 'vitest';
import { toHostKey, toUrlKey } from '../../../src/normalise/identity/url.ts';

function check(address: string | null, expected: string | null): void {
  expect(toUrlKey(address)).toBe(expected);
}

test.each<[string | null, string | null]>([
  ['https://www.a.blog/post/1/', 'a.blog/post/1'],
  ['http://A.Blog/post/1', 'a.blog/post/1'],
  ['https://a.blog/post/1?utm_source=rss&utm_medium=feed', 'a.blog/post/1'],
  ['https://a.blog/post?id=1&fbclid=x', 'a.blog/post?id=1'],
  ['https://a.blog/post?b=2&a=1', 'a.blog/post?a=1&b=2'],
  ['https://a.blog/post/1#comments', 'a.blog/post/1'],
  ['https://a.blog/#!/post/1', null],
  ['https://a.blog/app#/post/1', 'a.blog/app#/post/1'],
  ['https://m.a.blog/post/1', 'a.blog/post/1'],
  ['https://amp.a.blog/post/1', 'a.blog/post/1'],
  ['https://a.blog/post/1/amp/', 'a.blog/post/1'],
  ['https://a.blog/amp/post/1', 'a.blog/post/1'],
  ['https://a.blog/post/1.amp.html', 'a.blog/post/1.html'],
  ['https://a.blog/post/1?amp=1', 'a.blog/post/1'],
  ['https://www.google.com/amp/s/a.blog/post/1', 'a.blog/post/1'],
  ['https://a-blog.cdn.ampproject.org/c/s/a.blog/post/1', 'a.blog/post/1'],
  ['https://www.google.com/url?q=https%3A%2F%2Fa.blog%2Fpost%2F1&sa=X', 'a.blog/post/1'],
  ['https://a.blog/post/index.html', 'a.blog/post'],
  ['https://a.blog:8443/post', 'a.blog:8443/post'],
  ['https://a.blog/', null],
  ['https://www.a.blog', null],
  ['https://a.blog/?p=17', 'a.blog?p=17'],
  ['ftp://a.blog/x', null],
  ['not a link', null],
  [null, null],
])('the key of %s is %s', check);

test('hosts are compared without www. and prefixes for devices', () => {
  expect(toHostKey('https://www.A.blog/x')).toBe('a.blog');
  expect(toHostKey('https://m.blog/')).toBe('m.blog');
  expect(toHostKey('urn:x')).toBeNull();
});
