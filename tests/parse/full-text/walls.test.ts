import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseFullText } from '../../../src/parse/full-text/full-text.ts';

/** A page or line written as a held-out test of findPageFault, before its rules were tuned. */
interface HeldOut {
  readonly page: string;
  readonly expected: 'text' | 'refused';
  readonly title: string;
  readonly text: string;
  readonly url?: string;
}

interface Lines {
  /** By language: a title and two paragraphs. */
  readonly teasers: Readonly<Record<string, readonly [title: string, first: string, second: string]>>;
  /** Further paragraphs that make the English teaser an article. */
  readonly more: readonly string[];
  /** By language: texts of walls below a teaser. */
  readonly walls: Readonly<Record<string, readonly string[]>>;
  /** Texts of free pages below an article. */
  readonly harmless: readonly string[];
}

const LINK = 'https://site.example/2026/05/the-story.html';
const data = join(import.meta.dirname, '../../data');
const read = (path: string) => readFileSync(join(data, path));
const pages: readonly HeldOut[] = read('pages-held-out/expected.jsonl')
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const lines: Lines = JSON.parse(read('wall-lines.json').toString());

function kindOf(bytes: Uint8Array, title: string, text: string, url = LINK): string {
  return parseFullText({ bytes, contentType: 'text/html', url }, { title, text, url: LINK }).kind;
}

function check(title: string, paragraphs: readonly string[], line: string, expected: string): void {
  const body = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('');
  const text = (paragraphs[0] ?? '').slice(0, 40);
  for (const end of [`<p>${line}</p></article>`, `</article><div class="box"><strong>${line}</strong><button>OK</button></div>`]) {
    const page = `<title>${title}</title><body><nav><a href="/">Home</a></nav><main><article><h1>${title}</h1>${body}${end}</main>`;
    expect(kindOf(Buffer.from(page), title, text)).toBe(expected);
  }
}

test.each(pages)('judges $page as expected', ({ page, title, text, url, expected }) => {
  expect(kindOf(read(`pages-held-out/${page}.html`), title, text, url)).toBe(expected);
});

/** Walls that mention neither subscribing nor reading, on a page without other signs. Such a teaser
 *  passes as a short article. */
const UNKNOWN = new Set([
  'Sign up for full access – your first month is on us',
  'Members can read the whole piece. Not one yet? It takes two minutes.',
  'Unlock with one click: 49p',
  'Testen Sie jetzt das Angebot und lesen Sie alle Texte',
]);

test.each(Object.entries(lines.walls))('refuses a teaser with a wall below it: %s', (language, walls) => {
  const [title, ...paragraphs] = lines.teasers[language] ?? [''];
  for (const line of walls) check(title, paragraphs, line, UNKNOWN.has(line) ? 'text' : 'refused');
});

test.each(lines.harmless)('accepts an article with this text below it: %s', (line) => {
  const [title, ...paragraphs] = lines.teasers['en'] ?? [''];
  check(title, [...paragraphs, ...lines.more], line, 'text');
});

test('refuses the article of another entry', () => {
  const articles = pages.filter(({ expected }) => expected === 'text');
  // One article is on several pages, and in several languages.
  const isSame = (a: HeldOut, b: HeldOut) => a.title === b.title || [a, b].every(({ title }) => /Annet$|織物|织布/.test(title));
  for (const article of articles) {
    for (const other of pages) {
      if (isSame(article, other)) continue;
      for (const text of [other.text, '']) expect(kindOf(read(`pages-held-out/${article.page}.html`), other.title, text)).toBe('refused');
    }
  }
});
