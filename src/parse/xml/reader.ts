import { decodeHTMLStrict } from 'entities';
import type { Problem } from '../../model/errors.ts';
import { createTraceFinder, mayBeHalfEncoded, undoDoubleEncoding } from '../text/double-encoding.ts';
import { decodeXmlEntities } from '../text/entities.ts';
import { createFinder } from '../text/finder.ts';
import type { Finder } from '../text/finder.ts';
import { toHtmlTag } from '../text/html-tag.ts';
import { canHold, toAtomName, toKnownAttribute, toRssName } from './known-names.ts';
import type { KnownName } from './known-names.ts';
import { Scope, toScope } from './namespaces.ts';
import { tokeniseXml } from './tokeniser.ts';
import type { TokenHandler } from './tokens.ts';
import { toRepairs } from './repairs.ts';
import type { XmlElement } from './tree.ts';

/** The result of reading an XML document. */
interface XmlDocument {
  /** Named `rss`, `feed` or `rdf:RDF`; null when the document has no such root. */
  readonly root: XmlElement | null;
  /** The entry that was still open at the end of the document; null when none was. */
  readonly openEntry: XmlElement | null;
  readonly problems: readonly Problem[];
}

/** Elements deeper than this are skipped: no feed has them, and recursion over the tree would
 *  exhaust the stack. */
const MAX_DEPTH = 100;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Element = Writable<XmlElement> & { children: Map<string, XmlElement[]> | null };

/** An open element. */
interface Frame {
  readonly written: string;
  readonly known: KnownName;
  readonly element: Element;
  readonly scope: Scope;
  /** Offset behind its open tag. */
  readonly start: number;
  /** True when its text has a character reference that may be half of a doubly encoded letter. */
  hasReference: boolean;
  /** Text so far, decoded. */
  text: string;
  /** The same text as written, with tags; it is used when the text contains elements. */
  raw: string;
  /** True once the text contains an element. */
  hasMarkup: boolean;
  /** Number of open elements of the same name inside it. */
  nested: number;
  /** Number of open elements of its markup. */
  unclosed: number;
}

/** Reads XML into a tree of elements and repairs common faults of real feeds (docs/design.md §76);
 *  tokeniser.ts repairs broken tags. Elements are named by their namespace. Missing or crossed
 *  close tags are completed. Markup inside a text is kept as written (`markup`), and text outside
 *  the root is dropped. Linear in time and bounded in depth; never throws. */
export function readXml(text: string): XmlDocument {
  const builder = new TreeBuilder(text);
  tokeniseXml(text, builder);
  return builder.finish();
}

class TreeBuilder implements TokenHandler {
  readonly #text: string;
  readonly #stack: Frame[] = [];
  #top: Frame | null = null;
  readonly #repairs = new Map<string, number>();
  readonly #attributeNames = new Map<string, string>();
  #root: XmlElement | null = null;
  #toName: (written: string, scope: Scope) => KnownName = toRssName;
  #isRootClosed = false;
  #skippedDepth = 0;
  readonly #find: Finder;
  readonly #hasTrace: (from: number, to: number) => boolean;

  constructor(text: string) {
    this.#text = text;
    this.#find = createFinder(text);
    this.#hasTrace = createTraceFinder(text);
  }

  current(): string | null {
    return this.#top === null ? null : this.#top.written;
  }

  isInContainer(): boolean {
    return this.#top !== null && this.#top.known.kind === 'container';
  }

  repair(kind: string): void {
    this.#repairs.set(kind, (this.#repairs.get(kind) ?? 0) + 1);
  }

  text(start: number, end: number): void {
    const frame = this.#top;
    if (frame === null || !frame.known.hasText || this.#skippedDepth > 0) return;
    const raw = this.#text.slice(start, end);
    frame.raw += raw;
    frame.text += raw.includes('&') ? decode(raw, frame) : raw;
  }

  cdata(start: number, end: number): void {
    const frame = this.#top;
    if (frame === null || this.#skippedDepth > 0) return;
    const text = this.#text.slice(start, end);
    frame.raw += text;
    frame.text += text;
  }

  open(written: string, attributes: readonly string[] | null, selfClosing: boolean, start: number, end: number): void {
    if (this.#isRootClosed) return;
    if (this.#skippedDepth > 0) {
      if (!selfClosing) this.#skippedDepth++;
      return;
    }
    let outer = this.#top;
    if (outer === null) {
      this.#openRoot(written, attributes, end);
      return;
    }
    const scope = toScope(outer.scope, attributes);
    const known = scope.lookUp(written, this.#toName);
    if (outer.known.kind === 'container') {
      if (known.isEntry) this.#closeToChannel(start);
      else if (!canHold(outer.known.name, known.name) && !this.#closesFirst(outer, start)) this.#popUnclosed(start);
    } else if (this.#isInside(outer, known, start)) {
      if (outer.known.kind === 'text' || outer.hasMarkup) {
        outer.hasMarkup = true;
        if (!selfClosing) outer.unclosed++;
        if (sameName(written, outer.written) && !selfClosing) outer.nested++;
        outer.raw += toHtmlTag(this.#text.slice(start, end), written, selfClosing);
        return;
      }
    } else {
      // An unclosed text or leaf ends here.
      while (this.#top !== null && this.#stack.length > 1 && this.#top.known.kind !== 'container') this.#popUnclosed(start);
      if (known.isEntry) this.#closeToChannel(start);
    }
    if (this.#stack.length >= MAX_DEPTH) {
      if (!selfClosing) this.#skippedDepth++;
      return;
    }
    outer = this.#top;
    this.#push(written, known, attributes, scope, end, outer);
    if (selfClosing) this.#pop(end);
  }

  close(written: string, start: number, end: number): void {
    const top = this.#top;
    if (top === null || this.#isRootClosed) return;
    if (this.#skippedDepth > 0) {
      this.#skippedDepth--;
      return;
    }
    if (written === top.written || sameName(written, top.written) || this.#nameOf(written) === top.known.name) {
      if (top.nested > 0) {
        top.nested--;
        top.unclosed--;
        top.raw += toHtmlTag(this.#text.slice(start, end), written, false);
      } else this.#pop(start);
      return;
    }
    const name = this.#nameOf(written);
    const at = this.#stack.findLastIndex((frame) => frame.known.name === name || sameName(frame.written, written));
    if (at < 0 || (top.hasMarkup && this.#stack[at]?.known.kind !== 'container')) {
      if (top.hasMarkup) {
        top.unclosed--;
        top.raw += toHtmlTag(this.#text.slice(start, end), written, false);
      } else this.repair('close');
      return;
    }
    this.repair('unclosed');
    while (this.#stack.length > at) this.#pop(start);
  }

  finish(): XmlDocument {
    const openEntry = this.#stack.find(({ known }) => known.isEntry)?.element ?? null;
    if (this.#stack.length > 0) this.repair('cut');
    while (this.#stack.length > 0) this.#pop(this.#text.length);
    return { root: this.#root, openEntry, problems: toRepairs(this.#repairs) };
  }

  #openRoot(written: string, attributes: readonly string[] | null, end: number): void {
    const local = written.slice(written.indexOf(':') + 1).toLowerCase();
    if (local !== 'rss' && local !== 'rdf' && local !== 'feed') return;
    const name = local === 'rdf' ? 'rdf:RDF' : local;
    if (local === 'feed') this.#toName = toAtomName;
    const declared = toScope(new Scope(null, new Map()), attributes);
    // The feed's own elements count as such in any namespace: some feeds declare a wrong one, or
    // none.
    const scope = written.includes(':') ? declared : new Scope(declared, new Map([['', '']]));
    this.#root = this.#push(
      written,
      { name, kind: 'container', isField: true, isEntry: false, hasText: false },
      attributes,
      scope,
      end,
      null,
    );
  }

  #push(
    written: string,
    known: KnownName,
    attributes: readonly string[] | null,
    scope: Scope,
    start: number,
    outer: Frame | null,
  ): Element {
    const element: Element = {
      name: known.name,
      attributes: attributes === null ? null : this.#toAttributes(attributes),
      text: '',
      markup: '',
      children: null,
    };
    if (outer !== null) {
      const siblings = (outer.element.children ??= new Map());
      const list = siblings.get(known.name);
      if (list === undefined) siblings.set(known.name, [element]);
      else list.push(element);
    }
    const frame: Frame = {
      written,
      known,
      element,
      scope,
      start,
      hasReference: false,
      text: '',
      raw: '',
      hasMarkup: false,
      nested: 0,
      unclosed: 0,
    };
    this.#stack.push(frame);
    this.#top = frame;
    return element;
  }

  /** Closes the innermost element; `end` is the offset of its close tag, or of the tag that implies
   *  it. */
  #pop(end: number): void {
    const frame = this.#stack.pop();
    this.#top = this.#stack.at(-1) ?? null;
    if (frame === undefined) return;
    const { element } = frame;
    const isSuspect = frame.hasReference || this.#hasTrace(frame.start, end);
    if (frame.text !== '') element.text = (isSuspect ? undoDoubleEncoding(frame.text) : frame.text).trim();
    if (frame.hasMarkup) {
      element.markup = (isSuspect ? undoDoubleEncoding(frame.raw) : frame.raw).trim();
      if (frame.unclosed !== 0) this.repair(frame.unclosed > 0 ? 'unclosed' : 'close');
    }
    if (this.#top === null) this.#isRootClosed = true;
  }

  #popUnclosed(end: number): void {
    this.repair('unclosed');
    this.#pop(end);
  }

  #toAttributes(written: readonly string[]): string[] {
    // A copy has its final length at once; a growing array would reserve room for sixteen more.
    const attributes = written.slice();
    for (let index = 0; index < written.length; index += 2) {
      const key = written[index] ?? '';
      let name = this.#attributeNames.get(key);
      if (name === undefined) {
        name = toKnownAttribute(key);
        this.#attributeNames.set(key, name);
      }
      const value = written[index + 1] ?? '';
      attributes[index] = name;
      if (value.includes('&')) attributes[index + 1] = decodeXmlEntities(value) ?? decodeHTMLStrict(value);
    }
    return attributes;
  }

  #nameOf(written: string): string {
    return this.#top === null ? '' : this.#top.scope.lookUp(written, this.#toName).name;
  }

  /** Reports whether an element belongs to the non-container element in which it begins. A field
   *  does so only if the outer element is closed before the entry ends. */
  #isInside(outer: Frame, known: KnownName, start: number): boolean {
    if (!known.isField) return true;
    if (known.name === outer.known.name && !outer.hasMarkup && outer.known.kind === 'text') return false;
    return !known.isEntry && this.#closesFirst(outer, start);
  }

  /** Reports whether the close tag of an open element comes before the end of the entry, and before
   *  another element of its name. */
  #closesFirst({ written, known }: Frame, start: number): boolean {
    const close = this.#find(`</${written}`, start);
    if (close < 0) return false;
    const isBefore = (tag: string): boolean => {
      const at = this.#find(tag, start);
      return at >= 0 && at < close;
    };
    return !entryTags.some(isBefore) && (known.kind === 'other' || !isBefore(`<${written}>`));
  }

  /** Closes all elements below the channel: an entry cannot be inside another entry or a part of
   *  the head. */
  #closeToChannel(end: number): void {
    while (this.#top !== null && !entryParents.has(this.#top.known.name)) this.#popUnclosed(end);
  }
}

const entryTags = ['</item', '</entry', '<item', '<entry'];
/** Elements that may contain entries. */
const entryParents = new Set(['channel', 'feed', 'rss', 'rdf:RDF']);

function decode(raw: string, frame: Frame): string {
  const usual = decodeXmlEntities(raw);
  if (usual !== null) return usual;
  frame.hasReference ||= mayBeHalfEncoded(raw);
  return decodeHTMLStrict(raw);
}

function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
