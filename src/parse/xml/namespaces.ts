/** Usual prefix of each known namespace, whatever prefix a document declares; the empty string for
 *  a feed's own elements. The keys are normalised by `toKey`. */
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

/** Prefixes that documents use without a declaration, or as synonyms. */
const undeclared: Readonly<Record<string, string>> = { a10: 'atom', atom10: 'atom', atom03: 'atom', dc10: 'dc', rss: '' };

/** Marks an unknown namespace: its elements keep the prefix of the document. */
const UNKNOWN = null;

/** Namespace declarations in force at an element: its own, then those of its ancestors. */
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

  /** Returns the result of `make` for a name; computed once for each name of the scope. */
  lookUp<T>(written: string, make: (written: string, scope: Scope) => T): T {
    const known = this.#names.get(written) as T | undefined;
    if (known !== undefined) return known;
    const made = make(written, this);
    this.#names.set(written, made);
    return made;
  }

  /** Returns the scope inside this one that declares one prefix. Equal declarations share a scope,
   *  because many texts begin with the same one. */
  within(prefix: string, uri: string): Scope {
    const key = `${prefix} ${uri}`;
    const known = this.#inner.get(key);
    if (known !== undefined) return known;
    const scope = new Scope(this, new Map([[prefix, toPrefix(uri)]]));
    this.#inner.set(key, scope);
    return scope;
  }

  /** Returns the usual prefix for a written one, by its namespace; the written one in lower case
   *  when the namespace is unknown. */
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

/** Returns the scope inside an element with these attributes (names and values in turn). An element
 *  without declarations keeps the outer scope. */
export function toScope(outer: Scope, attributes: readonly string[] | null): Scope {
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
  for (let index = 0; index < declared.length; index += 2) own.set(declared[index] ?? '', toPrefix(declared[index + 1] ?? ''));
  return new Scope(outer, own);
}

function toPrefix(uri: string): string | null {
  return prefixes.get(toKey(uri)) ?? UNKNOWN;
}

/** Normalises a namespace URI: documents vary in scheme, case and a final `/` or `#`. */
function toKey(uri: string): string {
  return uri
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/#]$/, '');
}
