import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PhraseSet } from '../../../src/fold/prepare/phrase-set.ts';
import { packProfile, toProfile, unpackProfile } from '../../../src/fold/prepare/profile.ts';

const words = fc.array(fc.constantFrom('ferry', 'quay', 'two', 'returns', 'to', 'the', 'harbour', '14', '港'), { maxLength: 400 });
const profile = fc.tuple(words, words).map(([title, text]) => toProfile(title.slice(0, 12).join(' '), text.join(' ')));
const phrasesOf = (one: ReturnType<typeof toProfile>) => [...one.toPhrases()].map((phrase) => phrase >>> 1);

test('toPhrases returns sorted unique phrases, phraseCount of them, and forEachPhrase visits the same', () => {
  fc.assert(
    fc.property(profile, (one) => {
      const phrases = phrasesOf(one);
      expect(phrases).toEqual([...new Set(phrases)].toSorted((a, b) => a - b));
      expect(phrases).toHaveLength(one.phraseCount);
      const visited = new Set<number>();
      one.forEachPhrase((phrase) => visited.add(phrase));
      expect([...visited].toSorted((a, b) => a - b)).toEqual(phrases);
    }),
  );
});

test('a phrase set counts the phrases that it shares with each of several profiles', () => {
  fc.assert(
    fc.property(profile, fc.array(profile, { maxLength: 5 }), (one, others) => {
      const set = new PhraseSet(one);
      const own = new Set(phrasesOf(one));
      for (const other of others) expect(set.countShared(other)).toBe(phrasesOf(other).filter((phrase) => own.has(phrase)).length);
    }),
  );
});

test('a packed profile is unpacked unchanged, and phrases after the compared words count', () => {
  fc.assert(
    fc.property(profile, (one) => {
      const read = unpackProfile(packProfile(one));
      expect([read.title, read.body, read.sketch, read.bodyCount]).toEqual([one.title, one.body, one.sketch, one.bodyCount]);
      expect(read.toPhrases()).toEqual(one.toPhrases());
    }),
  );
  const long = Array.from({ length: 700 }, (_, n) => `word${n}`).join(' ');
  expect(toProfile('', long).phraseCount).toBeGreaterThanOrEqual(698);
});
