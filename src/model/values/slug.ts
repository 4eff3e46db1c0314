/** Most characters of a slug. */
export const MOST_SLUG = 63;

/** Reports whether a text is a slug, as feeds, tags and ids of sources are: 1 to 63 of a-z, 0-9 and
 *  -, not starting with -. */
export function isSlug(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);
}

/** Returns a text as a name for addresses and the configuration: lower case, at most `maxLength` of
 *  a-z, 0-9 and -, accents left out, Greek and Cyrillic letters as Latin ones. null when nothing is
 *  left, as of names in Chinese or Arabic: spelling those takes a dictionary. Signs are not told
 *  apart: "C++" and "C#" are both `c`. */
export function toSlug(text: string, maxLength: number): string | null {
  const slug = spell(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, maxLength)
    .replace(/-$/, '');
  return slug === '' ? null : slug;
}

/** Reports whether a slug can stand for the whole text: at least half of its letters can be
 *  spelled, and there is one. A title in Chinese is not named by the one English word in it, and
 *  none by a number alone. */
export function canSpell(text: string): boolean {
  const letters = spell(text).match(/\p{L}/gu) ?? [];
  const spelled = letters.filter((letter) => /[a-z]/.test(letter));
  return spelled.length > 0 && spelled.length * 2 >= letters.length;
}

/** Returns a text in lower case with every letter of the tables in a-z, and all others as they
 *  are. */
function spell(text: string): string {
  return (
    text
      // Apostrophes join a word; the mark of a trade would read as "tm".
      .replace(/['‘’ʻʼ´`™℠]/g, '')
      // й, ё, ї and accented Greek vowels are thereby letters of the tables.
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\p{M}+/gu, '')
      .replaceAll('ου', 'ou')
      // The hard sign is mute in Russian, where it stands before these vowels alone, and a vowel in
      // Bulgarian.
      .replace(/ъ(?![еюя])/g, 'a')
      .replace(/\P{ASCII}/gu, (letter) => LATIN.get(letter) ?? letter)
  );
}

/** Letters that are no other letter with a mark, and two alphabets. One spelling per letter, though
 *  languages differ: Cyrillic goes by ISO 9 without its marks, but ш, щ, ж, ч, ю, я as English
 *  spells them; Greek by ISO 843. */
const LATIN: ReadonlyMap<string, string> = new Map([
  ...toPairs('ß æ œ ø đ ð ł þ ħ ı ŋ ĸ ə', 'ss ae oe o d d l th h i ng k e'),
  ...toPairs('α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ ς τ υ φ χ ψ ω', 'a b g d e z i th i k l m n x o p r s s t y f ch ps o'),
  ...toPairs('а б в г д е ж з и к л м н о п р с т у ф х ц ч ш щ', 'a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch'),
  ...toPairs('ъ ы ь э ю я і є ґ ђ ј љ њ ћ џ ѕ', '- y - e yu ya i e g dj j lj nj c dz dz'),
  ...toPairs('ә ғ қ ң ө ұ ү һ ҳ җ ҷ', 'a g k n o u u h h zh j'),
]);

/** `-` stands for nothing. */
function toPairs(from: string, to: string): [string, string][] {
  const spellings = to.split(' ');
  return from.split(' ').map((letter, index) => [letter, (spellings[index] ?? '').replace('-', '')]);
}
