import type { HtmlDocument } from './html-document.ts';

/** Reports whether the publisher declares a page as paid. The declaration is schema.org
 *  `isAccessibleForFree` of its article or a part on the page, or `article:content_tier` (Open
 *  Graph). Declarations about other articles on the page do not count. See
 *  developers.google.com/search/docs/appearance/structured-data/paywalled-content. */
export function isDeclaredPaid(document: HtmlDocument, url: string): boolean {
  const tier = document.querySelector('meta[property="article:content_tier"],meta[name="article:content_tier"]')?.getAttribute('content');
  if (/^\s*(?:locked|metered)\s*$/i.test(tier ?? '')) return true;
  for (const element of document.querySelectorAll('[itemprop="isAccessibleForFree"]')) {
    if (isFalse(element.getAttribute('content') ?? element.getAttribute('href') ?? element.textContent)) return true;
  }
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    const text = script.textContent ?? '';
    const nodes = readNodes(text);
    // Invalid JSON is searched as text.
    if (nodes === null && /"isAccessibleForFree"\s*:\s*(?:false|"(?:https?:\/\/schema\.org\/)?false")/i.test(text)) return true;
    if (nodes?.some((node) => isPaid(node, document, url))) return true;
  }
  return false;
}

type Node = Readonly<Record<string, unknown>>;

const ARTICLE = /article|posting|report|webpage|creativework|review|podcastepisode|videoobject|^book$|blog|recipe|howto|analysis/i;
const DEPTH = 6;

/** Returns the article-like nodes of a JSON-LD document; null when it is not JSON. */
function readNodes(text: string): Node[] | null {
  try {
    const nodes: Node[] = [];
    collect(JSON.parse(text.replace(/^\s*(?:<!--|\/\*<!\[CDATA\[\*\/)|(?:-->|\/\*\]\]>\*\/)\s*$/g, '')), nodes, DEPTH);
    return nodes;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Collects article-like nodes. Lists of other items (`itemListElement`, `mentions`, `isPartOf`)
 *  are not searched. */
function collect(value: unknown, nodes: Node[], depth: number): void {
  if (depth === 0) return;
  if (Array.isArray(value)) for (const item of value) collect(item, nodes, depth - 1);
  else if (isNode(value)) {
    const type = [value['@type']].flat().join(' ');
    if (type === '' || ARTICLE.test(type)) nodes.push(value);
    for (const key of ['@graph', 'mainEntity', 'mainEntityOfPage']) collect(value[key], nodes, depth - 1);
  }
}

function isPaid(node: Node, document: HtmlDocument, url: string): boolean {
  if (isOtherPage(node, url)) return false;
  if (isFalse(node['isAccessibleForFree'])) return true;
  return [node['hasPart']].flat().some((part) => {
    if (!isNode(part) || !isFalse(part['isAccessibleForFree'])) return false;
    const selectors = [part['cssSelector']].flat().filter((selector) => typeof selector === 'string');
    // Free articles often keep the declaration of a paid part that they do not have.
    return selectors.length === 0 || !isTrue(node['isAccessibleForFree']) || selectors.some((selector) => isOnPage(document, selector));
  });
}

function isOnPage(document: HtmlDocument, selector: string): boolean {
  try {
    return document.querySelector(selector) !== null;
  } catch {
    // linkedom throws various errors on a selector that it cannot parse; the part then counts as
    // present.
    return true;
  }
}

/** Reports whether a node describes another page, as in a list of further articles. */
function isOtherPage(node: Node, url: string): boolean {
  const page = node['mainEntityOfPage'];
  const own = [node['url'], isNode(page) ? page['@id'] : page].find((value) => typeof value === 'string' && /^https?:/i.test(value));
  if (typeof own !== 'string' || !URL.canParse(own) || !URL.canParse(url)) return false;
  const path = (address: string) => new URL(address).pathname.replace(/\/(?:amp\/?)?$/, '');
  return path(own) !== path(url) && isSameHost(own, url);
}

/** Reports whether two addresses share a host. Another path on the same host is another article;
 *  another host is syndication. */
function isSameHost(own: string, url: string): boolean {
  return new URL(own).hostname.replace(/^(?:www|m|amp)\./, '') === new URL(url).hostname.replace(/^(?:www|m|amp)\./, '');
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFalse(value: unknown): boolean {
  return value === false || (typeof value === 'string' && /^\s*(?:https?:\/\/schema\.org\/)?(?:false|no|0)\s*$/i.test(value));
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^\s*(?:https?:\/\/schema\.org\/)?true\s*$/i.test(value));
}
