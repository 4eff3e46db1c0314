import { expect, test } from 'vitest';
import { tell } from './histories.ts';
import { identifyItems } from '../../../src/normalise/identity/identity.ts';
import { reidentify } from '../../../src/normalise/identity/reidentify.ts';
import { htmlToText } from '../../../src/normalise/text/text.ts';
import { hashVersion } from '../../../src/normalise/identity/text-hash.ts';
import type { ParsedItem } from '../../../src/model/parsed.ts';
import { makeItem } from '../../support/item.ts';

/** Milliseconds of recognising `count` items among as many entries that all have one id, one
 *  address or one title. */
function time(count: number, one: Partial<ParsedItem>): number {
  const make = (n: number, text: string): ParsedItem =>
    makeItem({
      title: `The title of number ${n}`,
      guid: `g${n}`,
      url: `https://a.test/${n}`,
      html: text,
      published: `2026-03-01T10:${String(n % 60).padStart(2, '0')}:00Z`,
      ...one,
    });
  const text = tell('C');
  const before = Array.from({ length: count }, (_, n) => make(n, `${n} ${text}`));
  const kin = before.map(({ title, html, guid, url }, n) => {
    const plain = htmlToText(html ?? '');
    return { identity: `e${n}`, guid, url, urlKey: 'a.test/1', title, text: plain, hash: hashVersion(title, plain, html), published: null };
  });
  const { items } = identifyItems({ items: before.map((item, n) => ({ ...item, html: `${n} ${text} and more` })) });
  const start = performance.now();
  reidentify(items, new Map(), kin, { hasMoved: false });
  return performance.now() - start;
}

test.each<[what: string, one: Partial<ParsedItem>]>([
  ['one id', { guid: '532' }],
  ['one address', { guid: null, url: 'https://a.test/news' }],
  ['one title', { guid: null, url: null, title: 'News' }],
  ['one id and no title', { guid: '532', title: '' }],
  ['one of everything', { guid: '532', url: 'https://a.test/news', title: 'News' }],
])(
  'items that all have %s cost no more each when there are four times as many',
  (_, one) => {
    time(200, one);
    const [small, large] = [time(2000, one), time(8000, one)];
    // Linear is 4; a square is 16.
    expect(large / small).toBeLessThan(9);
  },
  60_000,
);
