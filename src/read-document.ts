import { Trial } from './bulkhead.ts';
import type { ItemName } from './bulkhead.ts';
import { nameUrl } from './ingest/fetch-problem.ts';
import type { KnownEntry } from './model/entry.ts';
import type { Problem } from './model/errors.ts';
import type { ParsedFeed, ParsedItem, SourceBytes } from './model/parsed.ts';
import type { Stage } from './model/set-aside.ts';
import type { Notice, Source, SourceDescription } from './model/source.ts';
import { addFullTexts } from './full-texts.ts';
import { readOffer } from './normalise/hub.ts';
import type { IdentifiedItem } from './normalise/identity.ts';
import { dropOwnItems, findLoop } from './normalise/loops.ts';
import { describe, identify, normalise } from './normalise/normalise.ts';
import { isOfTheFuture, readDocumentDate, readRhythm, readWishes } from './normalise/poll-facts.ts';
import { applyWithdrawals } from './normalise/tombstones.ts';
import { judgeOpenItem } from './open-item.ts';
import { parseFeed } from './parse/parse.ts';
import { BATCH_SIZE } from './ports/store/store.ts';
import { freeRead, isPassedOver, saveChanges, toContext, toEntryName } from './reading.ts';
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
  const open = await judgeOpenItem(parts, source, options, { ...parsed.feed, items });
  const feed = { ...parsed.feed, items: items.filter((item) => item !== open.leftOut) };
  const description = isDelta ? complete(describe(feed), options.description) : describe(feed);
  const { listed, hashes, hasFailed, ...saved } = await saveItems(parts, source, options, feed, description);
  const deleted = withdrawals.length === 0 ? 0 : await parts.store.followWithdrawals(source.id, withdrawals, seenAt);
  const { newestAt, gapMs } = readRhythm(feed, seenAt);
  // A delta holds the newest entries alone, which are no rhythm.
  const rhythm = isDelta ? { gapMs: poll.rhythm.gapMs, newestAt: newestAt ?? poll.rhythm.newestAt } : { gapMs, newestAt };
  // A document that ends in the middle is read as far as it goes, and asked for again: it does not count as this version.
  const { isCut } = feed;
  if (!isDelta && !isCut) await parts.store.noteListed(source.id, listed, seenAt);
  await freeRead(parts, source, options.aside, { hashes, hasFailed, isDelta: isDelta || isCut });
  return {
    ...saved,
    deleted,
    outcome: 'content',
    problems: [...feed.problems, ...open.problems, ...foreign.problems, ...saved.problems],
    bytes,
    wishes: readWishes(feed),
    rhythm,
    // A pushed document is no poll.
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
  const trial = new Trial('re-identification');
  const { items: identified, problems } = await trial.sift(
    feed.items,
    (item) => nameByItem(source, item),
    async (items) => identify({ ...feed, items }),
  );
  const known = await readKnownOf(store, source.id, identified);
  const texts = source.fullText
    ? await addFullTexts(parts, source, options, identified, known)
    : { items: identified, problems: [], hold: null, failed: [] };
  const hasMoved = isFirstAfterMove(source, options);
  const nameOf = ({ identity, contentHash }: IdentifiedItem) => toEntryName(source, identity, contentHash);
  const isWanted = (stage: Stage) => (item: IdentifiedItem) => !isPassedOver(options.aside, stage, item.identity, item.contentHash);
  const tried = texts.items.filter(isWanted('re-identification'));
  const recognised = await trial.sift(tried, nameOf, (items) => recogniseItems(store, source.id, items, known, { hasMoved }));
  const fresh = recognised.items.filter((item) => recognised.find(item) === null).length;
  const entries = recognised.items.length;
  const isFirstReading = isFirst(
    options,
    recognised.items.map((item) => recognised.find(item)),
  );
  const backlogAt = isFirstReading ? (readDocumentDate(feed, options.seenAt) ?? options.seenAt) : null;
  const isFuture = isFirstReading && isOfTheFuture(feed, options.seenAt);
  const context = { ...toContext(parts, source, options, description), isOfTheFuture: isFuture, isFirstReading };
  const counts = { added: 0, revised: 0 };
  const found: Problem[] = [...(await trial.conclude(parts))];
  const normalising = new Trial('normalise');
  // Batch by batch: what a document of twenty thousand items comes to is several times the document.
  for (let from = 0; from < recognised.items.length; from += BATCH_SIZE) {
    const changes = recognised.items
      .slice(from, from + BATCH_SIZE)
      .filter(isWanted('normalise'))
      .flatMap((item) => {
        const result = normalising.attempt(nameOf(item), () => {
          const entry = recognised.find(item);
          return normalise(item, entry, context, recognised.said.get(entry?.identity ?? '') ?? null);
        });
        found.push(...(result?.problems ?? []));
        return result?.change ? [{ item, change: result.change }] : [];
      });
    await normalising.together(
      changes,
      ({ item }) => nameOf(item),
      async (some) => {
        const done = await saveChanges(
          parts,
          some.map(({ change }) => change),
          context.seenAt,
          backlogAt,
        );
        counts.added += done.added;
        counts.revised += done.revised;
        found.push(...done.problems);
      },
    );
  }
  found.push(...(await normalising.conclude(parts)));
  const failed = new Set([...trial.failedNames, ...texts.failed, ...normalising.failedNames]);
  const hashes = toHashes([...identified, ...recognised.items]);
  const listed = [...identified, ...recognised.items].map(({ identity }) => identity);
  const notice = hasMoved
    ? toMoveNotice(source, { entries, fresh }, options.seenAt)
    : toNotice(recognised.former.size, entries, options.seenAt);
  if (notice) parts.log.warn({ source: source.id, entries: recognised.former.size }, notice.message);
  const all = [...problems, ...texts.problems, ...found];
  // Ids that change on every poll are told once, not at every poll.
  const isTold = notice === null || options.poll.notice?.code === notice.code;
  const told = { problems: isTold ? all : [notice, ...all], hold: texts.hold, ...(notice && { notice }) };
  return { ...counts, ...told, listed, hashes, hasFailed: (name: string) => failed.has(name), description };
}

/** An item of a document that has no identity yet. */
function nameByItem({ id }: Source, { guid, url, title, location }: ParsedItem): ItemName {
  return { what: 'entry', no: null, sourceId: id, name: guid ?? url ?? location ?? title, mark: null };
}

/** Hashes of the entries of a document, by identity. */
function toHashes(items: readonly IdentifiedItem[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byName = Map.groupBy(items, ({ identity }) => identity);
  return new Map([...byName].map(([name, same]) => [name, new Set(same.map(({ contentHash }) => contentHash))]));
}

/** Entries that a source which was empty may begin with as news; more are what it had elsewhere. */
const MOST_BEGUN = 5;

/** Whether a document is of the first reading of its source, which brings no news. A source may
 *  begin anew, at another address or after a long time. It is then read for the first time only
 *  if most of its document is new: else the new part was written since. `found` is what is known
 *  of its entries. */
function isFirst(
  { poll: { firstReadAt, lastSuccessAt, lastEntryAt, cutPolls } }: ReadOptions,
  found: readonly (KnownEntry | null)[],
): boolean {
  if (firstReadAt !== null || lastSuccessAt === null) return firstReadAt === null;
  if (lastEntryAt === null && cutPolls === 0) return found.length > MOST_BEGUN;
  // A reading that was cut short has stored some already.
  const fresh = found.filter((known) => known === null || known.firstSeenAt > lastSuccessAt);
  return fresh.length * 2 > found.length;
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
