import { findFeed } from './find-feed.ts';
import type { ReadResult } from '../../ingest/polling/read-result.ts';
import type { Source } from '../../model/source.ts';
import { readHubOffer } from '../../normalise/hub-offer.ts';
import type { FetchResult } from '../../ports/fetcher.ts';
import { readReceived } from './document.ts';
import type { ReceivedDocument } from './document.ts';
import { readFolder } from './articles/folder.ts';
import type { DuePoll } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';
import { tryReading } from './guarded-reading.ts';

/** Fetches and reads a source, and stores its new entries as pending. The poll state is recorded
 *  last, so an interrupted reading is repeated. Every reading has an outcome with problems; an
 *  unforeseen error is its `fault`. */
export async function readSource(context: RunContext, due: DuePoll): Promise<ReadResult> {
  const { kind } = due.source;
  if (kind === 'feed') return readFeed(context, due);
  if (kind === 'file') return readFile(context, due);
  if (kind === 'articles') return readFolder(context, due);
  return due.poll.found === null ? searchPage(context, due) : readFound(context, due);
}

/** Looks for the feed of a page, and reads the feed that it finds. */
async function searchPage(context: RunContext, due: DuePoll): Promise<ReadResult> {
  const { source } = due;
  const search = await findFeed(context, source);
  const found = search.kind === 'found' ? search.found : null;
  context.log.info({ source: source.id, found: source.private ? found?.via : found }, 'looked for the feed of a page');
  if (search.kind === 'failed') return { outcome: 'failed', problems: [search.problem], hints: search.hints };
  const { answer } = search;
  return { ...(await tryReading(() => readAnswer(context, due, answer, answer.hints.finalUrl))), found };
}

/** After this many failures in a row at the discovered feed, it is looked for anew, unless the last
 *  failure may be temporary. */
const MAX_FAILURES = 3;

async function readFound(context: RunContext, due: DuePoll): Promise<ReadResult> {
  const reading = await readFeed(context, due);
  const isLasting = reading.hints?.status === 404 || reading.problems.some(({ code }) => code.startsWith('feed/'));
  const isLost = reading.outcome === 'failed' && (reading.gone === true || (isLasting && due.poll.failures + 1 >= MAX_FAILURES));
  return isLost ? { ...reading, found: null, etag: null, lastModified: null, bodyHash: null } : reading;
}

async function readFeed(context: RunContext, due: DuePoll): Promise<ReadResult> {
  const result = await context.fetcher.fetch(due.plan.request);
  return tryReading(async () => {
    logPoll(context, due.source, { ...due.plan.request, result });
    return readAnswer(context, due, result, due.plan.address);
  });
}

/** Never logs the address of a private source. */
function logPoll(
  { log }: Pick<RunContext, 'log'>,
  source: Source,
  sent: DuePoll['plan']['request'] & { readonly result: FetchResult },
): void {
  const { url, etag, lastModified, result } = sent;
  const asked = {
    source: source.id,
    url: source.private ? undefined : url,
    status: result.hints.status,
    sentEtag: etag,
    sentLastModified: lastModified,
  };
  log.info(
    { ...asked, outcome: result.kind, ...(result.kind !== 'failed' && { etag: result.etag, lastModified: result.lastModified }) },
    'polled',
  );
}

/** Reads an answer. `asked` is the address at which the feed was requested. */
async function readAnswer(context: RunContext, due: DuePoll, result: FetchResult, asked: string): Promise<ReadResult> {
  const { hints } = result;
  if (result.kind === 'failed') return { outcome: 'failed', problems: [result.problem], hints, gone: result.gone };
  const offer = readLaterOffer(due, result);
  // RFC 9111 §4.3.4: a 304 without a validator leaves the stored one in force; one with a validator
  // replaces it (docs/polling.md A3).
  if (result.kind === 'notModified') {
    return {
      outcome: 'notModified',
      problems: [],
      hints,
      ...offer,
      etag: result.etag ?? due.poll.etag,
      lastModified: result.lastModified ?? due.poll.lastModified,
    };
  }
  const received: ReceivedDocument = {
    content: result.content,
    isDelta: result.isDelta,
    via: 'poll',
    answer: { link: result.link, asked },
  };
  const reading = { ...offer, ...(await readReceived(context, due, received)) };
  // The validators of an unreadable body are not kept: the next poll must bring the body again
  // (docs/polling.md A4).
  if (reading.outcome === 'failed' || reading.isCut) return { ...reading, hints };
  return { ...reading, hints, etag: result.etag, lastModified: result.lastModified };
}

/** Returns the hub offer after an answer without a new document. Link fields may change the offer;
 *  without such fields it stays as it was. */
function readLaterOffer({ poll, plan }: DuePoll, { link, hints }: Exclude<FetchResult, { kind: 'failed' }>): Pick<ReadResult, 'hubOffer'> {
  const known = { hubUrls: [], selfUrl: poll.hubOffer?.topic ?? null };
  const hubOffer = readHubOffer(link, known, { asked: plan.address, url: hints.finalUrl });
  return hubOffer === null ? {} : { hubOffer };
}

async function readFile(context: RunContext, due: DuePoll): Promise<ReadResult> {
  const { address, request } = due.source;
  const result = await context.files.readDocument(address, request.maxBytes ?? context.settings.maxBytes);
  if (result.kind === 'failed') return { outcome: 'failed', problems: [result.problem] };
  return tryReading(() => readReceived(context, due, { content: result.content, isDelta: false, via: 'poll', answer: null }));
}
