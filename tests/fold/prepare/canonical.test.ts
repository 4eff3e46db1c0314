import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toWordList } from '../../../src/fold/prepare/words.ts';

/** Styles of one thing, and the words that all of them are. */
test.each<[words: string, styles: readonly string[]]>([
  ['at 16:00', ['at 4 p.m.', 'at 4:00 p.m.', 'at 4pm', 'at 4 PM', 'at 16:00', 'at 4 P. M.']],
  ['um 9:30', ['um 9.30 Uhr', 'um 9:30 Uhr', 'um 09:30 Uhr', 'um 9 Uhr 30']],
  ['a 16:30', ['à 16h30', 'à 16 h 30', 'à 16 heures 30', 'à 16:30']],
  ['于 15:30 开幕', ['于15时30分开幕', '于下午3点30分开幕', '于下午三点半开幕', '于１５时３０分开幕']],
  ['17:00 に', ['午後5時に', '17時に', '１７時に', '午後五時に']],
  ['the 6 boats', ['the six boats', 'the 6 boats', 'the ６ boats']],
  ['1000 boats', ['1,000 boats', '1000 boats', 'one thousand boats', '1 000 boats', '1.000 boats', '1’000 boats']],
  ['the 235000 of them', ['the two hundred and thirty-five thousand of them', 'the 235,000 of them', 'the 235 thousand of them']],
  ['des 97 bateaux', ['des quatre-vingt-dix-sept bateaux', 'des 97 bateaux']],
  ['des 71 bateaux', ['des soixante et onze bateaux', 'des 71 bateaux']],
  ['die 21 schiffe', ['die einundzwanzig Schiffe', 'die 21 Schiffe']],
  ['los 32 barcos', ['los treinta y dos barcos', 'los 32 barcos']],
  ['gli 88 anni', ['gli ottantotto anni', 'gli 88 anni']],
  ['235 人', ['二百三十五人', '235人', '２３５人']],
  ['2.5 tonnes', ['2.5 tonnes', '2,5 tonnes', '2.50 tonnes']],
  [
    '5 %',
    [
      '5 %',
      '5%',
      '5\u202f%',
      'five per cent',
      'five percent',
      '5 pct',
      'fünf Prozent',
      'cinq pour cent',
      'cinco por ciento',
      'cinque per cento',
    ],
  ],
  ['5 %', ['百分之五', '5%', '5パーセント', '百分之5']],
  [
    '5000000 usd',
    ['$5 million', '5 million dollars', 'US$5m', '$5,000,000', 'five million dollars', '5 millions de dollars', '5 millones de dólares'],
  ],
  ['5000000 eur', ['5 Mio. Euro', '5 Millionen Euro', '€5m', '5,000,000 euros', '5 millions d’euros', '5 milioni di euro']],
  ['5000000 円', ['500万円', '五百万円', '5,000,000円']],
  ['150000000 元', ['1.5亿元', '一亿五千万元', '1.5億元']],
  ['on 4 may', ['on 4 May', 'on May 4', 'on May 4th', 'on 4th May', 'on 4th of May']],
  ['4 september', ['Sept. 4', 'September 4', '4 Sep', '4. September']],
  ['the 6th ship', ['the sixth ship', 'the 6th ship']],
  ['us ships', ['U.S. ships', 'US ships', 'U. S. ships']],
  ["don't stop", ['don’t stop', "don't stop", 'don‘t stop', 'donʼt stop', 'DON´T STOP']],
  ['a fine office', ['a ﬁne oﬃce', 'a fine office', 'a fi\u00adne office', '“a fine” — office', '« a fine » – office']],
  ['oeuvre vendome', ['œuvre Vendôme', 'ŒUVRE VENDOME', 'oeuvre Vendôme', 'œuvre\u00a0Vendo\u0302me']],
  ['strasse', ['Straße', 'STRASSE']],
])('%s has one form in every style', (words, styles) => {
  for (const style of styles) expect([style, toWordList(style).join(' ')]).toEqual([style, words]);
});

test.each([
  [
    'a word of another language is no number',
    'it is due to start once the dos and donts are known',
    'it is due to start once the dos and donts are known',
  ],
  ['a version stays a version', 'Nix 1.4.2 and Nix 1.4.20', 'nix 1.4.2 and nix 1.4.20'],
  ['a score stays a score', 'they won 2-1 in the end', 'they won 2 1 in the end'],
  ['a sign inside a word stays a word', '统一的一些人', '统一 一的 的一 一些 些人'],
  ['metres are no millions', 'a 5m wall', 'a 5 m wall'],
  ['numbers in a list stay apart', 'one, two and three boats', '1 2 and 3 boats'],
])('%s', (_, text, words) => {
  expect(toWordList(text).join(' ')).toBe(words);
});

test('a number in digits is the same word with and without separators', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 999_999_999 }), fc.constantFrom(',', '.', ' ', '\u202f', "'", '’'), (number, separator) => {
      const grouped = String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, separator);
      expect(toWordList(`of ${grouped} boats`)).toEqual(['of', String(number), 'boats']);
    }),
  );
});
