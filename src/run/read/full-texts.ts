import { requestPolicy } from '../../ingest/polling/poll-plan.ts';
import { Trial } from '../../runtime/set-aside-failing.ts';
import { hostOf } from '../../model/values/address.ts';
import { workByHost } from '../../runtime/host-queues.ts';
import type { KnownEntry } from '../../model/entry.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { Problem } from '../../model/errors.ts';
import type { PageText, SourceBytes } from '../../model/parsed.ts';
import { HOUR_MS } from '../../model/values/time.ts';
import { sha256Hex } from '../../model/values/hash.ts';
import type { IdentifiedItem } from '../../normalise/identity/identity.ts';
import { lacksText } from '../../normalise/text/lacks-text.ts';
import { htmlToText } from '../../normalise/text/text.ts';
import { toPlainTitle } from '../../normalise/text/title.ts';
import type { LinkedPage, PollRecord } from '../../ports/store/sources.ts';
import type { DuePoll } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';
import { isPassedOver, toEntryName } from './guarded-reading.ts';

/** Most pages that are requested for the entries of one document, first entries first: an old
 *  archive must not become a crawl of a site. */
const MAX_PAGES = 100;
/** Most attempts at a page that cannot be fetched. Each attempt waits for the feed's next news. */
const MAX_ATTEMPTS = 3;
/** Least time between two attempts. */
const PATIENCE_MS = HOUR_MS;
/** Pages of one source that are read at once. The fetcher limits the requests to one host. */
const AT_ONCE = 4;
/** Longest text of a page, characters: longer than any article, since a text is kept with every
 *  version. */
const MAX_LENGTH = 2_000_000;

/** The result of asking for the pages of a document's entries. */
export interface FullTexts {
  readonly items: readonly IdentifiedItem[];
  readonly problems: readonly Problem[];
  readonly hold: PollRecord['hold'];
  /** Identities of entries whose pages failed for an unforeseen reason: they have the text of their
   *  feed. */
  readonly failed: readonly string[];
}

/** Replaces summaries and truncated texts of a document's items by the texts of their pages. A
 *  page's text is kept: the page is requested again only if the feed changes the entry, or if the
 *  page could not be fetched. An entry that was published without a page text stays as it is. Every
 *  page that cannot be used is a problem, and its entry has the text of the feed. `hold` is the
 *  host that sent Retry-After meanwhile. */
export async function addFullTexts(
  context: RunContext,
  due: DuePoll,
  { items, known }: { readonly items: readonly IdentifiedItem[]; readonly known: ReadonlyMap<string, KnownEntry> },
): Promise<FullTexts> {
  const { source } = due;
  const trial = new Trial('full text');
  const nameOf = ({ identity, contentHash }: IdentifiedItem) => toEntryName(source, identity, contentHash);
  const isTried = (item: IdentifiedItem) => !isPassedOver(due.aside, 'full text', item.identity, item.contentHash);
  const lacking = items.filter((item) => isTried(item) && trial.attempt(nameOf(item), () => lacksText(item.item)) === true);
  const wanting = lacking.slice(0, MAX_PAGES);
  const pages = new Map(await context.store.readPages([...new Set(wanting.map(urlOf))]));
  const tried = new Set<string>();
  const isOpen = (name: string) => due.aside.some((item) => item.stage === 'full text' && item.name === name && item.isOpen);
  const decide = (identified: IdentifiedItem) => {
    if (isOpen(identified.identity) && !tried.has(urlOf(identified))) return false;
    if (known.get(identified.identity)?.isPruned === true) return true;
    const page = pages.get(urlOf(identified));
    // The entry was published with its feed's text before full texts were switched on for its
    // source.
    if (page === undefined) return known.get(identified.identity)?.contentHash === identified.contentHash;
    const isRecent = due.seenAt.getTime() - page.askedAt.getTime() < PATIENCE_MS;
    return isRecent || (page.askedFor === identified.contentHash && (page.problem === null || page.attempts >= MAX_ATTEMPTS));
  };
  const isDecided = (item: IdentifiedItem) => trial.attempt(nameOf(item), () => decide(item)) ?? true;
  const problems: Problem[] = [];
  let hold: PollRecord['hold'] = null;
  const isHeld = (host: string) => (due.holds.get(host) ?? due.seenAt) > due.seenAt || hold?.host === host;
  const read = (identified: IdentifiedItem) => trial.attemptLater(nameOf(identified), () => readPage(identified));
  const readPage = async (identified: IdentifiedItem) => {
    const url = urlOf(identified);
    const before = pages.get(url) ?? null;
    // Another item of the document with the same link may have read the page already.
    if (decide(identified)) return;
    tried.add(url);
    const { page, hold: asked } = isHeld(hostOf(url))
      ? { page: put(before, identified, due.seenAt, { problem: held, isLasting: false, html: null }), hold: null }
      : await askForPage(context, due, identified, before);
    hold ??= asked;
    pages.set(url, page);
    await context.store.savePage(page);
    if (page.problem !== null) problems.push({ ...page.problem, entry: identified.identity.slice(0, 200) });
  };
  const limits = { total: AT_ONCE, perQueue: context.settings.perHost };
  await workByHost(
    wanting.filter((item) => !isDecided(item)),
    (item) => hostOf(urlOf(item)),
    limits,
    read,
    due.isOver,
  );
  // A page for which the run had no time is tried with the next document, like a page that could
  // not be fetched.
  for (const item of wanting.filter((one) => !isDecided(one) && !pages.has(urlOf(one)) && !trial.hasFailed(nameOf(one)))) {
    const page = put(null, item, due.seenAt, { problem: noTime, isLasting: false, html: null });
    pages.set(page.url, page);
    await context.store.savePage(page);
  }
  const wanted = new Set(wanting);
  const filled = items.map((item) => {
    const text = wanted.has(item) ? trial.attempt(nameOf(item), () => withText(item, pages.get(urlOf(item))?.html ?? null)) : item;
    return text ?? item;
  });
  problems.push(...(await trial.conclude(context)));
  return { items: filled, problems, hold, failed: trial.failedNames };
}

const held: Problem = { code: 'page/held', message: 'its host sent Retry-After: the text of the feed is published instead' };
const noTime: Problem = {
  code: 'page/no-time',
  message: 'the run ended before its page was requested: the text of the feed is published instead',
};
const noThread: Problem = { code: 'page/no-thread', message: 'its page could not be read now: the text of the feed is published instead' };
const tooLong: Problem = {
  code: 'page/too-long',
  message: 'its page is longer than any article: the text of the feed is published instead',
};

function urlOf({ item }: IdentifiedItem): string {
  return item.url ?? '';
}

async function askForPage(context: RunContext, due: DuePoll, identified: IdentifiedItem, before: LinkedPage | null) {
  const url = urlOf(identified);
  const result = await context.crawler.crawl(url, requestPolicy(due.source, url), due.isOver);
  const until = result.hints.retryAfter;
  const hold = until === null ? null : { host: hostOf(result.hints.finalUrl), until };
  if (result.kind !== 'content') {
    const problem = result.kind === 'failed' ? result.problem : held;
    const isLasting = problem.code === 'page/robots' || [401, 402, 403, 404, 410, 451].includes(result.hints.status ?? 0);
    return { page: put(before, identified, due.seenAt, { problem: toPageProblem(problem), isLasting, html: null }), hold };
  }
  const text = await extract(context, result.content, identified);
  if (text === null) return { page: put(before, identified, due.seenAt, { problem: noThread, isLasting: false, html: null }), hold };
  const refusal = text.kind === 'refused' ? text.problem : text.html.length > MAX_LENGTH ? tooLong : null;
  // A page that has no more text than the feed is no fault.
  const problem = refusal?.code === 'page/no-gain' ? null : refusal;
  const found = text.kind === 'text' && refusal === null ? text.html : null;
  return { page: put(before, identified, due.seenAt, { problem, isLasting: true, html: found }), hold };
}

/** Returns null when no thread can read the page. The page is not at fault, so it is tried
 *  again. */
async function extract(context: RunContext, page: SourceBytes, { item }: IdentifiedItem): Promise<PageText | null> {
  const { title, titleType, html, summary, url } = item;
  try {
    return await context.extractor.extract(page, {
      title: toPlainTitle(title, titleType),
      text: htmlToText(html ?? summary ?? ''),
      url: url ?? '',
    });
  } catch (error) {
    if (!(error instanceof NewsfoldError)) throw error;
    return null;
  }
}

/** Notes the state of a page. An earlier text stays: a page that was free may be locked or gone
 *  later. */
function put(
  before: LinkedPage | null,
  { item, contentHash }: IdentifiedItem,
  askedAt: Date,
  { problem, isLasting, html }: { readonly problem: Problem | null; readonly isLasting: boolean; readonly html: string | null },
): LinkedPage {
  const attempts = problem === null ? 0 : isLasting ? MAX_ATTEMPTS : (before?.askedFor === contentHash ? before.attempts : 0) + 1;
  return { url: item.url ?? '', askedFor: contentHash, askedAt, attempts, html: html ?? before?.html ?? null, problem };
}

function toPageProblem({ code, message }: Problem): Problem {
  return { code: code.startsWith('page/') ? code : 'page/unreachable', message: `${message}: the text of the feed is published instead` };
}

/** Returns the item with the text of its page. Its hash covers the item and the text, so that a
 *  change of either is noticed. */
function withText(identified: IdentifiedItem, html: string | null): IdentifiedItem {
  if (html === null) return identified;
  const contentHash = sha256Hex(`${identified.contentHash} ${html}`);
  return { ...identified, item: { ...identified.item, html }, contentHash };
}
