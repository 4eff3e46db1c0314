/** Words and quoted phrases of what somebody typed into a search, each once and as it was typed; those of less than two characters are ignored, since nearly
 *  every text has them. At most ten. */
export function toSearchWords(query: string): { readonly words: readonly string[]; readonly ignored: readonly string[] } {
  const all = [...query.matchAll(/["“”„«»「」]([^"“”„«»「」]+)["“”„«»「」]|([^\s"“”„«»「」]+)/g)]
    .map(([, phrase, word]) => (phrase ?? word ?? '').trim().replace(/\s+/g, ' '))
    .filter((word) => word !== '');
  const once = [...new Set(all)];
  const isLong = (word: string) => Array.from(word).length >= 2;
  return { words: once.filter(isLong).slice(0, MOST_WORDS), ignored: once.filter((word) => !isLong(word)) };
}

const MOST_WORDS = 10;
