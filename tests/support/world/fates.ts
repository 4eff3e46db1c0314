import { releaseOf } from './folder.ts';
import type { Folder, OwnArticle } from './folder.ts';
import { MINUTE } from './world.ts';
import type { World } from './world.ts';

/** Runs and time after which a missing file counts as deleted (docs/design.md §68). */
const PATIENCE = { runs: 2, graceMs: 10 * MINUTE };
/** Most files that may be missing at once and still be deleted, however small their folder is. */
const FEW = 3;

/** A file's absence: the runs that missed it, and the first of them. */
interface Absence {
  readonly runs: number;
  readonly since: Date;
}

/** The state in which readers should see an article of a folder after the last run. */
export interface Fate {
  readonly folder: Folder;
  /** `unsure`: a run that was killed may have published or withdrawn it. */
  state: 'shown' | 'hidden' | 'unsure';
  /** The places where the last run that ended found it, its embargo, and its edits. */
  seen: { readonly locations: readonly string[]; readonly from: number | null; readonly edits: number } | null;
  /** true: its file got another path beside another date or much more text, so nobody could tell
   *  whose file it is. */
  isLost: boolean;
  /** Edits that its text must show. */
  edits: readonly number[];
  /** true when the last run may have changed its text, or shown it again. */
  isChanged: boolean;
  /** By runs that ended, and by all runs: a killed one may have missed the file as well. */
  missed: Absence | null;
  maybeMissed: Absence | null;
}

export type Fates = ReturnType<typeof createFates>;

/** Follows the articles of all folders from run to run. */
export function createFates(world: World) {
  const all = new Map<number, Fate>();
  const published = new Set<number>();
  const held = new Set<number>();
  const noteFiles = (folder: Folder, article: number, files: readonly (readonly [string, OwnArticle])[], hasEnded: boolean) => {
    const fate = all.get(article) ?? newFate(folder);
    all.set(article, fate);
    const asked = files.map(([location, own]) => {
      // Once the clock was set, nobody knows which time the program believes.
      const isDoubtful = world.clock.isEverSet && [own.date, own.from, own.until].some((date) => date !== null);
      const word = releaseOf(location, own, world.now);
      return isDoubtful && (word === 'wait' || word === 'show' || own.until !== null) ? 'doubt' : word;
    });
    const shown = files.find((_, index) => asked[index] === 'show')?.[1];
    const maybe = shown ?? files.find((_, index) => asked[index] === 'doubt')?.[1];
    const seen = {
      locations: files.map(([location]) => location),
      from: files[0]?.[1].from?.getTime() ?? null,
      edits: files[0]?.[1].edits.length ?? 0,
    };
    const isMoved = fate.seen !== null && !fate.seen.locations.every((location) => seen.locations.includes(location));
    // An embargo is another date, so one edit more is too much.
    const most = seen.from === null ? 1 : 0;
    fate.isLost ||= isMoved && (fate.seen?.from !== seen.from || seen.edits - (fate.seen?.edits ?? 0) > most || asked.includes('fault'));
    const next = fate.isLost ? 'unsure' : toNext(fate, asked);
    fate.isChanged = maybe !== undefined && (fate.state !== 'shown' || maybe.edits.length > fate.edits.length || asked.includes('doubt'));
    fate.state = hasEnded || next === fate.state ? next : 'unsure';
    if (hasEnded) Object.assign(fate, { seen, edits: shown?.edits ?? fate.edits });
    Object.assign(fate, { missed: null, maybeMissed: null });
    for (const number of maybe ? [article, ...maybe.edits] : []) published.add(number);
  };
  const noteMissing = (fate: Fate, hasEnded: boolean, isFew: boolean) => {
    fate.isChanged = false;
    // Another article at its path may be its new version.
    if (fate.seen?.locations.some((location) => fate.folder.files.has(location))) Object.assign(fate, { isLost: true, state: 'unsure' });
    fate.maybeMissed = addRun(fate.maybeMissed, world.now);
    if (!hasEnded) return;
    fate.missed = isFew ? addRun(fate.missed, world.now) : null;
    if (isOver(fate.missed, world.now) && !fate.isLost) fate.state = world.clock.isEverSet ? 'unsure' : 'hidden';
  };
  const noteFolder = (folder: Folder, hasEnded: boolean) => {
    const files = Map.groupBy(folder.files, ([, { article }]) => article);
    const former = [...all].map(([article, { seen }]) => ({ article, locations: seen?.locations ?? [] }));
    for (const [article, copies] of files) noteFiles(folder, article, copies, hasEnded);
    // Nobody could tell whose version another article is at the former path of a lost one.
    for (const { article, locations } of former)
      for (const location of all.get(article)?.isLost === true ? locations : []) {
        const successor = all.get(folder.files.get(location)?.article ?? article);
        if (successor?.folder === folder) Object.assign(successor, { isLost: true, state: 'unsure' });
      }
    const missing = [...all].filter(([article, fate]) => fate.folder === folder && fate.state !== 'hidden' && !files.has(article));
    for (const [, fate] of missing) noteMissing(fate, hasEnded, missing.length <= FEW);
    for (const own of folder.files.values())
      for (const number of [own.article, ...own.edits])
        if (published.has(number)) held.delete(number);
        else held.add(number);
  };
  return {
    all: all as ReadonlyMap<number, Fate>,
    /** Articles and edits that no run may have published yet. */
    held: held as ReadonlySet<number>,
    /** Reports whether a run may have published an article. */
    isReleased: (article: number) => published.has(article),
    /** Notes what a run has read. `hasEnded`: it was not killed. */
    note(hasEnded: boolean): void {
      for (const folder of world.folders) if (folder.isDeclared) noteFolder(folder, hasEnded);
    },
    /** Reports whether an article must be published now. */
    isOwed: ({ state, maybeMissed }: Fate): boolean =>
      state === 'shown' && !isOver(maybeMissed, world.now) && (maybeMissed === null || !world.clock.isEverSet),
  };
}

function newFate(folder: Folder): Fate {
  return { folder, state: 'hidden', seen: null, isLost: false, edits: [], isChanged: false, missed: null, maybeMissed: null };
}

/** Returns what must become of an article by what its files ask for. Any copy that is a draft may
 *  be the one that is published. */
function toNext({ state }: Fate, asked: readonly (ReturnType<typeof releaseOf> | 'doubt')[]): Fate['state'] {
  if (asked.includes('show')) return 'shown';
  if (asked.includes('doubt')) return 'unsure';
  if (asked.every((word) => word === 'draft')) return 'hidden';
  return asked.includes('draft') && state === 'shown' ? 'unsure' : state;
}

function addRun(absence: Absence | null, now: Date): Absence {
  return { runs: (absence?.runs ?? 0) + 1, since: absence?.since ?? now };
}

function isOver(absence: Absence | null, now: Date): boolean {
  return absence !== null && absence.runs >= PATIENCE.runs && now.getTime() - absence.since.getTime() >= PATIENCE.graceMs;
}
