import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canSpell, toSlug } from '../../../src/model/values/slug.ts';

function check(text: string, expected: string | null): void {
  expect(toSlug(text, 63)).toBe(expected);
}

test.each([
  ['Tech', 'tech'],
  ['Häfen & Meer', 'hafen-meer'],
  ['Straße ÆØÅ Łódź', 'strasse-aeoa-lodz'],
  ['GROẞE Œuvre', 'grosse-oeuvre'],
  ['Ǽsir og Ǿrsted', 'aesir-og-orsted'],
  ['Đakovo, ĐURĐEVAC, þing, Ðe, Ħal', 'dakovo-durdevac-thing-de-hal'],
  ['İstanbul ışık IŞIK', 'istanbul-isik-isik'],
  ['ﬁne ﬂow Ｎｅｗｓ ２４ 𝐁𝐨𝐥𝐝', 'fine-flow-news-24-bold'],
  ["Editor's  picks!", 'editors-picks'],
  ['L’Équipe, Qur‘an, Hawaiʻi, Lʼheure, O´Brien', 'lequipe-quran-hawaii-lheure-obrien'],
  ['Acme™ News®', 'acme-news'],
  ['C++ & C#', 'c-c'],
  ['a_b.c/d', 'a-b-c-d'],
  ['--- 1. ---', '1'],
])('writes Latin letters without their marks: %j', check);

test.each([
  ['Новости Ёжик', 'novosti-ezhik'],
  ['НОВОСТИ', 'novosti'],
  ['Объявления: съезд, подъём, цифры', 'obyavleniya-sezd-podem-tsifry'],
  ['Українська правда: їжак, ґанок, м’ята', 'ukrainska-pravda-izhak-ganok-myata'],
  ['България: първа страница', 'balgariya-parva-stranitsa'],
  ['Љубав и Џез, Ђоковић', 'ljubav-i-dzez-djokovic'],
  ['Ѓорѓи, ќерка, ѕвезда', 'gorgi-kerka-dzvezda'],
  ['Беларусь: ўсё', 'belarus-use'],
  ['Қазақстан жаңалықтары', 'kazakstan-zhanalyktary'],
  ['Ειδήσεις του κόσμου', 'eidiseis-tou-kosmou'],
  ['ΕΙΔΗΣΕΙΣ ΤΟΥ ΚΟΣΜΟΥ', 'eidiseis-tou-kosmou'],
  ['Ψυχή, χθες, ξένος, προϊόν', 'psychi-chthes-xenos-proion'],
])('spells Cyrillic and Greek: %j', check);

test.each([
  ['中文', null],
  ['العربية', null],
  ['עברית', null],
  ['हिन्दी', null],
  ['ไทย', null],
  ['한국어', null],
  ['☃ 🎉 👩‍👩‍👧', null],
  ['\u0301\u0302\u0303', null],
  ['', null],
  [' - ', null],
  ['BBC 中文', 'bbc'],
  ['中文 24', '24'],
])('drops letters that it cannot spell: %j', check);

test('counts the letters of a slug after they are spelled, and never ends in a dash', () => {
  check('x'.repeat(100), 'x'.repeat(63));
  check(`${'x'.repeat(62)} y`, 'x'.repeat(62));
  expect(toSlug('щщщ', 5)).toBe('shchs');
});

test.each([
  ['Tech', true],
  ['Новости', true],
  ['BBC 中文', true],
  ['The 中文论坛', false],
  ['中文 24', false],
  ['24', false],
  ['🎉', false],
  ['', false],
])('reports whether a slug can represent the text %j: %j', (text, expected) => expect(canSpell(text)).toBe(expected));

test('a slug is null or valid in a configuration, and the slug of a slug is the slug', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const slug = toSlug(text, 63);
      if (slug === null) return;
      expect(slug).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
      expect(toSlug(slug, 63)).toBe(slug);
    }),
  );
});
