import { expect, test } from 'vitest';
import { parseArticle } from '../../../src/parse/parse.ts';
import { toCompact } from '../compact.ts';

/** Expects the article's fields without null and empty ones, and the codes of its problems; or the
 *  code of the refusal. */
function check(location: string, content: string | Uint8Array, expected: object | string, problems: readonly string[] = []): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const result = parseArticle({ bytes, contentType: null, url: `file:///articles/${location}` }, location);
  if (result.kind === 'refused') {
    expect(result.problem).toMatchObject({ code: expected, entry: location });
    return;
  }
  expect(result.feed.problems.map((problem) => [problem.code, problem.entry])).toEqual(problems.map((code) => [code, location]));
  expect(toCompact(result.feed.items[0])).toEqual({ titleType: 'text', location, ...(expected as object) });
}

test.each<[string, string, object]>([
  ['the first line as title', 'Title\nBody', { title: 'Title', html: '<p>Body</p>' }],
  ['the first line that is not empty', '\n \n  Title  \n\nBody\n', { title: 'Title', html: '<p>Body</p>' }],
  ['a title alone', 'Title', { title: 'Title', html: '' }],
  ['paragraphs and their lines', 'T\n\na\nb\n\n\n \nc', { title: 'T', html: '<p>a<br>\nb</p>\n<p>c</p>' }],
  ['CRLF and CR', 'T\r\n\r\na\r\nb\r\rc', { title: 'T', html: '<p>a<br>\nb</p>\n<p>c</p>' }],
  [
    'thematic breaks',
    'T\na\n***\nb\n* * *\nc\n---\nd\n - - - - \ne',
    { title: 'T', html: '<p>a</p>\n<hr>\n<p>b</p>\n<hr>\n<p>c</p>\n<hr>\n<p>d</p>\n<hr>\n<p>e</p>' },
  ],
  [
    'lines that are no thematic breaks',
    'T\n**\n\n*-*\n\n--- x\n\n* * x',
    { title: 'T', html: '<p>**</p>\n<p>*-*</p>\n<p>--- x</p>\n<p>* * x</p>' },
  ],
  [
    'markup as text',
    'a < b\n<hr> & <script>x</script>',
    { title: 'a < b', html: '<p>&lt;hr&gt; &amp; &lt;script&gt;x&lt;/script&gt;</p>' },
  ],
])('reads .txt: %s', (_, content, expected) => check('a.txt', content, expected));

test('reads every key of the front matter of .md', () => {
  const head = `---
title: "A: title"
Date: 2026-01-05T15:45:00+01:00
updated: 2026-01-06
author: [Ada, { name: Bo }]
tags: [a, 2]
id: tag:a,2026:1
link: https://a.example.com/1
summary: Less < more
language: de
image: i.png
---
# Another heading

*Body*
`;
  check('x/a.md', head, {
    title: 'A: title',
    published: '2026-01-05T15:45:00+01:00',
    updated: '2026-01-06',
    authors: [{ name: 'Ada' }, { name: 'Bo' }],
    categories: ['a', '2'],
    guid: 'tag:a,2026:1',
    url: 'https://a.example.com/1',
    summary: 'Less &lt; more',
    language: 'de',
    image: 'https://a.example.com/i.png',
    html: '<h1>Another heading</h1>\n<p><em>Body</em></p>',
  });
});

test.each<[string, string, object]>([
  ['a heading as title', '# My *title* ##\n\nBody', { title: 'My *title*', html: '<p>Body</p>' }],
  ['a heading with CRLF', '# Title\r\n\r\nBody\r\n', { title: 'Title', html: '<p>Body</p>' }],
  ['a heading that repeats the title once', '---\ntitle: T\n---\n# T\nBody', { title: 'T', html: '<p>Body</p>' }],
  ['front matter with CRLF', '---\r\ntitle: T\r\ntags: a, b\r\n---\r\nBody', { title: 'T', categories: ['a', 'b'], html: '<p>Body</p>' }],
  ['the file name as title', 'Body', { title: 'a b', html: '<p>Body</p>' }],
  ['empty keys as absent', '---\ntitle:\nauthor: ""\n---\nBody', { title: 'a b', html: '<p>Body</p>' }],
  ['a list as front matter, which has no values', '---\n- a\n---\nBody', { title: 'a b', html: '<p>Body</p>' }],
  ['a rule that opens no front matter', '---\nBody', { title: 'a b', html: '<hr>\n<p>Body</p>' }],
  ['a long heading without a line end', `# ${'a '.repeat(20)}`, { title: 'a '.repeat(20).trim(), html: '' }],
])('reads .md: %s', (_, content, expected) => check('a-b.md', content, expected));

test.each(['draft: true', 'Draft: "yes"', 'published: false', 'published: no'])('holds back a .md article with %s', (line) => {
  expect(
    parseArticle({ bytes: new TextEncoder().encode(`---\n${line}\n---\n# T\nBody`), contentType: null, url: 'file:///a.md' }, 'a.md'),
  ).toMatchObject({
    kind: 'feed',
    feed: { items: [], problems: [] },
  });
});

test.each<[string, string, readonly string[]]>([
  ['a picture', '# T\n![pic](img/cat.jpg)', ['img/cat.jpg']],
  ['links', '# T\n[a](b.md) [a](/c) [a](//d.example/)', ['b.md, /c, //d.example/']],
  ['many', '# T\n[a](1) [a](2) [a](2) [a](3) [a](4)', ['1, 2, 3 …']],
  ['none', '# T\n[a](#b) [a](https://a.example/) [a](mailto:a@a.example) `<img src="x">` https://a.example', []],
  ['relative links with an address of the article', '---\nurl: https://a.example/b/\n---\n# T\n![pic](img/cat.jpg)', []],
])('reports relative addresses without a base in .md once: %s', (_, text, expected) => {
  const result = parseArticle({ bytes: new TextEncoder().encode(text), contentType: null, url: 'file:///x/a.md' }, 'a.md');
  const problems = result.kind === 'feed' ? result.feed.problems : [];
  expect(problems.map(({ code, entry, message }) => [code, entry, /\((.*?)\): add/.exec(message)?.[1]])).toEqual(
    expected.map((links) => ['article/relative', 'a.md', links]),
  );
});

test.each([
  ['broken YAML', 'title: [a'],
  ['a tab', 'title:\n\t- a'],
  ['an alias of nothing', 'title: *a'],
  ['nesting without end', `title: ${'['.repeat(20_000)}`],
])('holds back a .md article whose front matter is %s, and reports it', (_, head) => {
  const bytes = new TextEncoder().encode(`---\n${head}\n---\n# T\nBody`);
  expect(parseArticle({ bytes, contentType: null, url: 'file:///a.md' }, 'a.md')).toMatchObject({
    kind: 'feed',
    feed: { items: [], problems: [{ code: 'article/front-matter', entry: 'a.md' }] },
    own: { item: { title: 'T', html: '<p>Body</p>' } },
  });
});

test('reads title, meta, time, canonical address and main content of .html', () => {
  const page = `<!doctype html><html lang="fr"><head>
<title>A &amp; B</title><link rel="canonical" href="https://a.example.com/1">
<meta name="author" content="Ada"><meta name="author" content=" Bo ">
<meta name="description" content="1 &lt; 2"><meta name="keywords" content="x, y,,">
<meta property="article:published_time" content="2026-01-05T15:45:00Z">
<meta property="article:modified_time" content="2026-01-06T15:45:00Z">
<meta property="og:image" content="/i.png"></head>
<body><header>Site</header><nav>Menu</nav><article><h1>A &amp; B</h1><p>Body</p><script>x()</script></article><footer>End</footer></body></html>`;
  check('a.html', page, {
    title: 'A & B',
    url: 'https://a.example.com/1',
    authors: [{ name: 'Ada' }, { name: 'Bo' }],
    summary: '1 &lt; 2',
    categories: ['x', 'y'],
    published: '2026-01-05T15:45:00Z',
    updated: '2026-01-06T15:45:00Z',
    image: 'https://a.example.com/i.png',
    language: 'fr',
    html: '<p>Body</p>',
  });
});

test.each<[string, string, object]>([
  [
    'the date of a time element in the text',
    '<article><h1>T</h1><p>At <time datetime="2026-01-05">noon</time></p></article>',
    { title: 'T', published: '2026-01-05', html: '<p>At <time datetime="2026-01-05">noon</time></p>' },
  ],
  ['main without an article element', '<html><body>x<main><p>Body</p></main></body></html>', { title: 'a', html: '<p>Body</p>' }],
  [
    'the body without header, aside and footer',
    '<body><header>Site</header><p>Body</p><aside>Ads</aside><footer>End</footer></body>',
    { title: 'a', html: '<p>Body</p>' },
  ],
  ['a piece of a page', '<p>Body</p>', { title: 'a', html: '<p>Body</p>' }],
  ['a page whose root stands in a comment', '<!-- <html> --><p>Body</p>', { title: 'a', html: '<!-- <html> --><p>Body</p>' }],
  ['a comment with a body', '<p>Body</p><!-- <body> -->', { title: 'a', html: '<p>Body</p><!-- <body> -->' }],
])('reads .html: %s', (_, content, expected) => check('a.html', content, expected));

test.each([
  ['2026-01-05-ferry.txt', '2026-01-05'],
  ['x/20260105_ferry.txt', '2026-01-05'],
  ['ferry 2026.01.05.txt', '2026-01-05'],
  ['2026-01/05.txt', null],
  ['2026-13-05.txt', null],
  ['120260105.txt', null],
  ['20260105123.txt', null],
])('the file name %s has the date %s', (location, published) =>
  check(location, 'T\nB', { title: 'T', html: '<p>B</p>', ...(published !== null && { published }) }),
);

test('front matter overrides the date in the file name, and a title from the name leaves the date out', () => {
  check('2026-01-05-low_tide.md', '---\ndate: 2025-12-31\n---\nBody', { title: 'low tide', published: '2025-12-31', html: '<p>Body</p>' });
});

test.each<[string, string | Uint8Array, string]>([
  ['an empty file', '', 'article/empty'],
  ['white space', ' \n\t\n', 'article/empty'],
  ['a binary file', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 'article/binary'],
  ['text with a zero byte', 'a\u0000b', 'article/binary'],
])('refuses %s', (_, content, code) => check('a.txt', content, code));

test('reads UTF-16 and windows-1252 files', () => {
  check('a.txt', new Uint8Array([0xff, 0xfe, ...Buffer.from('Tür\nB', 'utf16le')]), { title: 'Tür', html: '<p>B</p>' });
  check('a.txt', new Uint8Array(Buffer.from('T\xfcr\nB', 'latin1')), { title: 'Tür', html: '<p>B</p>' }, ['decode/charset']);
});
