import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from '../../../src/parse/text/decode.ts';

interface Sent {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
}

/** Expects the text, and the number of reported problems. */
function check({ bytes, contentType }: Sent, expected: string, problems = 0): void {
  const decoded = decodeText(bytes, contentType ?? null);
  expect(decoded.text).toBe(expected);
  expect(decoded.problems.map((problem) => problem.code)).toEqual(Array(problems).fill('decode/charset'));
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const utf16le = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const utf32 = (text: string, isLittle: boolean) => {
  const bytes = new DataView(new ArrayBuffer(Array.from(text).length * 4));
  for (const [index, character] of Array.from(text).entries()) bytes.setUint32(index * 4, character.codePointAt(0) ?? 0, isLittle);
  return new Uint8Array(bytes.buffer);
};
const join = (...parts: readonly (readonly number[] | Uint8Array)[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const declare = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>`;

test.each<[string, Sent, string]>([
  ['UTF-8 with a byte order mark', { bytes: join([0xef, 0xbb, 0xbf], utf8('é€😀')) }, 'é€😀'],
  ['UTF-16, little endian', { bytes: join([0xff, 0xfe], utf16le('é€😀')) }, 'é€😀'],
  ['UTF-16, big endian', { bytes: join([0xfe, 0xff], utf16be('é€😀')) }, 'é€😀'],
  [
    'a byte order mark despite the HTTP charset',
    { bytes: join([0xef, 0xbb, 0xbf], utf8('é')), contentType: 'text/xml; charset=iso-8859-1' },
    'é',
  ],
  ['a byte order mark despite the declaration', { bytes: join([0xff, 0xfe], utf16le(`${declare('utf-8')}é`)) }, `${declare('utf-8')}é`],
  ['UTF-16 XML without a mark, little endian', { bytes: utf16le(`${declare('utf-16')}é`) }, `${declare('utf-16')}é`],
  ['UTF-16 XML without a mark, big endian', { bytes: utf16be('<a>é</a>') }, '<a>é</a>'],
  ['the HTTP charset', { bytes: latin1('caf\xe9'), contentType: 'text/plain; charset="ISO-8859-1"' }, 'café'],
  [
    'the HTTP charset despite the declaration',
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
  ['undeclared UTF-8', { bytes: utf8('é') }, 'é'],
  ['UTF-8 declared as UTF-16', { bytes: utf8(`${declare('UTF-16')}é`) }, `${declare('UTF-16')}é`],
  ['nothing', { bytes: new Uint8Array() }, ''],
  ['UTF-32 with a mark, little endian', { bytes: join([0xff, 0xfe, 0, 0], utf32('<a>😀', true)) }, '<a>😀'],
  ['UTF-32 with a mark, big endian', { bytes: join([0, 0, 0xfe, 0xff], utf32('a😀', false)) }, 'a😀'],
  ['UTF-32 XML without a mark', { bytes: utf32('<a>é</a>', true) }, '<a>é</a>'],
  ['UTF-16 XML without a mark, after a line end', { bytes: utf16le('\n<a>é</a>') }, '\n<a>é</a>'],
  ['GB2312', { bytes: join(utf8(declare('GB2312')), [0xd6, 0xd0, 0xce, 0xc4]) }, `${declare('GB2312')}中文`],
  ['GB18030', { bytes: join(utf8(declare('gb18030')), [0x81, 0x30, 0x81, 0x30]) }, `${declare('gb18030')}\u0080`],
  ['Big5', { bytes: join(utf8(declare('Big5')), [0xa4, 0xa4, 0xa4, 0xe5]) }, `${declare('Big5')}中文`],
  ['EUC-JP', { bytes: join(utf8(declare('EUC-JP')), [0xc6, 0xfc, 0xcb, 0xdc]) }, `${declare('EUC-JP')}日本`],
  ['EUC-KR', { bytes: join(utf8(declare('euc-kr')), [0xc7, 0xd1, 0xb1, 0xdb]) }, `${declare('euc-kr')}한글`],
  [
    'ISO-2022-JP',
    { bytes: join(utf8(declare('iso-2022-jp')), [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42]) },
    `${declare('iso-2022-jp')}日`,
  ],
  ['KOI8-R', { bytes: join(utf8(declare('KOI8-R')), [0xcd, 0xc9, 0xd2]) }, `${declare('KOI8-R')}мир`],
  ['iso-8859-15', { bytes: latin1(`${declare('ISO-8859-15')}\xa4`) }, `${declare('ISO-8859-15')}€`],
  ['x-mac-roman', { bytes: latin1(`${declare('x-mac-roman')}\x8e`) }, `${declare('x-mac-roman')}é`],
  // The next four are also valid UTF-8, by coincidence.
  ['one character of GBK', { bytes: join(utf8(declare('gbk')), [0xd2, 0xbb]) }, `${declare('gbk')}一`],
  ['two characters of GBK', { bytes: join(utf8(declare('gbk')), [0xcd, 0xbc, 0xca, 0xbb]) }, `${declare('gbk')}图驶`],
  ['one syllable of EUC-KR', { bytes: join(utf8(declare('euc-kr')), [0xc3, 0xbc]) }, `${declare('euc-kr')}체`],
  ['half-width katakana of Shift_JIS', { bytes: join(utf8(declare('shift_jis')), [0xc3, 0xbd, 0xc4]) }, `${declare('shift_jis')}ﾃｽﾄ`],
  ['ASCII text declared as gbk', { bytes: utf8(`${declare('gbk')}plain`) }, `${declare('gbk')}plain`],
  ['a charset name of Windows', { bytes: join(utf8(declare('cp932')), [0x93, 0xfa]) }, `${declare('cp932')}日`],
  ['a charset name of Python', { bytes: latin1(`${declare('utf_8')}a`) }, `${declare('utf_8')}a`],
])('reads %s', (_, sent, expected) => check(sent, expected));

test.each<[string, Sent, string]>([
  ['undeclared windows-1252', { bytes: latin1('\x93caf\xe9\x94 \x80') }, '“café” €'],
  ['windows-1252 declared as UTF-8', { bytes: latin1(`${declare('utf-8')}\x80`) }, `${declare('utf-8')}€`],
  ['an unknown charset', { bytes: utf8(`${declare('klingon')}é`) }, `${declare('klingon')}é`],
  [
    'an unknown HTTP charset beside a declaration',
    { bytes: latin1(`${declare('iso-8859-1')}\xe9`), contentType: 'text/xml; charset=none' },
    `${declare('iso-8859-1')}é`,
  ],
  ['UTF-8 with a mark and a bad byte', { bytes: join([0xef, 0xbb, 0xbf], utf8('aé'), [0xff], utf8('b')) }, 'aé\ufffdb'],
  ['UTF-8 with one byte of windows-1252', { bytes: join(utf8('“Zoë” naïve '), [0xe9], utf8(' déjà')) }, '“Zoë” naïve é déjà'],
  ['UTF-8 that is cut off', { bytes: join(utf8('“Zoë” naïve'), [0xe2, 0x80]) }, '“Zoë” naïve\ufffd'],
  ['UTF-8 declared as iso-8859-1', { bytes: utf8(`${declare('iso-8859-1')}é`) }, `${declare('iso-8859-1')}é`],
  ['UTF-8 that HTTP declares as iso-8859-1', { bytes: utf8('é'), contentType: 'text/xml; charset=iso-8859-1' }, 'é'],
  [
    'UTF-8 that HTTP declares as gbk',
    { bytes: utf8('<a>标题：第一篇文章</a>'), contentType: 'text/xml; charset=gbk' },
    '<a>标题：第一篇文章</a>',
  ],
  [
    'UTF-8 that HTTP declares as gb2312 and XML as UTF-8',
    { bytes: utf8(`${declare('UTF-8')}中`), contentType: 'text/xml; charset=GB2312' },
    `${declare('UTF-8')}中`,
  ],
  ['UTF-8 declared as Shift_JIS', { bytes: utf8(`${declare('Shift_JIS')}日本語`) }, `${declare('Shift_JIS')}日本語`],
  ['UTF-8 declared as Big5', { bytes: utf8(`${declare('big5')}“中文”`) }, `${declare('big5')}“中文”`],
  ['UTF-8 declared as EUC-KR', { bytes: utf8(`${declare('euc-kr')}한글`) }, `${declare('euc-kr')}한글`],
  ['one accent in UTF-8 declared as gbk', { bytes: utf8(`${declare('gbk')}café`) }, `${declare('gbk')}café`],
  ['UTF-8 declared as windows-1251', { bytes: utf8(`${declare('windows-1251')}мир`) }, `${declare('windows-1251')}мир`],
  ['UTF-8 declared as KOI8-R', { bytes: utf8(`${declare('koi8-r')}Да`) }, `${declare('koi8-r')}Да`],
  ['UTF-8 declared as iso-8859-2', { bytes: utf8(`${declare('iso-8859-2')}ąę – ł`) }, `${declare('iso-8859-2')}ąę – ł`],
  ['UTF-8 declared as iso-8859-15', { bytes: utf8(`${declare('iso-8859-15')}5 €`) }, `${declare('iso-8859-15')}5 €`],
  ['UTF-8 declared as macintosh', { bytes: utf8(`${declare('macintosh')}é😀`) }, `${declare('macintosh')}é😀`],
  ['UTF-8 that meta declares as gbk', { bytes: utf8('<meta charset="gbk">文章') }, '<meta charset="gbk">文章'],
  [
    'cut UTF-8 that HTTP declares as gbk',
    { bytes: utf8('<a>标题：第一篇文章').subarray(0, -1), contentType: 'text/xml; charset=gbk' },
    '<a>标题：第一篇文\ufffd',
  ],
  [
    'UTF-8 with one byte of another charset that HTTP declares as iso-8859-1',
    { bytes: join(utf8('“Zoë” naïve „Ödland“ à côté '), [0xe9], utf8(' déjà')), contentType: 'text/xml; charset=iso-8859-1' },
    '“Zoë” naïve „Ödland“ à côté é déjà',
  ],
  ['GBK with a bad byte', { bytes: join(utf8(declare('gbk')), [0xd6, 0xd0, 0xff, 0xce, 0xc4]) }, `${declare('gbk')}中\ufffd文`],
  ['UTF-16 that is cut off', { bytes: join([0xff, 0xfe], utf16le('ab'), [0x61]) }, 'ab\ufffd'],
])('reads %s and reports it', (_, sent, expected) => check(sent, expected, 1));

test('reads any well-formed text in UTF-8 and marked UTF-16 unchanged', () => {
  fc.assert(
    // A zero behind the UTF-16 mark makes it the UTF-32 mark; no document begins with one.
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !text.startsWith('\0')),
      (text) => {
        // The first character determines the charset of an unmarked text, and a second mark is
        // text.
        check({ bytes: join([0xef, 0xbb, 0xbf], utf8(text)) }, text);
        check({ bytes: join([0xff, 0xfe], utf16le(text)) }, text);
        check({ bytes: join([0xfe, 0xff], utf16be(text)) }, text);
      },
    ),
  );
});

test('never throws on random bytes and headers', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.oneof(
        fc.constant(null),
        fc.string(),
        fc.string().map((label) => `a;charset=${label}`),
      ),
      (bytes, contentType) => {
        expect(typeof decodeText(bytes, contentType).text).toBe('string');
      },
    ),
  );
});
