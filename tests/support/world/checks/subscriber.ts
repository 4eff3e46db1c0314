import { renderFeed } from '../../../../src/feeds/render-documents.ts';
import type { RenderContext } from '../../../../src/feeds/render-documents.ts';
import type { Feed } from '../../../../src/model/feed.ts';
import type { Store } from '../../../../src/ports/store/store.ts';
import { findDoubles, findIdleChanges, findLost, isLate, noteTag } from './reading/compare.ts';
import type { Visit } from './reading/compare.ts';
import type { Piece } from './reading/atom.ts';
import { createDeltas } from './reading/deltas.ts';
import { readDocuments } from './reading/formats.ts';
import { createMemory, isSilentByRule } from './reading/memory.ts';
import type { IsSilent } from './reading/memory.ts';
import { createPlaces } from './reading/places.ts';
import { createWalks } from './reading/walks.ts';

/** Everything that a feed is rendered with. */
export type Rendering = RenderContext & { readonly store: Store };

/** A client of one feed. */
export interface Subscriber {
  /** Reads the documents of the feed as they are now, with `walks` also all its archives. Returns
   *  what does not hold, in words. A run must have ended before. */
  readonly visit: (rendering: Rendering, options: { readonly walks: boolean }) => Promise<string[]>;
}

const never = (): boolean => false;

interface Options {
  readonly isSilent?: IsSilent;
  /** Reports whether an entry may stand there twice: the owner has split two that are alike, or
   *  nobody could tell that they are one. */
  readonly mayRepeat?: (piece: Piece) => boolean;
  /** Reports whether archives may lose entries, since the owner has taken some down. */
  readonly mayCut?: () => boolean;
  /** Reports whether a new chain may lack a tombstone. */
  readonly mayMiss?: () => boolean;
}

/** Creates a client of a feed that remembers everything it has seen. These promises must hold:
 *
 *  The documents of all formats parse strictly and hold the same stories in the same order. An id
 *  stands once in a document, and no entry stands there under two ids.
 *
 *  `published` never changes. A story without it may get one when it returns from a withdrawal.
 *
 *  `updated` never goes back. At one `updated` an entry may differ only as `isSilent` allows. By
 *  default that is docs/design.md §83: a slip, another link, or a late member.
 *
 *  Two entries never change places, except where `order: updated` finds a newer `updated`. The time
 *  that sorts a story is stored once (§33). Stories of one instant have a fixed order.
 *
 *  An id leaves the document and the archives by a tombstone alone. The tombstone is not older than
 *  the entry, and the id comes back only with a later `updated`. Retention forgets in silence.
 *
 *  The bytes of documents change with entries, tombstones, archives and settings alone.
 *
 *  A delta from any remembered version gives an old client the present stories.
 *
 *  A full walk gives all known stories that are not withdrawn. So does a walk that goes on from an
 *  earlier one. Archives with stored bytes never change, except by a takedown.
 *
 *  Changed rules begin a new chain. Places and versions are then forgotten, ids are not. */
export function createSubscriber(
  slug: string,
  { isSilent = isSilentByRule, mayRepeat = never, mayCut = never, mayMiss = never }: Options = {},
): Subscriber {
  const memory = createMemory(isSilent);
  const places = createPlaces();
  const deltas = createDeltas(memory, isSilent);
  const walks = createWalks(memory, mayCut);
  const hashes = new Map<string, string>();
  let last: Visit | null = null;
  let no = 0;

  async function look(rendering: Rendering, feed: Feed, found: string[]): Promise<Visit | null> {
    const documents = await renderFeed(rendering, feed);
    const chain = (await rendering.store.readFeed(slug))?.chain ?? 0;
    const settings = describeSettings(rendering, feed);
    for (const document of documents) found.push(...noteTag(hashes, document));
    if (last !== null && chain !== last.chain) {
      places.forget();
      deltas.forget();
      walks.forget(last.read.atom.previous, { isLate: mayMiss() || isLate(last, rendering.clock.now()) });
    }
    if (last !== null && settings !== last.settings) {
      memory.forgetForms();
      deltas.forget();
    }
    const isSame = last?.chain === chain && last.settings === settings;
    if (last && isSame && documents.every(({ tag }, index) => tag === last?.documents[index]?.tag)) return last;
    const read = readDocuments(documents, found);
    if (!read) return null;
    if (last && isSame) found.push(...findIdleChanges(last, read, documents));
    const visit = { chain, at: rendering.clock.now(), settings, read, documents };
    found.push(
      ...findDoubles(read, mayRepeat),
      ...(mayMiss() && chain !== last?.chain ? [] : findLost(last, visit)),
      ...places.note(read.atom, feed.order),
    );
    for (const piece of read.atom.pieces) if (piece.kind !== 'notice') found.push(...memory.seen(piece, no));
    return visit;
  }

  return {
    async visit(rendering, options) {
      const feed = rendering.feeds.find((one) => one.slug === slug);
      if (!feed) return [];
      no++;
      const found: string[] = [];
      const now = await look(rendering, feed, found);
      if (!now) return found;
      const { atom } = now.read;
      if (options.walks) found.push(...(await walks.walk(rendering, feed, atom, no)));
      const document = now.documents.find(({ format }) => format === 'atom');
      if (document && now !== last) found.push(...(await deltas.check(document, atom)));
      if (document) deltas.note(document.tag, atom, { no, isComplete: options.walks || atom.previous === null });
      last = now;
      return found.map((text) => `feed ${slug}, visit ${no}: ${text}`);
    },
  };
}

function describeSettings({ site, options, version, hubUrl }: Rendering, feed: Feed): string {
  return JSON.stringify([site, options, version, hubUrl, feed]);
}
