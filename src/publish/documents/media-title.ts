import { toPlainText } from '../html/sanitise.ts';
import { cut } from '../html/xml-text.ts';

/** Most characters of a derived title. */
const LENGTH = 80;

/** Returns a title for a post without title and words: the picture's alternative text, else its
 *  kind and day, else the words of its link. `html` is the sanitised content. Null when it has none
 *  of these. */
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
