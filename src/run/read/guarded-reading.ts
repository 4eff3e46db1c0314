import type { ItemName } from '../../runtime/set-aside-failing.ts';
import type { ReadResult } from '../../ingest/polling/read-result.ts';
import { endsRun } from '../../model/errors.ts';
import { readingStages } from '../../model/set-aside.ts';
import type { SetAsideItem, Stage } from '../../model/set-aside.ts';
import type { Source } from '../../model/source.ts';
import type { DuePoll } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';

/** Documents of this many bytes or more are read one at a time. */
const LARGE_BYTES = 1_000_000;

/** Reads a document that is in memory. An unforeseen error becomes the reading's `fault`.
 *  @throws an error that concerns more than the document (`endsRun`). */
export async function tryReading(read: () => Promise<ReadResult>): Promise<ReadResult> {
  try {
    return await read();
  } catch (error) {
    if (endsRun(error)) throw error;
    return { outcome: 'failed', problems: [], fault: { error } };
  }
}

/** Reads a document. If it might crash the process, it is noted in the store meanwhile, and the
 *  next run knows which document it was. */
export async function readInHand<T>(
  { store, clock }: Pick<RunContext, 'store' | 'clock'>,
  { source: { id }, gate, isCareful }: DuePoll,
  { bytes, hash }: { readonly bytes: number; readonly hash: string },
  read: () => Promise<T>,
): Promise<T> {
  const isLarge = bytes > LARGE_BYTES;
  if (!isLarge && !isCareful) return read();
  const work = async () => {
    await store.takeInHand([id], 'parse', clock.now(), hash);
    try {
      return await read();
    } finally {
      await store.putAway([id], 'parse');
    }
  };
  return gate.pass(work, { collects: isLarge });
}

/** Returns the name under which a trial knows an entry of a document. */
export function toEntryName({ id }: Source, name: string, mark: string | null): ItemName {
  return { what: 'entry', no: null, sourceId: id, name, mark };
}

/** Reports whether a stage passes over an item. Such an item is set aside, is not to be tried
 *  again, and has the content that failed. */
export function isPassedOver(aside: readonly SetAsideItem[], stage: Stage, name: string, mark: string): boolean {
  return aside.some((item) => item.stage === stage && item.name === name && item.mark === mark && !item.isOpen);
}

/** Frees the items of a document that were set aside and have not failed again. `hashes` are the
 *  content hashes of its entries by name. An entry that has left the document is freed too, unless
 *  the document is a delta. */
export async function freeRead(
  { store }: Pick<RunContext, 'store'>,
  { source, aside }: Pick<DuePoll, 'source' | 'aside'>,
  document: {
    readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
    readonly hasFailed: (name: string) => boolean;
    readonly isDelta: boolean;
  },
): Promise<void> {
  const freed = aside.filter(({ what, name, mark, isOpen }) => {
    if (document.hasFailed(name)) return false;
    const hashes = document.hashes.get(name);
    if (what === 'source' || hashes === undefined) return !document.isDelta;
    return isOpen || mark === null || !hashes.has(mark);
  });
  if (freed.length === 0) return;
  await store.freeSetAside(readingStages, { sourceId: source.id, names: freed.map(({ name }) => name) });
}
