import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseFullText } from '../../../src/parse/full-text/full-text.ts';

/** Pages and lines that were written as a test of the judge before it had seen them, and then
 *  became these tests. */
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
  /** What makes the English teaser an article. */
  readonly more: readonly string[];
  /** By language: what a wall says below a teaser. */
  readonly walls: Readonly<Record<string, readonly string[]>>;
  /** What free pages say below an article. */
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

test.each(pages)('judges $page right', ({ page, title, text, url, expected }) => {
  expect(kindOf(read(`pages-held-out/${page}.html`), title, text, url)).toBe(expected);
});

/** Walls that say neither subscribe nor read, on a page that has no other sign of one: they pass
 *  for the end of a short article. */
const UNKNOWN = new Set([
  'Sign up for full access – your first month is on us',
  'Members can read the whole piece. Not one yet? It takes two minutes.',
  'Unlock with one click: 49p',
  'Testen Sie jetzt das Angebot und lesen Sie alle Texte',
]);

test.each(Object.entries(lines.walls))('takes a teaser for none with a wall below it: %s', (language, walls) => {
  const [title, ...paragraphs] = lines.teasers[language] ?? [''];
  for (const line of walls) check(title, paragraphs, line, UNKNOWN.has(line) ? 'text' : 'refused');
});

test.each(lines.harmless)('takes an article for one with this below it: %s', (line) => {
  const [title, ...paragraphs] = lines.teasers['en'] ?? [''];
  check(title, [...paragraphs, ...lines.more], line, 'text');
});

test('never takes an article for that of another entry', () => {
  const articles = pages.filter(({ expected }) => expected === 'text');
  // One article stands on several pages, and in several languages.
  const isSame = (a: HeldOut, b: HeldOut) => a.title === b.title || [a, b].every(({ title }) => /Annet$|織物|织布/.test(title));
  for (const article of articles) {
    for (const other of pages) {
      if (isSame(article, other)) continue;
      for (const text of [other.text, '']) expect(kindOf(read(`pages-held-out/${article.page}.html`), other.title, text)).toBe('refused');
    }
  }
});
