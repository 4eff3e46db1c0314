import { expect, test } from 'vitest';
import { parseXml } from '../../src/parse/xml/feed.ts';
import { countEntries, countSurvivors, createRandom, damages, toFields } from '../support/damage.ts';
import { makeFeed, shapes } from '../support/made-feeds.ts';

async function read(text: string) {
  const result = await parseXml(text, 'https://made.test/feed');
  return result.kind === 'feed' ? result.feed : null;
}

/** Returns the mean share, in percent, of the fields that survive one damaged place, over feeds of
 *  every shape and several seeds. */
async function measure(damage: string): Promise<number> {
  const shares: number[] = [];
  for (const shape of shapes) {
    const text = makeFeed(shape, 4, 1);
    const whole = (await read(text))?.items.map(toFields) ?? [];
    for (let seed = 1; seed <= 40; seed++) {
      const damaged = damages[damage]?.(text, createRandom(seed)) ?? null;
      if (damaged === null) break;
      const feed = await read(damaged.text);
      const { kept, all } = countSurvivors(whole, feed?.items.map(toFields) ?? [], countEntries(text, damaged.until));
      shares.push(kept / all);
    }
  }
  expect(shares.length).toBeGreaterThanOrEqual(80);
  return (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
}

async function check(damage: string, floor: number): Promise<void> {
  expect(await measure(damage)).toBeGreaterThanOrEqual(floor);
}

test.each([
  ['stray < in text', 99],
  ['comment never closed', 99.5],
  ['attribute quote lost', 99.5],
  [']]> lost', 99.5],
  [']]> without >', 99.5],
  ['> of an open tag lost', 99.5],
  ['close tag lost', 99.5],
  ['cut off', 99.5],
])('after damage "%s" at least %f percent of the fields survive', check);

test.each(Object.keys(damages))('damage "%s" is reported as a problem', async (damage) => {
  const unreported: string[] = [];
  for (const shape of shapes) {
    const text = makeFeed(shape, 3, 2);
    for (let seed = 1; seed <= 10; seed++) {
      const damaged = damages[damage]?.(text, createRandom(seed)) ?? null;
      const isDamaged = damaged !== null && damaged.text.trimEnd() !== text.trimEnd();
      if (isDamaged && (await read(damaged.text))?.problems.length === 0) unreported.push(`${shape} ${seed}`);
    }
  }
  expect(unreported).toEqual([]);
});

test('undamaged feeds are read without a problem', async () => {
  for (const shape of shapes) expect(await read(makeFeed(shape, 3, 3))).toMatchObject({ items: [{}, {}, {}], problems: [] });
});
