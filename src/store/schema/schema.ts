import type { FoldIndex } from './folding.ts';
import type { Row } from './table.ts';
import type { tables } from './tables.ts';

/** The tables for kysely: the described ones and those that are computed from others. Instants
 *  are integer milliseconds, booleans are 0 or 1, lists and objects are JSON text. */
export interface Schema extends Described, FoldIndex {
  /** robots.txt by origin (RFC 9309), kept for a day. */
  robots: { origin: string; asked_at: number; rules: string | null };
}

type Described = { readonly [T in keyof typeof tables]: Row<(typeof tables)[T]> };

export type SourceRow = Schema['source'];
export type PollRow = Schema['poll'];
export type EntryRow = Schema['entry'];
export type RevisionRow = Schema['revision'];
export type PrunedRow = Schema['pruned'];
export type OwnFileRow = Schema['own_file'];
export type StoryRow = Schema['story'];
export type ListingRow = Schema['listing'];
export type ArchiveRow = Schema['archive'];
export type SetAsideRow = Schema['set_aside'];
export type HubVerificationRow = Schema['websub_intent'];
export type WebSubSubscriptionRow = Schema['websub_subscription'];
export type SubscriberRow = Schema['websub_source_subscription'];
