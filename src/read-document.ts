import { nameUrl } from './ingest/fetch-problem.ts';
import type { Problem } from './model/errors.ts';
import type { ParsedFeed, SourceBytes } from './model/parsed.ts';
import type { Notice, Source, SourceDescription } from './model/source.ts';
import { addFullTexts } from './full-texts.ts';
import { readOffer } from './normalise/hub.ts';
import { dropOwnItems, findLoop } from './normalise/loops.ts';
import { describe, identify, normalise } from './normalise/normalise.ts';
import { readRhythm, readWishes } from './normalise/poll-facts.ts';
import { judgeOpenItem } from './open-item.ts';
import { applyWithdrawals } from './normalise/tombstones.ts';
import { parseFeed } from './parse/parse.ts';
import { BATCH_SIZE } from './ports/store.ts';
import { saveChanges, toContext } from './reading.ts';
import type { Reading, ReadOptions } from './reading.ts';
import { readKnownOf, recogniseItems } from './recognition.ts';
import type { RunParts } from './run-parts.ts';

/** A document of a source, and what is known of how it came. */
export interface ReceivedDocument {
  readonly content: SourceBytes;
  /** true when it may hold only what is new: what is not in it is not gone. */
  readonly isDelta: boolean;
  /** SHA-256; null when the document is no version that another could equal. */
  readonly bodyHash: string | null;
  /** Its Link fields and the address that was asked; null when nobody asked for it. */
  readonly answer: { readonly link: string | null; readonly asked: string } | null;
}

/** Reads a document of a feed and stores what is new in it as pending: parsed, our own entries dropped, identified, recognised, normalised. */
export async function readNewDocument(
  parts: RunParts,
  source: Source,
  options: ReadOptions,
  { content, isDelta, bodyHash, answer }: ReceivedDocument,
): Promise<Reading> {
  const { poll, own, seenAt } = options;
  const bytes = content.bytes.length;
  const parsed = await parseFeed(content);
  if (parsed.kind === 'refused') return { outcome: 'failed', problems: [parsed.problem], bytes };
  const loop = findLoop(parsed.feed, [source.address, content.url], own);
  if (loop !== null) return { outcome: 'failed', problems: [loop], bytes };
  const foreign = dropOwnItems(parsed.feed.items, own);
  const { items, withdrawals } = applyWithdrawals({ ...parsed.feed, items: foreign.items });
  const open = await judgeOpenItem(parts, source, options, items, parsed.feed.openItem);
  const feed = { ...parsed.feed, items: items.filter((item) => item !== open.leftOut) };
  const description = isDelta ? complete(describe(feed), options.description) : describe(feed);
  const { listed, ...saved } = await saveItems(parts, source, options, feed, description);
  const deleted = withdrawals.length === 0 ? 0 : await parts.store.withdrawEntries(source.id, withdrawals, seenAt);
  const { newestAt, gapMs } = readRhythm(feed, seenAt);
  // A delta holds the newest entries alone, which are no rhythm.
  const rhythm = isDelta ? { gapMs: poll.rhythm.gapMs, newestAt: newestAt ?? poll.rhythm.newestAt } : { gapMs, newestAt };
  // A document that ends in the middle is read as far as it goes, and asked for again: it does not count as this version.
  const { isCut } = feed;
  if (!isDelta && !isCut) await parts.store.noteListed(source.id, listed, seenAt);
  return {
    ...saved,
    deleted,
    outcome: 'content',
    problems: [...feed.problems, ...open.problems, ...foreign.problems, ...saved.problems],
    bytes,
    wishes: readWishes(feed),
    rhythm,
    // What is pushed is no poll.
    ...(answer !== null || !isDelta ? { cutPolls: open.polls } : {}),
    ...(isCut ? { isCut } : { bodyHash: isDelta ? null : bodyHash }),
    ...(answer && { push: readOffer(answer.link, feed, { asked: answer.asked, url: content.url }) }),
  };
}

/** What a part of a document leaves out of its head is as it was. */
function complete(description: SourceDescription, known: SourceDescription): SourceDescription {
  const { title, homePage, feedId, language } = description;
  return {
    title: title ?? known.title,
    homePage: homePage ?? known.homePage,
    feedId: feedId ?? known.feedId,
    language: language ?? known.language,
  };
}

/** Stores what is new in a document. */
async function saveItems(parts: RunParts, source: Source, options: ReadOptions, feed: ParsedFeed, description: SourceDescription) {
  const { store } = parts;
  const { items: identified, problems } = identify(feed);
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
  const listed = recognised.items.map(({ identity }) => identity);
  const entries = recognised.items.length;
  const fresh = recognised.items.filter((item) => recognised.find(item) === null).length;
  const notice = hasMoved
    ? toMoveNotice(source, { entries, fresh }, options.seenAt)
    : toNotice(recognised.former.size, entries, options.seenAt);
  if (notice) parts.log.warn({ source: source.id, entries: recognised.former.size }, notice.message);
  const all = [...problems, ...texts.problems, ...found];
  // Ids that change on every poll are told once, not at every poll.
  const isTold = notice === null || options.poll.notice?.code === notice.code;
  return { ...counts, listed, description, problems: isTold ? all : [notice, ...all], hold: texts.hold, ...(notice && { notice }) };
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
