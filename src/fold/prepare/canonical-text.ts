import { writeCjkNumbers } from './cjk-numbers.ts';

/** Characters that typography writes in several ways, with the one that stands for all. NFKC leaves
 *  them apart. */
const VARIANTS: Readonly<Record<string, string>> = {
  "'": '‘’‚‛ʼʹ′´`＇',
  '"': '“”„‟«»″',
  '-': '‐‑‒–—―−﹘',
  ' ': '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
  '...': '…',
  oe: 'œŒ',
  ae: 'æÆ',
  ss: 'ß',
  o: 'øØ',
  l: 'łŁ',
  i: 'ı',
};
const canonical: ReadonlyMap<string, string> = new Map(
  Object.entries(VARIANTS).flatMap(([one, others]) => Array.from(others, (other) => [other, one] as const)),
);
const variant = new RegExp(`[${[...canonical.keys()].join('')}]`, 'gu');

// oxlint-disable-next-line no-control-regex -- ASCII has them
const ascii = /^[\0-\x7f]*$/;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
/** Normalising a long run of marks takes quadratic time. */
const MARK_PILE = /(\p{M}{8})\p{M}+/gu;
/** An accent on a Latin letter. Capitals and headlines often leave it out. */
const ACCENT = /(?<=[a-z])[\u0300-\u036f]+/g;
const HAS_CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Returns a text in the one form in which words are compared. It has NFKC, lower case, one kind of
 *  quote, dash and space, no ligatures, no accents on Latin letters, and no invisible characters.
 *  Chinese and Japanese numbers have digits. `isAscii`: no other character is left. */
export function toCanonical(text: string): { readonly text: string; readonly isAscii: boolean } {
  if (ascii.test(text)) return { text: text.toLowerCase(), isAscii: true };
  const plain = text.replace(variant, (found) => canonical.get(found) ?? found);
  if (ascii.test(plain)) return { text: plain.toLowerCase(), isAscii: true };
  const folded = plain
    .replace(INVISIBLE, '')
    .replace(MARK_PILE, '$1')
    .normalize('NFKD')
    .toLowerCase()
    .replace(ACCENT, '')
    .normalize('NFKC');
  return { text: HAS_CJK.test(folded) ? writeCjkNumbers(folded) : folded, isAscii: ascii.test(folded) };
}
