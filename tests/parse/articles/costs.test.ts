import { expect, test } from 'vitest';
import { parseArticle } from '../../../src/parse/parse.ts';

/** Returns the CPU time to read an article, in milliseconds: the best of three. */
function timeOf(location: string, content: string): number {
  const bytes = new TextEncoder().encode(content);
  const times = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    parseArticle({ bytes, contentType: null, url: 'file:///a' }, location);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const keys = (n: number, sign: string) => Array.from({ length: n }, (_, index) => `key${index}${sign} 1`).join('\n');

// Each case runs with n, 2n and 4n. Linear work takes four times as long for 4n. A factor of two
// allows for a busy machine, and 40 ms for the precision of the clock.
test.each<[string, string, number, (n: number) => string]>([
  ['spaces in a heading', 'a.md', 20_000, (n) => `# a${' '.repeat(n)}b`],
  ['signs behind a heading', 'a.md', 20_000, (n) => `# a ${'# '.repeat(n)}b`],
  ['keys of YAML', 'a.md', 5000, (n) => `---\n${keys(n, ':')}\n---\nB`],
  ['keys of TOML', 'a.md', 5000, (n) => `+++\n${keys(n, ' =')}\n+++\nB`],
  ['aliases', 'a.md', 10_000, (n) => `---\na: &a x\nb: [${Array.from({ length: n }, () => '*a').join(', ')}]\n---\nB`],
  ['anchors', 'a.md', 4000, (n) => `---\n${Array.from({ length: n }, (_, index) => `- &a${index} x`).join('\n')}\n---\nB`],
  ['brackets of YAML', 'a.md', 10_000, (n) => `---\ntitle: ${'['.repeat(n)}\n---\nB`],
  ['brackets of TOML', 'a.md', 10_000, (n) => `+++\ntitle = ${'['.repeat(n)}\n+++\nB`],
  ['braces', 'a.md', 10_000, (n) => `${'{'.repeat(n)}\nB`],
  ['spaces in front matter', 'a.md', 10_000, (n) => `---\ntitle: x${' '.repeat(n)}y\n---\nB`],
  ['a long key', 'a.md', 10_000, (n) => `---\n${'a'.repeat(n)}\n---\nB`],
  ['blank lines above', 'a.txt', 100_000, (n) => `${'\n'.repeat(n)}a`],
  ['comments that are not closed', 'a.txt', 20_000, (n) => `${'<!--'.repeat(n)}a`],
  ['lines of fences', 'a.txt', 80_000, (n) => '---\n\n'.repeat(n)],
  ['dashes with spaces', 'a.txt', 20_000, (n) => `T\n${'- '.repeat(n)}x`],
])('linear time for %s', (_, location, n, make) => {
  timeOf(location, make(n));
  const [once, four] = [timeOf(location, make(n)), timeOf(location, make(4 * n))];
  expect(timeOf(location, make(2 * n))).toBeLessThan(4 * once + 40);
  expect(four).toBeLessThan(8 * once + 40);
});
