import * as fc from 'fast-check';
import { parseFragment, serialize, type DefaultTreeAdapterTypes } from 'parse5';
import { expect, test } from 'vitest';
import { toPageText } from '../../../../src/publish/html/page/text.ts';
import { sanitise } from '../../../../src/publish/html/sanitise.ts';
import { hostileEntries, hostileTitles } from '../../../support/hostile-entries.ts';
import { findHtmlFaults } from '../../../support/html-check.ts';
import { findForbidden } from './strict-html.ts';
import { cases, sample } from '../../../support/scale.ts';

const base = 'https://a.example.com/b/c';
const REL = 'rel="nofollow noreferrer"';
const LAZY = 'loading="lazy" decoding="async" referrerpolicy="no-referrer"';
const WIDE = '<div class="wide" tabindex="0" role="group" aria-label="Table">';

function check(html: string, expected: string, images = true): void {
  expect(toPageText(html, base, { images, headingLevel: 3 })).toBe(expected);
}

test.each([
  ['<h1>a</h1><h4>b</h4><h6>c</h6><h4>d</h4><h2>e</h2>', '<h3>a</h3><h4>b</h4><h5>c</h5><h4>d</h4><h4>e</h4>'],
  ['<h4>a</h4><h2>b</h2><h3>c</h3>', '<h3>a</h3><h3>b</h3><h4>c</h4>'],
  ['<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5>', '<h3>a</h3><h4>b</h4><h5>c</h5><h6>d</h6><h6>e</h6>'],
  ['<h2></h2><h2> &nbsp;</h2><h2><b></b></h2>x', 'x'],
  ['<h2>&#8203;</h2>', '<div>\u200b</div>'],
  ['<h2><img src="i.png" alt=""></h2>', `<div><img src="https://a.example.com/b/i.png" alt="" ${LAZY}></div>`],
  ['<h2>a<div>b</div><ul><li>c</ul></h2>', '<h3>a b c </h3>'],
])('the outline of %j is without gaps', (html, expected) => check(html, expected));

test.each([
  ['<img src="i.png" alt="x">', `<img src="https://a.example.com/b/i.png" alt="x" ${LAZY}>`],
  ['<img src="i.png" width="30" height="050">', `<img src="https://a.example.com/b/i.png" alt="" width="30" height="50" ${LAZY}>`],
  ['<img src="i.png" width="100%" height="3.5">', `<img src="https://a.example.com/b/i.png" alt="" ${LAZY}>`],
  ['<img src="i.png" title="t">', `<img src="https://a.example.com/b/i.png" alt="" ${LAZY}>`],
  ['<img src="i.png" width="1" height="1">a<img src="i.png" height="0" alt="pixel">', 'a'],
  ['<img src="javascript:alert(1)" alt="a cat"> <img>', 'a cat'],
  ['<img src="mailto:a@example.com" alt="">', ''],
  [
    '<a href="https://x.example/y"><img src="i.png"></a>',
    `<a href="https://x.example/y" ${REL}><img src="https://a.example.com/b/i.png" alt="x.example" ${LAZY}></a>`,
  ],
  [
    '<p><a href="https://x.example/"><img src="i.png" alt="Cat"> Cat</a></p>',
    `<p><a href="https://x.example/" ${REL}><img src="https://a.example.com/b/i.png" alt="" ${LAZY}> Cat</a></p>`,
  ],
  ['<picture><source src="i.webp"><img src="i.png" alt="x"></picture>', `<img src="https://a.example.com/b/i.png" alt="x" ${LAZY}>`],
  [
    '<video src="v.mp4" poster="p.png" width="9" autoplay>no video</video>',
    '<video src="https://a.example.com/b/v.mp4" poster="https://a.example.com/b/p.png" width="9" controls="" preload="none">no video</video>',
  ],
  [
    '<audio><source src="s.mp3" type="audio/mpeg"><source src="s.ogg" type="x"></audio>',
    '<audio controls="" preload="none"><source src="https://a.example.com/b/s.mp3" type="audio/mpeg"><source src="https://a.example.com/b/s.ogg"></audio>',
  ],
  [
    '<a href="https://x.example/">a<audio src="s.mp3"></audio>b</a>',
    `<a href="https://x.example/" ${REL}>a</a><audio src="https://a.example.com/b/s.mp3" controls="" preload="none"></audio><a href="https://x.example/" ${REL}>b</a>`,
  ],
  ['<audio>none here</audio>', 'none here'],
])('media %j becomes %j', (html, expected) => check(html, expected));

test.each([
  ['<img src="d/i%20j.png">', `<a href="https://a.example.com/b/d/i%20j.png" ${REL}>i j.png</a>`],
  ['<p>x <img src="i.png" alt="A cat"></p>', `<p>x <a href="https://a.example.com/b/i.png" ${REL}>A cat</a></p>`],
  ['<img src="https://i.example/%ff">', `<a href="https://i.example/%ff" ${REL}>%ff</a>`],
  ['<img src="https://i.example/">', `<a href="https://i.example/" ${REL}>i.example</a>`],
  ['<a href="https://x.example/"><img src="i.png" alt="A cat"></a>', `<a href="https://x.example/" ${REL}>A cat</a>`],
  ['<a href="https://x.example/"><img src="i.png"></a>', `<a href="https://x.example/" ${REL}>x.example</a>`],
  ['<video poster="p.png"><source src="v.mp4">old</video>', `<a href="https://a.example.com/b/v.mp4" ${REL}>v.mp4</a> old`],
  ['<audio src="s.mp3" controls></audio>', `<a href="https://a.example.com/b/s.mp3" ${REL}>s.mp3</a>`],
])('without images %j loads nothing from other hosts', (html, expected) => check(html, expected, false));

test.each([
  ['<a href="/d" title=" t " hreflang="de">x</a>', `<a href="https://a.example.com/d" hreflang="de" title="t" ${REL}>x</a>`],
  ['<a href="mailto:a@example.com">x</a>', `<a href="mailto:a@example.com" ${REL}>x</a>`],
  ['<a>x</a><a href="http://[">y</a><a href="/d"> </a><a href="/d">&#8203;</a>', 'xy \u200b'],
  ['<a href="/1">x<a href="/2">y</a></a>', `<a href="https://a.example.com/1" ${REL}>x</a><a href="https://a.example.com/2" ${REL}>y</a>`],
  [
    '<a href="/1"><h2>t</h2><p>u</p></a>',
    `<h3><a href="https://a.example.com/1" ${REL}>t</a></h3><p><a href="https://a.example.com/1" ${REL}>u</a></p>`,
  ],
])('links %j become %j', (html, expected) => check(html, expected));

test.each([
  ['<ul>a <i>b</i> c<li>d</li><p>e</p></ul>', '<ul><li>a <i>b</i> c</li><li>d</li><li><p>e</p></li></ul>'],
  ['<ul><li>a</li><ul><li>b</li></ul></ul>', '<ul><li>a<ul><li>b</li></ul></li></ul>'],
  ['<ul></ul><ol> </ol><ul><li></li></ul>', ''],
  ['<ol start="3" reversed><li>a</ol><ol start="x"><li>b</ol>', '<ol start="3" reversed=""><li>a</li></ol><ol><li>b</li></ol>'],
  ['<li>a</li><dd>b</dd><dt>c</dt><summary>d</summary>', '<div>a</div><div>b</div><div>c</div><div>d</div>'],
  ['<dl><dt>a</dt><dd>b</dd><dt>c</dt><dt>d</dt><dd>e</dd></dl>', '<dl><dt>a</dt><dd>b</dd><dt>c</dt><dt>d</dt><dd>e</dd></dl>'],
  ['<dl><div><dt><h2>a</h2></dt><dd>b</dd></div></dl>', '<dl><dt><div>a</div></dt><dd>b</dd></dl>'],
  ['<dl>x<dd>a</dd><dt>b</dt></dl>', '<div><div>x</div><div>a</div><div>b</div></div>'],
  ['<details>a</details>', '<details><summary>Details</summary>a</details>'],
  ['<details><summary><a href="/d">s</a></summary></details>', '<details><summary>s</summary></details>'],
  ['<details>a<summary>s<p>t</p></summary></details>', '<details><summary>s t </summary>a</details>'],
  [
    '<figure>a<figcaption>b</figcaption></figure><figure>c<figcaption>d</figcaption>e</figure>',
    '<figure>a<figcaption>b</figcaption></figure><figure>c<div>d</div>e</figure>',
  ],
  ['<figcaption>a</figcaption><rt>b</rt>', '<div>a</div>b'],
  ['<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>', '<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>'],
])('groups %j follow the content model', (html, expected) => check(html, expected));

test.each([
  [
    '<table><tr><th>a<th><tr><th>b<td>c</table>',
    `${WIDE}<table><tbody><tr><th scope="col">a</th><td></td></tr><tr><th scope="row">b</th><td>c</td></tr></tbody></table></div>`,
  ],
  [
    '<table><caption>x<p>y</p></caption><col><tfoot><tr><td>f<td>g</tfoot><thead><tr><th>a<th>b</thead></table>',
    `${WIDE}<table><caption>x y </caption><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tfoot><tr><td>f</td><td>g</td></tr></tfoot></table></div>`,
  ],
  [
    '<table><tr><td colspan="999" rowspan="2">a<td colspan="0" rowspan="x">b</table>',
    `${WIDE}<table><tbody><tr><td colspan="100" rowspan="2">a</td><td>b</td></tr></tbody></table></div>`,
  ],
  ['<table></table><table><tr><td> <td></table><table><caption>c</caption></table>', '<div>c</div>'],
  ['<table><tr><td>a<tr><td>b</table>', '<div>a</div><div>b</div>'],
  [
    '<table><tr><td>a<td><table><tr><td>b<td>c</table></table>',
    `<div>a</div><div>${WIDE}<table><tbody><tr><td>b</td><td>c</td></tr></tbody></table></div></div>`,
  ],
  ['<td>a</td><tr>b</tr>', 'ab'],
])('tables %j follow the content model', (html, expected) => check(html, expected));

test.each([
  ['<b>a<p>b</p>c</b>', '<b>a</b><p><b>b</b></p><b>c</b>'],
  ['<p>a<div>b</div>c', '<p>a</p><div>b</div>c'],
  ['<span><i><blockquote>a</blockquote></i></span>', '<blockquote><i>a</i></blockquote>'],
  ['<center>a</center><tt>b</tt><strike>c</strike><big>d</big>', '<div>a</div><code>b</code><s>c</s>d'],
  ['<section><aside>a</aside></section><address>b</address>', '<div><div>a</div></div><div>b</div>'],
  ['<pre>\n\n a<div>b</div></pre>', '<pre> a\nb\n</pre>'],
  ['<b></b><p></p><div> </div><p>&nbsp;</p><i> </i>', ''],
  ['<p>a</p><div>b</div>', '<p>a</p><div>b</div>'],
  ['a<br><br><br><br>b', 'a<br><br>b'],
  ['a<div></div>b', 'a b'],
  ['a\u0001\u0085b&#13;c\ufdd0', 'ab\nc'],
  ['<p lang="EN-us" dir="LTR">a</p><p lang="en_US" dir="up">b</p><p lang="qq">c</p>', '<p lang="en-US" dir="ltr">a</p><p>b</p><p>c</p>'],
  ['<bdo dir="rtl">a</bdo><bdo>b</bdo><bdi>c</bdi>', '<bdo dir="rtl">a</bdo>b<bdi>c</bdi>'],
  [`a${'\u0301'.repeat(20)}`, `a${'\u0301'.repeat(16)}`],
  ['<b><b>a</b></b><dfn><i><dfn>b</dfn></i></dfn>', '<b>a</b><dfn><i>b</i></dfn>'],
])('%j follows the content model', (html, expected) => check(html, expected));

test.each([
  '2026',
  '2026-11',
  '2026-11-24',
  '11-24',
  '09:05',
  '2026-11-24T09:05:01.5Z',
  '2026-11-24 09:05',
  '+01:00',
  '2026-W48',
  'P1DT2H',
  'PT3M',
])('the time %s is kept', (datetime) => check(`<time datetime="${datetime}">x</time>`, `<time datetime="${datetime}">x</time>`));

test.each(['', 'yesterday', '2026-13', '2026-11-32', '25:00', '24 Nov 2026', 'P', 'PT', '0000', 'P1Y'])(
  'the time %j is dropped',
  (datetime) => check(`<time datetime="${datetime}">x</time>`, 'x'),
);

type Node = DefaultTreeAdapterTypes.ChildNode;

const inPage = (text: string) =>
  `<!doctype html><html lang="en"><head><title>t</title></head><body><main><h1>t</h1><h2>u</h2><div class="text">${text}</div></main></body></html>`;

/** Counts the visible characters. */
function countCharacters(html: string): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (nodes: readonly Node[]) => {
    for (const node of nodes) {
      if ('childNodes' in node) count(node.childNodes);
      if ('value' in node && node.nodeName === '#text')
        for (const character of node.value
          .toWellFormed()
          .replace(/[\s\p{Cc}\p{M}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu, ''))
          counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  };
  count(parseFragment(html).childNodes);
  return counts;
}

/** Returns the faults of the text made from an entry, by the rules for every entry. */
async function findFaults(html: string): Promise<string[]> {
  const faults: string[] = [];
  for (const images of [true, false]) {
    const text = toPageText(html, base, { images, headingLevel: 3 });
    faults.push(...findForbidden(text, images), ...(await findHtmlFaults(inPage(text))));
    if (serialize(parseFragment(text)) !== text) faults.push('is not read back as the same tree');
    const counts = countCharacters(text);
    for (const [character, count] of countCharacters(sanitise(html, base)))
      if ((counts.get(character) ?? 0) < count) faults.push(`has lost ${character}`);
  }
  return faults;
}

test.each(sample(hostileEntries, 4))('the text of the hostile entry "$name" is inactive, valid and complete', async ({ html }) => {
  expect(await findFaults(html)).toEqual([]);
});

test('the hostile entries and titles have unique names, and most entries contain forbidden HTML', () => {
  for (const list of [hostileEntries, hostileTitles]) expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  expect(hostileEntries.length).toBeGreaterThan(200);
  expect(hostileEntries.filter(({ html }) => findForbidden(html, true).length === 0).length).toBeLessThan(40);
});

const fragments = [
  ...'a abbr b bdo blockquote br caption center code col dd del details dfn div dl dt em figcaption figure h1 h2 h4 hr i img li ol p picture pre q'.split(
    ' ',
  ),
  ...'rp rt ruby section small source span strike summary table tbody td tfoot th thead time tr tt u ul video audio wbr svg math form select'.split(
    ' ',
  ),
].flatMap((name) => [`<${name}>`, `</${name}>`, `<${name}>`, `<${name} lang=de>`]);

const withAttributes = (
  'x| |\n|&nbsp;|&#8203;|&#13;|<a href=/l>|<a href="/m" lang=fr>|<img src=/i>|<img src=/j alt="x">|<video src=/v>|<source src=/w>|<!--|-->|<|"|\'|' +
  '<td colspan=0 rowspan=200>|<time datetime=2026>|<bdo dir=rtl>|<ol start=5 reversed>'
).split('|');

test('any string and any soup of tags gives a valid text', async () => {
  const pieces = fc.constantFrom(...fragments, ...withAttributes);
  const soups = fc.array(pieces, { maxLength: 30, size: 'max' }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 1, arbitrary: fc.string({ unit: 'binary' }) }, { weight: 6, arbitrary: soups }), async (html) => {
      expect(await findFaults(html)).toEqual([]);
    }),
    { numRuns: cases(400) },
  );
});

/** Elements and characters, so that the bound does not depend on the machine. */
test.each([
  ['one word', 'a'.repeat(1e6), 1],
  ['cells', `<table><tr>${'<td>x'.repeat(1e5)}`, 4],
  ['open blocks', '<div>x'.repeat(1e5), 2],
  ['open lists', '<ul><li>x'.repeat(1e5), 2],
  ['open formatting', '<b>'.repeat(3e5), 1],
  ['open headings', '<h1><b>'.repeat(1e5), 1],
  ['formatting around paragraphs', `<p><b><i><u><s><em><strong><small><tt>${'<p>x</p>'.repeat(1e5)}`, 8],
  ['misplaced in a table', `<table>${'<br>x<b>y</b>'.repeat(5e4)}`, 2],
  ['links in links', `${'<a href=/x><div>'.repeat(20)}${'<br>x'.repeat(1e5)}${'<a href=/y>z'.repeat(1e4)}`, 8],
  ['empty links', '<a href=/x>&#8203;</a>'.repeat(4e4), 1],
])('a flood of %s grows by a small factor at most', (_, html, factor) => {
  const text = toPageText(html, base, { images: true, headingLevel: 3 });
  expect(text.length).toBeLessThanOrEqual(html.length * factor + 200);
  let depth = 0;
  let deepest = 0;
  for (const [tag] of text.matchAll(/<\/?[a-z][^>]*>/g)) {
    if (tag.startsWith('</')) depth--;
    else if (!/^<(?:br|img|hr|wbr)\b/.test(tag)) deepest = Math.max(deepest, ++depth);
  }
  expect(deepest).toBeLessThan(100);
});
