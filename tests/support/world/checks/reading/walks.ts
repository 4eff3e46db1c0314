import type { RenderContext } from '../../../../../src/feeds/render-documents.ts';
import type { StoryReads } from '../../../../../src/ports/store/stories.ts';
import type { Feed } from '../../../../../src/model/feed.ts';
import { nameKey } from '../../../../../src/store/sql/names.ts';
import { createArchives } from './archives.ts';
import type { AtomDocument } from './atom.ts';
import type { Memory } from './memory.ts';

/** The newest version of each id that a client has: its time, and whether it is withdrawn. */
type Have = ReadonlyMap<string, { readonly at: number; readonly isGone: boolean }>;

/** A walk from which a client may go on later. */
interface Walked {
  readonly visit: number;
  /** Number of the newest archive that it had; 0 for none. */
  readonly newest: number;
  readonly have: Have;
}

/** Walks from which later ones go on; when there are more, every second one is forgotten. */
const MOST_WALKS = 12;

/** Walks the archives of a feed (RFC 5005) and compares the set of stories with the memory. Also
 *  goes on from every remembered walk, as a client does that stops at the archive it knows. */
export function createWalks(memory: Memory, mayCut: () => boolean) {
  const archives = createArchives(memory, mayCut);
  let earlier: Walked[] = [];
  // true while archives of an earlier chain, which nobody links to now, may have had tombstones.
  let mayLack = false;

  async function findMissing({ store }: RenderContext, have: Have, where: string): Promise<string[]> {
    const found: string[] = [];
    for (const [id, { updated, goneAt }] of memory.known) {
      const got = have.get(id);
      const shown = got && !got.isGone ? got.at : null;
      if (goneAt !== null && shown !== null) found.push(`${where}: ${id} is shown, though it was withdrawn ${show(goneAt)}`);
      if (goneAt !== null || updated === null || shown === updated) continue;
      if (await isPruned(store, id)) continue;
      if (shown !== null) found.push(`${where}: ${id} has updated ${show(shown)} and not ${show(updated)}`);
      else if (mayLack) memory.forget(id);
      else found.push(`${where}: ${id} is missing, without a tombstone${got ? ' that is new enough' : ''}`);
    }
    return found;
  }

  return {
    /** Forgets earlier walks: a new chain has other archives. `previous` is the newest archive of
     *  the old chain at the last visit. `isLate`: tombstones may have come and gone since then. */
    forget(previous: number | null, { isLate }: { readonly isLate: boolean }): void {
      mayLack ||= isLate || (previous ?? 0) > (earlier.at(-1)?.newest ?? 0);
      earlier = [];
    },

    /** Walks from the document to the oldest archive. Returns what does not hold, in words. */
    async walk(context: RenderContext, feed: Feed, document: AtomDocument, visit: number): Promise<string[]> {
      const found: string[] = [];
      const chain = [document];
      const numbers: number[] = [];
      for (let n = document.previous; n !== null;) {
        const archive = await archives.read(context, feed, n, found);
        if (!archive) return [...found, `archive ${n} is linked, and cannot be had`];
        for (const piece of archive.pieces) found.push(...memory.seenInArchive(piece, n, visit));
        chain.push(archive);
        numbers.push(n);
        if (archive.previous !== null && archive.previous >= n) return [...found, `archive ${n} leads to archive ${archive.previous}`];
        n = archive.previous;
      }
      await archives.readOthers(context, feed, new Set(numbers), found);
      const have = collect(new Map(), chain);
      found.push(...(await findMissing(context, have, 'a full walk')));
      mayLack = false;
      for (const start of earlier) {
        const steps = chain.slice(0, 1 + numbers.filter((n) => n > start.newest).length);
        const where = `a walk that goes on from visit ${start.visit}`;
        for (const [id, one, other] of compareSets(have, collect(start.have, steps)))
          if (!(await isPruned(context.store, id))) found.push(`${where}: ${id} is ${other}, and ${one} in a full walk`);
      }
      earlier.push({ visit, newest: numbers[0] ?? 0, have });
      if (earlier.length > MOST_WALKS) earlier = earlier.filter((_, index) => index % 2 === 0);
      return found;
    },
  };
}

/** Returns the newest version of each id, of those that a client has and those of documents. At one
 *  time the newer document counts. */
function collect(have: Have, newestFirst: readonly AtomDocument[]): Have {
  const newest = new Map(have);
  for (const { pieces } of newestFirst.toReversed())
    for (const { kind, id, at } of pieces) {
      const known = newest.get(id);
      if (kind !== 'notice' && (!known || at >= known.at)) newest.set(id, { at, isGone: kind === 'tombstone' });
    }
  return newest;
}

/** Returns the ids that two clients have in other versions, each with both versions. */
function compareSets(full: Have, resumed: Have): [id: string, one: string, other: string][] {
  const shownIn = (have: Have, id: string) => {
    const got = have.get(id);
    return got && !got.isGone ? show(got.at) : 'absent';
  };
  const all = [...new Set([...full.keys(), ...resumed.keys()])];
  return all.map((id): [string, string, string] => [id, shownIn(full, id), shownIn(resumed, id)]).filter(([, one, other]) => one !== other);
}

/** Reports whether retention has removed a story, which it tells no reader. Clients keep it, and an
 *  archive may keep an older version. */
async function isPruned(store: StoryReads, id: string): Promise<boolean> {
  return (await store.readEvidence(nameKey(id).slice(0, KEY_LENGTH))) === null;
}

/** Characters of a story's key (docs/design.md §62). */
const KEY_LENGTH = 12;

function show(at: number): string {
  return new Date(at).toISOString();
}
