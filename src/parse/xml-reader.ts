import { decodeHTMLStrict } from 'entities';
import type { Problem } from '../model/errors.ts';
import { undoDoubleEncoding } from './double-encoding.ts';
import { createFinder } from './finder.ts';
import type { Finder } from './finder.ts';
import { declare, toKnownAttribute, toKnownName } from './namespaces.ts';
import type { Namespaces } from './namespaces.ts';
import { tokenise } from './tokeniser.ts';
import type { TokenHandler } from './tokeniser.ts';
import type { XmlElement } from './xml-tree.ts';

/** What a document was read to. */
export interface XmlDocument {
  /** The root under its known name (`rss`, `feed`, `rdf:RDF`); null when there is no root of a feed. */
  readonly tree: XmlElement | null;
  readonly problems: readonly Problem[];
}

/** Elements deeper than this are passed over: no feed has them, and they would exhaust whoever walks the tree. */
const MAX_DEPTH = 100;

/** Elements that hold elements by right. */
const containers = new Set(
  'rss feed rdf:RDF channel item entry image author contributor source atom:author atom:contributor atom:source media:group media:content itunes:owner textInput items rdf:Seq skipHours skipDays cloud media:credit media:community'.split(
    ' ',
  ),
);
/** Elements that hold text, and markup that should have been escaped. */
const holders = new Set(
  'title description summary content content:encoded subtitle tagline rights copyright info body fullText xhtml:body xhtml:div itunes:summary itunes:subtitle media:description media:title media:text dc:description dc:title atom:summary atom:content atom:title'.split(
    ' ',
  ),
);
/** Elements of an item that no text can hold: where one begins, the text before it has ended, whatever its close tag says. */
const fields = new Set(
  'item entry channel title link guid pubDate category author comments enclosure source description summary content updated published id issued modified created'.split(
    ' ',
  ),
);

interface Frame {
  readonly written: string;
  readonly name: string;
  readonly element: Record<string, unknown>;
  readonly namespaces: Namespaces;
  /** Texts in their order, decoded. */
  readonly texts: string[];
  /** The same as written, tags included: what a text with elements in it really is. */
  readonly markup: string[];
  /** true once an element was met in a text. */
  hasMarkup: boolean;
  /** Elements of the same name open inside it. */
  nested: number;
}

/** Reads XML into the tree that rss-parser expects of its `xmlParser`, repairing what real feeds get wrong (DESIGN §5): see tokeniser.ts for
 *  broken tags. Elements are named by namespace URI, close tags that are missing or crossed are supplied, markup inside a text is kept as
 *  it was written (`markup`), what stands outside the root is dropped. Linear in time, bounded in depth; never throws. */
export function readXml(text: string): XmlDocument {
  const builder = new TreeBuilder(text);
  tokenise(text, builder);
  return builder.finish();
}

class TreeBuilder implements TokenHandler {
  readonly #text: string;
  readonly #stack: Frame[] = [];
  readonly #repairs = new Map<string, number>();
  #root: { name: string; element: XmlElement } | null = null;
  #isAtom = false;
  #isOver = false;
  #passedOver = 0;
  readonly #find: Finder;

  constructor(text: string) {
    this.#text = text;
    this.#find = createFinder(text);
  }

  current(): string | null {
    return this.#stack.at(-1)?.written ?? null;
  }

  repair(what: string): void {
    this.#repairs.set(what, (this.#repairs.get(what) ?? 0) + 1);
  }

  text(raw: string): void {
    const frame = this.#stack.at(-1);
    if (!frame) return;
    frame.markup.push(raw);
    frame.texts.push(raw.includes('&') ? decodeHTMLStrict(raw) : raw);
  }

  cdata(text: string): void {
    const frame = this.#stack.at(-1);
    frame?.markup.push(text);
    frame?.texts.push(text);
  }

  open(written: string, attributes: Readonly<Record<string, string>>, selfClosing: boolean, start: number, end: number): void {
    if (this.#isOver) return;
    const outer = this.#stack.at(-1);
    const namespaces = declare(outer?.namespaces ?? new Map<string, string>(), attributes);
    if (!outer) {
      this.#openRoot(written, attributes, namespaces);
      return;
    }
    const name = toKnownName(written, namespaces, this.#isAtom);
    if (this.#holdsMarkup(outer, name, start)) {
      outer.hasMarkup = true;
      if (sameName(written, outer.written) && !selfClosing) outer.nested++;
      outer.markup.push(toHtmlTag(this.#text.slice(start, end), written, selfClosing));
      return;
    }
    if (name === 'item' || name === 'entry') this.#closeOpenItem();
    if (this.#stack.length >= MAX_DEPTH) {
      this.#passedOver++;
      return;
    }
    this.#push(written, name, attributes, namespaces);
    if (selfClosing) this.#pop();
  }

  close(written: string, start: number, end: number): void {
    const top = this.#stack.at(-1);
    if (!top || this.#isOver) return;
    if (this.#passedOver > 0) {
      this.#passedOver--;
      return;
    }
    const name = toKnownName(written, top.namespaces, this.#isAtom);
    if (sameName(written, top.written) || name === top.name) {
      if (top.nested > 0) {
        top.nested--;
        top.markup.push(toHtmlTag(this.#text.slice(start, end), written, false));
      } else this.#pop();
      return;
    }
    const at = this.#stack.findLastIndex((frame) => frame.name === name || sameName(frame.written, written));
    const isMarkup = top.hasMarkup && !containers.has(name);
    if (at < 0 || isMarkup) {
      if (top.hasMarkup) top.markup.push(toHtmlTag(this.#text.slice(start, end), written, false));
      else this.repair('close');
      return;
    }
    this.repair('unclosed');
    while (this.#stack.length > at) this.#pop();
  }

  finish(): XmlDocument {
    if (this.#stack.length > 0) this.repair('cut');
    while (this.#stack.length > 0) this.#pop();
    const problems = [...this.#repairs].map(([what, count]): Problem => {
      const places = count === 1 ? 'one place' : `${count} places`;
      return { code: `xml/${what}`, message: `the XML was repaired in ${places}: ${meanings[what] ?? what}` };
    });
    return { tree: this.#root && { [this.#root.name]: this.#root.element }, problems };
  }

  #openRoot(written: string, attributes: Readonly<Record<string, string>>, namespaces: Namespaces): void {
    const local = written.replace(/^.*:/, '').toLowerCase();
    const name = local === 'rdf' ? 'rdf:RDF' : local;
    if (!['rss', 'feed', 'rdf:RDF'].includes(name)) return;
    this.#isAtom = name === 'feed';
    const frame = this.#push(written, name, attributes, namespaces);
    this.#root = { name, element: frame.element };
  }

  #push(written: string, name: string, attributes: Readonly<Record<string, string>>, namespaces: Namespaces): Frame {
    const element: Record<string, unknown> = {};
    const entries = Object.entries(attributes);
    if (entries.length > 0)
      element['$'] = Object.fromEntries(
        entries.map(([key, value]) => [toKnownAttribute(key), value.includes('&') ? decodeHTMLStrict(value) : value]),
      );
    const parent = this.#stack.at(-1)?.element;
    // A name that an object has by birth is no element of a feed.
    if (parent && !(name in Object.prototype)) {
      const list = parent[name];
      if (Array.isArray(list)) list.push(element);
      else parent[name] = [element];
    }
    const frame: Frame = { written, name, element, namespaces, texts: [], markup: [], hasMarkup: false, nested: 0 };
    this.#stack.push(frame);
    return frame;
  }

  #pop(): void {
    const frame = this.#stack.pop();
    if (!frame) return;
    const own = frame.texts.join('');
    if (own.trim() !== '') frame.element['_'] = undoDoubleEncoding(own);
    if (frame.hasMarkup) frame.element['markup'] = undoDoubleEncoding(frame.markup.join(''));
    if (this.#stack.length === 0) this.#isOver = true;
  }

  /** Whether an element that begins inside a text is part of it. One of an item's own is so only if the text is closed before the item is. */
  #holdsMarkup(outer: Frame, name: string, start: number): boolean {
    if (containers.has(outer.name)) return false;
    const isField = fields.has(name) || /^(dc|dcterms|content|itunes|media|atom|sy|slash|feedburner):/.test(name);
    if (!isField) return holders.has(outer.name) || outer.hasMarkup;
    if (holders.has(outer.name) && this.#closesFirst(outer.written, start)) return true;
    // A text or a leaf that was never closed ends here.
    while (this.#stack.length > 1 && !containers.has(this.#stack.at(-1)?.name ?? '')) {
      this.repair('unclosed');
      this.#pop();
    }
    return false;
  }

  #closesFirst(written: string, start: number): boolean {
    const close = this.#find(`</${written}`, start);
    const ends = ['</item', '</entry'].map((tag) => this.#find(tag, start)).filter((at) => at >= 0);
    return close >= 0 && ends.every((end) => close < end);
  }

  /** An item cannot stand in an item: the one before was never closed. */
  #closeOpenItem(): void {
    const at = this.#stack.findLastIndex((frame) => frame.name === 'item' || frame.name === 'entry');
    if (at < 0) return;
    this.repair('unclosed');
    while (this.#stack.length > at) this.#pop();
  }
}

const meanings: Readonly<Record<string, string>> = {
  cdata: 'a CDATA section without an end',
  comment: 'a comment without an end',
  stray: 'a < that begins no tag',
  'open-tag': 'an open tag without its >',
  'close-tag': 'a close tag without its >',
  quote: 'an attribute without its quote',
  close: 'a close tag that closes nothing',
  unclosed: 'an element without its close tag',
  cut: 'the document ends in the middle',
};

function sameName(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** Elements that HTML closes by themselves. */
const voidElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** A tag of XHTML as HTML means it: without prefix and namespaces; `<p/>` is empty, `</br>` is nothing. */
function toHtmlTag(tag: string, written: string, selfClosing: boolean): string {
  const local = written.slice(written.indexOf(':') + 1);
  const isVoid = voidElements.has(local.toLowerCase());
  if (isVoid && tag.startsWith('</')) return '';
  const bare = tag.includes('xmlns') ? tag.replace(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')/g, '') : tag;
  const named = local === written ? bare : bare.replace(written, local);
  return selfClosing && !isVoid ? `${named.replace(/\s*\/>$/, '')}></${local}>` : named;
}
