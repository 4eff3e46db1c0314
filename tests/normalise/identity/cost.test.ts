import { expect, test } from 'vitest';
import { makeText } from './histories.ts';
import { identifyItems } from '../../../src/normalise/identity/identity.ts';
import { reidentify } from '../../../src/normalise/identity/reidentify.ts';
import { htmlToText } from '../../../src/normalise/text/text.ts';
import { hashVersion } from '../../../src/normalise/identity/text-hash.ts';
import type { ParsedItem } from '../../../src/model/parsed.ts';
import { makeItem } from '../../support/item.ts';

/** Returns the CPU time in microseconds that it takes to re-identify `count` items among as many
 *  entries. All have one id, one address or one title. */
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
  const text = makeText('C');
  const before = Array.from({ length: count }, (_, n) => make(n, `${n} ${text}`));
  const priorEntries = before.map(({ title, html, guid, url }, n) => {
    const plain = htmlToText(html ?? '');
    return { identity: `e${n}`, guid, url, urlKey: 'a.test/1', title, text: plain, hash: hashVersion(title, plain, html), published: null };
  });
  const { items } = identifyItems({ items: before.map((item, n) => ({ ...item, html: `${n} ${text} and more` })) });
  const start = process.cpuUsage();
  reidentify(items, new Map(), priorEntries, { hasMoved: false, seenAt: new Date('2026-03-02T00:00:00Z') });
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

test.each<[label: string, one: Partial<ParsedItem>]>([
  ['one id', { guid: '532' }],
  ['one address', { guid: null, url: 'https://a.test/news' }],
  ['one title', { guid: null, url: null, title: 'News' }],
  ['one id and no title', { guid: '532', title: '' }],
  ['one of everything', { guid: '532', url: 'https://a.test/news', title: 'News' }],
])(
  'the cost of an item with %s does not grow with the number of items',
  (_, one) => {
    time(200, one);
    // Four times the items take 4 times as long if linear, 16 times if quadratic. The best of three
    // rounds counts, because other processes disturb a round.
    const ratios = [1, 2, 3].map(() => time(4000, one) / time(1000, one));
    expect(Math.min(...ratios)).toBeLessThan(9);
  },
  60_000,
);
