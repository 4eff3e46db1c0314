import { toPlainText } from '../html/sanitise.ts';
import { cut } from '../html/xml-text.ts';

/** Characters of a title that is made of something else. */
const LENGTH = 80;

/** A title for a post without title and words: the words for its picture, else its kind and day,
 *  else the words of its link. `html`: its content, sanitised; null when nothing can be said. */
export function toMediaTitle(html: string | null, published: Date | null): string | null {
  if (html === null) return null;
  const day = published === null ? '' : `, ${published.toISOString().slice(0, 10)}`;
  const found = /<(img|video|audio)\b([^>]*)>/.exec(html);
  if (found) {
    const alt = toPlainText(/\balt="([^"]*)"/.exec(found[2] ?? '')?.[1] ?? '');
    return alt === '' ? `${kinds[found[1] ?? ''] ?? 'Picture'}${day}` : cut(alt, LENGTH);
  }
  return cut(toPlainText(html), LENGTH) || null;
}

const kinds: Readonly<Record<string, string>> = { img: 'Picture', video: 'Video', audio: 'Audio' };
