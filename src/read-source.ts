import { toAsideProblem } from './model/set-aside.ts';
import { findFeed } from './find-feed.ts';
import { addressOf, advance, hostOf, manner } from './ingest/due.ts';
import { hideAddresses } from './ingest/fetch-problem.ts';
import type { Problem } from './model/errors.ts';
import type { PushOffer, Source } from './model/source.ts';
import { sha256Hex } from './model/values/hash.ts';
import { readOffer } from './normalise/hub.ts';
import type { FetchResult } from './ports/fetcher.ts';
import type { PollRecord } from './ports/store/sources.ts';
import { readFolder } from './read-folder.ts';
import { readNewDocument } from './read-document.ts';
import type { ReceivedDocument } from './read-document.ts';
import { isPassedOver, limitProblems, ofDocument, readInHand } from './reading.ts';
import type { Reading, ReadOptions } from './reading.ts';
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

/** The first half of a run for one source: bytes in, parsed, normalised, its entries stored as
 *  pending, and last of all its poll state. Cut short before that, it is simply read again.
 *  Anything that a source does is an outcome with problems.
 *  @throws ReadFault with what no reader has foreseen: the caller records it (read-sources.ts). */
export async function readSource(parts: RunParts, source: Source, options: ReadOptions): Promise<SourceOutcome> {
  return finish(parts, source, options, await readAny(parts, source, options));
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
  return { ...(await ofDocument(() => toReading(parts, source, options, search.answer))), found };
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
  return ofDocument(async () => {
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
  });
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
      ...readLaterOffer(source, options, result),
      etag: result.etag ?? options.poll.etag,
      lastModified: result.lastModified ?? options.poll.lastModified,
    };
  }
  const isFound = source.kind === 'page' && options.poll.found === null;
  const answer = { link: result.link, asked: isFound ? hints.finalUrl : addressOf(source, options.poll) };
  const reading = { ...readLaterOffer(source, options, result), ...(await readDocument(parts, source, options, { ...result, answer })) };
  // A validator of a body that could not be read is not kept: the next poll must bring the body again (CHECKS A4).
  if (reading.outcome === 'failed' || reading.isCut) return { ...reading, hints };
  return { ...reading, hints, etag: result.etag, lastModified: result.lastModified };
}

/** Where a feed is pushed may change without the document: its Link fields say so, and when they say nothing it stays as it was. */
function readLaterOffer(
  source: Source,
  { poll }: ReadOptions,
  { link, hints }: Exclude<FetchResult, { kind: 'failed' }>,
): { push?: PushOffer } {
  const known = { hubUrls: [], selfUrl: poll.push?.topic ?? null };
  const push = readOffer(link, known, { asked: addressOf(source, poll), url: hints.finalUrl });
  return push === null ? {} : { push };
}

async function readFile(parts: RunParts, source: Source, options: ReadOptions): Promise<Reading> {
  const result = await parts.files.readDocument(source.address, source.request.maxBytes ?? parts.settings.maxBytes);
  if (result.kind === 'failed') return { outcome: 'failed', problems: [result.problem] };
  return ofDocument(() => readDocument(parts, source, options, { content: result.content, isDelta: false, answer: null }));
}

async function readDocument(
  parts: RunParts,
  source: Source,
  options: ReadOptions,
  { content, isDelta, answer }: Omit<ReceivedDocument, 'bodyHash'>,
): Promise<Reading> {
  const { poll } = options;
  const bodyHash = sha256Hex(content.bytes);
  const bytes = content.bytes.length;
  // The same bytes as last time hold nothing new; the validators beside them may be, and are kept all the same (CHECKS A3).
  if (bodyHash === poll.bodyHash) return { outcome: 'same', problems: [], bodyHash, bytes };
  options.noteBytes(bodyHash);
  const aside = options.aside.find(({ name }) => name === '');
  if (aside && isPassedOver([aside], 'parse', '', bodyHash)) return { outcome: 'failed', problems: [toAsideProblem(aside)], bytes };
  const read = () => readNewDocument(parts, source, options, { content, isDelta, bodyHash, answer });
  return readInHand(parts, source, options, { bytes, hash: bodyHash }, read);
}

/** Records what came of reading a source: a failure that nobody lived to tell of, too. */
export async function finish(parts: RunParts, source: Source, options: ReadOptions, reading: Reading): Promise<SourceOutcome> {
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
    isPushed: options.isPushed,
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
