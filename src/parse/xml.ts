import Parser from 'rss-parser';
import type { ParsedFeed, ParseResult } from '../model/parsed.ts';
import { toParsedItem } from './xml-item.ts';
import { readXml } from './xml-reader.ts';
import { attributeOf, childrenOf, childText, textOf, toMarkup } from './xml-tree.ts';
import type { XmlElement, XmlNode } from './xml-tree.ts';
import { resolveUrl } from './resolve-url.ts';

/** Reads RSS 0.9x, 1.0 (RDF), 2.0 and Atom through rss-parser, its XML reader replaced by the tolerant one (xml-reader.ts). Its dispatch is
 *  used as it is; fields are mapped from their own elements, since rss-parser throws on a bad Atom date, keeps one author and enclosure,
 *  and is quadratic on large text. A fresh instance for each document: one that met an error stays broken. Never throws. */
export async function parseXml(text: string, url: string): Promise<ParseResult> {
  const parser = new Parser<object, { element?: { whole: XmlElement } }>({ customFields: { item: ['element'] }, defaultRSS: 2 });
  const { tree, problems } = readXml(text);
  if (!tree) return refuse('no feed begins in it');
  const root = slim(tree);
  replaceReader(parser, root);
  try {
    const feed = await parser.parseString(text);
    const elements = feed.items.flatMap((item): XmlElement[] => (item.element ? [item.element.whole] : []));
    const read = toParsedFeed(root, elements, url);
    const isCut = problems.some((problem) => problem.code === 'xml/cut');
    if (isCut && !read.items.some((item) => item.title !== '' || item.html !== null || item.summary !== null))
      return refuse('it ends before its first entry');
    return { kind: 'feed', feed: { ...read, problems } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refuse(error.message.split('\n').slice(0, 2).join(', '));
  }
}

function refuse(reason: string): ParseResult {
  const message = `the feed is broken XML (${reason}): tell its publisher; what was stored before stays published`;
  return { kind: 'refused', problem: { code: 'feed/broken-xml', message } };
}

/** rss-parser keeps its XML reader in a field that its types do not show. */
function replaceReader(parser: object, tree: XmlElement): void {
  const host = parser as { xmlParser: { parseString(text: string, done: (error: Error | null, tree: XmlElement) => void): void } };
  host.xmlParser = { parseString: (_, done) => done(null, tree) };
}

/** Gives rss-parser items that carry their own element and nothing else that it would look into. */
function slim(tree: XmlElement): XmlElement {
  const item = (element: XmlNode) => ({ element: [{ whole: typeof element === 'string' ? {} : element }] });
  const [name = '', root] = Object.entries(tree)[0] ?? [];
  const local = name.replace(/^.*:/, '').toLowerCase();
  if (typeof root !== 'object' || root === null) return tree;
  const element = root as XmlElement;
  if (local === 'feed') {
    // It looks for attributes in every link.
    const links = childrenOf(element, 'link').map((link) => (typeof link === 'string' ? { _: link, $: {} } : { $: {}, ...link }));
    return { feed: { ...element, link: links, entry: childrenOf(element, 'entry').map(item) } };
  }
  const channel = childrenOf(element, 'channel')[0];
  const inside = typeof channel === 'object' ? channel : {};
  if (local === 'rdf') return { 'rdf:RDF': { ...element, channel: [inside], item: childrenOf(element, 'item').map(item) } };
  const items = [...childrenOf(inside, 'item'), ...childrenOf(element, 'item')];
  return { rss: { ...element, channel: [{ ...inside, item: items.map(item) }] } };
}

function toParsedFeed(tree: XmlElement, elements: readonly XmlElement[], url: string): ParsedFeed {
  const isAtom = 'feed' in tree;
  const root = (Object.values(tree)[0] ?? {}) as XmlElement;
  const head: XmlElement = isAtom ? root : ((childrenOf(root, 'channel')[0] ?? {}) as XmlElement);
  const links = childrenOf(head, 'atom:link', 'link');
  const linked = (rel: string) =>
    links.filter((link) => (attributeOf(link, 'rel') ?? 'alternate') === rel && attributeOf(link, 'href') !== null);
  const xmlBase = attributeOf(root, 'xml:base') ?? attributeOf(head, 'xml:base');
  const documentBase = resolveUrl(xmlBase, url) ?? resolveUrl(url, null);
  const plainLink =
    childrenOf(head, 'link')
      .map(textOf)
      .find((text) => text !== null) ?? null;
  const homePage = resolveUrl(plainLink ?? attributeOf(linked('alternate')[0], 'href'), documentBase);
  const selfUrl = resolveUrl(attributeOf(linked('self')[0], 'href'), documentBase);
  const base = xmlBase === null ? (homePage ?? selfUrl ?? documentBase) : documentBase;
  const numbers = (name: string, child: string) => childrenOf(childrenOf(head, name)[0], child).map(textOf);
  return {
    format: isAtom ? 'atom' : 'rdf:RDF' in tree ? 'rdf' : 'rss',
    title:
      childrenOf(head, 'title', 'dc:title')
        .map(toMarkup)
        .find((text) => text !== null) ?? null,
    titleType: isAtom ? (/html/.test(attributeOf(childrenOf(head, 'title')[0], 'type') ?? '') ? 'html' : 'text') : 'unknown',
    description: childText(head, 'description', 'subtitle', 'tagline', 'itunes:summary'),
    homePage,
    feedId: isAtom ? childText(head, 'id') : null,
    selfUrl,
    hubUrls: linked('hub').flatMap((link) => attributeOf(link, 'href') ?? []),
    language: childText(head, 'language', 'dc:language') ?? attributeOf(root, 'xml:lang'),
    icon: resolveUrl(childText(head, 'icon'), base),
    image: resolveUrl(childText(head, 'logo') ?? childText(childrenOf(head, 'image')[0] ?? childrenOf(root, 'image')[0], 'url'), base),
    ttlMinutes: toCount(childText(head, 'ttl')),
    skipHours: numbers('skipHours', 'hour').flatMap((hour) => (toCount(hour) === null ? [] : Number(hour) % 24)),
    skipDays: numbers('skipDays', 'day').flatMap((day) => (days.includes(day ?? '') ? days.indexOf(day ?? '') : [])),
    updateIntervalMs: toInterval(childText(head, 'sy:updatePeriod'), childText(head, 'sy:updateFrequency')),
    items: elements.map((element) => toParsedItem(element, { isAtom, base, feedAuthors: childrenOf(head, 'author') })),
    problems: [],
  };
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const periodMs: Readonly<Record<string, number>> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 604_800_000,
  monthly: 2_592_000_000,
  yearly: 31_536_000_000,
};

/** RSS 1.0 syndication module: a period divided by how often in it. */
function toInterval(period: string | null, frequency: string | null): number | null {
  const whole = periodMs[period?.toLowerCase() ?? ''];
  return whole === undefined ? null : whole / Math.max(1, toCount(frequency) ?? 1);
}

function toCount(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
