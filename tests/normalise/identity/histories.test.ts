import { describe, expect, test } from 'vitest';
import { allHistories } from './bad-sources.ts';
import { allCases, headlinesAhead, wordyCases } from './cases.ts';
import { allEdits } from './edits.ts';
import { withShortTexts } from './histories.ts';
import type { History } from './histories.ts';
import { measure } from './measure.ts';
import { sample } from '../../support/scale.ts';

const noFault = { lost: [], doubled: [], misdated: [], renamed: [], isRestless: false, error: null };

/** Returns every n-th history; a run over all would take a quarter of an hour. */
const everyNth = (histories: Iterable<History>, every: number) => [...histories].filter((_, index) => index % every === 7);

describe('each article is published once, under one id and with its own date', () => {
  test.each([...allCases, ...wordyCases].map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(noFault);
  });

  test.each(sample(everyNth(allHistories(), 139), 4).map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(noFault);
  });
});

test('headlines dated far ahead that move to another domain stay known', async () => {
  expect(await measure(headlinesAhead)).toMatchObject({ lost: [], doubled: [], renamed: [], isRestless: false });
});

describe('an article that is edited stays one article', () => {
  test.each(sample(everyNth(allEdits(), 9), 4).map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(noFault);
  });
});

describe('articles of a few words are re-identified too', () => {
  const short = [...allCases, ...sample([...everyNth(allHistories(), 307), ...everyNth(allEdits(), 31)], 4)].map(withShortTexts);
  test.each(short.map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(noFault);
  });
});
