import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBlocks } from '../../../src/normalise/text/blocks.ts';
import { toComparable, htmlToText } from '../../../src/normalise/text/text.ts';

/** Checks a text's words, the kinds of its blocks with their markup, and its comparable form. */
function check(html: string, expected: { text?: string; blocks?: readonly string[]; comparable?: string }): void {
  const read = {
    text: htmlToText(html),
    blocks: toBlocks(html).map((block) => `${block.kind} ${block.html}`),
    comparable: toComparable(html),
  };
  expect(read).toMatchObject(expected);
  expect(
    toBlocks(html)
      .map((block) => block.html)
      .join(''),
  ).toBe(html);
}

test.each([
  ['<p>One &amp; two</p><p>Three&nbsp;four</p>', 'One & two\n\nThree four'],
  ['One<br>two<br><br>three', 'One\ntwo\n\nthree'],
  ['<h2>Head</h2>\n <ul><li>a</li><li>b</li></ul>', 'Head\n\na\n\nb'],
  ['a<script>var x = "<p>no</p>";</script><style>p{}</style>b', 'ab'],
  ['<template><p>no</p></template><noscript><img></noscript>yes', 'yes'],
  ['Cut off here <a hre', 'Cut off here'],
  ['Cut off here <a href="x', 'Cut off here'],
  ['<p>Not a tag: 1 < 2 and a<', 'Not a tag: 1 < 2 and a<'],
  ['Wire <ABC.N> and <Acme Corp> by <me@example.org>', 'Wire <ABC.N> and <Acme Corp> by <me@example.org>'],
  ['wo<b>r</b>d and <i>x</i>\n<b>y</b>\n \nz', 'word and x y\n\nz'],
  ['first\nline\n\nsecond', 'first line\n\nsecond'],
  ['<img alt="picture">words', 'words'],
  ['<html:p>a</html:p><html:p>b</html:p>', 'a\n\nb'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
  ['<![CDATA[kept]]> &#x201C;q&#8221; &bogus; &', 'kept “q” &bogus; &'],
  ['', ''],
])('reads the words of %j', (html, text) => check(html, { text }));

test.each([
  ['<p>a</p>\n<hr>\n<p>b</p>', ['text <p>a</p>\n', 'break <hr>\n', 'text <p>b</p>']],
  ['<div>\n<p>a</p><p>* * *</p><p>b</p></div>', ['frame <div>', 'text \n<p>a</p>', 'break <p>* * *</p>', 'text <p>b</p>', 'frame </div>']],
  ['a<br><br>b<br>c', ['text a<br><br>', 'text b<br>c']],
  ['<p>a<br/><br/>b</p>', ['frame <p>', 'text a<br/><br/>', 'text b', 'frame </p>']],
  ['<p>a<p>b<blockquote><p>c</blockquote>', ['text <p>a', 'text <p>b', 'other <blockquote><p>c</blockquote>']],
  ['a\n\n***\n\nb', ['text a\n\n', 'break ***\n\n', 'text b']],
  ['<p>•&nbsp;•&nbsp;•</p><p>⁂</p><p>---</p><p>———</p><p>**</p>', ['break', 'break', 'break', 'break', 'text']],
  ['<figure><img><figcaption>c</figcaption></figure><p>b</p>', ['other', 'text']],
  ['<div><p>x</p><ul><li>y</li></ul></div><p>one two</p>', ['other', 'text']],
  ['<p><img src="a.png"></p><p>b</p>', ['other', 'text']],
  ['<b>a<p>b</p></i></div>', ['frame <b>', 'text a', 'text <p>b</p></i></div>']],
  ['', []],
])('cuts %j into blocks', (html, blocks) => {
  check(html, { blocks: blocks.map((block, index) => (block.includes(' ') ? block : `${block} ${toBlocks(html)[index]?.html}`)) });
});

test.each([
  ['The “Price”: 1,674,000 — up 3.5%!', 'the price 1,674,000 up 3.5'],
  ['co\u00ADop\u200Beration', 'cooperation'],
  ['ＡＢＣ１２ ﬁn', 'abc12 fin'],
  ['Élan — ЁЖ 日本語、15時', 'élan ёж 日本語 15時'],
  ['… !', ''],
])('keeps only letters and numbers of %j', (text, comparable) => check(text, { comparable }));

test('blocks of any string join to the string, and none throws', () => {
  const pieces = fc.constantFrom(
    '<p>',
    '</p>',
    '<div>',
    '</div>',
    '<br>',
    '<hr/>',
    '<b>',
    '</b>',
    '<blockquote>',
    '</blockquote>',
    '<ul>',
    '<li>',
    '<',
    '&',
    '\n\n',
    'a',
    '***',
    '<script>',
    '</script>',
    '<!--',
    '-->',
    '<x y="',
    '"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((parts) => parts.join('')),
      ),
      (html) => check(html, {}),
    ),
  );
});
