import { describe, expect, test } from 'vitest';
import { allHistories } from './bad-sources.ts';
import { allCases } from './cases.ts';
import { allEdits } from './edits.ts';
import { withShortTexts } from './histories.ts';
import type { History } from './histories.ts';
import { measure } from './measure.ts';
import { sample } from '../../support/scale.ts';

const nothing = { lost: [], doubled: [], misdated: [], renamed: [], isRestless: false, error: null };

/** Some of many, evenly: to run over all of them takes a quarter of an hour. */
const someOf = (histories: Iterable<History>, every: number) => [...histories].filter((_, index) => index % every === 7);

describe('each article is published once, under one id and with its own date, and is found again', () => {
  test.each(allCases.map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(nothing);
  });

  test.each(sample(someOf(allHistories(), 139), 4).map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(nothing);
  });
});

describe('an article that is edited stays one article', () => {
  test.each(sample(someOf(allEdits(), 9), 4).map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(nothing);
  });
});

describe('articles of a few words are told apart and found again as others are', () => {
  const short = [...allCases, ...sample([...someOf(allHistories(), 307), ...someOf(allEdits(), 31)], 4)].map(withShortTexts);
  test.each(short.map((history) => [history.name, history] as const))('%s', async (_, history) => {
    expect(await measure(history)).toMatchObject(nothing);
  });
});
