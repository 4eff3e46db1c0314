import { expect, test } from 'vitest';
import { head, smallFeed, startHostile, whenAsked } from './hostile.ts';
import { codeOf, openFetcher, textOf } from '../../support/http-fetcher.ts';

/** Requests a server that redirects there; only the server's own address may be connected to. */
async function follow(location: string, status = '302 Found'): Promise<string> {
  await using server = await startHostile(
    whenAsked((socket) => void socket.end(head([`location: ${location}`], status))),
    '127.0.0.2',
  );
  await using fetcher = openFetcher({ timeoutMs: 2000, allowPrivateAddresses: ['127.0.0.2/32'] });
  return codeOf(await fetcher.ask(`http://${server.authority}/feed`));
}

test.each([
  'file:///etc/passwd',
  'ftp://127.0.0.2/feed',
  'data:text/xml,<rss/>',
  'gopher://127.0.0.2/1',
  'javascript:alert(1)',
  'ws://127.0.0.2/',
  'unix:/var/run/docker.sock',
  'blob:http://127.0.0.2/1',
  'http://',
  'http://[::1',
  'http://a b/',
  'http://127.0.0.256/',
])('A18 does not follow a redirect to %s', async (location) => {
  expect(await follow(location)).toBe('fetch/redirect-refused');
});

test.each([
  ['a private address', 'http://10.0.0.1/'],
  ['a private address', 'http://172.16.0.1/'],
  ['a private address', 'http://192.168.0.1:8080/'],
  ['loopback', 'http://127.0.0.1/'],
  ['a cloud’s metadata', 'http://169.254.169.254/latest/meta-data/'],
  ['link-local IPv6', 'http://[fe80::1]/'],
  ['loopback over IPv6', 'http://[::1]/'],
  ['an IPv4-mapped address', 'http://[::ffff:10.0.0.1]/'],
  ['an IPv4-mapped address in hex', 'http://[::ffff:a00:1]/'],
  ['an IPv4-compatible address', 'http://[::10.0.0.1]/'],
  ['a NAT64 address', 'http://[64:ff9b::10.0.0.1]/'],
  ['a 6to4 address', 'http://[2002:a00:1::]/'],
  ['a unique local address', 'http://[fd00::1]/'],
  ['a decimal address', 'http://167772161/'],
  ['an octal address', 'http://012.0.0.1/'],
  ['a hexadecimal address', 'http://0x0a000001/'],
  ['a mixed address', 'http://0xa.0.01/'],
  ['a short address', 'http://10.1/'],
  ['an escaped address', 'http://%31%30.0.0.1/'],
  ['an address in full-width digits', 'http://１０.0.0.1/'],
  ['an address with ideographic dots', 'http://10。0。0。1/'],
  ['an address with a trailing dot', 'http://10.0.0.1./'],
  ['the unspecified address', 'http://0.0.0.0/'],
  ['the unspecified address, short', 'http://0/'],
  ['the unspecified IPv6 address', 'http://[::]/'],
  ['broadcast', 'http://255.255.255.255/'],
  ['an address behind a name before an @', 'http://example.org@10.0.0.1/'],
  ['an address behind backslashes', 'http:\\\\10.0.0.1/'],
  ['an address without a scheme', '//10.0.0.1/'],
  ['a name that resolves to loopback', 'http://localhost/'],
  ['a name with a trailing dot', 'http://localhost./'],
  ['a name in capitals', 'http://LOCALHOST/'],
  ['TLS on a private address', 'https://10.0.0.1/'],
])('A18 does not follow a redirect to %s: %s', async (_, location) => {
  expect(await follow(location)).toMatch(/^fetch\/(private-address|unknown-host)$/);
});

test.each(['301 Moved', '303 See Other', '307 Temporary', '308 Permanent'])('A18 checks the address behind a %s too', async (status) => {
  expect(await follow('http://10.0.0.1/', status)).toBe('fetch/private-address');
});

test('A18 does not connect when the second hop leads into a private network', async () => {
  await using inside = await startHostile(
    whenAsked((socket) => void socket.end(head() + smallFeed('secret'))),
    '127.0.0.3',
  );
  await using second = await startHostile(
    whenAsked((socket) => void socket.end(head([`location: http://${inside.authority}/`], '302 Found'))),
    '127.0.0.2',
  );
  await using first = await startHostile(
    whenAsked((socket) => void socket.end(head([`location: http://${second.authority}/`], '302 Found'))),
    '127.0.0.2',
  );
  await using fetcher = openFetcher({ allowPrivateAddresses: ['127.0.0.2/32'] });
  expect(codeOf(await fetcher.ask(`http://${first.authority}/feed`))).toBe('fetch/private-address');
  expect(inside.connections()).toBe(0);
});

test('discards bytes that were smuggled in behind an answer', async () => {
  const bait = `HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nbait!`;
  await using server = await startHostile(
    whenAsked((socket, path) => {
      const body = smallFeed(path);
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}${path === '/late' ? '' : bait}`);
      // The bait is written long after the first answer was read.
      if (path === '/late') setImmediate(() => socket.write(bait));
    }),
  );
  await using fetcher = openFetcher({ perHost: 1 });
  for (const path of ['/late', '/a', '/b', '/late', '/c']) {
    const result = await fetcher.ask(`http://${server.authority}${path}`);
    expect(textOf(result) ?? codeOf(result)).toMatch(new RegExp(`<title>${path}</title>|^fetch/(network|protocol|truncated)$`));
    expect(textOf(result) ?? '').not.toContain('bait');
  }
});
