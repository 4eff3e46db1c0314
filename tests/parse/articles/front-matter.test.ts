import { expect, test } from 'vitest';
import { parseArticle } from '../../../src/parse/parse.ts';

/** Expects a verdict on an article: `shown`, `draft`, or the code and line of its fault, such as
 *  `article/date 3`. */
function check(location: string, content: string | Uint8Array, expected: string): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const result = parseArticle({ bytes, contentType: null, url: `file:///articles/${location}` }, location);
  if (result.kind === 'refused') {
    expect(result.problem.code).toBe(expected);
    return;
  }
  const { draft, faults } = result.own.release;
  const [fault] = faults;
  expect(draft ? 'draft' : fault ? `${fault.code} ${fault.line ?? '-'}` : 'shown').toBe(expected);
  expect(result.feed.items).toHaveLength(expected === 'shown' ? 1 : 0);
  if (fault && !draft) expect(fault.mend).not.toBe('');
}

const body = '\nBody of the article.\n';

test.each<[string, string, string]>([
  ['YAML', 'a.md', `---\ntitle: T\ndraft: true\n---${body}`],
  ['tabs behind the fences', 'a.md', `---\t \ndraft: true\n---\t${body}`],
  ['CRLF', 'a.md', `---\r\ndraft: true\r\n---\r\nBody`],
  ['a byte order mark', 'a.md', `\ufeff---\ndraft: true\n---${body}`],
  ['blank lines above', 'a.md', `\n \n\n---\ndraft: true\n---${body}`],
  ['a comment above', 'a.md', `<!-- kept by the desk -->\n---\ndraft: true\n---${body}`],
  ['an indented fence', 'a.md', `  ---\n  draft: true\n  ---${body}`],
  ['dots as the last fence', 'a.md', `---\ndraft: true\n...${body}`],
  ['a named language', 'a.md', `---yaml\ndraft: true\n---${body}`],
  ['a comment behind the fence', 'a.md', `--- # head\ndraft: true\n---${body}`],
  ['a space before the colon', 'a.md', `---\ndraft : true\n---${body}`],
  ['another case', 'a.md', `---\nDRAFT: TRUE\n---${body}`],
  ['quotes', 'a.md', `---\n"draft": "true"\n---${body}`],
  ['braces', 'a.md', `---\n{ title: T, draft: true }\n---${body}`],
  ['a tag', 'a.md', `---\ndraft: !!bool "true"\n---${body}`],
  ['a merged map', 'a.md', `---\nbase: &b { draft: true }\n<<: *b\n---${body}`],
  ['TOML', 'a.md', `+++\ntitle = "T"\ndraft = true\n+++${body}`],
  ['TOML, another case', 'a.md', `+++\nDraft=true\n+++${body}`],
  ['TOML by its name', 'a.md', `---toml\ndraft = true\n---${body}`],
  ['JSON by its name', 'a.md', `---json\n{ "title": "T", "draft": true }\n---${body}`],
  ['bare JSON', 'a.md', `{\n  "title": "T",\n  "draft": true\n}${body}`],
  ['JSON between semicolons', 'a.md', `;;;\n"draft": true\n;;;${body}`],
  ['.txt', 'a.txt', `---\ntitle: T\ndraft: true\n---${body}`],
  ['TOML in .txt', 'a.txt', `+++\ndraft = true\n+++${body}`],
  ['.html', 'a.html', `---\nlayout: post\npublished: false\n---\n<p>Body</p>`],
  ['a folder of drafts', '_drafts/a.md', '# T\nBody'],
  ['a folder of drafts, another case', 'b/_Drafts/a.md', '# T\nBody'],
])('reads a draft: %s', (_, location, content) => check(location, content, 'draft'));

test.each([
  'draft: yes',
  'draft: on',
  'draft: 1',
  'draft: "1"',
  'published: false',
  'published: "false"',
  'published: no',
  'published: off',
  'published: 0',
  'status: draft',
  'status: Private',
  'status: pending',
  'status: unpublished',
  'status: review',
  'private: true',
  'unpublished: yes',
  'visibility: private',
  'embargo: true',
  'publish: false',
  'Publish: "no"',
  'public: false',
  'is_published: false',
  'isPublic: off',
  'live: false',
  'unlisted: true',
  'headless: true',
  'permalink: false',
  'eleventyExcludeFromCollections: true',
  'wip: true',
  'hold: yes',
  'embargoed: true',
  'scheduled: true',
  'state: scheduled',
  'workflow_state: draft',
  'draft: true\ndate: tomorrow',
])('holds back an article with %j', (head) => check('a.md', `---\n${head}\n---${body}`, 'draft'));

test.each([
  'draft: false',
  'draft: "no"',
  'draft: 0',
  'published: true',
  'published: 2026-12-24',
  'status: published',
  'status: Public',
  'status: live',
  'status: final',
  'status: publish',
  '# draft: true\ntitle: T',
  'extra:\n  draft: true\ntitle: T',
  'state: California',
  'visibility: members',
  'publish: true',
  'public: yes',
  'unlisted: false',
  'scheduled: no',
  'permalink: /a/b/',
  'live: "from the harbour"',
  'hold: the line',
  'title: "draft: true"',
  'title: |\n  draft: true\n  and so on',
  'date:',
  'expiryDate: ""',
  'tags: [draft]',
])('shows an article with %j', (head) => check('a.md', `---\n${head}\n---${body}`, 'shown'));

test.each<[string, string, string, string]>([
  ['a slip in the YAML', 'a.md', `---\ntitle: Breaking: mayor resigns\ndraft: true\n---${body}`, 'article/front-matter 2'],
  ['a slip in a later line of the YAML', 'a.md', `---\ntitle: T\ntags: [a\ndraft: true\n---${body}`, 'article/front-matter 4'],
  ['a repeated key', 'a.md', `---\ndraft: true\ndraft: false\n---${body}`, 'article/front-matter 2'],
  ['a repeated key in two cases', 'a.md', `---\nDraft: true\ndraft: false\n---${body}`, 'article/front-matter 2'],
  [
    'a repeated key in two spellings',
    'a.md',
    `---\npublish_date: 2020-01-01\npublishDate: 2030-01-01\n---${body}`,
    'article/front-matter 2',
  ],
  ['a repeated key in JSON', 'a.md', `{"draft": true, "draft": false}${body}`, 'article/front-matter 1'],
  ['a repeated key in TOML', 'a.md', `+++\ndraft = true\ndraft = false\n+++${body}`, 'article/front-matter 3'],
  ['YAML between the fences of TOML', 'a.md', `+++\ntitle: T\ndraft: true\n+++${body}`, 'article/front-matter 2'],
  ['TOML between the fences of YAML', 'a.md', `---\ntitle = "T"\ndraft = true\n---${body}`, 'article/front-matter 2'],
  ['no space behind the colon', 'a.md', `---\ndraft:true\n---${body}`, 'article/front-matter 2'],
  ['a list', 'a.md', `---\n- draft: true\n---${body}`, 'article/front-matter 2'],
  ['two documents', 'a.md', `---\ntitle: T\n---\ndraft: true\n---${body}`, 'article/front-matter 4'],
  ['no last fence', 'a.md', `---\ntitle: T\ndraft: true\n\nBody`, 'article/front-matter 1'],
  ['no last fence, and a break below', 'a.md', `---\ntitle: T\ndraft: true\n\nBody text\n\n---\nMore`, 'article/front-matter 5'],
  ['no last fence in TOML', 'a.md', `+++\ntitle = "T"\n\nBody`, 'article/front-matter 1'],
  ['no last brace', 'a.md', `{\n"title": "T",\n"draft": true\n\nBody`, 'article/front-matter 1'],
  ['JavaScript', 'a.md', `{ title: 'T', draft: true }${body}`, 'article/front-matter 1'],
  ['four dashes', 'a.md', `----\ntitle: T\ndraft: true\n----${body}`, 'article/front-matter 1'],
  ['tildes', 'a.md', `~~~\ndraft: true\n~~~${body}`, 'article/front-matter 1'],
  ['an unsupported language', 'a.md', `---lua\ndraft = true\n---${body}`, 'article/front-matter 1'],
  ['an object of JavaScript', 'a.md', `---js\n{ title: 'T', draft: true }\n---${body}`, 'article/front-matter 1'],
  ['a JavaScript program', 'a.md', `---javascript\nconst wait = 1;\n---${body}`, 'article/front-matter 1'],
  ['an object of JavaScript in .txt', 'a.txt', `---js\n{ draft: true }\n---${body}`, 'article/front-matter 1'],
  ['the JSON of Hexo', 'a.md', `"title": "T",\n"published": false\n;;;${body}`, 'article/front-matter 2'],
  ['no fences at all, published: no', 'a.md', `Title: T\nPublish: no\n\nBody`, 'article/front-matter 2'],
  ['no fences at all', 'a.md', `Title: T\nStatus: draft\n\nBody`, 'article/front-matter 2'],
  ['keys in a comment', 'a.md', `<!--\n.. title: T\n.. status: draft\n-->\n\nBody`, 'article/front-matter 3'],
  ['a fence of two dashes', 'a.md', `--\ntitle: T\ndraft: true\n---${body}`, 'article/front-matter 3'],
  ['a fence with a slip', 'a.md', `-=-\ntitle: T\ndate: 2099-01-01\n---${body}`, 'article/front-matter 1'],
  ['a key on the line of the fence', 'a.md', `---title: T\ndraft: true\n---${body}`, 'article/front-matter 2'],
  ['no first brace', 'a.md', `  "title": "T",\n  "draft": true\n}${body}`, 'article/front-matter 2'],
  ['a misspelt key', 'a.md', `---\ntitle: T\ndarft: true\n---${body}`, 'article/draft 3'],
  ['a misspelt key, another way', 'a.md', `---\npublishd: false\n---${body}`, 'article/draft 2'],
  ['a key of another program', 'a.md', `---\nworkflow: draft\n---${body}`, 'article/draft 2'],
  ['a misspelt value', 'a.md', `---\ndraft: "ture"\n---${body}`, 'article/draft 2'],
  ['a list as a value', 'a.md', `---\ntitle: T\ndraft: [true]\n---${body}`, 'article/draft 3'],
  ['no value', 'a.md', `---\ndraft:\n---${body}`, 'article/draft 2'],
  ['an unknown status', 'a.md', `---\nstatus: archived\n---${body}`, 'article/status 2'],
  ['a list as a status', 'a.md', `---\nstatus: [draft]\n---${body}`, 'article/status 2'],
  ['a list as a date', 'a.md', `---\ndate: [2026-01-01]\n---${body}`, 'article/date 2'],
  ['a boolean as a date', 'a.md', `---\ndate: true\n---${body}`, 'article/date 2'],
  ['a date of publication that is empty', 'a.md', `---\npublishDate:\n---${body}`, 'article/date 2'],
  [
    'more than 64 kB',
    'a.md',
    `---\n${Array.from({ length: 20_000 }, (_, n) => `key${n}: 1`).join('\n')}\n---${body}`,
    'article/front-matter 2',
  ],
  ['an unknown status in a page', 'a.html', '<html><head><meta name="status" content="??"></head><p>Body</p></html>', 'article/status -'],
])('holds back an article with %s', (_, location, content, expected) => check(location, content, expected));

test.each<[string, string, string]>([
  ['a break above text', 'a.md', '---\nBody'],
  ['a text between two breaks', 'a.md', '---\nAn introduction of two\nlines.\n---\nBody'],
  ['a list between two breaks', 'a.md', '---\n- a\n---\nBody'],
  ['a title between lines of dashes', 'a.txt', '-----------\nBREAKING: the mayor resigns\n-----------\nBody'],
  ['a title between three dashes', 'a.txt', '---\nBREAKING: the mayor resigns\n---\nBody'],
  ['stars', 'a.txt', '***\nThe mayor resigns\n***\nBody'],
  ['plain text with breaks', 'a.txt', 'The mayor resigns\n\nText.\n---\nMore: text.\n---\nEnd'],
  ['a colon in the title', 'a.txt', 'Breaking: mayor resigns\n\nStatus: draft stays a word of the text.'],
  ['a brace', 'a.md', '{{< figure >}}\nBody: draft: true'],
  ['code', 'a.md', '```js\nconst a = 1;\n```\nBody'],
  ['a page', 'a.html', '<!doctype html><title>T</title><meta name="robots" content="noindex"><p>Body</p>'],
])('publishes a plain article with %s', (_, location, content) => check(location, content, 'shown'));

test('reads front matter of a file in UTF-16, and refuses one without its mark', () => {
  check('a.md', new Uint8Array([0xff, 0xfe, ...Buffer.from('---\ndraft: true\n---\nB', 'utf16le')]), 'draft');
  check('a.md', new Uint8Array(Buffer.from('---\ndraft: true\n---\nB', 'utf16le')), 'article/binary');
});

test('front matter of .txt and .html gives title, date and the rest', () => {
  const read = (location: string, content: string) => {
    const result = parseArticle({ bytes: new TextEncoder().encode(content), contentType: null, url: 'file:///a' }, location);
    return result.kind === 'feed' ? result.feed.items[0] : null;
  };
  const head = '+++\ntitle = "T"\ndate = 2026-01-05T10:00:00\ntags = ["a"]\nid = "urn:x:1"\n+++\n';
  const said = { title: 'T', published: '2026-01-05T10:00:00.000', categories: ['a'], guid: 'urn:x:1' };
  expect(read('a.txt', `${head}First line\n\nSecond.`)).toMatchObject({ ...said, html: '<p>First line</p>\n<p>Second.</p>' });
  expect(read('a.html', `${head}<p>Body</p>`)).toMatchObject({ ...said, html: '<p>Body</p>' });
  expect(read('a.md', `${head}# T\nBody`)).toMatchObject({ ...said, html: '<p>Body</p>' });
});

test.each([
  ['<meta name="Draft" content="true">', 'draft'],
  ['<meta name="status" content="Pending">', 'draft'],
  ['<meta name="status" content="published">', 'shown'],
  ['<meta name="robots" content="noindex, nofollow">', 'shown'],
  ['<meta property="article:published_time" content="soon">', 'shown'],
])('reads the release from the meta elements of a page: %s', (meta, expected) => {
  check('a.html', `<!doctype html><html><head><title>T</title>${meta}</head><body><p>Body</p></body></html>`, expected);
});

/** Returns the release dates of an article as written: from which on it is shown, and until
 *  when. */
function datesOf(location: string, content: string) {
  const result = parseArticle(
    { bytes: new TextEncoder().encode(content), contentType: null, url: `file:///articles/${location}` },
    location,
  );
  if (result.kind === 'refused') throw new Error(result.problem.message);
  const { from, until } = result.own.release;
  return { from: from.map(({ text }) => text), until: until?.text ?? null };
}

test.each([
  'publish: 2026-12-24',
  'published_on: 2026-12-24',
  'publicationDate: 2026-12-24',
  'datePublished: 2026-12-24',
  'publish-after: 2026-12-24',
  'scheduled: 2026-12-24',
  'scheduled_for: 2026-12-24',
  'embargo_date: 2026-12-24',
])('an article waits for its %j, which overrides its date', (head) =>
  expect(datesOf('a.md', `---\ndate: 2026-01-01\n${head}\n---${body}`).from).toEqual(['2026-12-24']),
);

test.each(['expires_at', 'expiresOn', 'expiry', 'expire', 'expiration', 'unpublish_at', 'unpublishOn'])(
  'an article ends at its %s',
  (key) => expect(datesOf('a.md', `---\n${key}: 2026-01-01\n---${body}`).until).toBe('2026-01-01'),
);

test.each([
  ['Pelican', 'Title: T\nDate: 2026-12-24 10:20\nCategory: c\n\nBody', ['2026-12-24 10:20']],
  ['Hexo', 'title: T\ndate: 2026-12-24\n---\nBody', ['2026-12-24']],
  ['a text about a day', 'Date: 2026-12-24\nPlace: the hall\n\nBody', []],
  ['a text with a title and a day in words', 'Title: T\nDate: 14 March\n\nBody', []],
])('reads the date of keys without fences: %s', (_, content, from) => expect(datesOf('a.md', content).from).toEqual(from));
