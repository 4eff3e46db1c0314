import { toCanonical } from './canonical-text.ts';
import { writeByValue } from './quantities.ts';

/** Phrases that syndication adds to a text, which say nothing about it. Each is anchored at an end
 *  or bounded, so that no text takes long. */
const BOILERPLATE: readonly RegExp[] = [
  /\bThe post .{1,300}? (?:appeared first on|first appeared on) .{1,120}$/s,
  /\bL[’']article .{1,300}? est apparu en premier sur .{1,120}$/s,
  /\bDer Beitrag .{1,300}? erschien zuerst auf .{1,120}$/s,
  /\b(?:La entrada|El artículo) .{1,300}? (?:se publicó primero en|apareció primero en) .{1,120}$/s,
  /\bL[’']articolo .{1,300}? (?:proviene da|sembra essere il primo su) .{1,120}$/s,
  /\b(?:Article|Comments) URL: \S+/g,
  /\b(?:Points|# Comments): \d+/g,
  /(?:\[(?:…|\.\.\.|&hellip;)\]|…|\.\.\.)\s*$/,
  /(?:\s|^)(?:Read more|Continue reading|Read the full (?:story|article)|Lire la suite|Weiterlesen|Leer más|Seguir leyendo|Leggi tutto|Leia mais|Lees verder|阅读全文)\W{0,5}$/i,
];
/** Characters at the end of a text in which these phrases are searched. */
const END = 600;
/** Most words of a text that are read. Later words would cost more than they add. */
const MAX_WORDS = 1500;

/** Words of a canonical text. A word is a run of signs without spaces, initials ("u.s."), a number
 *  with its separators, or letters. The signs of percentages and currencies are words too. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+|[ap]\. ?m\.|\p{L}\.(?: ?\p{L}\.)+|\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)?|[%$€£¥]/gu;
const ASCII_WORD = /[ap]\. ?m\.|[a-z]\.(?: ?[a-z]\.)+|\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,:]\d+)*|[a-z]+(?:'[a-z]+)?|[%$]/g;
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Returns a text without the phrases that syndication added. */
export function dropBoilerplate(text: string): string {
  const cut = Math.max(0, text.length - END);
  let end = text.slice(cut);
  for (let pass = 0; pass < 2; pass++) for (const pattern of BOILERPLATE) end = end.replace(pattern, ' ').trimEnd();
  return text.slice(0, cut) + end;
}

/** Returns words for comparison, at most `limit`, in canonical form, numbers by value. Han, kana
 *  and Thai do not separate words, so each pair of neighbouring characters is one. */
export function toWordList(text: string, limit: number = MAX_WORDS): readonly string[] {
  // Twelve characters exceed the average word.
  const { text: canonical, isAscii } = toCanonical(text.slice(0, limit * 12));
  const found = canonical.match(isAscii ? ASCII_WORD : WORD) ?? [];
  if (found.length > limit) found.length = limit;
  // Few words are initials; the list is not copied for them.
  found.forEach((word, at) => {
    if (word.charCodeAt(1) === 0x2e && word.charCodeAt(0) > 0x39) found[at] = word.replaceAll(/[. ]/g, '');
  });
  const words = writeByValue(found);
  return isAscii ? words : words.flatMap((word) => (UNSPACED.test(word) ? toPairs(word) : word)).slice(0, limit);
}

function toPairs(word: string): string[] {
  const characters = Array.from(word);
  return characters.length === 1 ? [word] : characters.slice(1).map((character, at) => `${characters[at] ?? ''}${character}`);
}
