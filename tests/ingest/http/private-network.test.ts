import type { LookupAddress } from 'node:dns';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { addressIn, createLookup, isAllowedAddress } from '../../../src/ingest/http/private-network.ts';
import { startHostile } from './hostile.ts';

test.each([
  ['8.8.8.8', true],
  ['93.184.215.14', true],
  ['172.15.255.255', true],
  ['172.32.0.1', true],
  ['2001:4860:4860::8888', true],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
  ['::ffff:8.8.8.8', true],
  ['127.0.0.1', false],
  ['127.255.255.254', false],
  ['0.0.0.0', false],
  ['0.1.2.3', false],
  ['10.0.0.1', false],
  ['172.16.0.1', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['192.0.0.170', false],
  ['192.0.2.1', false],
  ['198.18.0.1', false],
  ['198.51.100.1', false],
  ['203.0.113.1', false],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['2130706433', false],
  ['0x7f.1', false],
  ['::', false],
  ['::1', false],
  ['::7f00:1', false],
  ['::8.8.8.8', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:a9fe:a9fe', false],
  ['::ffff:0:7f00:1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fec0::1', false],
  ['fc00::1', false],
  ['fd12:3456::1', false],
  ['ff02::1', false],
  ['64:ff9b::7f00:1', false],
  ['64:ff9b::808:808', false],
  ['64:ff9b:1::1', false],
  ['2002:7f00:1::', false],
  ['2002:808:808::1', false],
  ['2001:0:53aa:64c::1', false],
  ['2001:db8::1', false],
  ['3fff::1', false],
  ['100::1', false],
  ['4000::1', false],
  ['5f00::1', false],
  ['localhost', false],
  ['', false],
])('A18 judges %s as a public address: %s', (address, expected) => {
  expect(isAllowedAddress(address, [])).toBe(expected);
});

test.each([
  ['127.0.0.1', ['127.0.0.0/8'], true],
  ['::ffff:127.0.0.1', ['127.0.0.0/8'], true],
  ['10.1.2.3', ['127.0.0.0/8'], false],
  ['10.1.2.3', ['127.0.0.0/8', '10.1.0.0/16'], true],
  ['10.2.0.1', ['10.1.0.0/16'], false],
  ['fd12:3456::1', ['fd12::/16'], true],
  ['fd13::1', ['fd12::/16'], false],
  ['::1', ['127.0.0.0/8'], false],
  ['::1', ['::1/128'], true],
  ['10.0.0.1', ['not a range', '999.0.0.0/8', '10.0.0.0/99'], false],
])('A18 judges %s with %j allowed: %s', (address, allow, expected) => {
  expect(isAllowedAddress(address, allow)).toBe(expected);
});

test.each([
  ['http://127.0.0.1/', '127.0.0.1'],
  ['http://2130706433/', '127.0.0.1'],
  ['http://0177.0.0.1/', '127.0.0.1'],
  ['http://0x7f.1/', '127.0.0.1'],
  ['http://127.1/', '127.0.0.1'],
  ['http://127.0.0.1./', '127.0.0.1'],
  ['http://[::1]/', '::1'],
  ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
  ['http://example.org/', null],
  ['http://localhost/', null],
])('A18 finds the address that the host of %s is', (url, expected) => {
  expect(addressIn(new URL(url).hostname)).toBe(expected);
});

test('A18 refuses a name that resolves to private addresses alone', async () => {
  await expect(resolve('localhost', [], true)).rejects.toMatchObject({
    code: 'fetch/private-address',
    message: expect.stringMatching(/^localhost resolves to .*(127\.0\.0\.1|::1)/),
  });
});

test('A18 hands the socket only the addresses that are allowed', async () => {
  expect(await resolve('localhost', ['127.0.0.0/8'], true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
});

test('passes on a single address when not all are requested', async () => {
  expect(await resolve('localhost', ['127.0.0.0/8'], false)).toEqual([{ address: '127.0.0.1', family: 4 }]);
});

test('passes on the error of the resolver', async () => {
  await expect(resolve('nowhere.invalid', [], true)).rejects.toMatchObject({ code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
});

test('A18 lets a name that changes between two connections reach only allowed addresses', async () => {
  const answers = [['127.0.0.2'], ['127.0.0.3'], ['127.0.0.3', '127.0.0.2']];
  let asked = 0;
  const rebinding = createLookup(['127.0.0.2/32'], (_, __, callback) =>
    callback(
      null,
      (answers[asked++] ?? []).map((address) => ({ address, family: 4 })),
    ),
  );
  await using open = await startHostile((socket) => void socket.end('public'), '127.0.0.2');
  const port = Number(open.authority.split(':')[1]);
  const dial = () =>
    new Promise<string>((done) => {
      const socket = connect({ host: 'rebinding.test', port, lookup: rebinding });
      socket.on('error', (error) => done('code' in error ? String(error.code) : error.message));
      socket.on('data', (bytes) => done(`${bytes.toString()} ${socket.remoteAddress}`));
    });
  expect(await dial()).toBe('public 127.0.0.2');
  expect(await dial()).toBe('fetch/private-address');
  expect(await dial()).toBe('public 127.0.0.2');
  expect(asked).toBe(3);
});

function resolve(host: string, allow: readonly string[], all: boolean): Promise<readonly LookupAddress[]> {
  return new Promise((done, fail) => {
    createLookup(allow)(host, { all }, (error, address, family = 0) => {
      if (error !== null) fail(error);
      else done(typeof address === 'string' ? [{ address, family }] : address);
    });
  });
}
