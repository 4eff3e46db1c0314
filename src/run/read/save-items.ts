import { Trial } from '../../runtime/set-aside-failing.ts';
import type { ItemName } from '../../runtime/set-aside-failing.ts';
import type { FullTexts } from './full-texts.ts';
import type { KnownEntry } from '../../model/entry.ts';
import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';
import type { Stage } from '../../model/set-aside.ts';
import type { Notice, Source, SourceDescription } from '../../model/source.ts';
import { identifyItems } from '../../normalise/identity/identity.ts';
import type { IdentifiedItem } from '../../normalise/identity/identity.ts';
import { normalise } from '../../normalise/normalise.ts';
import type { NormaliseContext } from '../../normalise/normalise-context.ts';
import { isOfTheFuture, readDocumentDate } from '../../normalise/poll-facts.ts';
import { BATCH_SIZE } from '../../ports/store/store.ts';
import { toContext } from './due-poll.ts';
import type { DuePoll } from './due-poll.ts';
import { readKnownOf, reidentifyItems } from './known-entries.ts';
import type { KnownEntries } from './known-entries.ts';
import type { RunContext } from '../run-context.ts';
import { isFirstAfterMove, isFirstReading, startOfReading, toIdsNotice, toMoveNotice } from './first-reading.ts';
import { isPassedOver, toEntryName } from './guarded-reading.ts';
import { saveChanges } from './save-entries.ts';
import { settleChanges } from './settle-changes.ts';
import type { SettledChanges } from './settle-changes.ts';
import type { SavedChanges } from './save-entries.ts';

/** A document whose items have their identities. */
interface IdentifiedDocument {
  readonly feed: ParsedFeed;
  readonly items: readonly IdentifiedItem[];
  readonly problems: readonly Problem[];
  /** Stored entries of the source, by all identities that the items have or could have. */
  readonly known: ReadonlyMap<string, KnownEntry>;
  /** The trial of identifying; `saveItems` continues and concludes it. */
  readonly trial: Trial;
}

/** Identifies the items of a document and reads their stored entries. */
export async function identifyDocument(
  { store }: Pick<RunContext, 'store'>,
  { source }: Pick<DuePoll, 'source'>,
  feed: ParsedFeed,
): Promise<IdentifiedDocument> {
  const trial = new Trial('re-identification');
  const { items, problems } = await trial.sift(
    feed.items,
    (item) => nameByItem(source, item),
    async (batch) => identifyItems({ ...feed, items: batch }),
  );
  return { feed, items, problems, known: await readKnownOf(store, source.id, items), trial };
}

/** The result of storing the items of a document. */
interface SavedItems extends SavedChanges {
  /** Identities of all items of the document. */
  readonly listed: readonly string[];
  /** Content hashes of the items, by identity. */
  readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Reports whether an item of this name has failed at any stage. */
  readonly hasFailed: (name: string) => boolean;
  readonly notice?: Notice;
}

/** Stores the news of a document: finds the stored entry of each item, normalises the items and
 *  stores the changes. `texts` are its items with the texts of their pages; null without. */
export async function saveItems(
  context: RunContext,
  due: DuePoll,
  document: IdentifiedDocument,
  { texts, description }: { readonly texts: FullTexts | null; readonly description: SourceDescription },
): Promise<SavedItems> {
  const { source, seenAt, aside } = due;
  const { feed, known, trial } = document;
  const hasMoved = isFirstAfterMove(due);
  const tried = (texts?.items ?? document.items).filter(isTried(aside, 're-identification'));
  const reidentifyAll = (items: readonly IdentifiedItem[]) => reidentifyItems(context.store, source.id, items, known, { hasMoved, seenAt });
  const identities = await trial.sift(tried, (item) => nameOf(source, item), reidentifyAll);
  const found = identities.items.map((item) => identities.find(item));
  const isFirst = isFirstReading(due, found);
  const normaliseContext = {
    ...toContext(context, due, description),
    isOfTheFuture: isFirst && isOfTheFuture(feed, seenAt),
    firstReadingFrom: isFirst ? startOfReading(due) : null,
  };
  const backlogAt = isFirst ? (readDocumentDate(feed, seenAt) ?? seenAt) : null;
  const unidentified = await trial.conclude(context);
  const normalising = new Trial('normalise');
  // Nothing of a first reading is published before its end.
  const settled: SettledChanges = isFirst
    ? new Map()
    : await settleChanges(
        context.store,
        source,
        { items: identities.items.filter(isTried(aside, 'normalise')), find: identities.find },
        (item, work) => normalising.attempt(nameOf(source, item), work),
      );
  const all = [...document.items, ...identities.items];
  const listed = all.map(({ identity }) => identity);
  // Entries whose id has changed are stored under the former one until they are saved.
  const names = [...listed, ...identities.former.values()];
  const listedFrom = found.includes(null) ? await context.store.readListedFrom(source.id, names) : null;
  const saved = await saveNormalised(context, due, identities, { trial: normalising, normaliseContext, backlogAt, settled, listedFrom });
  const failed = new Set([...trial.failedNames, ...(texts?.failed ?? []), ...normalising.failedNames]);
  const fresh = found.filter((entry) => entry === null).length;
  const notice = hasMoved
    ? toMoveNotice(source, { entries: found.length, fresh }, seenAt)
    : toIdsNotice(identities.former.size, found.length, seenAt);
  if (notice) context.log.warn({ source: source.id, entries: identities.former.size }, notice.message);
  // A feed whose ids change on every poll is reported once, not at every poll.
  const isReported = notice === null || due.poll.notice?.code === notice.code;
  return {
    added: saved.added,
    revised: saved.revised,
    problems: [...(isReported ? [] : [notice]), ...document.problems, ...(texts?.problems ?? []), ...unidentified, ...saved.problems],
    ...(notice && { notice }),
    listed,
    hashes: toHashes(all),
    hasFailed: (name) => failed.has(name),
  };
}

/** Normalises items and stores their changes, batch by batch. The entries of a document of twenty
 *  thousand items take several times the memory of the document. */
async function saveNormalised(
  context: RunContext,
  { source, seenAt, aside }: DuePoll,
  { items, find, said }: KnownEntries,
  {
    trial,
    normaliseContext,
    backlogAt,
    listedFrom,
    settled,
  }: {
    readonly trial: Trial;
    readonly normaliseContext: NormaliseContext;
    readonly backlogAt: Date | null;
    readonly listedFrom: number | null;
    readonly settled: SettledChanges;
  },
): Promise<SavedChanges> {
  const total: SavedChanges = { added: 0, revised: 0, problems: [] };
  for (let from = 0; from < items.length; from += BATCH_SIZE) {
    const batch = items
      .slice(from, from + BATCH_SIZE)
      .filter(isTried(aside, 'normalise'))
      .filter((item) => !trial.hasFailed(nameOf(source, item)));
    const changes = batch.flatMap((item) => {
      const entry = find(item);
      const result = trial.attempt(nameOf(source, item), () =>
        normalise(item, entry, normaliseContext, said.get(entry?.identity ?? '') ?? null, settled.get(item) ?? null),
      );
      total.problems.push(...(result?.problems ?? []));
      return result?.change ? [{ item, change: result.change }] : [];
    });
    const toName = ({ item }: (typeof changes)[number]) => nameOf(source, item);
    await trial.together(changes, toName, async (saved) => {
      const changed = saved.map(({ change }) => change);
      const { added, revised, problems } = await saveChanges(context, changed, seenAt, { backlogAt, listedFrom });
      total.added += added;
      total.revised += revised;
      total.problems.push(...problems);
    });
  }
  total.problems.push(...(await trial.conclude(context)));
  return total;
}

function isTried(aside: DuePoll['aside'], stage: Stage): (item: IdentifiedItem) => boolean {
  return ({ identity, contentHash }) => !isPassedOver(aside, stage, identity, contentHash);
}

function nameOf(source: Source, { identity, contentHash }: IdentifiedItem): ItemName {
  return toEntryName(source, identity, contentHash);
}

/** Returns the name of an item that has no identity yet. */
function nameByItem({ id }: Source, { guid, url, title, location }: ParsedItem): ItemName {
  return { what: 'entry', no: null, sourceId: id, name: guid ?? url ?? location ?? title, mark: null };
}

function toHashes(items: readonly IdentifiedItem[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byName = Map.groupBy(items, ({ identity }) => identity);
  return new Map([...byName].map(([name, same]) => [name, new Set(same.map(({ contentHash }) => contentHash))]));
}
