import type { EntryChange } from './model/entry.ts';
import type { ItemName } from './bulkhead.ts';
import { endsRun } from './model/errors.ts';
import type { Problem } from './model/errors.ts';
import { readingStages } from './model/set-aside.ts';
import type { SetAsideItem, Stage } from './model/set-aside.ts';
import type { FoundFeed, Notice, PollState, PollWishes, PushOffer, Rhythm, Source, SourceDescription } from './model/source.ts';
import type { OwnFeeds } from './normalise/loops.ts';
import type { NormaliseContext } from './normalise/normalise.ts';
import type { PollHints } from './ports/fetcher.ts';
import { BATCH_SIZE } from './ports/store/store.ts';
import type { PollRecord } from './ports/store/sources.ts';
import { findCut, MOST_TEXT_BYTES } from './publish/text-budget.ts';
import type { Gate } from './memory.ts';
import type { RunParts } from './run-parts.ts';

/** What is known of the source that is read, and whether missed local articles go at once. */
export interface ReadOptions {
  readonly poll: PollState;
  readonly description: SourceDescription;
  readonly acceptDeletions: boolean;
  /** When the run began: what all its sources bring counts as first seen then, so that no answer's speed decides an order (DESIGN §11). */
  readonly seenAt: Date;
  /** What must not come back to us. */
  readonly own: OwnFeeds;
  /** Hosts that asked to be left alone, and until when. */
  readonly holds: ReadonlyMap<string, Date>;
  /** Whether the run's time is used, or it was told to stop: nothing more is asked for then. */
  readonly isOver: () => boolean;
  /** Large documents pass through it one at a time: read at once, twenty of them would take more memory than there may be. */
  readonly gate: Gate;
  /** Whether a subscription to it is alive: it is then polled less often. */
  readonly isPushed: boolean;
  /** Items of the source that are set aside at the stages that read. */
  readonly aside: readonly SetAsideItem[];
  /** Told the SHA-256 of a document before it is read: by it a document that fails is known again. */
  readonly noteBytes: (hash: string) => void;
  /** true after a run that did not come to its end. Every document is then noted in the store
   *  while it is read, one at a time. */
  readonly isCareful: boolean;
}

/** What one reading brought, before it is recorded. Validators are those to keep from now on; what is absent stays as it was. */
export interface Reading {
  readonly outcome: PollRecord['outcome'];
  readonly problems: readonly Problem[];
  readonly added?: number;
  readonly revised?: number;
  readonly deleted?: number;
  readonly description?: SourceDescription;
  readonly etag?: string | null;
  readonly lastModified?: string | null;
  /** null when the document is no version that another could equal: a delta. */
  readonly bodyHash?: string | null;
  readonly bytes?: number;
  readonly hints?: PollHints;
  readonly gone?: boolean;
  /** true when the document ended in the middle. */
  readonly isCut?: boolean;
  /** Polls in a row, this one included, whose document ended inside its last entry. */
  readonly cutPolls?: number;
  readonly wishes?: PollWishes;
  readonly rhythm?: Rhythm;
  readonly notice?: Notice;
  /** The feed that was found on the page; null when it is to be looked for anew. */
  readonly found?: FoundFeed | null;
  readonly push?: PushOffer | null;
  /** A host that asked to be left alone while pages were asked for. */
  readonly hold?: PollRecord['hold'];
}

/** Documents from this size on are read one at a time. */
const LARGE_BYTES = 1_000_000;

/** An error of reading a document that no reader foresaw: the document may be set aside. An
 *  error of fetching it is a fault of the program or the machine. */
export class ReadFault extends Error {}

/** Does something with a document that is there.
 *  @throws ReadFault with what it has thrown as its cause, unless that ends the run. */
export async function ofDocument<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw endsRun(error) ? error : new ReadFault('a document could not be read', { cause: error });
  }
}

/** Reads a document, noted in the store while that may cost the run its life; the next run then knows what it was. */
export async function readInHand<T>(
  parts: RunParts,
  { id }: Source,
  { gate, isCareful }: Pick<ReadOptions, 'gate' | 'isCareful'>,
  { bytes, hash }: { readonly bytes: number; readonly hash: string },
  read: () => Promise<T>,
): Promise<T> {
  const isLarge = bytes > LARGE_BYTES;
  if (!isLarge && !isCareful) return read();
  const work = async () => {
    await parts.store.takeInHand([id], 'parse', parts.clock.now(), hash);
    try {
      return await read();
    } finally {
      await parts.store.putAway([id], 'parse');
    }
  };
  return gate.pass(work, { collects: isLarge });
}

/** The name of an entry of a document for a trial. */
export function toEntryName({ id }: Source, name: string, mark: string | null): ItemName {
  return { what: 'entry', no: null, sourceId: id, name, mark };
}

/** Whether a stage passes over an item: it is set aside, not to be tried again, and what it says is what failed. */
export function isPassedOver(aside: readonly SetAsideItem[], stage: Stage, name: string, mark: string): boolean {
  return aside.some((item) => item.stage === stage && item.name === name && item.mark === mark && !item.isOpen);
}

/** Ends what of a document was set aside and has not failed again. `hashes` are those of its entries by name; what it has no more has nothing to try, unless
 *  it is a delta. */
export async function freeRead(
  parts: RunParts,
  { id }: Source,
  aside: readonly SetAsideItem[],
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
  await parts.store.freeSetAside(readingStages, { sourceId: id, names: freed.map(({ name }) => name) });
}

/** Of a source that says nothing of itself. */
export const nothingSaid: SourceDescription = { title: null, homePage: null, feedId: null, language: null };

/** What normalising the entries of a source goes by; a feed without a home page is at home where it is polled, or on its page. */
export function toContext(parts: RunParts, source: Source, { seenAt }: ReadOptions, description: SourceDescription): NormaliseContext {
  const homePage = description.homePage ?? (source.kind === 'feed' || source.kind === 'page' ? source.address : null);
  return { sourceId: source.id, homePage, language: source.language ?? description.language, zone: parts.settings.zone, seenAt };
}

/** The result of storing changes. */
export interface SavedChanges {
  added: number;
  revised: number;
  /** Problems of those that are kept or published in part only. */
  readonly problems: Problem[];
}

/** Stores changes as pending, batch by batch; `backlogAt` as in Store.saveEntries. */
export async function saveChanges(
  parts: RunParts,
  changes: readonly EntryChange[],
  at: Date,
  backlogAt: Date | null = null,
): Promise<SavedChanges> {
  const total: SavedChanges = { added: 0, revised: 0, problems: changes.flatMap(tellCut) };
  for (let start = 0; start < changes.length; start += BATCH_SIZE) {
    const { added, revised, thinned } = await parts.store.saveEntries(changes.slice(start, start + BATCH_SIZE), at, backlogAt);
    total.added += added;
    total.revised += revised;
    total.problems.push(...(thinned ?? []).map(toThinned));
  }
  return total;
}

/** Own articles without a date that the first reading of a folder may bring as news: more were found, not written now. */
const MOST_UNDATED = 25;

/** Stores what changed in a folder. An own article without a date is of its first sight (DESIGN
 *  §4). A whole archive of them in a new folder has its place below all that is dated, as
 *  undated entries of a new feed have. */
export async function saveFound(
  parts: RunParts,
  changes: readonly EntryChange[],
  at: Date,
  { isFirst }: { readonly isFirst: boolean },
): Promise<SavedChanges> {
  if (!isFirst) return saveChanges(parts, changes, at);
  const isUndated = ({ revisions }: EntryChange) => revisions[0]?.published == null;
  const written = changes.filter(isUndated);
  if (written.length > MOST_UNDATED) return saveChanges(parts, changes, at, at);
  const found = changes.filter((change) => !isUndated(change));
  const [before, now] = [await saveChanges(parts, found, at, at), await saveChanges(parts, written, at)];
  return { added: before.added + now.added, revised: before.revised + now.revised, problems: [...before.problems, ...now.problems] };
}

/** A text that documents and pages have the beginning of. It is told of when it comes, not at each poll. */
function tellCut({ entry, revisions }: EntryChange): Problem[] {
  const bytes = findCut(revisions.at(-1)?.html ?? '');
  if (bytes === null) return [];
  const [most, all] = [MOST_TEXT_BYTES, bytes].map((count) => (count / 1_000_000).toFixed(1));
  const message = `a text has ${all} MB as documents write it: its first ${most} MB are published, and a link to the rest`;
  return [{ code: 'entry/cut', message, entry: entry.identity.slice(0, 200) }];
}

function toThinned(identity: string): Problem {
  const message = 'an entry has so many versions, or such long ones, that older ones are kept no longer; its first and its newest are';
  return { code: 'entry/many-versions', message, entry: identity.slice(0, 200) };
}

/** Problems of one kind that are told of one source, before they are only counted. */
const MAX_TOLD = 10;

/** The problems of a reading, each kind only so often: a document of nothing but faults would fill the report, and the memory. */
export function limitProblems(problems: readonly Problem[]): readonly Problem[] {
  const counts = new Map<string, number>();
  const told = problems.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= MAX_TOLD;
  });
  const rest = [...counts].filter(([, count]) => count > MAX_TOLD);
  return [...told, ...rest.map(([code, count]) => ({ code, message: `and ${count - MAX_TOLD} more problems of this kind` }))];
}
