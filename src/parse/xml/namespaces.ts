/** Prefix that each namespace has in this program, whatever a document calls it; the empty string
 *  for a feed's own elements. By URI as `toKey` writes it. */
const prefixes = new Map(
  Object.entries({
    'www.w3.org/2005/atom': 'atom',
    'purl.org/atom/ns': 'atom',
    'purl.org/rss/1.0': '',
    'purl.org/net/rss1.1': '',
    'my.netscape.com/rdf/simple/0.9': '',
    'channel.netscape.com/rdf/simple/0.9': '',
    'backend.userland.com/rss2': '',
    'backend.userland.com/rss': '',
    'blogs.law.harvard.edu/tech/rss': '',
    'cyber.law.harvard.edu/rss': '',
    'www.w3.org/1999/02/22-rdf-syntax-ns': 'rdf',
    'purl.org/dc/elements/1.1': 'dc',
    'purl.org/dc/elements/1.0': 'dc',
    'purl.org/dc/terms': 'dcterms',
    'purl.org/rss/1.0/modules/content': 'content',
    'purl.org/rss/1.0/modules/syndication': 'sy',
    'purl.org/rss/1.0/modules/slash': 'slash',
    'www.itunes.com/dtds/podcast-1.0.dtd': 'itunes',
    'example.com/dtds/podcast-1.0.dtd': 'itunes',
    'search.yahoo.com/mrss': 'media',
    'video.search.yahoo.com/mrss': 'media',
    'www.rssboard.org/media-rss': 'media',
    'rssnamespace.org/feedburner/ext/1.0': 'feedburner',
    'purl.org/syndication/history/1.0': 'fh',
    'purl.org/atompub/tombstones/1.0': 'at',
    'source.scripting.com': 'source',
    'www.w3.org/1999/xhtml': 'xhtml',
    'www.w3.org/xml/1998/namespace': 'xml',
  }),
);

/** Prefixes that documents use without declaring them, or for another name of the same thing. */
const undeclared: Readonly<Record<string, string>> = { a10: 'atom', atom10: 'atom', atom03: 'atom', dc10: 'dc', rss: '' };

/** A namespace of which nothing is known: its elements keep the prefix that they are written
 *  with. */
const UNKNOWN = null;

/** Declarations in force at a place of a document: its own, then those further out. */
export class Scope {
  readonly #outer: Scope | null;
  /** Usual prefix by written prefix. */
  readonly #own: ReadonlyMap<string, string | null>;
  readonly #names = new Map<string, unknown>();
  readonly #inner = new Map<string, Scope>();

  constructor(outer: Scope | null, own: ReadonlyMap<string, string | null>) {
    this.#outer = outer;
    this.#own = own;
  }

  /** What `make` says of a name as written; asked once for each name of the scope. */
  know<T>(written: string, make: (written: string, scope: Scope) => T): T {
    const known = this.#names.get(written) as T | undefined;
    if (known !== undefined) return known;
    const made = make(written, this);
    this.#names.set(written, made);
    return made;
  }

  /** The scope inside this one that declares one prefix: the same one for the same declaration,
   *  since many texts begin with it. */
  within(prefix: string, uri: string): Scope {
    const key = `${prefix} ${uri}`;
    const known = this.#inner.get(key);
    if (known !== undefined) return known;
    const scope = new Scope(this, new Map([[prefix, toUsual(uri)]]));
    this.#inner.set(key, scope);
    return scope;
  }

  /** The usual prefix for a written one: by its namespace, else the written one in lower case. */
  prefixOf(written: string): string {
    const lower = written.toLowerCase();
    const usual = this.#declared(written);
    if (usual !== undefined) return usual ?? lower;
    return Object.hasOwn(undeclared, lower) ? (undeclared[lower] ?? lower) : lower;
  }

  isDeclared(written: string): boolean {
    return this.#declared(written) !== undefined;
  }

  #declared(written: string): string | null | undefined {
    if (this.#own.has(written)) return this.#own.get(written);
    return this.#outer === null ? undefined : this.#outer.#declared(written);
  }
}

/** The scope below an element with these attributes (in turn name and value): the same one when it
 *  declares nothing. */
export function declare(outer: Scope, attributes: readonly string[] | null): Scope {
  if (attributes === null) return outer;
  let declared: string[] | null = null;
  for (let index = 0; index < attributes.length; index += 2) {
    const name = attributes[index] ?? '';
    if (name.startsWith('xmlns') && (name.length === 5 || name[5] === ':'))
      (declared ??= []).push(name.slice(6), attributes[index + 1] ?? '');
  }
  if (declared === null) return outer;
  const [prefix = '', uri = ''] = declared;
  if (declared.length === 2) return outer.within(prefix, uri);
  const own = new Map<string, string | null>();
  for (let index = 0; index < declared.length; index += 2) own.set(declared[index] ?? '', toUsual(declared[index + 1] ?? ''));
  return new Scope(outer, own);
}

function toUsual(uri: string): string | null {
  return prefixes.get(toKey(uri)) ?? UNKNOWN;
}

/** Namespaces are written with either scheme, in any case, with and without what ends them. */
function toKey(uri: string): string {
  return uri
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/#]$/, '');
}
