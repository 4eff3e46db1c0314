import { openApp } from '../app.ts';
import type { App } from '../app.ts';
import { comparePair, keysOf, placeEntries } from '../fold/fold.ts';
import type { FoldRules } from '../fold/fold.ts';
import type { StoredEntry } from '../model/entry.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Placement } from '../model/story.ts';
import { BATCH_SIZE } from '../ports/store.ts';
import type { StandingPlace, Store } from '../ports/store.ts';
import { withRunLock } from '../run.ts';
import { complain, print, printJson } from './print.ts';

/** Options of `newsfold refold`. */
export interface RefoldCommandOptions {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** An entry that the present rules put elsewhere. */
interface Move {
  /** Its key. */
  readonly entry: string;
  readonly source: string;
  readonly title: string;
  /** Key of its story. */
  readonly from: string;
  /** Key of the story that it would join; null for a new one. */
  readonly to: string | null;
  /** Key of the entry that founds that new story, when it is another one. */
  readonly founder: string | null;
  readonly why: readonly string[];
}

/** Folds the entries of the window anew by the rules of the configuration and says which would stand in another story: a line for each, then
 *  the counts; with `json` a line {"entry","source","title","from","to","why"} for each alone. Writes nothing, but takes the run lock, since
 *  what a run is folding would seem to move. Exit code 1 without `dryRun`. */
export async function refoldCommand(options: RefoldCommandOptions, signal: AbortSignal): Promise<number> {
  if (options.dryRun !== true) {
    complain('only refold --dry-run is possible in this version: moving entries for good comes with corrections that stick (pins)');
    return 1;
  }
  const app = await openApp(options.config, 'refold');
  try {
    const { moves, entries, waiting, before, after } = await withRunLock(app.runParts, () => refold(app, signal));
    for (const move of moves) show(move, options.json === true);
    if (options.json === true) return 0;
    const days = app.config.fold.windowMs / 86_400_000;
    print(
      `${entries} entries of the last ${Number(days.toFixed(1))} days folded anew: ${moves.length} would move, ${entries - moves.length} stay`,
    );
    print(
      `${before} stories as stored, ${after} folded anew${waiting > 0 ? `; ${waiting} entries wait for the next run` : ''}; nothing was changed`,
    );
    return 0;
  } finally {
    await app.close();
  }
}

function show({ founder, ...move }: Move, isJson: boolean): void {
  if (isJson) return printJson(move);
  const { entry, source, title, from, to, why } = move;
  const target = to ?? (founder === null ? 'a story of its own' : `a story of its own, with entry ${founder}`);
  print(`${title || '(untitled)'} (${source}, entry ${entry}): from ${from} to ${target}: ${why.join(', ')}`);
}

async function refold(app: App, signal: AbortSignal) {
  const { store, clock, runParts } = app;
  const { rules } = runParts.settings;
  const since = new Date(clock.now().getTime() - rules.windowMs);
  const all = await store.readPlaces({ from: since, before: null });
  const earlier = await store.readPlaces({ from: new Date(since.getTime() - rules.windowMs), before: since });
  const places = all.filter((place) => place.storyNo !== null);
  const placements = await placeAnew(app, { earlier, places, since }, signal);
  const identities = await identify(store, places, placements, since);
  const moved = places.filter((place) => identities.get(placements.get(place.entryNo)?.storyNo ?? 0) !== place.storyNo);
  const keys = new Map([...earlier, ...places].map((place) => [place.storyNo, place.storyKey]));
  const joined = new Map([...placements.values()].map((placement) => [placement.comparedWith, placement]));
  const moves: Move[] = [];
  for (let from = 0; from < moved.length; from += BATCH_SIZE)
    moves.push(...(await toMoves(store, moved.slice(from, from + BATCH_SIZE), { placements, identities, keys, joined, rules })));
  const groups = new Set(places.map((place) => placements.get(place.entryNo)?.storyNo));
  const stored = new Set(places.map((place) => place.storyNo));
  return { moves, entries: places.length, waiting: all.length - places.length, before: stored.size, after: groups.size };
}

/** Places the entries as a run does: batch by batch in the order of folding, each seeing those that share a key with it and were placed
 *  before. Entries of the window before stay where they are: what they hold together must not fall apart for having grown old. */
async function placeAnew(
  app: App,
  {
    earlier,
    places,
    since,
  }: { readonly earlier: readonly StandingPlace[]; readonly places: readonly StandingPlace[]; readonly since: Date },
  signal: AbortSignal,
): Promise<Map<number, Placement>> {
  const { store } = app;
  const { rules } = app.runParts.settings;
  const folds = await readFolds(app);
  const index = new Map<string, number[]>();
  /** In the order in which they were placed: with it, of two candidates that are alike, the same one wins as in a run. */
  const placed = new Map<number, { readonly storyNo: number; readonly seenAt: number; readonly order: number }>();
  const sources = new Map<number, Set<string>>();
  const note = (entry: StoredEntry, storyNo: number) => {
    placed.set(entry.no, { storyNo, seenAt: entry.firstSeenAt.getTime(), order: placed.size });
    sources.set(storyNo, (sources.get(storyNo) ?? new Set()).add(entry.sourceId));
    for (const key of keysOf(entry)) index.set(key, [...(index.get(key) ?? []), entry.no]);
  };
  for await (const { entries, numbers } of readBatches(store, earlier, signal)) {
    for (const [no, known] of await store.readEarlierSources([...new Set(numbers.values())], since)) sources.set(no, new Set(known));
    for (const entry of entries) note(entry, numbers.get(entry.no) ?? entry.no);
  }
  const placements = new Map<number, Placement>();
  for await (const { entries } of readBatches(store, places, signal)) {
    const oldest = Math.min(...entries.map((entry) => entry.firstSeenAt.getTime())) - rules.windowMs;
    const shared = new Set(entries.flatMap((entry) => keysOf(entry).flatMap((key) => index.get(key) ?? [])));
    const candidates = [...shared]
      .filter((no) => (placed.get(no)?.seenAt ?? 0) >= oldest)
      .sort((a, b) => (placed.get(a)?.order ?? 0) - (placed.get(b)?.order ?? 0));
    const standing = (await store.readEntries(candidates)).map((entry) => {
      const storyNo = placed.get(entry.no)?.storyNo ?? entry.no;
      return { entry, storyNo, storySources: [...(sources.get(storyNo) ?? [])] };
    });
    const arrivals = entries.map((entry) => ({ entry, folds: folds.get(entry.sourceId) ?? true }));
    const byNo = new Map(entries.map((entry) => [entry.no, entry]));
    for (const placement of placeEntries(arrivals, standing, rules)) {
      placements.set(placement.entryNo, placement);
      const entry = byNo.get(placement.entryNo);
      if (entry) note(entry, placement.storyNo);
    }
  }
  return placements;
}

async function* readBatches(store: Store, places: readonly StandingPlace[], signal: AbortSignal) {
  const standing = places.filter((place) => place.storyNo !== null);
  for (let from = 0; from < standing.length; from += BATCH_SIZE) {
    if (signal.aborted) throw new NewsfoldError('refold/stopped', 'stopped: nothing was changed', { exitCode: 1 });
    const batch = standing.slice(from, from + BATCH_SIZE);
    const entries = await store.readEntries(batch.map((place) => place.entryNo));
    yield { entries, numbers: new Map(batch.map((place) => [place.entryNo, place.storyNo ?? place.entryNo])) };
  }
}

/** Whether each source lets its entries fold: as the configuration has it now, else as the store last knew it. */
async function readFolds({ config, store, runParts }: App): Promise<Map<string, boolean>> {
  const declared = new Map<string, boolean>();
  for (const { id, kind, address, fold } of config.sources) {
    const addresses = kind === 'file' ? await runParts.files.expand(address) : [address];
    for (const one of addresses) declared.set(`${kind} ${one}`, fold);
    if (id !== null) declared.set(id, fold);
  }
  const statuses = await store.readSources();
  return new Map(
    statuses.map(({ source }) => [source.id, declared.get(source.id) ?? declared.get(`${source.kind} ${source.address}`) ?? source.fold]),
  );
}

/** Which stored story each new group is: the one whose first entry it holds (after a split that half keeps the id), of several the one that
 *  was stored first. A group that is not in the answer would be a new story. Stories with entries from before the window stay themselves. */
async function identify(
  store: Store,
  places: readonly StandingPlace[],
  placements: ReadonlyMap<number, Placement>,
  since: Date,
): Promise<Map<number, number>> {
  const stories = [...new Set(places.flatMap((place) => place.storyNo ?? []))].sort((a, b) => a - b);
  const old = new Set<number>();
  for (let from = 0; from < stories.length; from += BATCH_SIZE)
    for (const founder of await store.readEntries(stories.slice(from, from + BATCH_SIZE)))
      if (founder.firstSeenAt < since) old.add(founder.no);
  const identities = new Map([...old].map((no) => [no, no]));
  const first = new Map<number, number>();
  for (const { entryNo, storyNo } of places) if (storyNo !== null && !first.has(storyNo)) first.set(storyNo, entryNo);
  for (const story of stories) {
    // A founder that has been deleted hands the story on to the next member.
    const heir = placements.get(story) ?? placements.get(first.get(story) ?? story);
    if (heir && !old.has(story) && !identities.has(heir.storyNo)) identities.set(heir.storyNo, story);
  }
  return identities;
}

interface Outcome {
  readonly placements: ReadonlyMap<number, Placement>;
  readonly identities: ReadonlyMap<number, number>;
  /** Keys of stories by number. */
  readonly keys: ReadonlyMap<number | null, string | null>;
  /** One that was put beside an entry, by that entry's number. */
  readonly joined: ReadonlyMap<number | null, Placement>;
  readonly rules: FoldRules;
}

async function toMoves(store: Store, moved: readonly StandingPlace[], outcome: Outcome): Promise<Move[]> {
  const { placements, identities, keys, joined, rules } = outcome;
  const storyOf = (place: StandingPlace) => placements.get(place.entryNo)?.storyNo ?? place.entryNo;
  const numbers = moved.flatMap((place) => [place.entryNo, storyOf(place), place.comparedWith ?? 0]);
  const entries = new Map((await store.readEntries([...new Set(numbers)])).map((entry) => [entry.no, entry]));
  return moved.flatMap((place): Move[] => {
    const entry = entries.get(place.entryNo);
    if (!entry) return [];
    const placement = placements.get(place.entryNo);
    const identity = identities.get(storyOf(place));
    const to = identity === undefined ? null : (keys.get(identity) ?? null);
    const founder = entries.get(storyOf(place));
    // What founds a group that is another story now was not put there: what joined it brought it there.
    const evidence = placement?.comparedWith != null ? placement : to === null ? undefined : joined.get(place.entryNo);
    return [
      {
        entry: entry.key,
        source: entry.sourceId,
        title: entry.revision.title,
        from: place.storyKey ?? '',
        to,
        founder: to === null && founder && founder !== entry ? founder.key : null,
        why: evidence?.verdict.why ?? whyApart(entry, entries.get(place.comparedWith ?? 0), rules),
      },
    ];
  });
}

function whyApart(entry: StoredEntry, companion: StoredEntry | undefined, rules: FoldRules): readonly string[] {
  if (rules.level === 'off') return ['folding is off'];
  if (!companion) return ['no entry that it would fold with'];
  const verdict = comparePair(companion, entry, rules);
  const name = `entry ${companion.key} of ${companion.sourceId}`;
  if (verdict.label === 'same') return [`apart from ${name} for what else stands there, for its age, or since its source does not fold`];
  return [`apart from ${name}`, ...verdict.why];
}
