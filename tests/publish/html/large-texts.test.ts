import { expect, test } from 'vitest';
import { createLargeTexts } from '../../../src/publish/html/large-texts.ts';

test('results of long texts are cached per variant, those of short texts are not, and the oldest are dropped', () => {
  const cleanOnce = createLargeTexts();
  let made = 0;
  const ask = (text: string, variant = 'a') => cleanOnce(text, variant, () => `${(made++, variant)} ${text.length}`);
  const long = 'x'.repeat(2_000_000);
  expect([ask(long), ask(long), ask(long, 'b'), made]).toEqual(['a 2000000', 'a 2000000', 'b 2000000', 2]);
  expect([ask('short'), ask('short'), made]).toEqual(['a 5', 'a 5', 4]);
  for (let n = 0; n < 9; n++) ask(`${n}${long}`);
  expect(made).toBe(13);
  ask(`8${long}`);
  expect(made).toBe(13);
  ask(long);
  expect(made).toBe(14);
});
