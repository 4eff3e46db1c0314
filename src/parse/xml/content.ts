import type { TextType } from '../../model/parsed.ts';
import { renderMarkdown } from '../articles/markdown.ts';
import { resolveHtml, toBase } from '../text/resolve-url.ts';
import { xmlAttributeOf, childrenOf, childText, toMarkup } from './tree.ts';
import type { XmlElement } from './tree.ts';

/** Returns the long and the short text of an item as HTML. The long text is content:encoded or Atom
 *  content; a description beside it is the summary. iTunes and media texts come next, and Markdown
 *  last. `declaredBase` resolves links in the texts; null leaves them unchanged. An xml:base on the
 *  element itself is resolved against `base` in any case. */
export function toContent(
  item: XmlElement,
  isAtom: boolean,
  declaredBase: string | null,
  base: string | null,
): { html: string | null; summary: string | null } {
  const read = { isAtom, declaredBase, base };
  const filled = choose(item, { ...read, accepts: (html) => hasVisibleText(html) || HAS_MEDIA.test(html) });
  return filled.html === null && filled.summary === null ? choose(item, { ...read, accepts: () => true }) : filled;
}

interface Choice {
  readonly isAtom: boolean;
  readonly declaredBase: string | null;
  readonly base: string | null;
  /** Reports whether markup is acceptable: an empty paragraph is skipped where another element has
   *  words. */
  readonly accepts: (html: string) => boolean;
}

function choose(item: XmlElement, { isAtom, declaredBase, base, accepts }: Choice): { html: string | null; summary: string | null } {
  const first = (elements: readonly XmlElement[]): string | null => {
    for (const element of elements) {
      const html = toHtml(element, isAtom);
      if (html === null || !accepts(html)) continue;
      const own = xmlAttributeOf(element, 'xml:base');
      const inForce = own === null ? declaredBase : toBase(own, base);
      return inForce === null || inForce === '' ? html : resolveHtml(html, inForce);
    }
    return null;
  };
  const full = first(childrenOf(item, 'content:encoded', 'content', 'atom:content', 'xhtml:body', 'xhtml:div', 'body', 'fullText'));
  const short = first(childrenOf(item, 'description', 'summary', 'dc:description', 'atom:summary'));
  if (full !== null && short !== null) return { html: full, summary: short === full ? null : short };
  const media = childrenOf(item, 'media:group', 'media:content').flatMap((element) => childrenOf(element, 'media:description'));
  const other = first([...childrenOf(item, 'itunes:summary', 'itunes:subtitle', 'media:description', 'dcterms:abstract'), ...media]);
  if (full !== null) return { html: full, summary: other === full ? null : other };
  if (short === null) {
    // The description of one file describes the item only if nothing else does.
    const fileText = () => first(mediaOf(item).flatMap((element) => childrenOf(element, 'media:description')));
    return { html: other ?? toMarkdown(item, declaredBase) ?? fileText(), summary: null };
  }
  if (isAtom) return { html: null, summary: short };
  const summary = first(childrenOf(item, 'summary', 'atom:summary')) ?? other;
  return { html: short, summary: summary === short ? null : summary };
}

/** Returns the elements of an item that may describe its media (Media RSS, "Optional elements"),
 *  nearest first. */
export function mediaOf(item: XmlElement): readonly XmlElement[] {
  const groups = childrenOf(item, 'media:group');
  return [...groups, ...childrenOf(item, 'media:content'), ...groups.flatMap((group) => childrenOf(group, 'media:content'))];
}

/** Reports whether markup has a word or another visible character. */
export function hasVisibleText(markup: string | null): boolean {
  if (markup === null) return false;
  // Fast path: nearly every text begins with a word, or with a tag and a word.
  const from = markup.startsWith('<') ? markup.indexOf('>') + 1 : 0;
  if (/^[\p{L}\p{N}]/u.test(markup.slice(from, from + 2))) return true;
  return /[^\s\u200b\ufeff\u2060]/.test(markup.replace(/<!--[^<>]*-->|<[^<>]*>|&(?:nbsp|#160|#xa0);/gi, ''));
}

/** Elements that are visible without text. */
const HAS_MEDIA = /<(?:img|picture|video|audio|iframe|embed|object|svg|math|canvas|source|script)\b/i;

/** Renders the Markdown source of a post (source.scripting.com, source:markdown); null when there
 *  is none. */
function toMarkdown(item: XmlElement, base: string | null): string | null {
  const text = childText(item, 'source:markdown');
  if (text === null) return null;
  const html = renderMarkdown(text);
  return base === null || base === '' ? html : resolveHtml(html, base);
}

/** Returns the type of a text construct. The default is text in Atom (RFC 4287 §3.1.1); RSS has no
 *  type and usually contains markup. */
export function toTextType(element: XmlElement, isAtom: boolean): TextType {
  const type = xmlAttributeOf(element, 'type')?.toLowerCase() ?? (isAtom ? 'text' : '');
  if (type === 'text/plain' || type === 'plain') return 'text';
  if (type === 'text') return isAtom ? 'text' : 'unknown';
  return isAtom ? 'html' : 'unknown';
}

/** Returns the content of a text construct, decoded from base64 if needed; null when it is
 *  empty. */
export function toConstructText(element: XmlElement | undefined, isAtom: boolean): string | null {
  const markup = toMarkup(element);
  if (element === undefined || markup === null || !isBase64(element, isAtom)) return markup;
  // Only `content` may be a binary file, which counts as empty; a title of an odd type is still a
  // title.
  return fromBase64(markup) ?? (element.name === 'content' ? null : markup);
}

function toHtml(element: XmlElement, isAtom: boolean): string | null {
  const markup = toConstructText(element, isAtom);
  if (markup === null || isBase64(element, isAtom)) return markup;
  return toTextType(element, isAtom) === 'text' && !isMarkup(element) ? escapeHtml(markup) : markup;
}

/** Reports whether Atom text is markup although its type is missing. The specification makes it
 *  plain text, but publishers forget the type. Child elements, or a leading HTML tag, show that it
 *  is markup. */
function isMarkup(element: XmlElement): boolean {
  if (element.markup !== '') return true;
  return (
    xmlAttributeOf(element, 'type') === null &&
    /^<(?:p|div|a|img|table|ul|ol|h[1-6]|blockquote|figure|section|article)[\s>]/i.test(element.text)
  );
}

/** Reports whether content is in base64: its media type is neither text nor XML (RFC 4287
 *  §4.1.3.3), or Atom 0.3 names it as `mode`. */
function isBase64(element: XmlElement, isAtom: boolean): boolean {
  if (!isAtom || element.attributes === null) return false;
  if (xmlAttributeOf(element, 'mode')?.toLowerCase() === 'base64') return true;
  const type = xmlAttributeOf(element, 'type')?.toLowerCase() ?? '';
  return type.includes('/') && !/^text\/|xml$|html/.test(type);
}

/** Decodes base64 to text; null when it is not base64, or a binary file such as a picture. */
function fromBase64(text: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return null;
    throw error;
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
