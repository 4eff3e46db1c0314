import type { SourceProblem } from './errors.ts';

/** The stages of a run at which something can be set aside. */
export type Stage = (typeof stages)[number];

/** All of them, in the order of a run. */
export const stages = ['parse', 'full text', 're-identification', 'normalise', 'fold', 'settle', 'list', 'render'] as const;

/** The stages that read a document of a source; the others work on what is stored. */
export const readingStages: readonly Stage[] = ['parse', 'full text', 're-identification', 'normalise'];

/** An item over which a stage failed for a reason that nobody foresaw. */
export interface FailedItem {
  readonly what: 'source' | 'entry' | 'story';
  readonly sourceId: string;
  /** The key of a stored entry or of a story, the identity of an entry that is not stored; empty
   *  for a source. */
  readonly name: string;
  /** Number of a stored entry or of a story; null for what has none. */
  readonly no: number | null;
  readonly stage: Stage;
  /** `failed`: the stage threw; `died`: runs died over it. */
  readonly reason: 'failed' | 'died';
  /** The thrown error, in one line. */
  readonly message: string;
  /** SHA-256 of the bytes or the content that failed; null where that is not known: it is tried
   *  again each time. */
  readonly mark: string | null;
}

/** An item that is set aside: runs pass it over, and everything else goes on. */
export interface SetAsideItem extends FailedItem {
  /** Version of Newsfold that failed last. */
  readonly version: string;
  /** When that was. */
  readonly at: Date;
  readonly tries: number;
  /** true while it is to be tried once more: a newer version runs, the owner asked for it, or its
   *  source has revised it. */
  readonly isOpen: boolean;
}

/** A set-aside item as reports tell it. */
export function toAsideProblem({ what, sourceId, name, stage, reason, message }: FailedItem): SourceProblem {
  const entry = what === 'source' ? {} : { entry: name };
  const cause = reason === 'died' ? message : `the stage "${stage}" has failed over it (${message}): please report it`;
  const subject = what === 'source' ? 'the source' : `the ${what} ${name}`;
  const rest = 'everything else goes on; the next version tries it again, or newsfold run --retry';
  return { source: sourceId, ...entry, code: `${what}/set-aside`, message: `${subject} is set aside, since ${cause}; ${rest}` };
}

/** Whether a version is newer than another one, by its numbers; a text that is no version is older
 *  than any. */
export function isNewer(version: string, other: string): boolean {
  const [mine, theirs] = [toNumbers(version), toNumbers(other)];
  const at = mine.findIndex((number, index) => number !== theirs[index]);
  return at >= 0 && (mine[at] ?? 0) > (theirs[at] ?? -1);
}

function toNumbers(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map((number) => (number === '' ? -1 : Number(number)));
}

/** A set-aside item in words: what, why, since when, and by which version. */
export function toAsideText(item: SetAsideItem): string {
  const { version, at, tries, isOpen } = item;
  const count = tries === 1 ? 'tried once' : `tried ${tries} times`;
  const next = isOpen ? '; the next run tries it again' : '';
  return `${toAsideProblem(item).message} (newsfold ${version}, ${at.toISOString().slice(0, 10)}, ${count}${next})`;
}
