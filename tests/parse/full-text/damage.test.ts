import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFullText } from '../../../src/parse/full-text/full-text.ts';
import { createRandom } from '../../support/damage.ts';
import { mutate } from '../../support/mutate.ts';
import { cases } from '../../support/scale.ts';

const folder = join(import.meta.dirname, '../../data/pages');
const url = 'https://site.example/2026/05/the-story.html';
const expected = { title: 'Mending a dry stone wall', text: 'The wall above the lane fell.', url };

function check(bytes: Uint8Array, contentType: string | null = 'text/html'): void {
  const result = parseFullText({ bytes, contentType, url }, expected);
  if (result.kind === 'refused') expect(result.problem.message).toMatch(/; the text of the feed is published instead$/);
  else expect(result.html).not.toBe('');
}

const tag = fc.constantFrom(
  'div',
  'p',
  'article',
  'table',
  'td',
  'li',
  'ul',
  'a',
  'noscript',
  'script',
  'template',
  'svg',
  'title',
  'html',
  'body',
  'head',
  'br',
  'img',
  'base',
);
const attribute = fc.constantFrom(
  '',
  ' class="paywall"',
  ' href="//["',
  ' src=x',
  ' hidden',
  ' style="display:none"',
  ' id',
  ' data-src="a b"',
  ' content="x',
);
const piece = fc.oneof(
  fc.tuple(tag, attribute).map(([name, rest]) => `<${name}${rest}>`),
  tag.map((name) => `</${name}>`),
  fc.constantFrom(
    'Subscribe to continue reading. ',
    'The wall above the lane fell, ',
    '<!--',
    '-->',
    '<![CDATA[',
    '&amp',
    '<?xml',
    '\0',
    '</',
    '<',
  ),
  fc.string(),
);

test('never throws on a page of random pieces', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom('', '<!doctype html>', '<html><body>', '<p>'), (pieces, start) =>
      check(new TextEncoder().encode(start + pieces.join(''))),
    ),
    { numRuns: cases(500) },
  );
});

test('never throws on random bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(null, 'text/html', 'text/html; charset=utf-16'), check), {
    numRuns: cases(300),
  });
});

test.each(readdirSync(folder))('never throws on a damaged %s', (name) => {
  const bytes = readFileSync(join(folder, name));
  const random = createRandom(7);
  for (let round = 0; round < 16; round += 1) check(mutate(bytes, random, round));
});

test('ignores invalid JSON-LD and selectors', () => {
  const head = ['{', 'null', '[[[[1]]]]', '{"@graph":{"@type":7,"hasPart":[null,{"isAccessibleForFree":false,"cssSelector":"::["}]}}'];
  for (const json of head) check(new TextEncoder().encode(`<html><script type="application/ld+json">${json}</script><body><p>a`));
});
