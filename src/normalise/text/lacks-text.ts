import type { ParsedItem } from '../../model/parsed.ts';
import { htmlToText } from './text.ts';

/** An item with fewer words may be a summary. A complete short post looks the same, but its page
 *  has nothing more to give. */
const ENOUGH_WORDS = 300;
/** Ends of a text that was cut off: dots, or an invitation to read on. */
const CUT =
  /(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\])\s*$|(?:read|continue|keep|learn|weiter|lire|leer|leggi|lees|läs|les|czytaj)[^\n.]{0,40}[→»›>….]*\s*$/iu;

/** Reports whether an entry has less text than its page may have: few words, or a text that breaks
 *  off. Only such pages are requested (docs/design.md §73, docs/polling.md A19). */
export function lacksText({ url, html, summary }: Pick<ParsedItem, 'url' | 'html' | 'summary'>): boolean {
  if (url === null || !/^https?:/i.test(url)) return false;
  const text = htmlToText(html ?? summary ?? '').trim();
  return countWords(text) < ENOUGH_WORDS || CUT.test(text.slice(-120));
}

/** Counts the words between spaces. Two characters of Han, kana or Thai count as one word. */
function countWords(text: string): number {
  const dense = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return (text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) + dense / 2;
}
