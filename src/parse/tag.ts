/** A folder's or category's name as a tag: lower case, at most 63 of a-z, 0-9 and -, accents left out; Greek and Cyrillic letters as Latin ones. null when
 *  nothing is left, as of names in Chinese or Arabic: spelling those takes a dictionary. Signs are not told apart: "C++" and "C#" are both `c`. */
export function toTag(name: string): string | null {
  const tag = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (letter) => LATIN[letter] ?? letter)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 63)
    .replace(/-$/, '');
  return tag === '' ? null : tag;
}

/** Letters that are no other letter with a mark, and two alphabets (Cyrillic as ISO 9 without its marks, but ш, щ, ж, ч, ю, я as English has them). */
const LATIN: Readonly<Record<string, string>> = {
  ...toTable('ß æ œ ø đ ð ł þ ħ ı ŋ ĸ ə', 'ss ae oe o d d l th h i ng k e'),
  ...toTable('α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ ς τ υ φ χ ψ ω', 'a b g d e z i th i k l m n x o p r s s t y f ch ps o'),
  ...toTable('ά έ ή ί ό ύ ώ ϊ ϋ ΐ ΰ', 'a e i i o y o i y i y'),
  ...toTable('а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ', 'a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch'),
  ...toTable('ъ ы ь э ю я і ї є ґ ў ђ ј љ њ ћ џ', '- y - e yu ya i i e g u dj j lj nj c dz'),
};

/** `-` stands for nothing. */
function toTable(from: string, to: string): Record<string, string> {
  const letters = to.split(' ');
  return Object.fromEntries(from.split(' ').map((letter, index) => [letter, (letters[index] ?? '').replace('-', '')]));
}
