import type { Generated } from 'kysely';
import type { OwnFileRow } from './schema-own.ts';
import type { InHandRow, SetAsideRow } from './set-aside-rows.ts';

/** The tables, as kysely sees them. Instants are integer milliseconds, truth values 0 or 1, lists and objects JSON text. */
export interface Schema {
  /** Facts of the whole store: `namespace` is the UUID that names are minted in. */
  meta: { key: string; value: string };
  source: SourceRow;
  /** Record of polls, pruned. */
  poll: PollRow;
  /** Hosts that asked to be left alone until an instant (CHECKS A7). */
  host: { name: string; retry_after_at: number };
  /** Pages that entries link to, with the text that was found there. */
  page: PageRow;
  /** What sites ask of robots (RFC 9309); kept for a day, and asked for anew. */
  robots: { origin: string; asked_at: number; rules: string | null };
  entry: EntryRow;
  revision: RevisionRow;
  /** What is left of entries that are kept no longer: by it they are known again when their source still lists them. */
  pruned: PrunedRow;
  /** Own articles that wait, or for which something is due. */
  own_file: OwnFileRow;
  /** The version of the reader that has read all files of a folder. */
  own_folder: { source_id: string; reader: string };
  story: StoryRow;
  story_entry: StoryEntryRow;
  /** What folding has prepared of the entries of its window: derived from them, and made anew when it is missing. */
  fold_profile: { entry_no: number; at: number; profile: Uint8Array; sketch: Uint8Array };
  /** Entries by the hashes under which they are looked up, signed 32-bit; derived too. */
  fold_hash: { hash: number; entry_no: number };
  /** Prepared entries that are not in fold_hash yet. */
  fold_waiting: { entry_no: number };
  /** One row: how common words are; derived too. */
  fold_words: { id: number; at: number; texts: number; counts: Uint8Array };
  /** Entries on one event that are not one text. */
  related: RelatedRow;
  /** What the owner has said of two entries, the lower number first. */
  pin: { entry_no: number; other_no: number; kind: string; at: number };
  /** What became of stories, in order: what deltas and WebSub look at. */
  change: { seq: Generated<number>; story_no: number; kind: string; at: number; generation: number };
  /** Ids that were published and are no more (RFC 6721). */
  tombstone: { id: string; key: string; story_no: number; at: number; reason: string };
  /** Feeds: ids minted once, and how far each has come. */
  feed: FeedRow;
  /** What each feed's readers were last told of each story. */
  listing: ListingRow;
  /** Archive documents (RFC 5005); `bytes` are base64 of gzip, null until somebody asked for the document. */
  archive: ArchiveRow;
  /** Ids of entries that are still to be cut out of archives. */
  takedown: { id: string; at: number };
  /** Versions of Atom documents by tag, with the place in the feed's history that they reach: where deltas start. */
  document_version: { slug: string; tag: string; chain: number; seq: number; at: number };
  /** When the bytes of a document last changed. */
  document: { slug: string; format: string; tag: string; changed_at: number };
  /** What subscribers have asked of the hub and not yet confirmed. */
  websub_intent: WebSubIntentRow;
  /** Those who are told of changes. */
  websub_subscription: WebSubSubscriptionRow;
  /** Owners of these: network of the client that asked, site of the callback, and its last
   *  address, empty while that is unknown. */
  websub_place: { id: string; client: string; site: string; address: string };
  /** Place in the history of a feed that a hub elsewhere was told of, by address of its document. */
  announcement: { topic: string; seq: number; next_at: number };
  /** One row: how often what is published has changed, and when last. */
  generation: { id: number; n: number; at: number };
  /** Items over which a stage has failed, or runs have died: runs pass them over unless they are open. */
  set_aside: SetAsideRow;
  /** Sources that a run works on, and how often one has died meanwhile. */
  in_hand: InHandRow;
  run: { no: Generated<number>; started_at: number; ended_at: number | null; report: string | null };
  /** Subscriptions to what sources push (WebSub), by the path of their callback. */
  push_subscription: PushSubscriptionRow;
  /** Pushed documents that wait for the next run; `bytes` are base64, `size` is that of the document. */
  push_document: PushDocumentRow;
  /** When a source was last asked to be polled out of turn; `waiting` 1 until it was. */
  push_hint: { source_id: string; at: number; waiting: number };
}

export interface SourceRow {
  id: string;
  kind: string;
  address: string;
  /** 1 when the owner gave the id. */
  named: number;
  /** 1 while the configuration has it. */
  active: number;
  created_at: number;
  removed_at: number | null;
  /** The declaration as JSON, without headers and credentials: what published documents need when the source has left. */
  settings: string;
  feed_title: string | null;
  home_page: string | null;
  feed_id: string | null;
  feed_language: string | null;
  etag: string | null;
  last_modified: string | null;
  body_hash: string | null;
  last_poll_at: number | null;
  last_success_at: number | null;
  last_entry_at: number | null;
  next_poll_at: number | null;
  not_before_at: number | null;
  failures: number;
  history: string;
  gone: number;
  problem_code: string | null;
  problem_message: string | null;
  /** What its document asks of those who poll it; JSON. */
  wishes: string | null;
  /** Median time between its entries, milliseconds. */
  gap_ms: number | null;
  newest_at: number | null;
  /** Evidence of a move; JSON. */
  move: string | null;
  /** The last notable event; JSON. */
  notice: string | null;
  /** Polls in a row whose document ended inside an entry; null for none. */
  cut_polls: number | null;
  /** The feed that was found on its page; JSON. */
  found: string | null;
  /** Where it says that it is pushed; JSON. */
  push: string | null;
  /** When its first reading ended; null before that, and again once it begins anew. */
  first_read_at: number | null;
}

export interface PageRow {
  /** SHA-256 of the address, hex: addresses may be longer than an index takes. */
  key: string;
  url: string;
  /** Hash of what the feed said of the entry when the page was last asked for. */
  asked_for: string;
  asked_at: number;
  /** Failures in a row. */
  attempts: number;
  /** The last text that was found there; null when there never was one. */
  html: string | null;
  problem_code: string | null;
  problem_message: string | null;
}

export interface PollRow {
  id: Generated<number>;
  source_id: string;
  at: number;
  status: number | null;
  outcome: string;
  sent_etag: string | null;
  sent_last_modified: string | null;
  etag: string | null;
  last_modified: string | null;
  bytes: number | null;
  problem: string | null;
  /** What was asked when that was not the configured address. */
  moved_address: string | null;
  not_before_at: number | null;
  next_poll_at: number | null;
  reason: string | null;
}

export interface EntryRow {
  no: Generated<number>;
  source_id: string;
  identity: string;
  key: string;
  guid: string | null;
  url: string | null;
  url_key: string | null;
  home_host: string | null;
  link_post: number;
  location: string | null;
  language: string | null;
  origin: string | null;
  position: number;
  content_hash: string;
  first_seen_at: number;
  /** Believable published, else first seen: the order of folding and of feeds. */
  dated_at: number;
  /** 0 settled, 1 new and not yet folded, 2 revised and not yet accounted for. */
  pending: number;
  /** When a local file was first missed; null while it is there. */
  missing_at: number | null;
  missing_runs: number;
  deleted_at: number | null;
  /** When the owner took it down; null while it may be shown. */
  hidden_at: number | null;
  /** Of an entry that came with the first reading of its source: the age that its document gave
   *  itself, else when it was read. null for an entry that came later. */
  backlog_at: number | null;
}

export interface PrunedRow {
  source_id: string;
  identity: string;
  url_key: string | null;
  location: string | null;
  /** Of its newest revision, shortened, as are hash and published. */
  title: string;
  hash: string;
  content_hash: string;
  published: number | null;
  pruned_at: number;
  /** Since when its source lists it no more; null while it does, or has not been read since. */
  missed_at: number | null;
}

export interface RevisionRow {
  entry_no: number;
  n: number;
  kind: string;
  title: string;
  html: string | null;
  summary: string | null;
  text: string;
  hash: string;
  published: number | null;
  updated: number | null;
  seen_at: number;
  mark: string | null;
  authors: string;
  categories: string;
  enclosures: string;
  image: string | null;
  rights: string | null;
}

export interface StoryRow {
  /** Number of the founding entry. */
  no: number;
  id: string;
  key: string;
  lead_no: number | null;
  /** Number of the lead's newest real revision that `updated` accounts for. */
  lead_revision: number;
  published: number | null;
  updated: number | null;
  first_seen_at: number;
  dated_at: number;
  footer: string;
  /** When its lead was settled: first published; null before. */
  settled_at: number | null;
  withdrawn_at: number | null;
  /** 1 when its members or their revisions changed since it was last settled. */
  dirty: number;
  /** When the owner took it down, with all that joins it; null while it may be shown. */
  hidden_at: number | null;
  /** The story that it has turned out to be; null while it is itself. */
  merged_into: number | null;
}

export interface StoryEntryRow {
  entry_no: number;
  story_no: number;
  compared_with: number | null;
  label: string;
  score: number;
  why: string;
  rules: string;
  joined_at: number;
  /** What was measured; JSON, null where a key decided. */
  signals: string | null;
}

export interface FeedRow {
  slug: string;
  id: string;
  created_at: number;
  chain: Generated<number>;
  rules: string | null;
  change_seq: Generated<number>;
  seq: Generated<number>;
  archived_seq: Generated<number>;
  recalled_seq: Generated<number>;
  /** When the owner lets it end, and the entry that says so. */
  ends_at: number | null;
  notice_at: number | null;
  notice_seq: number | null;
}

export interface ListingRow {
  slug: string;
  story_no: number;
  kind: string;
  seq: number;
  at: number;
  updated: number;
  accounted_for: number;
  logged_at: number;
  recalled: number;
}

export interface ArchiveRow {
  slug: string;
  n: number;
  chain: number;
  first_seq: number;
  last_seq: number;
  /** 1 when the feed was private when it was added: it stays so. */
  private: number;
  bytes: string | null;
  made_at: number | null;
}

export interface WebSubIntentRow {
  /** SHA-256 of topic and callback, hex. */
  id: string;
  mode: string;
  topic: string;
  callback: string;
  /** Of the callback, with its port. */
  host: string;
  secret: string | null;
  lease_seconds: number;
  seq: number;
  attempts: number;
  /** When it is due; while somebody works on it, when it is due again if he does not come back. */
  next_at: number;
  asked_at: number;
}

export interface WebSubSubscriptionRow {
  /** SHA-256 of topic and callback, hex. */
  id: string;
  topic: string;
  callback: string;
  host: string;
  secret: string | null;
  created_at: number;
  expires_at: number;
  delivered_seq: number;
  /** Failures in a row. */
  attempts: number;
  failing_since: number | null;
  /** As that of an intent. */
  next_at: number;
  problem_code: string | null;
  problem_message: string | null;
}

export interface RelatedRow {
  entry_no: number;
  other_no: number;
  score: number;
  why: string;
  rules: string;
  signals: string | null;
  at: number;
}

export interface PushSubscriptionRow {
  path: string;
  source_id: string;
  hub: string;
  topic: string;
  callback: string;
  secret: string | null;
  state: string;
  asked_at: number | null;
  attempts: number;
  next_at: number;
  expires_at: number | null;
  version: number;
}

export interface PushDocumentRow {
  no: Generated<number>;
  source_id: string;
  at: number;
  topic: string;
  content_type: string | null;
  bytes: string;
  size: number;
}
