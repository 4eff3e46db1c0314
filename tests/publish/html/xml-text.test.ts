import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { element, escapeXml, isAbsoluteIri, toXmlChars } from '../../../src/publish/html/xml-text.ts';
import { parseStrictly } from '../../support/strict-xml.ts';

function check(text: string, expected: string): void {
  expect(toXmlChars(text)).toBe(expected);
}

test.each([
  ['a\u0000b\u0008c\u000bd\u001fe\u007ff', 'abcdef'],
  ['\t\n\r', '\t\n\r'],
  ['a\ufffeb\uffffc', 'abc'],
  ['\ud800a\udfff', '\ufffda\ufffd'],
  ['😀\u{10fffd}', '😀\u{10fffd}'],
  ['a\ufdd0b\u{1fffe}c\u{10ffff}', 'abc'],
  ['\u0093caf\u00e9\u0094 \u0080\u0081', '“café” €'],
  ['\u0085', '…'],
  ['<&>"\']]>', '<&>"\']]>'],
])('%j becomes the XML characters %j', check);

test.each([
  ['https://a.example.com/', true],
  ['urn:uuid:5d8ff5f4-3d9f-5f4a-9c3e-0b5a4a1f6a01', true],
  ['tag:a,2026:ü', true],
  ['abc123', false],
  ['/a', false],
  ['https:', false],
  ['https://', false],
  ['https:a.example.com', false],
  ['https:///a', false],
  ['https://[zz/a', false],
  ['urn:x', false],
  ['urn:uuid:5d8f', false],
  ['urn:isbn:0451450523', true],
  ['yt:video:abc', true],
  ['javascript:alert(1)', false],
  ['data:,x', false],
  ['https://a.example.com/\u202e', false],
  ['a b:c', false],
  ['https://a.example.com/a b', false],
  ['https://a.example.com/<b>', false],
  ['', false],
])('%j may be an atom:id: %s', (text, expected) => expect(isAbsoluteIri(text)).toBe(expected));

test('line ends and tabs in attributes survive a parser', () => {
  // XML 1.0 §3.3.3: parsers read literal ones as spaces.
  expect(element('a', { b: 'x\n\t\r"<', c: null }, null)).toBe('<a b="x&#10;&#9;&#13;&quot;&lt;"/>');
});

test('every string survives as text and as an attribute', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(']]>', '&', '<', '"', "'", '\ud800', '\u0000', '&#0;', '<!--')).map((parts) => parts.join('')),
      ),
      (text) => {
        const { attributes, text: content } = parseStrictly(element('a', { b: text }, { xml: element('c', {}, text) }));
        expect(content).toBe(toXmlChars(text));
        expect(attributes['b']).toBe(toXmlChars(text));
        expect(escapeXml(toXmlChars(text))).toBe(escapeXml(text));
      },
    ),
  );
});

test.each(['<a>', '<a b=c/>', '<a>&nbsp;</a>', '<a>\u0000</a>', '<a>\ufffe</a>', '<a>]]></a>', '<b:a/>', '<a/><a/>', 'a', '<a b="<"/>'])(
  'the parser of these tests refuses %j',
  (xml) => {
    expect(() => parseStrictly(xml)).toThrow(/./);
  },
);
