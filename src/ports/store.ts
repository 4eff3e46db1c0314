import type { FindStore } from './find-store.ts';
import type { HubStore } from './hub-store.ts';
import type { KeepStore } from './keep-store.ts';
import type { EntryChange, Kin, KnownEntry, Revision, StoredEntry } from '../model/entry.ts';
import type { Problem } from '../model/errors.ts';
import type { Document } from '../model/feed.ts';
import type { EndedRun, RunRecord } from '../model/figures.ts';
import type { DayCount, FeedCounts, Headline, HeadlineQuery } from '../model/headline.ts';
import type { Archive, ArchiveBasis, Candidate, FeedState, ListedStory, Listing } from '../model/listing.ts';
import type { OwnStore } from './own-store.ts';
import type { PollReason, PollState, Source, SourceDeclaration, SourceDescription, SourceStatus } from '../model/source.ts';
import type { PushStore } from './push-store.ts';
import type { SetAsideStore } from './set-aside-store.ts';
import type { FoldText, Merge, Pin, PreparedEntry, Relation, StandingEntry, WordCounts } from '../model/fold.ts';
import type { Placement, Settlement, Story, UnsettledStory, Verdict } from '../model/story.ts';

/** Most entries that one transaction writes (DESIGN §11). */
export const BATCH_SIZE = 500;

/** One poll, as it is recorded. */
export interface PollRecord {
  readonly state: PollState;
  /** What the document said of itself; null when none was read this time. */
  readonly description: SourceDescription | null;
  readonly at: Date;
  readonly status: number | null;
  readonly outcome: 'content' | 'same' | 'notModified' | 'failed';
  readonly sentEtag: string | null;
  readonly sentLastModified: string | null;
  readonly bytes: number | null;
  /** What was asked, when that was not the configured address but the one that it has moved to. */
  readonly movedAddress: string | null;
  /** Why the next poll is when it is. */
  readonly reason: PollReason;
  /** The host that asked to be left alone, and until when; null for none. */
  readonly hold: { readonly host: string; readonly until: Date } | null;
}

/** One poll of the past, as the record has it. */
export interface PastPoll {
  readonly at: Date;
  readonly status: number | null;
  readonly outcome: PollRecord['outcome'];
  readonly sentEtag: string | null;
  readonly sentLastModified: string | null;
  /** Validators that were kept after it. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly bytes: number | null;
  readonly movedAddress: string | null;
  /** Code of the problem, null when all was well. */
  readonly problem: string | null;
  /** What bound the poll after it, whatever the schedule wanted; null when nothing was known. */
  readonly notBeforeAt: Date | null;
  readonly nextPollAt: Date | null;
  readonly reason: PollReason | null;
}

/** An entry that waits to be folded, or was folded and has changed since. */
export interface PendingEntry {
  readonly entry: FoldText;
  readonly reason: 'new' | 'revised';
}

/** What came of folding one batch. */
export interface FoldBatch {
  readonly placements: readonly Placement[];
  readonly merges: readonly Merge[];
  readonly relations: readonly Relation[];
  readonly prepared: readonly PreparedEntry[];
  /** Entries that wait no more. */
  readonly settled: readonly number[];
}

/** An entry that the owner, or folding anew, puts elsewhere. */
export interface EntryMove {
  readonly entryNo: number;
  /** Its story from now on; its own number founds one. */
  readonly storyNo: number;
  readonly comparedWith: number | null;
  readonly verdict: Verdict;
}

/** Which stories to read. */
export interface StoryQuery {
  readonly order: 'published' | 'updated';
  /** How many to pass over, from the newest. */
  readonly offset: number;
  readonly limit: number;
}

/** The state of a run's publish stage: how often the published stories have changed, and when last. */
export interface Generation {
  readonly n: number;
  readonly at: Date;
}

/** Who holds the run lock. */
export interface LockHolder {
  /** `run`, `serve`, … */
  readonly command: string;
  readonly pid: number;
  readonly host: string;
  readonly since: Date;
}

/** What came of asking for the run lock: a way to give it back, or who has it (null when he has not said so yet). */
export type LockResult =
  | { readonly kind: 'taken'; readonly release: () => Promise<void> }
  | { readonly kind: 'held'; readonly holder: LockHolder | null };

/** A story with all that explains it: whether or not it is published, deleted members included. */
export interface StoryEvidence {
  readonly no: number;
  readonly id: string;
  readonly key: string;
  /** null when no member has a believable date, or it has not been published yet. */
  readonly published: Date | null;
  readonly firstSeenAt: Date;
  /** The time by which it stands (model/shown-time.ts). */
  readonly datedAt: Date;
  /** null before it is first published. */
  readonly updated: Date | null;
  readonly withdrawnAt: Date | null;
  /** When the owner took it down; null while it may be shown. */
  readonly hiddenAt: Date | null;
  /** Key of the story that it has turned out to be; null while it is itself. */
  readonly mergedInto: string | null;
  readonly related: readonly RelatedStory[];
  /** The one that founded it, then in order of arrival. */
  readonly members: readonly MemberEvidence[];
  /** Of its lead, oldest first, the silent ones included. */
  readonly revisions: readonly Revision[];
}

/** Why an entry stands where it stands. */
export interface MemberEvidence {
  readonly entry: StoredEntry;
  /** Owner's title of its source, else the feed's, else the id. */
  readonly sourceTitle: string;
  readonly verdict: Verdict;
  /** The member that it was compared with; null for the one that founded the story. */
  readonly comparedWith: { readonly no: number; readonly key: string; readonly sourceId: string } | null;
  readonly isFounder: boolean;
  readonly isLead: boolean;
  /** When its local file counted as deleted, or its source had withdrawn it; null while it is there. */
  readonly deletedAt: Date | null;
  /** When the owner took it down; null while it may be shown. */
  readonly hiddenAt: Date | null;
}

/** A story that is on the same event as another, without being the same text. */
export interface RelatedStory {
  readonly key: string;
  readonly title: string;
  readonly score: number;
  readonly why: readonly string[];
}

/** Where an entry stands, without the entry. */
export interface StandingPlace {
  readonly entryNo: number;
  readonly sourceId: string;
  readonly firstSeenAt: Date;
  /** null while it waits to be folded. */
  readonly storyNo: number | null;
  /** null while it waits to be folded. */
  readonly storyKey: string | null;
  readonly comparedWith: number | null;
}

/** How many rows each table has, by its name. */
export type RowCounts = Readonly<Record<string, number>>;

/** One row of the whole state, as `export` writes it: what is in no column is not in it. */
export interface StateRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/** A line that should be a StateRow, as it was read. */
export interface StateLine {
  /** Counted from 1, for messages. */
  readonly line: number;
  readonly value: unknown;
}

/** A page that an entry links to. */
export interface LinkedPage {
  readonly url: string;
  /** Hash of what the feed said of the entry when the page was asked for. */
  readonly askedFor: string;
  readonly askedAt: Date;
  /** Failures in a row. */
  readonly attempts: number;
  /** The last text that was found there, as HTML that is not sanitised; null when there never was one. */
  readonly html: string | null;
  /** Why the last request brought none; null when it did. */
  readonly problem: Problem | null;
}

/** What a site asks of robots, and when it said so. */
export interface RobotsRules {
  /** Its robots.txt; the empty string when it has none, null when that cannot be known: then nothing may be asked for (RFC 9309 §2.3.1). */
  readonly rules: string | null;
  readonly askedAt: Date;
}

/** Everything that is kept. Instants go in and come out as `Date`; text is freed of U+0000 and lone surrogates on the way in.
 *  Every method is a transaction of its own: after a crash it has happened whole or not at all. */
export interface Store extends FindStore, HubStore, KeepStore, OwnStore, PushStore, SetAsideStore {
  /** Path or URL without credentials, for messages. */
  readonly name: string;

  /** Binds declared sources to ids and marks all others as left. The same declarations twice in a row change nothing. */
  bindSources(declarations: readonly SourceDeclaration[], at: Date): Promise<readonly Source[]>;
  /** Every source ever bound, those in the configuration first; or only those of these ids. */
  readSources(only?: readonly string[] | null): Promise<readonly SourceStatus[]>;
  /** Stores validators and poll state, and appends to the poll log. */
  recordPoll(sourceId: string, record: PollRecord): Promise<void>;
  /** The newest `limit` polls of a source, oldest first. */
  readPolls(sourceId: string, limit: number): Promise<readonly PastPoll[]>;
  /** Hosts that asked to be left alone beyond `now`. */
  readHolds(now: Date): Promise<ReadonlyMap<string, Date>>;

  /** What is known of pages that entries link to, by address; those never asked for are not in it. */
  readPages(urls: readonly string[]): Promise<ReadonlyMap<string, LinkedPage>>;
  /** Stores what came of asking for a page, in place of what was known. */
  savePage(page: LinkedPage): Promise<void>;
  /** What a site (scheme, host and port) was last known to ask of robots; null when it was never asked. */
  readRobots(origin: string): Promise<RobotsRules | null>;
  saveRobots(origin: string, rules: RobotsRules): Promise<void>;

  /** What is known of these identities of a source; of all of them, those deleted too, when `identities` is null. */
  readKnown(sourceId: string, identities: readonly string[] | null): Promise<ReadonlyMap<string, KnownEntry>>;
  /** Entries of a source that an item could be, deleted ones left out. They have one of these
   *  identities, canonical addresses or exact dates, or one of these guids under another
   *  identity. The `newest` last stored are among them. Newest first. */
  readKin(
    sourceId: string,
    by: {
      readonly identities: readonly string[];
      readonly guids: readonly string[];
      readonly urlKeys: readonly string[];
      readonly dates: readonly Date[];
      readonly newest: number;
    },
  ): Promise<readonly Kin[]>;
  /** Adds entries and revisions as pending, at most BATCH_SIZE at once. Saving the same change
   *  twice adds no second entry. A change that names the identity its entry had before gives it
   *  the new one. With `backlogAt` the entries that are added came with the first reading of
   *  their source. It is the age that their document gives itself, else `at`. `thinned`:
   *  identities of entries that had so many versions, or such long ones, that older ones are
   *  kept no longer; absent for none. */
  saveEntries(
    changes: readonly EntryChange[],
    at: Date,
    backlogAt?: Date | null,
  ): Promise<{ readonly added: number; readonly revised: number; readonly thinned?: readonly string[] }>;
  /** Notes which local entries were there this time and which were missed; those missed for that many runs and that long
   *  are deleted. Returns how many were. */
  markMissing(
    sourceId: string,
    missing: readonly string[],
    at: Date,
    patience: { readonly graceMs: number; readonly runs: number },
  ): Promise<number>;

  /** Withdraws entries of a source that it has withdrawn itself, by the ids that it published
   *  them with. Entries that it has changed after its withdrawal stay. Returns how many there
   *  were; the same withdrawals twice in a row withdraw nothing more. */
  followWithdrawals(
    sourceId: string,
    withdrawals: readonly { readonly guid: string; readonly at: Date | null }[],
    at: Date,
  ): Promise<number>;
  /** Deletes every entry of a source as if its file had gone, and forgets its poll state and record. Returns how many were deleted. */
  purgeSource(sourceId: string, at: Date): Promise<number>;

  /** The next entries to fold, in the order of DESIGN §11: dated, source id, position. Items that are set aside at this stage are left out. */
  readPending(limit: number): Promise<readonly PendingEntry[]>;
  /** Which indexed entries have these lookup hashes, each hash with each of its entries. */
  findSharers(hashes: readonly number[]): Promise<readonly { readonly hash: number; readonly entryNo: number }[]>;
  /** Every member, deleted ones left out, of the stories in which these entries stand. */
  readStanding(entries: readonly number[]): Promise<readonly StandingEntry[]>;
  /** Puts entries into stories, merges stories, stores what was prepared, and takes the entries off the pending list. */
  saveFolds(batch: FoldBatch, at: Date): Promise<void>;
  /** Whether the entries of the window have been prepared by this version; `markPrepared` says so. */
  isPrepared(version: string): Promise<boolean>;
  markPrepared(version: string): Promise<void>;
  /** Forgets everything that was prepared. */
  dropPrepared(): Promise<void>;
  /** Stores what was prepared of entries; they are found once `indexPrepared` has been there. */
  savePrepared(prepared: readonly PreparedEntry[]): Promise<void>;
  /** Lets `findSharers` find more of what has been prepared; whether there may be more to do. */
  indexPrepared(): Promise<boolean>;
  /** Newest profiles, at most `limit`. */
  readProfiles(limit: number): Promise<readonly Uint8Array[]>;
  /** How common words are, and when that was counted; null when it never was. */
  readWords(): Promise<(WordCounts & { readonly at: Date }) | null>;
  saveWords(words: WordCounts, at: Date): Promise<void>;
  readPins(): Promise<readonly Pin[]>;

  /** Stories whose members changed, by number. Items that are set aside at this stage are left out. */
  readUnsettled(limit: number): Promise<readonly UnsettledStory[]>;
  /** The time of the oldest story that is not dated by its first sight; null when there is none. */
  findOldestDated(): Promise<Date | null>;
  /** Writes settlements with their change rows and tombstones. */
  saveSettlements(settlements: readonly Settlement[], at: Date): Promise<void>;
  /** Raises the generation if anything was settled, or any feed shows something else, since it was last raised; and forgets what was prepared of
   *  entries from before `foldedSince`. */
  publish(at: Date, foldedSince: Date): Promise<Generation>;
  readGeneration(): Promise<Generation>;

  /** Published stories, newest first, those withdrawn left out. */
  readStories(query: StoryQuery): Promise<readonly Story[]>;
  /** One published story by its key, with the texts of its newest versions; null when there is none. */
  readStory(key: string): Promise<Story | null>;
  /** These stories, in this order; those withdrawn are left out. */
  readStoriesByNumber(numbers: readonly number[]): Promise<readonly Story[]>;
  /** Bytes of the newest texts of all members of these stories, by number: what reading them takes. Quick however long they are. */
  measureStories(numbers: readonly number[]): Promise<ReadonlyMap<number, number>>;

  /** Published stories as lists show them. A search that has looked at as much as it may ends early (`isCut`): there may be more. */
  readHeadlines(query: HeadlineQuery): Promise<{ readonly headlines: readonly Headline[]; readonly isCut: boolean }>;
  /** Lets searches look up more of what has been stored since the last time, which until then they look through; whether there may be more
   *  to do. A store whose server does so by itself has nothing to do. */
  indexWords(): Promise<boolean>;
  /** How many entries each source has of each day from an instant on, by their dates, deleted and hidden ones left out; oldest day first. */
  countEntriesByDay(from: Date): Promise<ReadonlyMap<string, readonly DayCount[]>>;
  /** What a feed has to show from an instant on, and what it has lost since another one. */
  countFeed(slug: string, since: { readonly from: Date; readonly lostSince: Date }): Promise<FeedCounts>;
  /** Stories that are published and not withdrawn. */
  countStories(): Promise<number>;
  /** Runs that are over, of numbers above `afterNo`, begun at `since` or later, oldest first, and the last one that came to its end (null when none has). One that was
   *  cut short counts as over once another one has begun; `ended` has at most 1,000. */
  readRuns(afterNo: number, since: Date): Promise<{ readonly ended: readonly RunRecord[]; readonly last: EndedRun | null }>;
  /** When the last run that came to its end did so; null when none has. */
  readLastRun(): Promise<Date | null>;

  /** Tags of every source ever bound, by its id. */
  readSourceTags(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The stories that were settled after a change, by number, and the newest change there is. */
  readChangedStories(afterSeq: number): Promise<{ readonly stories: readonly number[]; readonly seq: number }>;
  /** Stories as rules look at them, by number; words of leads only when they are asked for. */
  readCandidates(stories: readonly number[], options: { readonly withWords: boolean }): Promise<readonly Candidate[]>;
  /** The same of the next `limit` stories after a number. */
  readAllCandidates(page: { readonly after: number; readonly limit: number; readonly withWords: boolean }): Promise<readonly Candidate[]>;

  /** The atom:ids of all feeds that were ever published from this store. */
  readFeedIds(): Promise<ReadonlySet<string>>;
  /** How far a feed has come; its atom:id is minted at the first call. */
  bindFeed(slug: string, at: Date): Promise<FeedState>;
  /** What a feed has of these stories. */
  readListings(slug: string, stories: readonly number[]): Promise<ReadonlyMap<number, Listing>>;
  /** Stories that are held back until now. */
  readDueListings(slug: string, now: Date): Promise<readonly number[]>;
  /** The stories that stand in a feed, in its order; `offset` of them passed over. */
  readOrdered(slug: string, page: { readonly offset: number; readonly limit: number }): Promise<readonly ListedStory[]>;
  /** Stories and tombstones of a feed after a place in its history and up to another one (null: all), by place. */
  readListed(slug: string, places: { readonly after: number; readonly upTo: number | null }): Promise<readonly ListedStory[]>;
  /** How many stories of a feed are led by a source and dated within a span. */
  countListed(slug: string, sourceId: string, dated: { readonly from: Date; readonly before: Date }): Promise<number>;
  /** Counts the stories that a source founded since an instant and that are recalled in a feed,
   *  though they were `lateMs` old by then. */
  countLate(slug: string, sourceId: string, { since, lateMs }: { readonly since: Date; readonly lateMs: number }): Promise<number>;
  /** Those of these feeds that have told their readers of a story: true where it stands in the feed, false where it has left. A feed whose rules were changed
   *  forgets what left it. */
  findFeeds(storyNo: number, slugs: readonly string[]): Promise<ReadonlyMap<string, boolean>>;
  /** Notes when a feed ends (null: it goes on), as a new place in its history. */
  noteEnd(slug: string, endsAt: Date | null, at: Date): Promise<void>;
  /** Ids of entries that were taken down and may still stand in archives. */
  readTakedowns(): Promise<readonly string[]>;
  /** Notes that an entry is to be cut out of archives, by its id. */
  noteTakedown(id: string, at: Date): Promise<void>;
  /** Notes that an entry stands in no archive any more. */
  endTakedown(id: string): Promise<void>;
  /** Every feed that has archives with stored bytes, also those that the configuration has no more. */
  readArchivedFeeds(): Promise<readonly string[]>;
  /** Stores listings, and how far the feed has come. The same again changes nothing. */
  saveListings(slug: string, listings: readonly Listing[], state: Pick<FeedState, 'seq' | 'changeSeq'>): Promise<void>;
  /** The same in place of all listings of the feed: a new chain begins. */
  replaceListings(slug: string, listings: Iterable<Listing>, state: Omit<FeedState, 'slug' | 'id' | 'createdAt' | 'notice'>): Promise<void>;
  /** Notes what is recalled no more, and adds archives, each given by the last place that it holds. */
  saveHistory(
    slug: string,
    history: { readonly recalledSeq: number; readonly archives: readonly number[]; readonly isPrivate: boolean },
  ): Promise<void>;

  /** When an archive's bytes were stored; null while they are not. */
  readArchiveDate(slug: string, n: number): Promise<Date | null>;
  /** An archive by its number; null when there is none. */
  readArchive(slug: string, n: number): Promise<Archive | null>;
  /** The number of a chain's newest archive; null while it has none. */
  readNewestArchive(slug: string, chain: number): Promise<number | null>;
  /** Numbers of a chain's archives, oldest first. */
  listArchives(slug: string, chain: number): Promise<readonly number[]>;
  /** Numbers of the archives whose bytes are stored. */
  readMadeArchives(slug: string): Promise<readonly number[]>;
  /** Stores an archive's bytes, gzipped, which stay from then on. Returns what is stored; null when that of which they were made has changed, and they must not be. */
  makeArchive(slug: string, n: number, gzip: Uint8Array, at: Date, madeOf: ArchiveBasis): Promise<Archive | null>;
  /** Replaces them. */
  replaceArchive(slug: string, n: number, gzip: Uint8Array, at: Date): Promise<void>;
  /** When the bytes named by `tag` first stood for this document: now (`at`, whole seconds) if they are new. */
  stampDocument(slug: string, format: Document['format'], tag: string, at: Date): Promise<Date>;
  /** Versions of a feed's Atom document within a chain, by tag, each with the place in the history that it reaches. */
  readVersions(slug: string, chain: number): Promise<ReadonlyMap<string, number>>;
  /** Remembers a version; old ones are forgotten. */
  saveVersion(slug: string, version: { readonly tag: string; readonly chain: number; readonly seq: number }, at: Date): Promise<void>;

  /** The story that has this key, or in which the entry with this key stands; null when there is none. */
  readEvidence(key: string): Promise<StoryEvidence | null>;
  /** Published stories on the same event as one, the nearest first. */
  readRelated(storyNo: number): Promise<readonly RelatedStory[]>;
  /** The entries first seen from `from` on and before `before` (null: up to now), run by run, in the order of folding, deleted ones left out. */
  readPlaces(seen: { readonly from: Date; readonly before: Date | null }): Promise<readonly StandingPlace[]>;
  /** These entries, in this order; what there is not is left out. */
  readEntries(numbers: readonly number[]): Promise<readonly StoredEntry[]>;
  /** Puts entries elsewhere, with the pins that keep them there (they replace those of the same pairs). A story that is left without members is
   *  withdrawn when it is settled; one that is founded anew has the id it had. */
  moveEntries(moves: readonly EntryMove[], pins: readonly Pin[], at: Date): Promise<void>;
  /** Takes a story or an entry down everywhere, or lets it be shown again; by its key. Returns what the key named; null when nothing. What may stand
   *  in archives under any of its ids is noted (readTakedowns). */
  hide(key: string, hidden: boolean, at: Date): Promise<'story' | 'entry' | null>;

  /** The whole state as it stood at one instant, whatever is written meanwhile: `onCounts` is told first how many rows will come, then
   *  `onRow` each row, tables in an order in which what a row refers to comes before it, rows by primary key. Nobody is kept from writing. */
  readState(onCounts: (counts: RowCounts) => Promise<void>, onRow: (row: StateRow) => Promise<void>): Promise<void>;
  /** Puts a whole state, of `counts` rows when they are known, into a store that has neither sources nor entries, whose other rows it takes
   *  the place of; the caller has the run lock. All or nothing: also when `lines` throws.
   *  @throws NewsfoldError `import/store` when there is something already, `import/line` with the number of a line that is wrong,
   *  `import/incomplete` when rows are missing. */
  writeState(lines: AsyncIterable<StateLine>, counts: RowCounts | null): Promise<RowCounts>;
  /** Writes a copy of the store, as it stands at one instant, into a new file; nobody is kept from writing.
   *  @throws StoreError `backup/unsupported` when the store is a server, which has its own means. */
  backup(file: string): Promise<void>;

  /** Takes the lock that one run, or one change by hand, has at a time (DESIGN §9). It does not wait, and the system frees it when its holder
   *  is killed. */
  takeLock(holder: LockHolder): Promise<LockResult>;
  /** Whether the server of the store lets nobody write, this process or another: a standby, or one that was set so. A file is never so. */
  isReadOnly(): Promise<boolean>;
  /** A mark that is another one after any process has written to the store; cheap enough to be asked twice a second. */
  readMark(): Promise<string>;
  /** Calls back at once after any process has published, where the store can tell (`readMark` tells everywhere); resolves with what ends that. */
  watchPublished(onPublished: () => void): Promise<() => Promise<void>>;
  /** Makes known that a node of this configuration is alive, until what this resolves with ends that, or the process ends: within a minute where a machine has
   *  lost its power. */
  announceNode(hash: string): Promise<() => Promise<void>>;
  /** Has the nodes of this store go by this configuration, in the place of the one before, which is remembered. false, and nothing is done, when this one
   *  was replaced itself: it is an old node that comes back, unless going back `isDeliberate`, or its file was saved since. */
  takeUpConfig(hash: string, options: { readonly isDeliberate: boolean; readonly savedAt: Date; readonly at: Date }): Promise<boolean>;
  /** How a configuration stands to the one that nodes go by: whether it is that one, as any is before there were nodes; else whether it was, and whether nodes
   *  of the present one are alive. */
  compareConfig(hash: string): Promise<{ readonly isPresent: boolean; readonly wasPresent: boolean; readonly othersAreAlive: boolean }>;
  /** What the owner has been told of; null before the first time. */
  readAlertState(): Promise<string | null>;
  /** Keeps that in the place of what it was before; false, and nothing is done, when it was something else. */
  replaceAlertState(before: string | null, after: string): Promise<boolean>;
  /** Notes a run's begin; returns its number. Where the last run has not come to its end, it is looked first whether the store is whole.
   *  @throws StoreError `store/damaged` when it is not. */
  startRun(at: Date): Promise<number>;
  endRun(no: number, at: Date, report: object): Promise<void>;
  close(): Promise<void>;
}
