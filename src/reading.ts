import { createHash } from 'node:crypto';
import type { EntryChange } from './model/entry.ts';
import type { Problem } from './model/errors.ts';
import type { FoundFeed, Notice, PollState, PollWishes, PushOffer, Rhythm, Source, SourceDescription } from './model/source.ts';
import type { OwnFeeds } from './normalise/loops.ts';
import type { NormaliseContext } from './normalise/normalise.ts';
import type { PollHints } from './ports/fetcher.ts';
import { BATCH_SIZE } from './ports/store.ts';
import type { PollRecord } from './ports/store.ts';
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
export const LARGE_BYTES = 1_000_000;

/** Of a source that says nothing of itself. */
export const nothingSaid: SourceDescription = { title: null, homePage: null, feedId: null, language: null };

/** What normalising the entries of a source goes by; a feed without a home page is at home where it is polled, or on its page. */
export function toContext(parts: RunParts, source: Source, { seenAt }: ReadOptions, description: SourceDescription): NormaliseContext {
  const homePage = description.homePage ?? (source.kind === 'feed' || source.kind === 'page' ? source.address : null);
  return { sourceId: source.id, homePage, language: source.language ?? description.language, zone: parts.settings.zone, seenAt };
}

/** Stores changes as pending, batch by batch. */
export async function saveChanges(parts: RunParts, changes: readonly EntryChange[], at: Date): Promise<{ added: number; revised: number }> {
  const total = { added: 0, revised: 0 };
  for (let start = 0; start < changes.length; start += BATCH_SIZE) {
    const { added, revised } = await parts.store.saveEntries(changes.slice(start, start + BATCH_SIZE), at);
    total.added += added;
    total.revised += revised;
  }
  return total;
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

/** SHA-256 of bytes, hex. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
