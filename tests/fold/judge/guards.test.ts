import { expect, test } from 'vitest';
import { findGuard } from '../../../src/fold/judge/guards.ts';
import type { Features } from '../../../src/fold/judge/features.ts';
import { prepareEntry } from '../../../src/fold/prepare/prepared-entry.ts';
import type { StoredEntry } from '../../../src/model/entry.ts';
import { makeStored } from '../../support/entry.ts';

const LONG = Array.from({ length: 120 }, (_, n) => `word${n}`).join(' ');
/** More words than stand before a reprint. */
const INTRODUCTION = Array.from({ length: 20 }, (_, n) => `own${n}`).join(' ');
const SOME = Array.from({ length: 40 }, (_, n) => `word${n}`).join(' ');

const FEW = 'Subscribe to our letter and read on at home.';
const TELLING = 'Council votes for a second slipway at last';

/** Two texts that agree in everything, under titles that share most words. */
const alike: Features = {
  contained: 1,
  bodyContained: 1,
  shared: 5,
  titles: 0.9,
  titleEqual: 0,
  titleOnly: 0,
  titleSwap: 0,
  numbersApart: 0,
  noBody: 0,
  numbersSwapped: 0,
  wordsSwapped: 0,
  aligned: 1,
  agreed: 30,
  isElsewhere: 0,
};

/** One side of a pair. */
interface Side {
  readonly source?: string;
  readonly title?: string;
  readonly text?: string;
  /** Hours after the first side. */
  readonly hours?: number;
  readonly rest?: Partial<StoredEntry>;
}

interface Pair {
  readonly a?: Side;
  readonly b?: Side;
  readonly features?: Partial<Features>;
  readonly isTitleRepeated?: boolean;
  readonly isBodyRepeated?: boolean;
}

function guardOf({ a = {}, b = {}, features = {}, isTitleRepeated = false, isBodyRepeated = false }: Pair): string | null {
  const prepare = (no: number, { source = 'a', title = 'A second slipway', text = LONG, hours = 0, rest = {} }: Side) => {
    const at = new Date(Date.UTC(2026, 2, 10, 8) + hours * 3_600_000);
    return prepareEntry(makeStored({ no, sourceId: source, guid: `g${no}`, firstSeenAt: at, ...rest }, { title, text, published: at }));
  };
  return findGuard(
    prepare(1, a),
    prepare(2, b),
    { ...alike, ...features },
    {
      isTitleRepeated,
      isBodyRepeated,
      isUrlRepeated: false,
      rarityOf: () => 1,
    },
  );
}

test.each<[guard: string, pair: Pair, beside: Pair]>([
  ['links to a page', { b: { source: 'b', rest: { linkPost: true } } }, { b: { source: 'b' } }],
  [
    'a title that it gives to several entries',
    { a: { title: 'Untitled', text: FEW }, b: { title: 'Untitled', text: FEW }, features: { titles: 1, titleEqual: 1 } },
    { a: { title: TELLING, text: FEW }, b: { title: TELLING, text: FEW }, features: { titles: 1, titleEqual: 1 } },
  ],
  [
    'only quotes',
    { a: { text: SOME }, b: { source: 'b', text: `${INTRODUCTION} ${LONG}` }, features: { titles: 0.4 } },
    { a: { text: SOME }, b: { source: 'b', text: `${INTRODUCTION} ${LONG}` }, features: { titles: 0.6 } },
  ],
  [
    'again and again',
    { b: { source: 'b' }, features: { titleOnly: 1 }, isTitleRepeated: true },
    { b: { source: 'b' }, features: { titleOnly: 1 } },
  ],
  [
    'under several titles',
    { b: { source: 'b' }, isBodyRepeated: true },
    { b: { source: 'b' }, features: { titleEqual: 1 }, isBodyRepeated: true },
  ],
  [
    'without text, 73 hours apart',
    { b: { source: 'b', hours: 73 }, features: { titleOnly: 1 } },
    { b: { source: 'b', hours: 71 }, features: { titleOnly: 1 } },
  ],
  [
    'same short title, other text',
    { b: { source: 'b' }, features: { titleEqual: 1, bodyContained: 0.05 } },
    { b: { source: 'b' }, features: { titleEqual: 1, bodyContained: 0.2 } },
  ],
  [
    'other text, of one source: a series',
    { b: { hours: 3 }, features: { titleEqual: 1, contained: 0.3 } },
    { b: { hours: 3 }, features: { titleEqual: 1, contained: 0.4 } },
  ],
  ['the same text under other titles', { features: { titles: 0.4 } }, { b: { hours: 3 }, features: { titles: 0.4 } }],
  ['within two hours', { b: { hours: 1.9 }, features: { titles: 0.6 } }, { b: { hours: 1.9 }, features: { titles: 0.8 } }],
  ['within two hours', { b: { hours: 1.9 }, features: { titles: 0.6 } }, { b: { hours: 2.1 }, features: { titles: 0.6 } }],
  [
    'published both at once',
    { b: { text: `${SOME} and other words than these` } },
    { b: { hours: 3, text: `${SOME} and other words than these` } },
  ],
  [
    'published both at once',
    { b: { hours: 72, text: `${SOME} and other words than these`, rest: { listedFrom: 1 } } },
    { b: { hours: 72, text: `${SOME} and other words than these`, rest: { listedFrom: 2 } } },
  ],
  [
    'published both at once',
    { b: { hours: 72, text: `${SOME} and other words than these`, rest: { listedFrom: 1 } } },
    { b: { hours: 72, rest: { listedFrom: 1 } } },
  ],
  [
    'the same title, other numbers',
    { b: { hours: 7 }, features: { titleEqual: 1, numbersSwapped: 1 } },
    { b: { hours: 5 }, features: { titleEqual: 1, numbersSwapped: 1 } },
  ],
  [
    'other words in a short text',
    { a: { text: SOME }, b: { hours: 7, text: SOME.replaceAll('word3', 'other') }, features: { titleEqual: 1 } },
    { a: { text: SOME }, b: { hours: 5, text: SOME.replaceAll('word3', 'other') }, features: { titleEqual: 1 } },
  ],
  [
    'too few words to compare',
    { a: { text: 'All files were copied' }, b: { hours: 13, text: 'All files were copied' } },
    { a: { text: 'All files were copied' }, b: { hours: 11, text: 'All files were copied' } },
  ],
])('two alike entries stay apart (%s), and the pair just beside the limit does not', (guard, pair, beside) => {
  expect(guardOf(pair)).toContain(guard);
  expect(guardOf(beside)).toBeNull();
});

test('a reprint after a byline is no quotation', () => {
  const reprint = { a: { text: SOME }, b: { source: 'b', text: `By a reporter of the agency ${LONG}` }, features: { titles: 0.4 } };
  expect(guardOf(reprint)).toBeNull();
});

test('an entry without an id or address of its own is a version, however soon it comes', () => {
  const nameless = { guid: null, url: null };
  expect(guardOf({ b: { hours: 1, rest: nameless }, features: { titles: 0.6 } })).toBeNull();
});
