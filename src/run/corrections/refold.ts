import { Trial } from '../../runtime/set-aside-failing.ts';
import { Folder } from '../../fold/fold.ts';
import { prepareEntry } from '../../fold/prepare/prepared-entry.ts';
import type { FoldRules } from '../../fold/fold.ts';
import type { StoredEntry } from '../../model/entry.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { Verdict } from '../../model/story.ts';
import { BATCH_SIZE } from '../../ports/store/store.ts';
import type { PlacementReads, Membership } from '../../ports/store/folding.ts';
import { readWords } from '../fold-entries.ts';
import type { RunContext } from '../run-context.ts';

/** An entry that the present rules fold into another story than its own. */
export interface Moved {
  readonly membership: Membership;
  /** Number of the story that the entry would join; its own number if it would found a story. */
  readonly storyNo: number;
  readonly comparedWith: number | null;
  readonly verdict: Verdict;
}

/** The result of folding the window anew. */
export interface Refolded {
  readonly moved: readonly Moved[];
  /** Entries of the window that belong to a story. */
  readonly entries: number;
  readonly waiting: number;
  readonly storiesBefore: number;
  readonly storiesAfter: number;
}

/** Folds the entries of the window anew, in the order of the runs, by the present rules and pins.
 *  Entries older than the window keep their story: a story must not fall apart because its entries
 *  have grown old. Changes nothing in the store.
 *  @throws NewsfoldError `refold/stopped` when `signal` is aborted. */
export async function refold(context: RunContext, folds: ReadonlyMap<string, boolean>, signal: AbortSignal): Promise<Refolded> {
  const { store, clock, settings } = context;
  const { windowMs } = settings.rules;
  const since = new Date(clock.now().getTime() - windowMs);
  const all = await store.readPlaces({ from: since, before: null });
  const earlier = await store.readPlaces({ from: new Date(since.getTime() - windowMs), before: since });
  const memberships = all.filter(({ storyNo }) => storyNo !== null);
  const folder = new Folder(settings.rules, await readWords(context), await store.readPins());
  // An entry that fails keeps its story.
  const trial = new Trial('fold');
  const isFolding = (entry: StoredEntry) => folds.get(entry.sourceId) ?? true;
  for await (const { entry, membership } of readEntries(store, earlier, signal))
    trial.attempt({ what: 'entry', no: entry.no }, () =>
      folder.stand(prepareEntry(entry), membership.storyNo ?? entry.no, { folds: isFolding(entry), isIndexed: true }),
    );
  const placements = new Map<number, { readonly comparedWith: number | null; readonly verdict: Verdict }>();
  for await (const { entry } of readEntries(store, memberships, signal)) {
    const placed = trial.attempt({ what: 'entry', no: entry.no }, () =>
      folder.place({ prepared: prepareEntry(entry), folds: isFolding(entry) }, new Map()),
    );
    if (!placed) continue;
    placements.set(entry.no, placed.placement);
    for (const merge of placed.merges) placements.set(merge.fromStory, merge);
  }
  const groupOf = (entryNo: number) => folder.storyOf(entryNo) ?? entryNo;
  const isTried = ({ entryNo }: Membership) => !trial.hasFailed({ what: 'entry', no: entryNo });
  const names = nameGroups(memberships.filter(isTried), groupOf, new Set(earlier.flatMap(({ storyNo }) => storyNo ?? [])));
  const moved = memberships.flatMap((membership): Moved[] => {
    const storyNo = names.get(groupOf(membership.entryNo)) ?? membership.entryNo;
    const placement = placements.get(membership.entryNo);
    if (storyNo === membership.storyNo || !placement) return [];
    return [
      { membership, storyNo, ...pick(placement.comparedWith === null ? explainApart(folder, membership, settings.rules) : placement) },
    ];
  });
  return {
    moved,
    entries: memberships.length,
    waiting: all.length - memberships.length,
    storiesBefore: new Set(memberships.map(({ storyNo }) => storyNo)).size,
    storiesAfter: new Set(
      memberships.map((membership) =>
        isTried(membership) ? (names.get(groupOf(membership.entryNo)) ?? membership.entryNo) : membership.storyNo,
      ),
    ).size,
  };
}

/** Returns the reason why an entry of a larger story now stands alone. */
function explainApart(
  folder: Folder,
  { entryNo, comparedWith }: Membership,
  { level }: FoldRules,
): Pick<Moved, 'comparedWith' | 'verdict'> {
  const { verdict } = folder.compare(comparedWith ?? entryNo, entryNo);
  const why =
    level === 'off' ? ['folding is off'] : ['apart from the entry that it stood with, or from another of its story', ...verdict.why];
  return { comparedWith: null, verdict: { ...verdict, label: 'different', why } };
}

function pick({ comparedWith, verdict }: Pick<Moved, 'comparedWith' | 'verdict'>) {
  return { comparedWith, verdict };
}

/** Returns the story number of each new group. It is the story of the group's founder if the group
 *  contains that founder, else the story that holds the group's first entry. If there is neither,
 *  the group is a new story, numbered by its first entry. A story belongs to one group: of several
 *  groups, the first one gets it. */
function nameGroups(
  memberships: readonly Membership[],
  groupOf: (entryNo: number) => number,
  old: ReadonlySet<number>,
): ReadonlyMap<number, number> {
  const names = new Map<number, number>([...old].map((storyNo) => [storyNo, storyNo]));
  const taken = new Set(old);
  const name = (group: number, storyNo: number) => {
    if (names.has(group) || taken.has(storyNo)) return;
    names.set(group, storyNo);
    taken.add(storyNo);
  };
  for (const { entryNo, storyNo } of memberships) if (entryNo === storyNo) name(groupOf(entryNo), storyNo);
  for (const { entryNo, storyNo } of memberships) if (storyNo !== null) name(groupOf(entryNo), storyNo);
  for (const { entryNo } of memberships) name(groupOf(entryNo), entryNo);
  return names;
}

async function* readEntries(store: PlacementReads, memberships: readonly Membership[], signal: AbortSignal) {
  const members = memberships.filter(({ storyNo }) => storyNo !== null);
  for (let from = 0; from < members.length; from += BATCH_SIZE) {
    if (signal.aborted) throw new NewsfoldError('refold/stopped', 'stopped: nothing was changed', { exitCode: 1 });
    const batch = new Map(members.slice(from, from + BATCH_SIZE).map((membership) => [membership.entryNo, membership]));
    for (const entry of await store.readEntries([...batch.keys()])) {
      const membership = batch.get(entry.no);
      if (membership) yield { entry, membership };
    }
  }
}
