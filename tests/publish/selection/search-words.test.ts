import { expect, test } from 'vitest';
import { toSearchWords } from '../../../src/publish/selection/search-words.ts';

test.each([
  ['', [], []],
  ['  ferry   returns ', ['ferry', 'returns'], []],
  ['"the old  pier" ferry', ['the old pier', 'ferry'], []],
  ['„die alte Mole“ «le vieux môle»', ['die alte Mole', 'le vieux môle'], []],
  ['a ferry 7', ['ferry'], ['a', '7']],
  ['港口 口', ['港口'], ['口']],
  ['👍 👍👍', ['👍👍'], ['👍']],
  ['ferry ferry "ferry"', ['ferry'], []],
  ['"unclosed phrase', ['unclosed', 'phrase'], []],
  ['100% _a_ \\', ['100%', '_a_'], ['\\']],
  ['aa bb cc dd ee ff gg hh ii jj kk', ['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg', 'hh', 'ii', 'jj'], []],
])('the query %j has the words %j and ignores %j', (query, words, ignored) => {
  expect(toSearchWords(query)).toEqual({ words, ignored, beyond: query.endsWith(' kk') ? ['kk'] : [] });
});
