/** Most characters of a slug. */
export const MOST_SLUG = 63;

/** Reports whether a text is a slug: 1 to 63 of a-z, 0-9 and -, not starting with -. Feeds, tags
 *  and sources have slugs. */
export function isSlug(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);
}

/** Returns a text as a name for addresses and the configuration: lower case, at most `maxLength` of
 *  a-z, 0-9 and -. Accents are dropped; Greek and Cyrillic letters become Latin ones. Returns null
 *  when no letter or digit remains, as for names in Chinese or Arabic, which only a dictionary
 *  could spell. Other signs are dropped: "C++" and "C#" both become `c`. */
export function toSlug(text: string, maxLength: number): string | null {
  const slug = spell(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, maxLength)
    .replace(/-$/, '');
  return slug === '' ? null : slug;
}

/** Reports whether a slug can represent the whole text: at least one letter, and at least half of
 *  all letters, can be spelled. One English word must not name a Chinese title, nor a number any
 *  title. */
export function canSpell(text: string): boolean {
  const letters = spell(text).match(/\p{L}/gu) ?? [];
  const spelled = letters.filter((letter) => /[a-z]/.test(letter));
  return spelled.length > 0 && spelled.length * 2 >= letters.length;
}

/** Returns a text in lower case, with the letters of the tables spelled in a-z. All other letters
 *  stay unchanged. */
function spell(text: string): string {
  return (
    text
      // Without its apostrophe a word stays whole; the trademark sign would become "tm".
      .replace(/['‘’ʻʼ´`™℠]/g, '')
      // NFKD splits й, ё, ї and accented Greek vowels into letters of the tables and marks.
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\p{M}+/gu, '')
      .replaceAll('ου', 'ou')
      // The hard sign is mute in Russian, where it only precedes these vowels. In Bulgarian it is a
      // vowel.
      .replace(/ъ(?![еюя])/g, 'a')
      .replace(/\P{ASCII}/gu, (letter) => LATIN.get(letter) ?? letter)
  );
}

/** Letters that are not another letter with a mark, and two alphabets. Each letter has one
 *  spelling, although languages differ. Cyrillic follows ISO 9 without its marks, but ш, щ, ж, ч,
 *  ю, я follow English; Greek follows ISO 843. */
const LATIN: ReadonlyMap<string, string> = new Map([
  ...toPairs('ß æ œ ø đ ð ł þ ħ ı ŋ ĸ ə', 'ss ae oe o d d l th h i ng k e'),
  ...toPairs('α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ ς τ υ φ χ ψ ω', 'a b g d e z i th i k l m n x o p r s s t y f ch ps o'),
  ...toPairs('а б в г д е ж з и к л м н о п р с т у ф х ц ч ш щ', 'a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch'),
  ...toPairs('ъ ы ь э ю я і є ґ ђ ј љ њ ћ џ ѕ', '- y - e yu ya i e g dj j lj nj c dz dz'),
  ...toPairs('ә ғ қ ң ө ұ ү һ ҳ җ ҷ', 'a g k n o u u h h zh j'),
]);

/** Returns pairs of a letter and its spelling; `-` is the empty spelling. */
function toPairs(from: string, to: string): [string, string][] {
  const spellings = to.split(' ');
  return from.split(' ').map((letter, index) => [letter, (spellings[index] ?? '').replace('-', '')]);
}
