import { parseHTML } from 'linkedom';

/** A page as a tree of nodes. */
export type HtmlDocument = ReturnType<typeof parseHTML>['document'];

/** The properties of a node that are used here. linkedom's own types need those of a browser, which
 *  this project does not load. */
export interface HtmlNode {
  /** 1 for an element, 3 for text. */
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly firstChild: HtmlNode | null;
  readonly nextSibling: HtmlNode | null;
  readonly parentNode: HtmlElement | null;
}

/** An element of a page. */
export interface HtmlElement extends HtmlNode {
  /** In lower case, except for elements created by Readability. */
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

/** Parses a page into a document with exactly one head and one body. A page without them, or with
 *  them only in a comment, is wrapped. Without this, linkedom takes the element behind the head for
 *  the body. A title outside the head then makes the body empty. */
export function openHtml(text: string): HtmlDocument {
  const whole = /<html[\s>]/i.test(text)
    ? text
    : /<(head|body)[\s>]/i.test(text)
      ? `<html>${text}</html>`
      : `<html><body>${text}</body></html>`;
  const { document } = parseHTML(whole);
  const hasBody = document.documentElement?.localName === 'html' && [...document.documentElement.children].some(isBody);
  return normaliseStructure(hasBody ? document : parseHTML(`<html><head></head><body>${text}</body></html>`).document);
}

function normaliseStructure(document: HtmlDocument): HtmlDocument {
  const root = document.documentElement;
  const nodes = [...root.childNodes];
  const head = nodes.find((node) => node.localName === 'head') ?? document.createElement('head');
  const body = nodes.find(isBody);
  const first = body.firstChild;
  let isBefore = true;
  for (const node of nodes) {
    if (node === body) isBefore = false;
    if (node === head || node === body) continue;
    const isMetadata = isBefore && /^(?:title|meta|link|base|style|script|head)$/.test(node.localName ?? '');
    if (isMetadata) head.append(node);
    else if (isBefore) body.insertBefore(node, first);
    else body.append(...(isBody(node) ? node.childNodes : [node]));
    if (isBody(node)) node.remove();
  }
  root.insertBefore(head, root.firstChild);
  root.insertBefore(body, head.nextSibling);
  return document;
}

function isBody(node: { readonly localName?: string | null }): boolean {
  return node.localName === 'body';
}
