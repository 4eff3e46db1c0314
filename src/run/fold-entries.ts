import { setImmediate } from 'node:timers/promises';
import { Trial } from '../runtime/set-aside-failing.ts';
import type { ItemName } from '../runtime/set-aside-failing.ts';
import { FOLD_VERSION, Folder } from '../fold/fold.ts';
import { countWordUse, lookupHashes, packEntry, prepareEntry, unpackEntry } from '../fold/prepare/prepared-entry.ts';
import type { Placed } from '../fold/fold.ts';
import type { Prepared } from '../fold/judge/guards.ts';
import { unpackProfile } from '../fold/prepare/profile.ts';
import type { SourceProblem } from '../model/errors.ts';
import type { FoldText, WordCounts } from '../model/fold.ts';
import type { Stage } from '../model/set-aside.ts';
import type { Source } from '../model/source.ts';
import { DAY_MS } from '../model/values/time.ts';
import { breathe, freeMemory } from '../runtime/memory.ts';
import { BATCH_SIZE } from '../ports/store/store.ts';
import type { PendingEntry } from '../ports/store/folding.ts';
import type { RunContext } from './run-context.ts';

/** Texts sampled to count how common each word is. The sample tells a word in one of 200 texts from
 *  a word in one of 1,000. */
const SAMPLE = 2000;
/** Entries that one run keeps in memory, some 3 kB each with their index. Beyond this number the
 *  store finds them. */
const MAX_IN_MEMORY = 30_000;
/** Entries with fewer lookup hashes in common are neighbours by chance. */
const LEAST_SHARED = 2;
/** Neighbours of one entry that are read from the store. */
const MOST_READ = 24;

/** The result of folding the pending entries. */
interface FoldOutcome {
  folded: number;
  readonly problems: SourceProblem[];
}

/** Folds the pending entries batch by batch, in the order of docs/design.md §93. Each batch is one
 *  transaction, so the next run continues where an interrupted one stopped. If one entry alone
 *  fails, it is set aside (runtime/set-aside-failing.ts). Entries of `suspects`, the sources during
 *  which a run crashed, come last, source by source. */
export async function foldPending(
  context: RunContext,
  sources: readonly Source[],
  isAborted: () => boolean,
  suspects: ReadonlyMap<string, Stage> = new Map(),
): Promise<FoldOutcome> {
  const { store, settings } = context;
  const outcome: FoldOutcome = { folded: 0, problems: [] };
  if ((await store.readPending(1)).length > 0) {
    const [trial, neighbours] = [new Trial('fold'), new Trial('fold')];
    await prepareWindow(context, neighbours, isAborted);
    const items = (await store.readSetAside()).filter(({ stage }) => stage === 'fold');
    const aside = new Set(items.flatMap(({ no, isOpen }) => (isOpen || no === null ? [] : no)));
    const again = items.flatMap(({ what, sourceId, isOpen }) => (what === 'source' && isOpen ? sourceId : []));
    const dying = new Set([...again, ...[...suspects].flatMap(([sourceId, stage]) => (stage === 'fold' ? sourceId : []))]);
    // A run that was interrupted may have left entries without an index.
    await indexPrepared(context);
    const words = await readWords(context);
    const pins = await store.readPins();
    const folds = new Map(sources.map((source) => [source.id, source.fold]));
    const isCareful = (await store.countDeaths()) > 0;
    const makeFolder = () => new Folder(settings.rules, words, pins);
    for (let isFull = true; isFull;) {
      isFull = await foldSome(
        context,
        { folder: makeFolder(), makeFolder, folds, outcome, trial, neighbours, aside, dying, isCareful },
        isAborted,
      );
      // From now on the store finds the entries that this folder has placed, so its memory is free.
      await indexPrepared(context);
    }
  }
  if (!isAborted()) await store.freeSetAside(['fold']);
  return outcome;
}

/** Folds as many entries as one folder may keep in memory. Reports whether the folder is full and
 *  more entries may be pending. */
async function foldSome(context: RunContext, folding: Folding, isAborted: () => boolean): Promise<boolean> {
  const { store } = context;
  const { trial, neighbours, outcome } = folding;
  while (folding.folder.size < MAX_IN_MEMORY && !isAborted()) {
    const all = await store.readPending(BATCH_SIZE);
    if (all.length === 0) break;
    const pending = chooseBatch(all, folding);
    // After a failed batch the folder still holds the placements of that batch. A new folder reads
    // the stored placements instead.
    const renew = async () => {
      await indexPrepared(context);
      folding.folder = folding.makeFolder();
    };
    const fold = () =>
      trial.together(
        pending,
        ({ entry }) => toName(entry),
        (batch) => foldBatch(context, folding, batch),
        renew,
      );
    await foldInHand(context, folding, pending, fold);
    for (const one of [trial, neighbours]) outcome.problems.push(...(await one.conclude(context)));
    await breathe();
  }
  return folding.folder.size >= MAX_IN_MEMORY && !isAborted();
}

/** Chooses the pending entries of the next batch: first those of sources without suspicion, then
 *  those of one suspect after the other. */
function chooseBatch(pending: readonly PendingEntry[], { dying }: Folding): readonly PendingEntry[] {
  const others = pending.filter(({ entry }) => !dying.has(entry.sourceId));
  return others.length > 0 ? others : pending.filter(({ entry }) => entry.sourceId === pending[0]?.entry.sourceId);
}

/** A batch of this many characters of text or more is noted in the store while it is folded. */
const LARGE_TEXT = 4_000_000;

/** Folds a batch. A batch that might crash the run is noted in the store meanwhile. After a crash
 *  the next run then knows whose entries were being folded. */
async function foldInHand(
  { store, clock }: RunContext,
  { isCareful, dying }: Folding,
  batch: readonly PendingEntry[],
  fold: () => Promise<void>,
): Promise<void> {
  const sizes = new Trial('fold');
  const size = batch.reduce((sum, { entry }) => sum + (sizes.attempt(toName(entry), () => entry.revision.text.length) ?? 0), 0);
  const sources = [...new Set(batch.map(({ entry }) => entry.sourceId))];
  if (!isCareful && size < LARGE_TEXT && !sources.some((id) => dying.has(id))) return fold();
  await store.takeInHand(sources, 'fold', clock.now());
  try {
    await fold();
  } finally {
    await store.putAway(sources, 'fold');
  }
}

function toName({ no }: { readonly no: number }): ItemName {
  return { what: 'entry', no };
}

async function indexPrepared({ store }: RunContext): Promise<void> {
  do freeMemory();
  while (await store.indexPrepared());
}

interface Folding {
  folder: Folder;
  readonly makeFolder: () => Folder;
  /** By source id: true if entries of the source may fold with others. */
  readonly folds: ReadonlyMap<string, boolean>;
  readonly outcome: FoldOutcome;
  readonly trial: Trial;
  /** The trial of entries that are folded already. */
  readonly neighbours: Trial;
  /** Entries that are set aside, by number. */
  readonly aside: ReadonlySet<number>;
  /** Sources during whose folding a run crashed. */
  readonly dying: ReadonlySet<string>;
  /** true after a run that crashed. */
  readonly isCareful: boolean;
}

async function foldBatch(context: RunContext, folding: Folding, batch: readonly PendingEntry[]): Promise<void> {
  const { folder, folds, outcome } = folding;
  const all = batch.map(({ entry, reason }) => ({ entry, reason, prepared: prepareEntry(entry) }));
  const arrivals = all.filter(({ reason }) => reason === 'new');
  const sharers = await findSharers(context, folding, arrivals);
  // Arrivals are compared with what their neighbours say now.
  for (const { entry, prepared, reason } of all) {
    const storyNo = folder.storyOf(entry.no);
    if (reason === 'revised' && storyNo !== undefined)
      folder.stand(prepared, storyNo, { folds: folds.get(entry.sourceId) ?? true, isIndexed: folder.isIndexed(entry.no) });
  }
  const countBefore = countHashes(all, (hash) => (sharers.byHash.get(hash)?.length ?? 0) + folder.countOf(hash));
  const placed = arrivals.map(({ entry, prepared }) => ({
    entry,
    ...folder.place({ prepared, folds: folds.get(entry.sourceId) ?? true }, sharers.ofEntry.get(entry.no) ?? new Map<number, number>()),
  }));
  const save = {
    placements: placed.map(({ placement }) => placement),
    merges: placed.flatMap(({ merges }) => merges),
    relations: placed.flatMap(({ relations }) => relations),
    prepared: all.map(({ prepared }) => packEntry(prepared, countBefore)),
    decided: batch.map(({ entry }) => entry.no),
  };
  await context.store.saveFolds(save, context.clock.now());
  outcome.folded += placed.filter(({ placement }) => placement.entryNo !== placement.storyNo).length;
  outcome.problems.push(...placed.flatMap((one) => toProblem(one.entry, one)));
}

/** Counts the earlier entries with a hash, for each entry of a batch. The folder counts the same
 *  way when it adds entries one by one. A later run must find in the store what this run found in
 *  memory. Each call for the hashes of an entry also counts that entry. */
function countHashes(batch: readonly { readonly prepared: Prepared }[], countOf: (hash: number) => number): (hash: number) => number {
  const counts = new Map<number, number>();
  for (const { prepared } of batch) for (const hash of lookupHashes(prepared)) if (!counts.has(hash)) counts.set(hash, countOf(hash));
  return (hash) => {
    const count = counts.get(hash) ?? 0;
    counts.set(hash, count + 1);
    return count;
  };
}

/** Returns a problem for a story that has become too large by text alone. Such a text is a form
 *  letter that the guards have missed: the story does not grow, and the owner is told. */
function toProblem(entry: FoldText, { isCrowded }: Placed): SourceProblem[] {
  if (!isCrowded) return [];
  const message =
    'resembles a story that already has twelve entries, so it stays a story of its own; see newsfold explain, and merge the two if they are one';
  return [{ source: entry.sourceId, entry: entry.key, code: 'fold/crowded', message }];
}

/** Reads the entries of the store that share lookup hashes with arrivals, and counts the shared
 *  hashes by arrival. Their stories are made known to the folder. */
async function findSharers(
  { store }: RunContext,
  { folder, folds, neighbours, aside }: Folding,
  arrivals: readonly { readonly entry: FoldText; readonly prepared: Prepared }[],
) {
  const byHash = new Map<number, number[]>();
  const hashes = [...new Set(arrivals.flatMap(({ prepared }) => lookupHashes(prepared)))];
  for (const { hash, entryNo } of await store.findSharers(hashes)) {
    // The folder itself finds the entries that it has placed.
    if (folder.isIndexed(entryNo)) continue;
    const sharers = byHash.get(hash);
    if (sharers) sharers.push(entryNo);
    else byHash.set(hash, [entryNo]);
  }
  const telling = new Map([...byHash].filter(([hash, sharers]) => !folder.isCommon(hash, sharers.length)));
  const ofEntry = new Map<number, ReadonlyMap<number, number>>();
  const wanted = new Set<number>();
  for (const { entry, prepared } of telling.size === 0 ? [] : arrivals) {
    const own = lookupHashes(prepared);
    const counts = new Map<number, number>();
    for (const hash of own) for (const no of telling.get(hash) ?? []) counts.set(no, (counts.get(no) ?? 0) + 1);
    const least = Math.min(LEAST_SHARED, own.length);
    const atAddress = new Set(telling.get(own.at(-1) ?? 0));
    const near = [...counts].filter(([no, count]) => count >= least || atAddress.has(no));
    ofEntry.set(entry.no, new Map(near));
    for (const [no] of near.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_READ)) if (!folder.has(no)) wanted.add(no);
  }
  for (const stored of await store.readStoredMembers([...wanted])) {
    const { no } = stored.entry;
    if (folder.has(no) || aside.has(no) || neighbours.hasFailed(toName(stored.entry))) continue;
    // If an entry cannot be compared, only that entry fails, not the arrivals that resemble it.
    await neighbours.attemptLater(toName(stored.entry), async () => {
      const { entry, storyNo, profile } = stored;
      const prepared = unpackEntry({ entry, profile }) ?? (await store.readEntries([no])).map(prepareEntry)[0];
      if (prepared) folder.stand(prepared, storyNo, { folds: folds.get(entry.sourceId) ?? true, isIndexed: false });
    });
  }
  return { byHash, ofEntry };
}

/** Prepares the entries of the window anew if another version of the rules has prepared them, or if
 *  they were imported. */
async function prepareWindow({ store, clock, settings }: RunContext, trial: Trial, isAborted: () => boolean): Promise<void> {
  if (await store.isPrepared(FOLD_VERSION)) return;
  await store.dropPrepared();
  const since = new Date(clock.now().getTime() - settings.rules.windowMs);
  const memberships = (await store.readPlaces({ from: since, before: null })).filter(({ storyNo }) => storyNo !== null);
  const counts = new Map<number, number>();
  for (let from = 0; from < memberships.length; from += BATCH_SIZE) {
    if (isAborted()) return;
    const entries = await store.readEntries(memberships.slice(from, from + BATCH_SIZE).map(({ entryNo }) => entryNo));
    const prepared = entries.flatMap((entry) => trial.attempt(toName(entry), () => prepareEntry(entry)) ?? []);
    await store.savePrepared(prepared.map((one) => packEntry(one, (hash) => counts.get(hash) ?? 0)));
    for (const hash of prepared.flatMap(lookupHashes)) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    await setImmediate();
  }
  await store.markPrepared(FOLD_VERSION);
}

/** Returns how common each word is. The count of the last day is reused unless the store now has
 *  enough texts for a larger sample. */
export async function readWords({ store, clock }: RunContext): Promise<WordCounts> {
  const known = await store.readWords();
  const isFresh = known !== null && clock.now().getTime() - known.at.getTime() < DAY_MS;
  if (isFresh && known.texts >= SAMPLE) return known;
  const profiles = await store.readProfiles(SAMPLE);
  const waiting = profiles.length >= SAMPLE ? [] : await store.readPending(SAMPLE - profiles.length);
  if (isFresh && profiles.length + waiting.length < 2 * known.texts) return known;
  // An entry that fails here is reported when it is folded.
  const trial = new Trial('fold');
  const fresh = waiting.flatMap(({ entry }) => trial.attempt(toName(entry), () => prepareEntry(entry).profile) ?? []);
  const words = countWordUse([...profiles.map(unpackProfile), ...fresh]);
  await store.saveWords(words, clock.now());
  return words;
}
