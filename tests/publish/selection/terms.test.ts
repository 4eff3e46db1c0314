import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { guessMediaType, toLanguageTag, toMediaType, toWebUrl } from '../../../src/publish/selection/terms.ts';

function check(convert: (text: string) => string | null, text: string, expected: string | null): void {
  expect(convert(text)).toBe(expected);
}

test.each([
  ['https://a.example.com/x?a=1&b=[2]#c', 'https://a.example.com/x?a=1&b=%5B2%5D#c'],
  ['HTTPS://A.example.com/~x', 'HTTPS://A.example.com/~x'],
  [' https://a.example.com ', 'https://a.example.com'],
  ['https://[2001:db8::1]/a[1]', 'https://[2001:db8::1]/a%5B1%5D'],
  ['https://a.example.com/a b|c^d`{e}"<>\\', 'https://a.example.com/a%20b%7Cc%5Ed%60%7Be%7D%22%3C%3E/'],
  ['https://a.example.com/100%', 'https://a.example.com/100%25'],
  ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
  ['https://a.example.com/\u202e', 'https://a.example.com/%E2%80%AE'],
  ['https://bank.example@a.example.com/x', 'https://a.example.com/x'],
  ['https://u:p@a.example.com/x?y#z', 'https://a.example.com/x?y#z'],
  ['http:a.example.com', null],
  ['http:///a', null],
  ['http://', null],
  ['http://a b/', null],
  ['http://a.example.com:99999/', null],
  ['http:\\\\a.example.com\\x', null],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['/a', null],
  ['', null],
])('the address %j becomes %j', (text, expected) => check(toWebUrl, text, expected));

test('an address becomes a valid URI on the same host', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const address = `https://a.example.com/${text}`;
      const written = toWebUrl(address);
      expect(written).toMatch(/^https:\/\/a\.example\.com(\/|$)([\w\-.~:/?#@!$&'()*+,;=]|%[0-9a-fA-F]{2})*$/);
      expect(URL.canParse(written ?? '')).toBe(true);
    }),
  );
});

test.each([
  ['audio/mpeg', 'audio/mpeg'],
  ['Audio/MPEG; charset="x', 'audio/mpeg'],
  ['application/atom+xml', 'application/atom+xml'],
  ['audio', null],
  ['/mpeg', null],
  ['a b', null],
  ['audio/mp3,audio/ogg', null],
  ['*/*', null],
  ['image/*', null],
  [`a/${'b'.repeat(5000)}`, null],
])('the media type %j becomes %j', (text, expected) => check(toMediaType, text, expected));

test.each([
  ['https://a.example.com/x.mp3?y', 'audio/mpeg'],
  ['https://a.example.com/x.JPG', 'image/jpeg'],
  ['https://a.example.com/x', null],
  ['https://a.example.com/x.php', null],
])('the file ending of %j gives the media type %j', (text, expected) => check(guessMediaType, text, expected));

test.each([
  ['en', 'en'],
  ['en_US', 'en-US'],
  ['EN-us', 'en-US'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['en_US.UTF-8', null],
  ['English', null],
  ['zz-zz-zz', null],
  ['en-US-US', null],
  ['en"><x', null],
  ['', null],
])('the language %j becomes %j', (text, expected) => check(toLanguageTag, text, expected));
