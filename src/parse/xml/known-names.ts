import type { Scope } from './namespaces.ts';

/** Properties of an element that follow from its name. */
export interface KnownName {
  /** Normalised name: usual prefix for a known namespace, no prefix for the feed's own elements,
   *  usual case. */
  readonly name: string;
  /** container: has child elements and no text of its own. text: a text, possibly with markup.
   *  other: may contain anything. */
  readonly kind: 'container' | 'text' | 'other';
  /** True when no text can contain it: where one begins, an unclosed text before it has ended. */
  readonly isField: boolean;
  readonly isEntry: boolean;
  /** True when text inside it is kept. */
  readonly hasText: boolean;
}

const words = (text: string): string[] => text.split(' ');

const containers = new Set(
  words(
    'rss feed rdf:RDF channel item entry image author contributor source atom:author atom:contributor atom:source media:group media:content ' +
      'itunes:owner textInput items rdf:Seq skipHours skipDays cloud media:credit media:community at:deleted-entry at:by',
  ),
);
/** The containers that never hold text. */
const textless = new Set(words('rss feed rdf:RDF channel item entry image media:group media:content items rdf:Seq skipHours skipDays'));
/** Text elements. Markup inside them should be escaped, and often is not. */
const texts = new Set(
  words(
    'title description summary content content:encoded subtitle tagline rights copyright info body fullText xhtml:body xhtml:div itunes:summary ' +
      'itunes:subtitle media:description media:title media:text dc:description dc:title atom:summary atom:content atom:title atom:rights ' +
      'link guid pubDate category comments id updated published issued modified created name uri email url language generator ttl dc:creator ' +
      'dc:date dc:subject dc:language dc:rights dc:identifier itunes:author managingEditor webMaster lastBuildDate day hour icon logo',
  ),
);
const fields = new Set(
  words(
    'item entry channel title link guid pubDate category author comments enclosure source description summary content updated published id ' +
      'issued modified created contributor rights lastBuildDate managingEditor webMaster ttl language generator copyright name email uri url',
  ),
);
/** Prefixes of elements that occur inside texts: markup of pages and of office programs. */
const markupPrefixes = new Set(words('xhtml html h svg math m mml o v w st1 fb g'));
const fieldPrefixes = new Set(words('dc dcterms content itunes media atom sy slash feedburner'));

/** Elements with capitals in their usual name; all other feed elements are in lower case. */
const cased = new Map(
  words(
    'pubDate lastBuildDate skipHours skipDays managingEditor webMaster textInput fullText updatePeriod updateFrequency updateBase origLink RDF Seq',
  ).map((name) => [name.toLowerCase(), name]),
);
const casedAttributes = new Map(words('isPermaLink fileSize isDefault').map((name) => [name.toLowerCase(), name]));

/** Children of a container that has no close tag: the container ends where any other element
 *  begins. */
const contents: Readonly<Record<string, RegExp>> = {
  author: /^(?:name|uri|url|email)$|:/,
  contributor: /^(?:name|uri|url|email)$|:/,
  image: /^(?:url|title|link|width|height|description)$|:/,
  textInput: /^(?:title|link|name|description)$|:/,
  'media:group': /^media:/,
  'media:content': /^media:(?!content|group)/,
  'media:community': /^media:(?:starRating|statistics|tags)$/,
  skipHours: /^hour$/,
  skipDays: /^day$/,
};

/** Returns the properties of an element of an Atom feed, where Atom's own elements have no
 *  prefix. */
export function toAtomName(written: string, scope: Scope): KnownName {
  return toKnownName(written, scope, 'atom');
}

/** Returns the properties of an element of any other feed. */
export function toRssName(written: string, scope: Scope): KnownName {
  return toKnownName(written, scope, '');
}

function toKnownName(written: string, scope: Scope, own: string): KnownName {
  const colon = written.indexOf(':');
  const prefix = colon < 0 ? '' : written.slice(0, colon);
  const local = colon < 0 ? written : written.slice(colon + 1);
  const usual = scope.prefixOf(prefix);
  const isOwn = usual === '' || usual === own;
  const lower = local.toLowerCase();
  const name = cased.get(lower) ?? (isOwn || local === local.toUpperCase() ? lower : local);
  const full = isOwn ? name : `${usual}:${name}`;
  const isForeign = !isOwn && !markupPrefixes.has(usual) && (fieldPrefixes.has(usual) || scope.isDeclared(prefix));
  return {
    name: full,
    kind: containers.has(full) ? 'container' : texts.has(full) ? 'text' : 'other',
    isField: isForeign || fields.has(full),
    isEntry: full === 'item' || full === 'entry',
    hasText: !textless.has(full),
  };
}

/** Reports whether a name with the usual prefix, in any case, is that of a feed element. */
export function isFeedElement(written: string): boolean {
  const name = cased.get(written.toLowerCase()) ?? written;
  return fields.has(name) || texts.has(name) || containers.has(name);
}

/** Reports whether an element can be a child of a container without a close tag. */
export function canHold(container: string, name: string): boolean {
  return contents[container]?.test(name) ?? true;
}

/** Returns the name of an attribute in its usual case. */
export function toKnownAttribute(written: string): string {
  const lower = written.toLowerCase();
  return casedAttributes.get(lower) ?? (written === written.toUpperCase() ? lower : written);
}
