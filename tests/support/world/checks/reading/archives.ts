import { renderStoredArchive } from '../../../../../src/feeds/render-documents.ts';
import type { RenderContext } from '../../../../../src/feeds/render-documents.ts';
import type { Feed } from '../../../../../src/model/feed.ts';
import { readAtom } from './atom.ts';
import type { AtomDocument, Piece } from './atom.ts';
import type { Memory } from './memory.ts';

/** An archive as the subscriber had it last. */
interface KeptArchive {
  readonly text: string;
  readonly document: AtomDocument;
  /** true when its bytes are stored: from then on they stay. */
  readonly isStored: boolean;
  /** true when it was made while the feed was private. */
  readonly isPrivate: boolean;
}

/** Reads archives (RFC 5005 §4) and remembers their bytes. Stored bytes may lose entries that were
 *  taken down, and their link to an archive that was removed; nothing else may change. */
export function createArchives(memory: Memory, mayCut: () => boolean) {
  const kept = new Map<number, KeptArchive>();

  /** Reports whether an entry may be cut out: readers know that it is gone, or a newer version. */
  function mayLose({ id, at }: Piece): boolean {
    const known = memory.known.get(id);
    return mayCut() || (known !== undefined && (known.goneAt !== null || (known.updated ?? 0) > at));
  }

  function findChanges(n: number, before: AtomDocument, after: AtomDocument): string[] {
    const remaining = [...after.pieces];
    const lost = before.pieces.filter(({ xml }) => {
      const stays = remaining[0]?.xml === xml;
      if (stays) remaining.shift();
      return !stays;
    });
    const others = remaining.map(({ id }) => `archive ${n} is stored, and now has another form of ${id}`);
    const cut = lost.filter((piece) => !mayLose(piece)).map(({ id }) => `archive ${n} is stored, and has lost ${id}`);
    const heads = withoutPrevious(before) === withoutPrevious(after) ? [] : [`archive ${n} is stored, and has another head`];
    return [...others, ...cut, ...heads];
  }

  async function read(context: RenderContext, feed: Feed, n: number, found: string[]): Promise<AtomDocument | null> {
    const before = kept.get(n);
    const made = await renderStoredArchive(context, feed, n);
    if (!made) {
      const isGone = (await context.store.readArchive(feed.slug, n)) === null;
      if (before?.isStored && !isGone && (feed.private || !before.isPrivate)) found.push(`archive ${n} is stored, and cannot be had`);
      return null;
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(made.bytes);
    if (before?.text === text) return before.document;
    const document = readAtom(text);
    if (before?.isStored) found.push(...findChanges(n, before.document, document));
    const isStored = (await context.store.readArchiveDate(feed.slug, n)) !== null;
    kept.set(n, { text, document, isStored, isPrivate: feed.private });
    return document;
  }

  return {
    /** Returns an archive, and notes in `found` what is wrong with it. null: it cannot be had. */
    async read(context: RenderContext, feed: Feed, n: number, found: string[]): Promise<AtomDocument | null> {
      try {
        return await read(context, feed, n, found);
      } catch (error) {
        found.push(`archive ${n} cannot be read strictly: ${error instanceof Error ? error.message : 'unknown'}`);
        return null;
      }
    },

    /** Reads every archive of an earlier chain again: its bytes must stay too. */
    async readOthers(context: RenderContext, feed: Feed, walked: ReadonlySet<number>, found: string[]): Promise<void> {
      for (const [n, { isStored }] of kept) if (isStored && !walked.has(n)) await this.read(context, feed, n, found);
    },
  };
}

function withoutPrevious({ start }: AtomDocument): string {
  return start.replace(/\s*<link rel="prev-archive"[^>]*>/, '');
}
