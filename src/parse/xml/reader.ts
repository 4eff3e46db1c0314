import { decodeHTMLStrict } from 'entities';
import type { Problem } from '../../model/errors.ts';
import { createTraceFinder, mayBeHalf, undoDoubleEncoding } from '../text/double-encoding.ts';
import { decodeUsual } from '../text/entities.ts';
import { createFinder } from '../text/finder.ts';
import type { Finder } from '../text/finder.ts';
import { toHtmlTag } from '../discovery/html-tag.ts';
import { canHold, toAtomName, toKnownAttribute, toRssName } from './known-names.ts';
import type { KnownName } from './known-names.ts';
import { declare, Scope } from './namespaces.ts';
import { tokeniseXml } from './tokeniser.ts';
import type { TokenHandler } from './tokens.ts';
import { toRepairs } from './problems.ts';
import type { XmlElement } from './tree.ts';

/** What a document was read to. */
interface XmlDocument {
  /** Named `rss`, `feed` or `rdf:RDF`; null when there is no root of a feed. */
  readonly root: XmlElement | null;
  /** The entry that was open when the document ended; null when none was. */
  readonly openEntry: XmlElement | null;
  readonly problems: readonly Problem[];
}

/** Elements deeper than this are passed over: no feed has them, and they would exhaust whoever
 *  walks the tree. */
const MAX_DEPTH = 100;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Element = Writable<XmlElement> & { children: Map<string, XmlElement[]> | null };

/** An open element. */
interface Frame {
  readonly written: string;
  readonly known: KnownName;
  readonly element: Element;
  readonly scope: Scope;
  /** Place after its open tag. */
  readonly start: number;
  /** Whether its text has a reference that may be half of a letter that was encoded twice. */
  hasReference: boolean;
  /** Text so far, decoded. */
  text: string;
  /** The same as written, tags included: what a text with elements in it really is. */
  raw: string;
  /** true once an element was met in a text. */
  hasMarkup: boolean;
  /** Elements of the same name open inside it. */
  nested: number;
  /** Elements of its markup that are open. */
  unclosed: number;
}

/** Reads XML into a tree of elements, repairing what real feeds get wrong (docs/design.md §76): see
 *  tokeniser.ts for broken tags. Elements are named by namespace URI, close tags that are missing
 *  or crossed are supplied, markup inside a text is kept as it was written (`markup`), what stands
 *  outside the root is dropped. Linear in time, bounded in depth; never throws. */
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
  #isOver = false;
  #passedOver = 0;
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

  repair(what: string): void {
    this.#repairs.set(what, (this.#repairs.get(what) ?? 0) + 1);
  }

  text(start: number, end: number): void {
    const frame = this.#top;
    if (frame === null || !frame.known.hasText || this.#passedOver > 0) return;
    const raw = this.#text.slice(start, end);
    frame.raw += raw;
    frame.text += raw.includes('&') ? decode(raw, frame) : raw;
  }

  cdata(start: number, end: number): void {
    const frame = this.#top;
    if (frame === null || this.#passedOver > 0) return;
    const text = this.#text.slice(start, end);
    frame.raw += text;
    frame.text += text;
  }

  open(written: string, attributes: readonly string[] | null, selfClosing: boolean, start: number, end: number): void {
    if (this.#isOver) return;
    if (this.#passedOver > 0) {
      if (!selfClosing) this.#passedOver++;
      return;
    }
    let outer = this.#top;
    if (outer === null) {
      this.#openRoot(written, attributes, end);
      return;
    }
    const scope = declare(outer.scope, attributes);
    const known = scope.know(written, this.#toName);
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
      // A text or a leaf that was never closed ends here.
      while (this.#top !== null && this.#stack.length > 1 && this.#top.known.kind !== 'container') this.#popUnclosed(start);
      if (known.isEntry) this.#closeToChannel(start);
    }
    if (this.#stack.length >= MAX_DEPTH) {
      if (!selfClosing) this.#passedOver++;
      return;
    }
    outer = this.#top;
    this.#push(written, known, attributes, scope, end, outer);
    if (selfClosing) this.#pop(end);
  }

  close(written: string, start: number, end: number): void {
    const top = this.#top;
    if (top === null || this.#isOver) return;
    if (this.#passedOver > 0) {
      this.#passedOver--;
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
    const declared = declare(new Scope(null, new Map()), attributes);
    // Whatever namespace its root is in, a feed's own elements are its own: some declare a wrong
    // one, or none.
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

  /** Closes the innermost element; `end` is the place of its close tag, or of what stands for
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
    if (this.#top === null) this.#isOver = true;
  }

  #popUnclosed(end: number): void {
    this.repair('unclosed');
    this.#pop(end);
  }

  #toAttributes(written: readonly string[]): string[] {
    // As long as it will be: a list that grows has room for sixteen more.
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
      if (value.includes('&')) attributes[index + 1] = decodeUsual(value) ?? decodeHTMLStrict(value);
    }
    return attributes;
  }

  #nameOf(written: string): string {
    return this.#top === null ? '' : this.#top.scope.know(written, this.#toName).name;
  }

  /** Whether an element that begins inside one that is no container is part of it. One that no text
   *  can hold is so only if the other is closed before the entry is. */
  #isInside(outer: Frame, known: KnownName, start: number): boolean {
    if (!known.isField) return true;
    if (known.name === outer.known.name && !outer.hasMarkup && outer.known.kind === 'text') return false;
    return !known.isEntry && this.#closesFirst(outer, start);
  }

  /** Whether the close tag of an open element stands before the entry ends, and before one more of
   *  its name begins. */
  #closesFirst({ written, known }: Frame, start: number): boolean {
    const close = this.#find(`</${written}`, start);
    if (close < 0) return false;
    const isBefore = (tag: string): boolean => {
      const at = this.#find(tag, start);
      return at >= 0 && at < close;
    };
    return !entryTags.some(isBefore) && (known.kind === 'other' || !isBefore(`<${written}>`));
  }

  /** An entry cannot stand in an entry, nor in any part of the feed's head: what is open was never
   *  closed. */
  #closeToChannel(end: number): void {
    while (this.#top !== null && !homes.has(this.#top.known.name)) this.#popUnclosed(end);
  }
}

const entryTags = ['</item', '</entry', '<item', '<entry'];
/** Where entries stand. */
const homes = new Set(['channel', 'feed', 'rss', 'rdf:RDF']);

function decode(raw: string, frame: Frame): string {
  const usual = decodeUsual(raw);
  if (usual !== null) return usual;
  frame.hasReference ||= mayBeHalf(raw);
  return decodeHTMLStrict(raw);
}

function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
