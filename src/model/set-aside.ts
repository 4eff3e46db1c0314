import type { SourceProblem } from './errors.ts';

/** Stages of a run at which an item can be set aside. */
export type Stage = (typeof stages)[number];

/** All stages, in the order of a run. */
export const stages = ['parse', 'full text', 're-identification', 'normalise', 'fold', 'settle', 'list', 'render'] as const;

/** Stages that read a document of a source. The other stages work on stored data. */
export const readingStages: readonly Stage[] = ['parse', 'full text', 're-identification', 'normalise'];

/** An item on which a stage failed for an unforeseen reason. */
export interface FailedItem {
  readonly what: 'source' | 'entry' | 'story';
  /** Id of the item's source. */
  readonly sourceId: string;
  /** The key of a stored entry or of a story, or the identity of an entry that is not stored; empty
   *  for a source. */
  readonly name: string;
  /** Number of a stored entry or of a story; null for anything else. */
  readonly no: number | null;
  readonly stage: Stage;
  /** `failed`: the stage threw an error. `died`: processes died while they worked on the item. */
  readonly reason: 'failed' | 'died';
  /** The thrown error, in one line. */
  readonly message: string;
  /** SHA-256 of the bytes or the content that failed; null when unknown. An item without it is
   *  tried again each time. */
  readonly mark: string | null;
}

/** An item that is set aside: runs skip it and go on with everything else. */
export interface SetAsideItem extends FailedItem {
  /** Version of Newsfold that failed last. */
  readonly version: string;
  /** Time of that failure. */
  readonly at: Date;
  /** Number of failures. */
  readonly tries: number;
  /** true when the next run will try the item again: a newer version runs, the owner asked for it,
   *  or the source has revised the item. */
  readonly isOpen: boolean;
}

/** Returns a set-aside item as a problem for reports. */
export function toAsideProblem({ what, sourceId, name, stage, reason, message }: FailedItem): SourceProblem {
  const entry = what === 'source' ? {} : { entry: name };
  const cause = reason === 'died' ? message : `the stage "${stage}" failed on it (${message}): please report this`;
  const subject = what === 'source' ? 'the source' : `the ${what} ${name}`;
  const rest = 'everything else goes on; the next version will try it again, or use newsfold run --retry';
  return { source: sourceId, ...entry, code: `${what}/set-aside`, message: `${subject} is set aside, because ${cause}; ${rest}` };
}

/** Reports whether a version number is greater than another. A text without a number is older than
 *  any version. */
export function isNewer(version: string, other: string): boolean {
  const [mine, theirs] = [toNumbers(version), toNumbers(other)];
  const at = mine.findIndex((number, index) => number !== theirs[index]);
  return at >= 0 && (mine[at] ?? 0) > (theirs[at] ?? -1);
}

function toNumbers(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map((number) => (number === '' ? -1 : Number(number)));
}

/** Returns a set-aside item in words: the item, the reason, the date, and the version that
 *  failed. */
export function toAsideText(item: SetAsideItem): string {
  const { version, at, tries, isOpen } = item;
  const count = tries === 1 ? 'tried once' : `tried ${tries} times`;
  const next = isOpen ? '; the next run tries it again' : '';
  return `${toAsideProblem(item).message} (newsfold ${version}, ${at.toISOString().slice(0, 10)}, ${count}${next})`;
}
