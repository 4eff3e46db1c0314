import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from '../../src/parse/decode.ts';

interface Sent {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
}

/** The text, and whether a problem was told. */
function check({ bytes, contentType }: Sent, expected: string, problems = 0): void {
  const decoded = decode(bytes, contentType ?? null);
  expect(decoded.text).toBe(expected);
  expect(decoded.problems.map((problem) => problem.code)).toEqual(Array(problems).fill('decode/charset'));
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const utf16le = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const join = (...parts: readonly (readonly number[] | Uint8Array)[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const declare = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>`;

test.each<[string, Sent, string]>([
  ['UTF-8 with a mark', { bytes: join([0xef, 0xbb, 0xbf], utf8('é€😀')) }, 'é€😀'],
  ['UTF-16, little end first', { bytes: join([0xff, 0xfe], utf16le('é€😀')) }, 'é€😀'],
  ['UTF-16, big end first', { bytes: join([0xfe, 0xff], utf16be('é€😀')) }, 'é€😀'],
  ['a mark against the HTTP charset', { bytes: join([0xef, 0xbb, 0xbf], utf8('é')), contentType: 'text/xml; charset=iso-8859-1' }, 'é'],
  ['a mark against the declaration', { bytes: join([0xff, 0xfe], utf16le(`${declare('utf-8')}é`)) }, `${declare('utf-8')}é`],
  ['UTF-16 XML without a mark, little', { bytes: utf16le(`${declare('utf-16')}é`) }, `${declare('utf-16')}é`],
  ['UTF-16 XML without a mark, big', { bytes: utf16be('<a>é</a>') }, '<a>é</a>'],
  ['the HTTP charset', { bytes: latin1('caf\xe9'), contentType: 'text/plain; charset="ISO-8859-1"' }, 'café'],
  [
    'the HTTP charset against the declaration',
    { bytes: latin1(`${declare('utf-8')}\xe9`), contentType: 'text/xml;Charset=latin1' },
    `${declare('utf-8')}é`,
  ],
  ['the declaration', { bytes: latin1(`${declare('iso-8859-1')}caf\xe9`) }, `${declare('iso-8859-1')}café`],
  ['iso-8859-1, which means windows-1252', { bytes: latin1(`${declare('ISO-8859-1')}\x80 \x93a\x94`) }, `${declare('ISO-8859-1')}€ “a”`],
  [
    'a declaration in single quotes',
    { bytes: latin1("<?xml version='1.0' encoding='windows-1251'?>\xcf") },
    "<?xml version='1.0' encoding='windows-1251'?>П",
  ],
  ['Shift_JIS', { bytes: join(utf8(declare('Shift_JIS')), [0x93, 0xfa, 0x96, 0x7b]) }, `${declare('Shift_JIS')}日本`],
  ['a charset in meta', { bytes: latin1('<meta charset="iso-8859-2">\xb1') }, '<meta charset="iso-8859-2">ą'],
  ['UTF-8 that nobody declared', { bytes: utf8('é') }, 'é'],
  ['UTF-8 that calls itself UTF-16', { bytes: utf8(`${declare('UTF-16')}é`) }, `${declare('UTF-16')}é`],
  ['nothing', { bytes: new Uint8Array() }, ''],
])('reads %s', (_, sent, expected) => check(sent, expected));

test.each<[string, Sent, string]>([
  ['windows-1252 that nobody declared', { bytes: latin1('\x93caf\xe9\x94 \x80') }, '“café” €'],
  ['windows-1252 that calls itself UTF-8', { bytes: latin1(`${declare('utf-8')}\x80`) }, `${declare('utf-8')}€`],
  ['an unknown charset', { bytes: utf8(`${declare('klingon')}é`) }, `${declare('klingon')}é`],
  [
    'an unknown HTTP charset, by the declaration',
    { bytes: latin1(`${declare('iso-8859-1')}\xe9`), contentType: 'text/xml; charset=none' },
    `${declare('iso-8859-1')}é`,
  ],
  ['UTF-8 with a mark and a bad byte', { bytes: join([0xef, 0xbb, 0xbf], utf8('aé'), [0xff], utf8('b')) }, 'aé\ufffdb'],
  ['UTF-16 that is cut off', { bytes: join([0xff, 0xfe], utf16le('ab'), [0x61]) }, 'ab\ufffd'],
])('reads %s and says so', (_, sent, expected) => check(sent, expected, 1));

test('gives back every well-formed text in UTF-8 and marked UTF-16', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // The first character says the charset of one that is not marked, and a second mark is text.
      check({ bytes: join([0xef, 0xbb, 0xbf], utf8(text)) }, text);
      check({ bytes: join([0xff, 0xfe], utf16le(text)) }, text);
      check({ bytes: join([0xfe, 0xff], utf16be(text)) }, text);
    }),
  );
});

test('throws on no bytes and no header', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.oneof(
        fc.constant(null),
        fc.string(),
        fc.string().map((label) => `a;charset=${label}`),
      ),
      (bytes, contentType) => {
        expect(typeof decode(bytes, contentType).text).toBe('string');
      },
    ),
  );
});
