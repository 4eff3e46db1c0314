/** Returns the words and quoted phrases of a search query, each once and as typed. `words` are the
 *  first ten, `beyond` the others. Words of one character are `ignored`, since nearly every text
 *  has them. */
export function toSearchWords(query: string): {
  readonly words: readonly string[];
  readonly ignored: readonly string[];
  readonly beyond: readonly string[];
} {
  const all = [...query.matchAll(/["“”„«»「」]([^"“”„«»「」]+)["“”„«»「」]|([^\s"“”„«»「」]+)/g)]
    .map(([, phrase, word]) => (phrase ?? word ?? '').trim().replace(/\s+/g, ' '))
    .filter((word) => word !== '');
  const once = [...new Set(all)];
  const isLong = (word: string) => Array.from(word).length >= 2;
  const long = once.filter(isLong);
  return { words: long.slice(0, MOST_WORDS), ignored: once.filter((word) => !isLong(word)), beyond: long.slice(MOST_WORDS) };
}

const MOST_WORDS = 10;
