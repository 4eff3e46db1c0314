/** Prefix that each namespace has in this program, whatever a document calls it; the empty string for a feed's own elements. By URI in lower
 *  case, without a slash at the end. */
const prefixes: Readonly<Record<string, string>> = {
  'http://www.w3.org/2005/atom': 'atom',
  'http://purl.org/atom/ns#': 'atom',
  'http://purl.org/rss/1.0': '',
  'http://my.netscape.com/rdf/simple/0.9': '',
  'http://channel.netscape.com/rdf/simple/0.9': '',
  'http://backend.userland.com/rss2': '',
  'http://backend.userland.com/rss': '',
  'http://blogs.law.harvard.edu/tech/rss': '',
  'http://cyber.law.harvard.edu/rss': '',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf',
  'http://purl.org/dc/elements/1.1': 'dc',
  'http://purl.org/dc/elements/1.0': 'dc',
  'http://purl.org/dc/terms': 'dcterms',
  'http://purl.org/rss/1.0/modules/content': 'content',
  'http://purl.org/rss/1.0/modules/syndication': 'sy',
  'http://purl.org/rss/1.0/modules/slash': 'slash',
  'http://www.itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'http://search.yahoo.com/mrss': 'media',
  'http://video.search.yahoo.com/mrss': 'media',
  'http://rssnamespace.org/feedburner/ext/1.0': 'feedburner',
  'http://www.w3.org/1999/xhtml': 'xhtml',
  'http://www.w3.org/xml/1998/namespace': 'xml',
};

/** Prefixes that documents use without declaring them, or for another name of the same thing. */
const undeclared: Readonly<Record<string, string>> = { a10: 'atom', atom10: 'atom', atom03: 'atom', dc10: 'dc', rss: '' };

/** Elements whose case matters to what reads them; all others of a feed's own are in lower case. */
const cased = new Map(
  'pubDate lastBuildDate skipHours skipDays managingEditor webMaster textInput fullText updatePeriod updateFrequency updateBase origLink RDF Seq'
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);
const casedAttributes = new Map('isPermaLink fileSize isDefault'.split(' ').map((name) => [name.toLowerCase(), name]));

/** Declarations in force, by prefix. */
export type Namespaces = ReadonlyMap<string, string>;

/** Declarations in force below an element with these attributes: the same map when it declares none. */
export function declare(outer: Namespaces, attributes: Readonly<Record<string, string>>): Namespaces {
  let inner: Map<string, string> | null = null;
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    inner ??= new Map(outer);
    inner.set(name.slice(6), value.trim().toLowerCase().replace(/\/$/, ''));
  }
  return inner ?? outer;
}

/** The name by which an element is looked for: known namespaces by their usual prefix, the feed's own elements without one, case put right.
 *  `isAtom`: the document is an Atom feed, whose own elements are Atom's. */
export function toKnownName(written: string, namespaces: Namespaces, isAtom: boolean): string {
  const colon = written.indexOf(':');
  const prefix = colon < 0 ? '' : written.slice(0, colon);
  const local = colon < 0 ? written : written.slice(colon + 1);
  const uri = namespaces.get(prefix);
  const known = uri === undefined ? undefined : prefixes[uri];
  let usual = known ?? (uri === undefined ? (undeclared[prefix.toLowerCase()] ?? prefix.toLowerCase()) : prefix.toLowerCase());
  if (usual === 'atom' && isAtom) usual = '';
  const lower = local.toLowerCase();
  const name = cased.get(lower) ?? (usual === '' || local === local.toUpperCase() ? lower : local);
  return usual === '' ? name : `${usual}:${name}`;
}

/** An attribute's name as it is looked for: case put right. */
export function toKnownAttribute(written: string): string {
  const lower = written.toLowerCase();
  return casedAttributes.get(lower) ?? (written === written.toUpperCase() ? lower : written);
}
