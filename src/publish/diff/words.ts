/** Scripts without spaces between words. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Pieces for the segmenter, which scans to the end of its input before it returns the first
 *  word. */
const PIECES = /[^。！？，、；：…]{1,2000}[。！？，、；：…]*|[。！？，、；：…]+/gu;

/** Returns the words of a text, each with the space after it. Joined they are the text without
 *  leading space. Scripts without spaces are split by dictionary (UAX #29; Intl.Segmenter). Null:
 *  the text has more than `most` words. */
export function toDiffWords(text: string, language: string | null, most: number): string[] | null {
  const words: string[] = [];
  for (const [chunk] of text.trimStart().matchAll(/\S+\s*/g)) {
    if (!SPACELESS.test(chunk)) words.push(chunk);
    else
      for (const [piece] of chunk.matchAll(PIECES)) {
        for (const { segment } of segmenterOf(language).segment(piece)) pushWord(words, segment);
        if (words.length > most) break;
      }
    if (words.length > most) return null;
  }
  return words;
}

/** Adds a segment; spaces belong to the word before them. */
function pushWord(words: string[], segment: string): void {
  const last = words.at(-1);
  if (last !== undefined && segment.trim() === '') words[words.length - 1] = last + segment;
  else words.push(segment);
}

const segmenters = new Map<string, Intl.Segmenter>();

/** Returns one segmenter per language, since making one takes longer than using it. */
function segmenterOf(language: string | null): Intl.Segmenter {
  const locale = language !== null && isLocale(language) ? language : 'zh';
  const known = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'word' });
  segmenters.set(locale, known);
  return known;
}

function isLocale(language: string): boolean {
  try {
    return Intl.Segmenter.supportedLocalesOf([language]).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
