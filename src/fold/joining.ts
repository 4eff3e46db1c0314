import type { Pin, WordCounts } from '../model/fold.ts';
import { TELLING_BODY } from './judge/guards.ts';
import type { Prepared } from './judge/guards.ts';
import { judgePair } from './judge/judge.ts';
import type { Level, PairJudgement } from './judge/judge.ts';
import { createSurroundings } from './judge/surroundings.ts';

/** Decides whether an entry may stand with the members of a story (docs/design.md §80, §132). The
 *  owner's pins come first; then each pair is judged without its neighbours. */
export class Joining {
  readonly #level: Level;
  readonly #around: ReturnType<typeof createSurroundings>;
  readonly #pins = new Map<string, Pin['kind']>();
  /** Entries that the owner has put together, with their counterparts. */
  readonly #together = new Map<number, readonly number[]>();

  constructor(level: Level, words: WordCounts, pins: readonly Pin[]) {
    this.#level = level;
    this.#around = createSurroundings([], words);
    for (const { entryNo, otherNo, kind } of pins) {
      this.#pins.set(nameOfPair(entryNo, otherNo), kind);
      if (kind === 'apart') continue;
      this.#together.set(entryNo, [...(this.#together.get(entryNo) ?? []), otherNo]);
      this.#together.set(otherNo, [...(this.#together.get(otherNo) ?? []), entryNo]);
    }
  }

  /** Returns the entries that the owner has put together with one. */
  togetherWith(entryNo: number): readonly number[] {
    return this.#together.get(entryNo) ?? [];
  }

  /** Reports whether an entry that folds with `other` may join the members of its story. */
  mayJoin(prepared: Prepared, other: Prepared, members: readonly Prepared[]): boolean {
    if (this.#areApart(other, prepared) || !this.#isBorneOut(prepared, other, members)) return false;
    return members.every((member) => member === other || this.areCompatible(member, prepared));
  }

  /** Reports whether a member of a story bears another entry beside it. */
  areCompatible(member: Prepared, prepared: Prepared): boolean {
    if (this.#areApart(member, prepared)) return false;
    // A member that the owner has added may say anything and keeps no entry out.
    if (this.#together.has(member.entry.no)) return true;
    const judgement = this.#judge(member, prepared);
    // Two entries of one source in a story are versions of one article; otherwise the story would
    // mix two.
    if (member.entry.sourceId === prepared.entry.sourceId && !isFolding(judgement)) return false;
    // A text that says little keeps no other out.
    return !judgement.isApart || !isTelling(member) || !isTelling(prepared);
  }

  /** A short text joins no long one to a story of long ones: one of these must fold with it too. */
  #isBorneOut(prepared: Prepared, other: Prepared, members: readonly Prepared[]): boolean {
    if (!isTelling(prepared) || isTelling(other)) return true;
    // A member that the owner has added may say anything.
    const telling = members.filter((member) => isTelling(member) && !this.#together.has(member.entry.no));
    return telling.length === 0 || telling.some((member) => isFolding(this.#judge(member, prepared)));
  }

  #judge(member: Prepared, prepared: Prepared): PairJudgement {
    return judgePair(member, prepared, this.#around(member, prepared), this.#level);
  }

  #areApart(a: Prepared, b: Prepared): boolean {
    return this.#pins.get(nameOfPair(a.entry.no, b.entry.no)) === 'apart';
  }
}

/** Reports whether a judgement puts two entries into one story. */
export function isFolding({ verdict }: PairJudgement): boolean {
  return verdict.label === 'same' || verdict.label === 'revision';
}

/** Reports whether a text is long enough to say something about a whole story. */
export function isTelling({ profile }: Prepared): boolean {
  return profile.bodyCount >= TELLING_BODY;
}

function nameOfPair(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
