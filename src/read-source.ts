import { findFeed } from './find-feed.ts';
import { addFullTexts } from './full-texts.ts';
import { addressOf, advance, hostOf, manner } from './ingest/due.ts';
import { hideAddresses, nameUrl } from './ingest/fetch-problem.ts';
import type { Problem } from './model/errors.ts';
import type { ParsedFeed, SourceBytes } from './model/parsed.ts';
import type { Notice, Source } from './model/source.ts';
import { dropOwnItems, findLoop } from './normalise/loops.ts';
import { describe, identify, normalise } from './normalise/normalise.ts';
import { readRhythm, readWishes } from './normalise/poll-facts.ts';
import { parseFeed } from './parse/parse.ts';
import type { FetchResult } from './ports/fetcher.ts';
import { BATCH_SIZE } from './ports/store.ts';
import type { PollRecord } from './ports/store.ts';
import { readFolder } from './read-folder.ts';
import { hashBytes, limitProblems, saveChanges, toContext } from './reading.ts';
import type { Reading, ReadOptions } from './reading.ts';
import { readKnownOf, recogniseItems } from './recognition.ts';
import type { RunParts } from './run-parts.ts';

/** What came of reading one source in one run. */
export interface SourceOutcome {
  readonly outcome: PollRecord['outcome'];
  readonly entriesNew: number;
  readonly entriesRevised: number;
  readonly entriesDeleted: number;
  readonly problems: readonly Problem[];
  /** The host that asked to be left alone, and until when; null for none. */
  readonly hold: PollRecord['hold'];
}

/** The first half of a run for one source: bytes in, parsed, normalised, its entries stored as pending, and last of all its poll state:
 *  cut short before that, it is simply read again. Whatever a source does is an outcome with problems, never an exception. */
export async function readSource(parts: RunParts, source: Source, options: ReadOptions): Promise<SourceOutcome> {
  return finish(parts, source, options, await readSafely(parts, source, options));
}

/** What no reader has foreseen in a document costs its source, not the run: a pattern or a nesting that V8 gives up on. */
async function readSafely(parts: RunParts, source: Source, options: ReadOptions): Promise<Reading> {
  try {
    return await readAny(parts, source, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    parts.log.error({ err: error, source: source.id }, 'a source could not be read');
    const message = `it holds something that cannot be read (${error.message}): please report it`;
    return { outcome: 'failed', problems: [{ code: 'source/unreadable', message }] };
  }
}

function readAny(parts: RunParts, source: Source, options: ReadOptions): Reading | Promise<Reading> {
  if (source.kind === 'feed') return readFeed(parts, source, options);
  if (source.kind === 'file') return readFile(parts, source, options);
  if (source.kind === 'articles') return readFolder(parts, source, options);
  return options.poll.found === null ? searchPage(parts, source, options) : readFound(parts, source, options);
}

/** Looks for the feed of a page, and reads what it finds. */
async function searchPage(parts: RunParts, source: Source, options: ReadOptions): Promise<Reading> {
  const search = await findFeed(parts, source);
  const found = search.kind === 'found' ? search.found : null;
  parts.log.info({ source: source.id, found: source.private ? found?.via : found }, 'looked for the feed of a page');
  if (search.kind === 'failed') return { outcome: 'failed', problems: [search.problem], hints: search.hints };
  return { ...(await toReading(parts, source, options, search.answer)), found };
}

/** So many failures in a row at the feed that was found, the last one not for a while only, and it is looked for anew. */
const MAX_FAILURES = 3;

async function readFound(parts: RunParts, source: Source, options: ReadOptions): Promise<Reading> {
  const reading = await readFeed(parts, source, options);
  const isLasting = reading.hints?.status === 404 || reading.problems.some(({ code }) => code.startsWith('feed/'));
  const isLost = reading.outcome === 'failed' && (reading.gone === true || (isLasting && options.poll.failures + 1 >= MAX_FAILURES));
  return isLost ? { ...reading, found: null, etag: null, lastModified: null, bodyHash: null } : reading;
}

async function readFeed(parts: RunParts, source: Source, options: ReadOptions): Promise<Reading> {
  const { poll } = options;
  const { etag, lastModified } = poll;
  const url = addressOf(source, poll);
  // After a failure the whole is asked for: a delta that cannot be read would stay one.
  const request = { url, etag, lastModified, acceptsDelta: poll.failures === 0, accept: 'feed', mayFollow: null } as const;
  const how = { ...manner(source, url), ...(source.kind === 'feed' && { publicOnly: false }) };
  const result = await parts.fetcher.fetch({ ...request, ...how });
  // Never the address of a private source in a log.
  const asked = {
    source: source.id,
    url: source.private ? undefined : url,
    status: result.hints.status,
    sentEtag: etag,
    sentLastModified: lastModified,
  };
  parts.log.info(
    { ...asked, outcome: result.kind, ...(result.kind !== 'failed' && { etag: result.etag, lastModified: result.lastModified }) },
    'polled',
  );
  return toReading(parts, source, options, result);
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
  const reading = await readDocument(parts, source, options, result);
  // A validator of a body that could not be read is not kept: the next poll must bring the body again (CHECKS A4).
  if (reading.outcome === 'failed' || reading.isCut) return { ...reading, hints };
  return { ...reading, hints, etag: result.etag, lastModified: result.lastModified };
}

async function readFile(parts: RunParts, source: Source, options: ReadOptions): Promise<Reading> {
  const result = await parts.files.readDocument(source.address, source.request.maxBytes ?? parts.settings.maxBytes);
  if (result.kind === 'failed') return { outcome: 'failed', problems: [result.problem] };
  return readDocument(parts, source, options, { content: result.content, isDelta: false });
}

/** Documents from this size on are read one at a time. */
const LARGE_BYTES = 1_000_000;

async function readDocument(
  parts: RunParts,
  source: Source,
  options: ReadOptions,
  { content, isDelta }: { readonly content: SourceBytes; readonly isDelta: boolean },
): Promise<Reading> {
  const { poll } = options;
  const bodyHash = hashBytes(content.bytes);
  const bytes = content.bytes.length;
  // The same bytes as last time hold nothing new; the validators beside them may be, and are kept all the same (CHECKS A3).
  if (bodyHash === poll.bodyHash) return { outcome: 'same', problems: [], bodyHash, bytes };
  const read = () => readNewDocument(parts, source, options, { content, isDelta, bodyHash });
  return bytes > LARGE_BYTES ? options.gate.pass(read) : read();
}

async function readNewDocument(
  parts: RunParts,
  source: Source,
  options: ReadOptions,
  { content, isDelta, bodyHash }: { readonly content: SourceBytes; readonly isDelta: boolean; readonly bodyHash: string },
): Promise<Reading> {
  const { poll, own, seenAt } = options;
  const bytes = content.bytes.length;
  const parsed = await parseFeed(content);
  if (parsed.kind === 'refused') return { outcome: 'failed', problems: [parsed.problem], bytes };
  const loop = findLoop(parsed.feed, [source.address, content.url], own);
  if (loop !== null) return { outcome: 'failed', problems: [loop], bytes };
  const foreign = dropOwnItems(parsed.feed.items, own);
  const feed = { ...parsed.feed, items: foreign.items };
  const saved = await saveItems(parts, source, options, feed);
  const { newestAt, gapMs } = readRhythm(feed, seenAt);
  // A delta holds the newest entries alone, which are no rhythm.
  const rhythm = isDelta ? { gapMs: poll.rhythm.gapMs, newestAt: newestAt ?? poll.rhythm.newestAt } : { gapMs, newestAt };
  // A document that ends in the middle is read as far as it goes, and asked for again: it does not count as this version.
  const isCut = feed.problems.some((problem) => problem.code === 'xml/cut');
  return {
    ...saved,
    outcome: 'content',
    problems: [...feed.problems, ...foreign.problems, ...saved.problems],
    bytes,
    wishes: readWishes(feed),
    rhythm,
    ...(isCut ? { isCut } : { bodyHash: isDelta ? null : bodyHash }),
  };
}

/** Stores what is new in a document. */
async function saveItems(parts: RunParts, source: Source, options: ReadOptions, feed: ParsedFeed) {
  const { store } = parts;
  const { items: identified, problems } = identify(feed);
  const description = describe(feed);
  const known = await readKnownOf(store, source.id, identified);
  const texts = source.fullText
    ? await addFullTexts(parts, source, options, identified, known)
    : { items: identified, problems: [], hold: null };
  const hasMoved = isFirstAfterMove(source, options);
  const recognised = await recogniseItems(store, source.id, texts.items, known, { hasMoved });
  const context = toContext(parts, source, options, description);
  const counts = { added: 0, revised: 0 };
  const found: Problem[] = [];
  // Batch by batch: what a document of twenty thousand items comes to is several times the document.
  for (let from = 0; from < recognised.items.length; from += BATCH_SIZE) {
    const changes = recognised.items.slice(from, from + BATCH_SIZE).flatMap((item) => {
      const entry = recognised.find(item);
      const result = normalise(item, entry, context, recognised.said.get(entry?.identity ?? '') ?? null);
      found.push(...result.problems);
      return result.change ?? [];
    });
    const { added, revised } = await saveChanges(parts, changes, context.seenAt);
    counts.added += added;
    counts.revised += revised;
  }
  const entries = recognised.items.length;
  const fresh = recognised.items.filter((item) => recognised.find(item) === null).length;
  const notice = hasMoved
    ? toMoveNotice(source, { entries, fresh }, options.seenAt)
    : toNotice(recognised.former.size, entries, options.seenAt);
  if (notice) parts.log.warn({ source: source.id, entries: recognised.former.size }, notice.message);
  const all = [...problems, ...texts.problems, ...found];
  // Ids that change on every poll are told once, not at every poll.
  const isTold = notice === null || options.poll.notice?.code === notice.code;
  return { ...counts, description, problems: isTold ? all : [notice, ...all], hold: texts.hold, ...(notice && { notice }) };
}

/** Whether this is the first document from the address that a source has moved to by its owner's word: its history began anew there. */
function isFirstAfterMove({ previous }: Source, { poll }: ReadOptions): boolean {
  return previous !== null && poll.lastSuccessAt !== null && /^f*$/.test(poll.history);
}

/** What came of a move that the owner declared. */
function toMoveNotice(
  { previous, private: isPrivate }: Source,
  { entries, fresh }: { readonly entries: number; readonly fresh: number },
  at: Date,
): Notice {
  const where = isPrivate || previous === null ? 'its former address' : nameUrl(previous);
  const message = `${entries - fresh} of ${entries} entries are known from ${where} and are not published again; ${fresh} are new`;
  return { code: 'source/previous', message, at };
}

/** Ids that change are worth a word when most of a document came under new ones. */
function toNotice(renamed: number, entries: number, at: Date): Notice | null {
  if (renamed < 3 || renamed * 2 <= entries) return null;
  const message = `${renamed} of ${entries} entries came under new ids and are known by address, title or text: none of them is published again`;
  return { code: 'source/ids-changed', message, at };
}

async function finish(parts: RunParts, source: Source, options: ReadOptions, reading: Reading): Promise<SourceOutcome> {
  const { poll } = options;
  const at = parts.clock.now();
  const { added = 0, revised = 0, deleted = 0, outcome, hints, gone, ...rest } = reading;
  const problems = limitProblems(source.private ? reading.problems.map(hideAddresses) : reading.problems);
  const result = {
    ...rest,
    ...(hints && { hints }),
    ...(gone !== undefined && { isGone: gone }),
    isFailed: outcome === 'failed',
    isNews: added + revised > 0,
    hasNewEntry: added > 0,
    problem: problems[0] ?? null,
  };
  const { state, reason } = advance(source, poll, result, at, parts.settings);
  const hold = hints?.retryAfter ? { host: hostOf(hints.finalUrl), until: hints.retryAfter } : (reading.hold ?? null);
  const asked = addressOf(source, poll);
  await parts.store.recordPoll(source.id, {
    state,
    description: reading.description ?? null,
    at,
    status: hints?.status ?? null,
    outcome,
    sentEtag: poll.etag,
    sentLastModified: poll.lastModified,
    bytes: reading.bytes ?? null,
    movedAddress: asked === source.address ? null : asked,
    reason,
    hold,
  });
  return { outcome, entriesNew: added, entriesRevised: revised, entriesDeleted: deleted, problems, hold };
}
