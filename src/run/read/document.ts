import { sha256Hex } from '../../model/values/hash.ts';
import { addFullTexts } from './full-texts.ts';
import type { ReadResult } from '../../ingest/polling/read-result.ts';
import type { SourceBytes } from '../../model/parsed.ts';
import { toAsideProblem } from '../../model/set-aside.ts';
import type { SourceDescription } from '../../model/source.ts';
import { readHubOffer } from '../../normalise/hub-offer.ts';
import { dropOwnItems, findLoop } from '../../normalise/identity/own-feed-loops.ts';
import { describe } from '../../normalise/normalise.ts';
import { readRhythm, readPublisherHints } from '../../normalise/poll-facts.ts';
import { applyWithdrawals } from '../../normalise/identity/tombstones.ts';
import { judgeOpenItem } from './cut-item.ts';
import { parseFeed } from '../../parse/parse.ts';
import type { DuePoll } from './due-poll.ts';
import type { RunContext } from '../run-context.ts';
import { freeRead, isPassedOver, readInHand } from './guarded-reading.ts';
import { identifyDocument, saveItems } from './save-items.ts';

/** A document of a source, and the way in which it arrived. */
export interface ReceivedDocument {
  readonly content: SourceBytes;
  /** true when the document may hold only news: an entry that it lacks is not deleted. */
  readonly isDelta: boolean;
  /** `push`: a hub delivered it (WebSub), so the validators of polling stay as they were. */
  readonly via: 'poll' | 'push';
  /** The answer's Link fields and the address that was asked; null when nobody asked for it. */
  readonly answer: { readonly link: string | null; readonly asked: string } | null;
}

/** Reads a document, unless it is the same as last time or set aside. */
export async function readReceived(context: RunContext, due: DuePoll, document: ReceivedDocument): Promise<ReadResult> {
  const isPoll = document.via === 'poll';
  const bytes = document.content.bytes.length;
  const hash = sha256Hex(document.content.bytes);
  // The same bytes as last time hold no news. Their validators may be new all the same, and are
  // kept (docs/polling.md A3).
  if (isPoll && hash === due.poll.bodyHash) return { outcome: 'same', problems: [], bodyHash: hash, bytes };
  if (isPoll) due.noteBytes(hash);
  const aside = due.aside.find((item) => isPassedOver([item], 'parse', '', hash));
  if (aside) return { outcome: 'failed', problems: isPoll ? [toAsideProblem(aside)] : [], bytes };
  return readInHand(context, due, { bytes, hash }, () => readNewDocument(context, due, document, hash));
}

/** Reads a document of a feed and stores its news as pending. The document is parsed, our own
 *  entries are dropped, and the others are identified, re-identified and normalised. */
async function readNewDocument(
  context: RunContext,
  due: DuePoll,
  { content, isDelta, via, answer }: ReceivedDocument,
  bodyHash: string,
): Promise<ReadResult> {
  const { source, poll, own, seenAt } = due;
  const bytes = content.bytes.length;
  const parsed = await parseFeed(content);
  if (parsed.kind === 'refused') return { outcome: 'failed', problems: [parsed.problem], bytes };
  const loop = findLoop(parsed.feed, [source.address, content.url], own);
  if (loop !== null) return { outcome: 'failed', problems: [loop], bytes };
  const foreign = dropOwnItems(parsed.feed.items, own);
  const { items, withdrawals } = applyWithdrawals({ ...parsed.feed, items: foreign.items });
  const open = await judgeOpenItem(context, due, { ...parsed.feed, items });
  const feed = { ...parsed.feed, items: items.filter((item) => item !== open.leftOut) };
  const description = isDelta ? complete(describe(feed), due.description) : describe(feed);
  const document = await identifyDocument(context, due, feed);
  const texts = source.fullText ? await addFullTexts(context, due, document) : null;
  const { listed, hashes, hasFailed, ...saved } = await saveItems(context, due, document, { texts, description });
  const deleted = withdrawals.length === 0 ? 0 : await context.store.followWithdrawals(source.id, withdrawals, seenAt);
  const { newestAt, gapMs } = readRhythm(feed, seenAt);
  // A delta holds only the newest entries, which show no rhythm.
  const rhythm = isDelta ? { gapMs: poll.rhythm.gapMs, newestAt: newestAt ?? poll.rhythm.newestAt } : { gapMs, newestAt };
  // A document that ends in the middle is read as far as it goes. It is fetched again, so its hash
  // is not kept.
  const { isCut } = feed;
  if (!isDelta && !isCut) await context.store.noteStillListed(source.id, listed, seenAt);
  await freeRead(context, due, { hashes, hasFailed, isDelta: isDelta || isCut });
  return {
    ...saved,
    description,
    hold: texts?.hold ?? null,
    deleted,
    outcome: 'content',
    problems: [...feed.problems, ...open.problems, ...foreign.problems, ...saved.problems],
    bytes,
    publisherHints: readPublisherHints(feed),
    rhythm,
    ...(via === 'poll' ? { cutPolls: open.polls } : {}),
    ...(isCut ? { isCut } : { bodyHash: isDelta ? null : bodyHash }),
    ...(answer && { hubOffer: readHubOffer(answer.link, feed, { asked: answer.asked, url: content.url }) }),
  };
}

/** Returns the description with known values in place of those that a partial document leaves
 *  out. */
function complete(description: SourceDescription, known: SourceDescription): SourceDescription {
  const { title, homePage, feedId, language } = description;
  return {
    title: title ?? known.title,
    homePage: homePage ?? known.homePage,
    feedId: feedId ?? known.feedId,
    language: language ?? known.language,
  };
}
