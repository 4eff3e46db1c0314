import type { Document } from '../../../../../src/model/feed.ts';
import { all, parseStrictly, textAt } from '../../../strict-xml.ts';
import { readAtom } from './atom.ts';
import type { AtomDocument, Piece } from './atom.ts';

/** The three documents of a feed, read strictly. */
export interface FeedDocuments {
  readonly atom: AtomDocument;
  /** By format, the items without the head of the document. */
  readonly items: ReadonlyMap<Document['format'], string>;
}

/** A story as each format gives it. */
interface Told {
  readonly id: string;
  readonly title: string;
  readonly updated: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads the documents of a feed and notes in `found` which of them cannot be read, or hold other
 *  stories than the Atom document. Returns null without a readable Atom document. */
export function readDocuments(documents: readonly Document[], found: string[]): FeedDocuments | null {
  const items = new Map<Document['format'], string>();
  let atom: AtomDocument | null = null;
  let expected = '';
  for (const document of documents) {
    try {
      const text = decoder.decode(document.bytes);
      if (document.format === 'atom') {
        atom = readAtom(text);
        items.set('atom', atom.pieces.map(({ xml }) => xml).join(''));
        expected = describe(atom.pieces.filter(({ kind }) => kind !== 'tombstone').map(toTold));
        found.push(...findCutFaults(document, atom));
      } else {
        const other = document.format === 'rss' ? readRss(text) : readJson(text);
        items.set(document.format, other.items);
        const told = describe(other.told);
        if (atom !== null && told !== expected)
          found.push(`the ${document.format} document has ${told}; the atom document has ${expected}`);
      }
    } catch (error) {
      found.push(`the ${document.format} document cannot be read strictly: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
  return atom && { atom, items };
}

/** Finds entries that the parts of a document, from which deltas are cut, do not fit. */
function findCutFaults({ bytes, history }: Document, { pieces }: AtomDocument): string[] {
  const parts = history?.parts ?? [];
  if (parts.length !== pieces.length) return [`the atom document has ${pieces.length} pieces and ${parts.length} parts`];
  return pieces.flatMap(({ id, xml }, index) => {
    const part = parts[index];
    const isSame = part && decoder.decode(bytes.subarray(part.start, part.end)) === xml;
    return isSame ? [] : [`the part of ${id} is not its entry`];
  });
}

function toTold({ id, title, at }: Piece): Told {
  return { id, title, updated: at };
}

function describe(told: readonly Told[]): string {
  return JSON.stringify(told.map(({ id, title, updated }) => [id, title, new Date(updated).toISOString()]));
}

function readRss(text: string): { readonly told: Told[]; readonly items: string } {
  const channel = all(parseStrictly(text), 'channel')[0];
  const told = all(channel, 'item').map((item) => ({
    id: textAt(item, 'guid') ?? '',
    title: textAt(item, 'title') ?? '',
    updated: Date.parse(textAt(item, 'atom:updated') ?? ''),
  }));
  const start = text.search(/<item[ >]/);
  return { told, items: start < 0 ? '' : text.slice(start) };
}

function readJson(text: string): { readonly told: Told[]; readonly items: string } {
  const { items } = JSON.parse(text) as { readonly items: readonly Record<string, string>[] };
  const told = items.map(({ id = '', title = '', date_modified: updated = '' }) => ({ id, title, updated: Date.parse(updated) }));
  return { told, items: JSON.stringify(items) };
}
