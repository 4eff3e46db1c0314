/** Words of a made-up language: every word of an article names the article, and no two articles
 *  share a word. A text therefore shows of itself which articles it holds. */
const LETTERS = 'abcdefghijklmnopqrstuvw';

/** Returns `count` words of an article, from word `from` on. */
export function toWords(article: number, count: number, from = 0): string {
  return Array.from({ length: count }, (_, n) => `x${toLetters(article)}x${toLetters(from + n)}`).join(' ');
}

/** Returns the numbers of the articles whose words stand in a text, each once. */
export function articlesIn(text: string): readonly number[] {
  return [...new Set([...text.matchAll(/\bx([a-w]+)x[a-w]+\b/g)].map(([, letters = '']) => toNumber(letters)))];
}

function toLetters(n: number): string {
  const last = LETTERS.charAt(n % LETTERS.length);
  return n < LETTERS.length ? last : toLetters(Math.floor(n / LETTERS.length)) + last;
}

function toNumber(letters: string): number {
  return letters.split('').reduce((sum, letter) => sum * LETTERS.length + LETTERS.indexOf(letter), 0);
}
