import { all, parseStrictly, textAt } from '../../../strict-xml.ts';
import type { Element } from '../../../strict-xml.ts';

/** An entry or a tombstone of an Atom document, as a reader gets it. */
export interface Piece {
  /** `notice` is the entry that announces the end of a feed: it is no story. */
  readonly kind: 'entry' | 'tombstone' | 'notice';
  readonly id: string;
  /** `updated` of an entry or `when` of a tombstone, in milliseconds. */
  readonly at: number;
  /** As written; null when the entry has none. */
  readonly published: string | null;
  readonly title: string;
  /** The content, else the summary, as HTML. */
  readonly html: string;
  readonly link: string;
  /** Id of the source that the entry names. */
  readonly sourceId: string;
  /** The characters of the piece in its document. */
  readonly xml: string;
}

/** An Atom document, cut into its pieces. */
export interface AtomDocument {
  readonly start: string;
  readonly pieces: readonly Piece[];
  readonly end: string;
  /** Number of the archive that `prev-archive` leads to; null for none. */
  readonly previous: number | null;
}

const END = '</feed>\n';

/** Reads a document strictly.
 *  @throws Error when it is not well-formed or cannot be cut into its entries. */
export function readAtom(text: string): AtomDocument {
  const root = parseStrictly(text);
  if (root.name !== 'feed' || !text.endsWith(END)) throw new Error('it is no feed');
  const [start = '', ...xml] = text.slice(0, -END.length).split(/(?=^ {4}<(?:entry|at:deleted-entry)[ >])/m);
  const elements = root.children.filter(({ name }) => name === 'entry' || name === 'at:deleted-entry');
  if (elements.length !== xml.length) throw new Error(`it has ${elements.length} entries and tombstones, but ${xml.length} can be cut out`);
  const feedId = textAt(root, 'id') ?? '';
  return {
    start,
    pieces: elements.map((element, index) => toPiece(element, xml[index] ?? '', feedId)),
    end: END,
    previous: previousOf(root),
  };
}

function toPiece(element: Element, xml: string, feedId: string): Piece {
  const { ref = '', when = '' } = element.attributes;
  if (element.name !== 'entry')
    return { kind: 'tombstone', id: ref, at: toInstant(when), published: null, title: '', html: '', link: '', sourceId: '', xml };
  const sourceId = textAt(element, 'source', 'id') ?? '';
  return {
    kind: sourceId === feedId ? 'notice' : 'entry',
    id: textAt(element, 'id') ?? '',
    at: toInstant(textAt(element, 'updated') ?? ''),
    published: textAt(element, 'published'),
    title: textAt(element, 'title') ?? '',
    html: textAt(element, 'content') ?? textAt(element, 'summary') ?? '',
    link: all(element, 'link').find(({ attributes }) => (attributes['rel'] ?? 'alternate') === 'alternate')?.attributes['href'] ?? '',
    sourceId,
    xml,
  };
}

function toInstant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`“${text}” is no time`);
  return at;
}

function previousOf(root: Element): number | null {
  const link = all(root, 'link').find(({ attributes }) => attributes['rel'] === 'prev-archive');
  if (!link) return null;
  const n = /\/archive\/(\d+)\.atom$/.exec(link.attributes['href'] ?? '')?.[1];
  if (n === undefined) throw new Error(`prev-archive leads to ${link.attributes['href']}`);
  return Number(n);
}
