/** Phrases that syndication adds to a text, which say nothing about it. Each is anchored at an end
 *  or bounded, so that no text takes long. */
const BOILERPLATE: readonly RegExp[] = [
  /\bThe post .{1,300}? (?:appeared first on|first appeared on) .{1,120}$/s,
  /\bL[’']article .{1,300}? est apparu en premier sur .{1,120}$/s,
  /\bDer Beitrag .{1,300}? erschien zuerst auf .{1,120}$/s,
  /\b(?:La entrada|El artículo) .{1,300}? (?:se publicó primero en|apareció primero en) .{1,120}$/s,
  /\bL[’']articolo .{1,300}? proviene da .{1,120}$/s,
  /\b(?:Article|Comments) URL: \S+/g,
  /\b(?:Points|# Comments): \d+/g,
  /(?:\[(?:…|\.\.\.|&hellip;)\]|…|\.\.\.)\s*$/,
  /(?:\s|^)(?:Read more|Continue reading|Read the full (?:story|article)|Lire la suite|Weiterlesen|Leer más|Seguir leyendo|Leggi tutto|Leia mais|Lees verder|阅读全文)\W{0,5}$/i,
];
/** Characters at the end of a text in which these phrases are searched. */
const END = 600;
/** Most words of a text that are read. Later words would cost more than they add. */
const MAX_WORDS = 1500;

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)?/gu;
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/** Returns a text without the phrases that syndication added. */
export function dropBoilerplate(text: string): string {
  const cut = Math.max(0, text.length - END);
  let end = text.slice(cut);
  for (let pass = 0; pass < 2; pass++) for (const pattern of BOILERPLATE) end = end.replace(pattern, ' ').trimEnd();
  return text.slice(0, cut) + end;
}

/** Returns words for comparison: NFKC, lower case, at most `limit`. A number with its separators is
 *  one word. Han, kana and Thai do not separate words, so each pair of neighbouring characters is
 *  one. */
export function toWordList(text: string, limit: number = MAX_WORDS): string[] {
  // NFKC of many combining marks takes quadratic time, so a run is cut to eight. Twelve characters
  // exceed the average word.
  const folded = text
    .slice(0, limit * 12)
    .replace(/(\p{M}{8})\p{M}+/gu, '$1')
    .normalize('NFKC')
    .toLowerCase()
    .replace(INVISIBLE, '');
  const words: string[] = [];
  for (const [word] of folded.matchAll(WORD)) {
    if (words.length >= limit) break;
    if (UNSPACED.test(word)) {
      const characters = Array.from(word);
      if (characters.length === 1) words.push(word);
      for (let at = 1; at < characters.length; at++) words.push(`${characters[at - 1] ?? ''}${characters[at] ?? ''}`);
    } else words.push(word);
  }
  return words;
}
