import { parseHTML } from 'linkedom';

/** A page as a tree. */
export type HtmlDocument = ReturnType<typeof parseHTML>['document'];

/** What is used of a node of it; linkedom leaves its own types to a browser's, which are not here. */
export interface HtmlNode {
  /** 1 for an element, 3 for text. */
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly firstChild: HtmlNode | null;
  readonly nextSibling: HtmlNode | null;
  readonly parentNode: HtmlElement | null;
}

/** An element of it. */
export interface HtmlElement extends HtmlNode {
  /** In lower case, but for elements that Readability made. */
  readonly localName: string;
  readonly textContent: string;
  innerHTML: string;
  readonly getAttribute: (name: string) => string | null;
  readonly setAttribute: (name: string, value: string) => void;
  readonly removeAttribute: (name: string) => void;
  readonly hasAttribute: (name: string) => boolean;
  readonly querySelector: (selector: string) => HtmlElement | null;
  readonly querySelectorAll: (selector: string) => Iterable<HtmlElement>;
  readonly remove: () => void;
  readonly replaceWith: (...nodes: readonly HtmlNode[]) => void;
}

/** A document of html and body: a page without them, or with them in a comment only, is put into both. */
export function readDocument(text: string): HtmlDocument {
  const whole = /<html[\s>]/i.test(text)
    ? text
    : /<(head|body)[\s>]/i.test(text)
      ? `<html>${text}</html>`
      : `<html><body>${text}</body></html>`;
  const { document } = parseHTML(whole);
  return document.documentElement?.localName === 'html' && document.querySelector('body')
    ? document
    : parseHTML(`<html><body>${text}</body></html>`).document;
}
