/** Text as words for comparison: NFKC, lower case, letters and numbers (a number with its separators is one word), single spaces. */
export function toWords(text: string): string {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '');
  return (folded.match(/\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+/gu) ?? []).join(' ');
}

/** Words of a text made by toWords; in scripts without spaces two characters count as a word. */
export function wordCount(words: string): number {
  if (words === '') return 0;
  const unspaced = words.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return words.split(' ').length + Math.floor(unspaced / 2);
}

/** Whether two bodies say the same: equal, or the shorter stands word for word in the longer (a summary cut from the text, or the text
 *  before an update was put on top). Both as words; the last word of a cut text may be half a word. */
export function agrees(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short === long || (wordCount(short) >= 8 && ` ${long}`.includes(` ${short.slice(0, short.lastIndexOf(' '))}`));
}
