import type { TextType } from '../../model/parsed.ts';
import { renderMarkdown } from '../articles/markdown.ts';
import { resolveHtml, toBase } from '../text/resolve-url.ts';
import { xmlAttributeOf, childrenOf, childText, toMarkup } from './tree.ts';
import type { XmlElement } from './tree.ts';

/** The long and the short text of an item, as HTML. The text is content:encoded or Atom content;
 *  a description beside it is the summary. Then come iTunes and media texts, and Markdown where
 *  there is nothing else. `declaredBase` is what links in it are resolved against, null to leave
 *  them; an element's own xml:base counts below `base` in any case. */
export function toContent(
  item: XmlElement,
  isAtom: boolean,
  declaredBase: string | null,
  base: string | null,
): { html: string | null; summary: string | null } {
  const read = { isAtom, declaredBase, base };
  const said = choose(item, { ...read, isSaying: (html) => saysSomething(html) || HAS_MEDIA.test(html) });
  return said.html === null && said.summary === null ? choose(item, { ...read, isSaying: () => true }) : said;
}

interface Choice {
  readonly isAtom: boolean;
  readonly declaredBase: string | null;
  readonly base: string | null;
  /** Whether markup counts: an empty paragraph is passed over where another element has words. */
  readonly isSaying: (html: string) => boolean;
}

function choose(item: XmlElement, { isAtom, declaredBase, base, isSaying }: Choice): { html: string | null; summary: string | null } {
  const first = (elements: readonly XmlElement[]): string | null => {
    for (const element of elements) {
      const html = toHtml(element, isAtom);
      if (html === null || !isSaying(html)) continue;
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
    // A description of one of several files says what the item is about only where nothing else
    // does.
    const ofFile = () => first(mediaOf(item).flatMap((element) => childrenOf(element, 'media:description')));
    return { html: other ?? toMarkdown(item, declaredBase) ?? ofFile(), summary: null };
  }
  if (isAtom) return { html: null, summary: short };
  const summary = first(childrenOf(item, 'summary', 'atom:summary')) ?? other;
  return { html: short, summary: summary === short ? null : summary };
}

/** Every place in an item that may describe its media (Media RSS, "Optional elements"): the nearest
 *  ones first. */
export function mediaOf(item: XmlElement): readonly XmlElement[] {
  const groups = childrenOf(item, 'media:group');
  return [...groups, ...childrenOf(item, 'media:content'), ...groups.flatMap((group) => childrenOf(group, 'media:content'))];
}

/** Whether markup has a word, or any other sign that is seen. */
export function saysSomething(markup: string | null): boolean {
  if (markup === null) return false;
  // Nearly every text begins with a word, or with a tag and a word.
  const from = markup.startsWith('<') ? markup.indexOf('>') + 1 : 0;
  if (/^[\p{L}\p{N}]/u.test(markup.slice(from, from + 2))) return true;
  return /[^\s\u200b\ufeff\u2060]/.test(markup.replace(/<!--[^<>]*-->|<[^<>]*>|&(?:nbsp|#160|#xa0);/gi, ''));
}

/** Elements that are seen though they have no words. */
const HAS_MEDIA = /<(?:img|picture|video|audio|iframe|embed|object|svg|math|canvas|source|script)\b/i;

/** The Markdown from which a post was made (source.scripting.com, source:markdown), where its feed
 *  gives nothing else; null when there is none. */
function toMarkdown(item: XmlElement, base: string | null): string | null {
  const text = childText(item, 'source:markdown');
  if (text === null) return null;
  const html = renderMarkdown(text);
  return base === null || base === '' ? html : resolveHtml(html, base);
}

/** RFC 4287 §3.1.1: text is the default in Atom; RSS says nothing and means markup. */
export function toTextType(element: XmlElement, isAtom: boolean): TextType {
  const type = xmlAttributeOf(element, 'type')?.toLowerCase() ?? (isAtom ? 'text' : '');
  if (type === 'text/plain' || type === 'plain') return 'text';
  if (type === 'text') return isAtom ? 'text' : 'unknown';
  return isAtom ? 'html' : 'unknown';
}

/** What a text construct says, as it was meant to be written: out of base64, where it is in that.
 *  null when it says nothing. */
export function toSource(element: XmlElement | undefined, isAtom: boolean): string | null {
  const markup = toMarkup(element);
  if (element === undefined || markup === null || !isBase64(element, isAtom)) return markup;
  // Only content may be a file in base64, and one that is no text says nothing; a title of an odd
  // type is a title.
  return fromBase64(markup) ?? (element.name === 'content' ? null : markup);
}

function toHtml(element: XmlElement, isAtom: boolean): string | null {
  const markup = toSource(element, isAtom);
  if (markup === null || isBase64(element, isAtom)) return markup;
  return toTextType(element, isAtom) === 'text' && !isMarkup(element) ? escapeHtml(markup) : markup;
}

/** Atom text that says nothing of its type is plain text by the letter; one with elements in it, or
 *  one that begins with a tag of HTML, is markup whose publisher forgot to say so. */
function isMarkup(element: XmlElement): boolean {
  if (element.markup !== '') return true;
  return (
    xmlAttributeOf(element, 'type') === null &&
    /^<(?:p|div|a|img|table|ul|ol|h[1-6]|blockquote|figure|section|article)[\s>]/i.test(element.text)
  );
}

/** RFC 4287 §4.1.3.3: of a media type that is neither text nor XML; Atom 0.3 says so by mode. */
function isBase64(element: XmlElement, isAtom: boolean): boolean {
  if (!isAtom || element.attributes === null) return false;
  if (xmlAttributeOf(element, 'mode')?.toLowerCase() === 'base64') return true;
  const type = xmlAttributeOf(element, 'type')?.toLowerCase() ?? '';
  return type.includes('/') && !/^text\/|xml$|html/.test(type);
}

/** null for what is no base64, and for what is no text: a picture has no words. */
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
