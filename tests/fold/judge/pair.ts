import { Folder } from '../../../src/fold/fold.ts';
import type { PairJudgement, Level } from '../../../src/fold/judge/judge.ts';
import { countWordUse, prepareEntry } from '../../../src/fold/prepare/prepared-entry.ts';
import type { StoredEntry } from '../../../src/model/entry.ts';
import { makeStored } from '../../support/entry.ts';

/** An entry as a test says it. */
export interface Said {
  readonly source: string;
  readonly title: string;
  readonly text: string;
  /** Date of publication, and first sight if `seen` is not given. */
  readonly at?: string;
  readonly seen?: string;
  readonly guid?: string | null;
  readonly rest?: Partial<StoredEntry>;
}

const WINDOW_MS = 14 * 86_400_000;

function openFolder(said: readonly Said[], level: Level) {
  const prepared = said.map(({ source, title, text, at, seen, guid, rest }, no) => {
    const published = at === undefined ? null : new Date(at);
    const firstSeenAt = new Date(seen ?? at ?? '2026-03-10T08:00:00Z');
    const id = guid === undefined ? `${source}/${no}` : guid;
    return prepareEntry(makeStored({ no, sourceId: source, guid: id, firstSeenAt, ...rest }, { title, text, published }));
  });
  return { prepared, folder: new Folder({ level, windowMs: WINDOW_MS }, countWordUse(prepared.map(({ profile }) => profile)), []) };
}

/** Judges two entries, the later one second, in a store that has nothing else. */
export function judge(earlier: Said, later: Said, level: Level = 'careful'): PairJudgement {
  const { prepared, folder } = openFolder([earlier, later], level);
  for (const one of prepared) folder.stand(one, one.entry.no, { folds: true, isIndexed: true });
  return folder.compare(0, 1);
}

/** Reports whether two entries fold. */
export function isFolded(earlier: Said, later: Said, level: Level = 'careful'): boolean {
  const { label } = judge(earlier, later, level).verdict;
  return label === 'same' || label === 'revision';
}

/** Places entries one after the other and returns their story numbers, in order. */
export function foldAll(said: readonly Said[], level: Level = 'careful'): number[] {
  const { prepared, folder } = openFolder(said, level);
  for (const one of prepared) folder.place({ prepared: one, folds: true }, new Map());
  return prepared.map(({ entry }) => folder.storyOf(entry.no) ?? -1);
}
