import { createHash } from 'node:crypto';
import { hostOf, planNext } from './ingest/due.ts';
import type { EntryChange, KnownEntry } from './model/entry.ts';
import type { Problem } from './model/errors.ts';
import type { SourceBytes } from './model/parsed.ts';
import type { PollState, Source, SourceDescription } from './model/source.ts';
import { describe, identify, identifyLocal, normalise } from './normalise/normalise.ts';
import type { NormaliseContext } from './normalise/normalise.ts';
import { parseArticle, parseFeed } from './parse/parse.ts';
import type { FetchResult, LocalFile, PollHints } from './ports/fetcher.ts';
import { BATCH_SIZE } from './ports/store.ts';
import type { PollRecord } from './ports/store.ts';
import type { RunParts } from './run-parts.ts';

/** What came of reading one source in one run. */
export interface SourceOutcome {
  readonly outcome: PollRecord['outcome'];
  readonly entriesNew: number;
  readonly entriesRevised: number;
  readonly entriesDeleted: number;
  readonly problems: readonly Problem[];
}

/** What is known of the source, and whether missed local articles go at once. */
export interface ReadOptions {
  readonly poll: PollState;
  readonly description: SourceDescription;
  readonly acceptDeletions: boolean;
  /** When the run began: what all its sources bring counts as first seen then, so that no answer's speed decides an order (DESIGN §11). */
  readonly seenAt: Date;
}

/** The first half of a run for one source: bytes in, parsed, normalised, its entries stored as pending, and last of all its poll state:
 *  cut short before that, it is simply read again. Whatever a source does is an outcome with problems, never an exception. */
export async function readSource(parts: RunParts, source: Source, options: ReadOptions): Promise<SourceOutcome> {
  if (source.kind === 'feed') return readFeed(parts, source, options);
  if (source.kind === 'file') return readFile(parts, source, options);
  if (source.kind === 'articles') return readFolder(parts, source, options);
  const problem = {
    code: 'source/unsupported',
    message: `${source.address} is a web page: this version reads feeds, so give the address of its feed as feed:`,
  };
  return finish(parts, source, options, { outcome: 'failed', problems: [problem] });
}

/** A vanished file is deleted only when two runs and ten minutes have missed it (DESIGN §4). */
const PATIENCE = { runs: 2, graceMs: 600_000 };
const NO_PATIENCE = { runs: 1, graceMs: 0 };

/** What one reading brought, before it is recorded. Validators are those to keep from now on. */
interface Reading {
  readonly outcome: PollRecord['outcome'];
  readonly problems: readonly Problem[];
  readonly added?: number;
  readonly revised?: number;
  readonly deleted?: number;
  readonly description?: SourceDescription;
  readonly etag?: string | null;
  readonly lastModified?: string | null;
  readonly bodyHash?: string;
  readonly bytes?: number;
  readonly hints?: PollHints;
  readonly gone?: boolean;
  /** true when the document ended in the middle. */
  readonly isCut?: boolean;
}

async function readFeed(parts: RunParts, source: Source, options: ReadOptions): Promise<SourceOutcome> {
  const { poll } = options;
  const { etag, lastModified } = poll;
  const result = await parts.fetcher.fetch({ url: source.address, etag, lastModified, options: source.request });
  // Never the address of a private source in a log.
  const asked = {
    source: source.id,
    url: source.private ? undefined : source.address,
    status: result.hints.status,
    sentEtag: etag,
    sentLastModified: lastModified,
  };
  parts.log.info(
    { ...asked, outcome: result.kind, ...(result.kind !== 'failed' && { etag: result.etag, lastModified: result.lastModified }) },
    'polled',
  );
  return finish(parts, source, options, await toReading(parts, source, options, result));
}

async function toReading(parts: RunParts, source: Source, options: ReadOptions, result: FetchResult): Promise<Reading> {
  const { hints } = result;
  if (result.kind === 'failed') return { outcome: 'failed', problems: [result.problem], hints, gone: result.gone };
  // RFC 9111 §4.3.4: a 304 that names no validator leaves the stored one in force; one that names it replaces it (CHECKS A3).
  if (result.kind === 'notModified') {
    return {
      outcome: 'notModified',
      problems: [],
      hints,
      etag: result.etag ?? options.poll.etag,
      lastModified: result.lastModified ?? options.poll.lastModified,
    };
  }
  const reading = await readDocument(parts, source, options, result.content);
  // A validator of a body that could not be read is not kept: the next poll must bring the body again (CHECKS A4).
  if (reading.outcome === 'failed' || reading.isCut) return { ...reading, hints };
  return { ...reading, hints, etag: result.etag, lastModified: result.lastModified };
}

async function readFile(parts: RunParts, source: Source, options: ReadOptions): Promise<SourceOutcome> {
  const result = await parts.files.readDocument(source.address, source.request.maxBytes ?? parts.settings.maxBytes);
  const reading: Reading =
    result.kind === 'failed'
      ? { outcome: 'failed', problems: [result.problem] }
      : await readDocument(parts, source, options, result.content);
  return finish(parts, source, options, reading);
}

async function readDocument(parts: RunParts, source: Source, options: ReadOptions, content: SourceBytes): Promise<Reading> {
  const bodyHash = hash(content.bytes);
  const bytes = content.bytes.length;
  // The same bytes as last time hold nothing new; the validators beside them may be, and are kept all the same (CHECKS A3).
  if (bodyHash === options.poll.bodyHash) return { outcome: 'same', problems: [], bodyHash, bytes };
  const parsed = await parseFeed(content);
  if (parsed.kind === 'refused') return { outcome: 'failed', problems: [parsed.problem], bytes };
  const { items, problems } = identify(parsed.feed);
  const description = describe(parsed.feed);
  const known = await parts.store.readKnown(
    source.id,
    items.map((item) => item.identity),
  );
  const context = toContext(parts, source, options, description);
  const results = items.map((item) => normalise(item, known.get(item.identity) ?? null, context));
  const { added, revised } = await save(
    parts,
    results.flatMap((result) => result.change ?? []),
    context.seenAt,
  );
  const all = [...parsed.feed.problems, ...problems, ...results.flatMap((result) => result.problems)];
  // A document that ends in the middle is read as far as it goes, and asked for again: it does not count as this version.
  const isCut = parsed.feed.problems.some((problem) => problem.code === 'xml/cut');
  return { outcome: 'content', problems: all, added, revised, description, bytes, ...(isCut ? { isCut } : { bodyHash }) };
}

async function readFolder(parts: RunParts, source: Source, options: ReadOptions): Promise<SourceOutcome> {
  const folder = await parts.files.readFolder(source.address, source.request.maxBytes ?? parts.settings.maxBytes);
  if (folder.kind === 'failed') return finish(parts, source, options, { outcome: 'failed', problems: [folder.problem] });
  const known = await parts.store.readKnown(source.id, null);
  const context = toContext(parts, source, options, nothingSaid);
  const { changes, present, problems } = toFolderChanges(folder.files, known, context);
  const { added, revised } = await save(parts, changes, context.seenAt);
  // A file that is there and cannot be read is not missing.
  const unreadable = new Set(folder.problems.map((problem) => problem.entry));
  const stored = [...known.values()].filter((entry) => !entry.isDeleted);
  const missing = stored.filter((entry) => !present.has(entry.identity) && !unreadable.has(entry.location ?? ''));
  const isSuspicious = missing.length > 3 && missing.length * 2 > stored.length && !options.acceptDeletions;
  const vanished = {
    code: 'articles/many-missing',
    message: `${missing.length} of ${stored.length} articles have vanished from ${source.address}: none is deleted; if that is meant, run newsfold run --accept-deletions`,
  };
  const patience = options.acceptDeletions ? NO_PATIENCE : PATIENCE;
  const gone = isSuspicious ? [] : missing.map((entry) => entry.identity);
  const deleted = await parts.store.markMissing(source.id, gone, context.seenAt, patience);
  const all = [...folder.problems, ...problems, ...(isSuspicious ? [vanished] : [])];
  return finish(parts, source, options, { outcome: 'content', problems: all, added, revised, deleted });
}

/** Reads the files that are new or changed. One whose bytes are those of a file that is gone is that file, renamed. */
function toFolderChanges(files: readonly LocalFile[], known: ReadonlyMap<string, KnownEntry>, context: NormaliseContext) {
  const locations = new Set(files.map((file) => file.location));
  const byLocation = new Map([...known.values()].map((entry) => [entry.location, entry]));
  const lost = new Map(
    [...known.values()].filter((entry) => !locations.has(entry.location ?? '')).map((entry) => [entry.contentHash, entry]),
  );
  const present = new Set<string>();
  const changes: EntryChange[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const contentHash = hash(file.content.bytes);
    const before = byLocation.get(file.location) ?? lost.get(contentHash) ?? null;
    if (before && before.location === file.location && before.contentHash === contentHash && !before.isDeleted) {
      present.add(before.identity);
      continue;
    }
    const parsed = parseArticle(file.content, file.location);
    const item = parsed.kind === 'feed' ? parsed.feed.items[0] : undefined;
    if (parsed.kind === 'refused') problems.push(parsed.problem);
    else problems.push(...parsed.feed.problems);
    if (before && !item) present.add(before.identity);
    if (!item) continue;
    const identity = identifyLocal(item, before?.identity ?? null, file.location);
    if (present.has(identity)) {
      problems.push({
        code: 'article/repeated-id',
        entry: file.location,
        message: `${file.location} has the id of another file (${identity.slice(0, 100)}): give it one of its own`,
      });
      continue;
    }
    present.add(identity);
    const result = normalise({ item, identity, position: changes.length, contentHash }, known.get(identity) ?? null, context);
    if (result.change) changes.push(result.change);
    problems.push(...result.problems.map((problem) => ({ ...problem, entry: file.location })));
  }
  return { changes, present, problems };
}

async function save(parts: RunParts, changes: readonly EntryChange[], at: Date): Promise<{ added: number; revised: number }> {
  const total = { added: 0, revised: 0 };
  for (let start = 0; start < changes.length; start += BATCH_SIZE) {
    const { added, revised } = await parts.store.saveEntries(changes.slice(start, start + BATCH_SIZE), at);
    total.added += added;
    total.revised += revised;
  }
  return total;
}

async function finish(parts: RunParts, source: Source, options: ReadOptions, reading: Reading): Promise<SourceOutcome> {
  const { poll } = options;
  const at = parts.clock.now();
  const { added = 0, revised = 0, deleted = 0, outcome, problems, hints } = reading;
  const isFailed = outcome === 'failed';
  const failures = isFailed ? poll.failures + 1 : 0;
  const mark = isFailed ? 'f' : added + revised > 0 ? 'c' : 's';
  const after = {
    etag: reading.etag === undefined ? poll.etag : reading.etag,
    lastModified: reading.lastModified === undefined ? poll.lastModified : reading.lastModified,
    history: `${mark}${poll.history}`.slice(0, 10),
    failures,
  };
  const plan = planNext(source, after, hints ?? noHints, at, parts.settings);
  const state: PollState = {
    ...after,
    ...plan,
    bodyHash: reading.bodyHash ?? poll.bodyHash,
    lastPollAt: at,
    lastSuccessAt: isFailed ? poll.lastSuccessAt : at,
    lastEntryAt: added > 0 ? at : poll.lastEntryAt,
    gone: reading.gone ?? poll.gone,
    problem: isFailed ? (problems[0] ?? null) : null,
  };
  const hold = hints?.retryAfter ? { host: hostOf(source.address), until: hints.retryAfter } : null;
  const sent = { sentEtag: poll.etag, sentLastModified: poll.lastModified };
  await parts.store.recordPoll(source.id, {
    state,
    description: reading.description ?? null,
    at,
    status: hints?.status ?? null,
    outcome,
    ...sent,
    bytes: reading.bytes ?? null,
    hold,
  });
  return { outcome, entriesNew: added, entriesRevised: revised, entriesDeleted: deleted, problems };
}

const noHints: PollHints = { status: null, retryAfter: null, freshUntil: null, finalUrl: '', movedTo: null };
const nothingSaid: SourceDescription = { title: null, homePage: null, feedId: null, language: null };

function toContext(parts: RunParts, source: Source, { seenAt }: ReadOptions, description: SourceDescription): NormaliseContext {
  const homePage = description.homePage ?? (source.kind === 'feed' ? source.address : null);
  return { sourceId: source.id, homePage, language: source.language ?? description.language, zone: parts.settings.zone, seenAt };
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
