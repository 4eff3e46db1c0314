import type { Merge, Pin, Relation, WordCounts } from '../model/fold.ts';
import type { Placement, Verdict } from '../model/story.ts';
import { Arena } from './prepare/packed-lists.ts';
import { createSurroundings } from './judge/surroundings.ts';
import type { PlacedEntry } from './judge/surroundings.ts';
import type { Prepared } from './judge/guards.ts';
import { isFolding, isTelling, Joining } from './joining.ts';
import { judgePair, RULES } from './judge/judge.ts';
import type { PairJudgement, Level } from './judge/judge.ts';
import { apartMs, compareDates, compareSourcePositions, datedAt } from './prepare/order.ts';
import { lookupHashes } from './prepare/prepared-entry.ts';
import { Profile } from './prepare/profile.ts';
import { MAX_SHARERS, SketchIndex } from './sketch-index.ts';
import { toStoryId } from './story-id.ts';

/** The owner's settings for folding. */
export interface FoldRules {
  readonly level: Level;
  /** Entries further apart never fold, milliseconds: by their believable dates where both have one,
   *  else by their first sights. */
  readonly windowMs: number;
}

/** Result of placing one entry. */
export interface Placed {
  readonly placement: Placement;
  /** Stories that the entry proved to be one. */
  readonly merges: readonly Merge[];
  /** Stories about the same event that the entry does not belong to. */
  readonly relations: readonly Relation[];
  /** true when the matching story is full. The entry is then a story of its own, and the owner
   *  should look at it. */
  readonly isCrowded: boolean;
}

/** An entry to be placed. */
interface Arrival {
  readonly prepared: Prepared;
  /** false when the owner has switched folding off for the source. */
  readonly folds: boolean;
}

/** Version of the preparation and the rules. Entries that another version prepared are prepared
 *  again. */
export const FOLD_VERSION = RULES;
/** Entries near a new one, by which the rarity of its phrases is measured. */
const NEIGHBOURS = 24;
/** The nearest of them, which are compared with the new entry word by word. */
const COMPARED = 12;
/** Most members of a story. A larger story is a template that the guards have missed; equal
 *  addresses may exceed the limit. */
const MAX_MEMBERS = 12;
const MAX_RELATED = 3;

/** Puts entries into stories one by one (docs/design.md §80). It keeps placed entries in memory and
 *  gets other entries from the store. Nothing else decides: the same entries in the same order give
 *  the same stories. */
export class Folder {
  readonly #rules: FoldRules;
  readonly #words: WordCounts;
  readonly #joining: Joining;
  readonly #arena = new Arena();
  readonly #index = new SketchIndex();
  readonly #indexed = new Set<number>();
  readonly #placed = new Map<number, PlacedEntry>();
  /** Entries of each story; most stories have one. */
  readonly #stories = new Map<number, readonly number[]>();

  constructor(rules: FoldRules, words: WordCounts, pins: readonly Pin[]) {
    this.#rules = rules;
    this.#words = words;
    this.#joining = new Joining(rules.level, words, pins);
  }

  /** Number of entries that are found without the store. */
  get size(): number {
    return this.#indexed.size;
  }

  /** Reports whether the story of an entry is known here. */
  has(entryNo: number): boolean {
    return this.#placed.has(entryNo);
  }

  /** Returns the number of an entry's story; undefined when it is not known here. */
  storyOf(entryNo: number): number | undefined {
    return this.#placed.get(entryNo)?.storyNo;
  }

  /** Reports whether this folder finds an entry itself, without the store. */
  isIndexed(entryNo: number): boolean {
    return this.#indexed.has(entryNo);
  }

  /** Returns the number of indexed entries with a hash. */
  countOf(hash: number): number {
    return this.#index.countOf(hash);
  }

  /** Reports whether so many entries have a hash that it proves nothing. `stored`: entries in the
   *  store with this hash. The index uses the same limit. */
  isCommon(hash: number, stored: number): boolean {
    return this.#index.countOf(hash) + stored > MAX_SHARERS;
  }

  /** Adds an entry with its story. `isIndexed`: this folder will find the entry; otherwise only the
   *  store does. */
  stand(prepared: Prepared, storyNo: number, options: { readonly folds: boolean; readonly isIndexed: boolean }): void {
    const { no } = prepared.entry;
    const isKept = this.#placed.get(no)?.profile === prepared.profile;
    const profile = isKept ? prepared.profile : new Profile(this.#arena.keep(prepared.profile.packed));
    this.#removeFromStory(no);
    this.#placed.set(no, { entry: prepared.entry, profile, storyNo, folds: options.folds });
    this.#stories.set(storyNo, [...(this.#stories.get(storyNo) ?? []), no]);
    if (!options.isIndexed || this.#indexed.has(no)) return;
    this.#indexed.add(no);
    this.#index.add(no, lookupHashes(prepared));
  }

  /** Places an entry. `sharers`: for each entry that the store found, the number of lookup hashes
   *  that it shares with this one. */
  place({ prepared, folds }: Arrival, sharers: ReadonlyMap<number, number>): Placed {
    const { entry } = prepared;
    const judged = folds && this.#rules.level !== 'off' ? this.#judgeNeighbours(prepared, sharers) : [];
    const pinned = this.#findPinned(entry.no);
    const crowded = new Set<number>();
    const found = judged.find((one) => isFolding(one.judgement) && (this.#isJoinable(prepared, one, crowded) || crowded.size > 0));
    // An entry that fits a full story must not join another story of the same form either.
    const best = pinned ?? (found && crowded.size === 0 ? found : null);
    const storyNo = best?.other.storyNo ?? entry.no;
    const { merges, own } = best === null ? { merges: [], own: storyNo } : this.#mergeOthers(prepared, storyNo, judged);
    this.stand(prepared, own, { folds, isIndexed: true });
    const placement: Placement = {
      entryNo: entry.no,
      storyNo,
      preferredId: toStoryId(entry.guid),
      comparedWith: best?.other.entry.no ?? null,
      verdict: best?.judgement.verdict ?? alone,
    };
    return { placement, merges, relations: this.#toRelations(entry.no, judged), isCrowded: best === null && crowded.size > 0 };
  }

  /** Judges two placed entries as if the second arrived now, whatever their stories are. */
  compare(earlierNo: number, laterNo: number): PairJudgement {
    const [earlier, later] = [this.#placed.get(earlierNo), this.#placed.get(laterNo)];
    if (!earlier || !later || this.#rules.level === 'off') return { verdict: alone, isApart: false, isGuarded: false };
    const around = createSurroundings(this.#findNeighbours(later, new Map()), this.#words, { measuresAll: true });
    return judgePair(earlier, later, around(earlier, later), this.#rules.level);
  }

  #judgeNeighbours(prepared: Prepared, sharers: ReadonlyMap<number, number>): Judged[] {
    const neighbours = this.#findNeighbours(prepared, sharers);
    const around = createSurroundings(neighbours, this.#words);
    return neighbours
      .slice(0, COMPARED)
      .map((other) => ({ other, judgement: judgePair(other, prepared, around(other, prepared), this.#rules.level) }))
      .sort((a, b) => b.judgement.verdict.score - a.judgement.verdict.score || compareNearness(a.other, b.other, prepared));
  }

  /** Returns the entries within the window that share most hashes with an entry. */
  #findNeighbours(prepared: Prepared, sharers: ReadonlyMap<number, number>): PlacedEntry[] {
    const { entry } = prepared;
    const shared = new Map(sharers);
    const hashes = lookupHashes(prepared);
    // One shared hash is chance, unless the entry has only one or it is the address.
    const least = Math.min(2, hashes.length);
    const atAddress = entry.urlKey === null ? [] : this.#index.find(hashes.slice(-1), 1);
    for (const [no, count] of [...this.#index.find(hashes, least), ...atAddress]) shared.set(no, Math.max(shared.get(no) ?? 0, count));
    const found: { readonly other: PlacedEntry; readonly count: number }[] = [];
    for (const [no, count] of shared) {
      const other = this.#placed.get(no);
      if (!other?.folds || no === entry.no) continue;
      const isAtOneAddress = entry.urlKey !== null && other.entry.urlKey === entry.urlKey;
      if (count < least && !isAtOneAddress) continue;
      if (apartMs(other.entry, entry) <= this.#rules.windowMs) found.push({ other, count });
    }
    found.sort((a, b) => b.count - a.count || compareNearness(a.other, b.other, prepared));
    return found.slice(0, NEIGHBOURS).map(({ other }) => other);
  }

  /** Reports whether the entry may join the story of `other`. No member may forbid it, and the
   *  story must not be full. */
  #isJoinable(prepared: Prepared, { other, judgement }: Judged, crowded: Set<number>): boolean {
    const members = this.#membersOf(other.storyNo);
    if (judgement.verdict.score < 1 && members.length >= MAX_MEMBERS) {
      crowded.add(other.storyNo);
      return false;
    }
    return this.#joining.mayJoin(prepared, other, members);
  }

  /** Merges every other story that the entry also belongs to, since it proves them to be one
   *  story. */
  #mergeOthers(
    prepared: Prepared,
    storyNo: number,
    judged: readonly Judged[],
  ): { readonly merges: readonly Merge[]; readonly own: number } {
    const merges: Merge[] = [];
    let own = storyNo;
    // A short text may belong to two stories, and proves nothing about them.
    for (const { other, judgement } of isTelling(prepared) ? judged : []) {
      if (!isFolding(judgement) || other.storyNo === own || merges.some(({ fromStory }) => fromStory === other.storyNo)) continue;
      const [mine, theirs] = [this.#membersOf(own), this.#membersOf(other.storyNo)];
      if (mine.length + theirs.length >= MAX_MEMBERS) continue;
      const areCompatible = (member: PlacedEntry, one: Prepared) => this.#joining.areCompatible(member, one);
      if (!theirs.every((member) => areCompatible(member, prepared) && mine.every((one) => areCompatible(one, member)))) continue;
      const [first, second] = this.#inOrderOfMaking(own, other.storyNo);
      merges.push({
        fromStory: second,
        intoStory: first,
        entryNo: prepared.entry.no,
        comparedWith: other.entry.no,
        verdict: judgement.verdict,
      });
      for (const member of this.#membersOf(second)) this.stand(member, first, { folds: member.folds, isIndexed: false });
      own = first;
    }
    return { merges, own };
  }

  #inOrderOfMaking(a: number, b: number): [first: number, second: number] {
    const [left, right] = [this.#placed.get(a), this.#placed.get(b)];
    if (!left || !right) return a < b ? [a, b] : [b, a];
    const order = left.entry.firstSeenAt.getTime() - right.entry.firstSeenAt.getTime() || compareDates(left.entry, right.entry);
    return order <= 0 ? [a, b] : [b, a];
  }

  #findPinned(entryNo: number): Judged | null {
    const counterparts = this.#joining.togetherWith(entryNo).flatMap((no) => this.#placed.get(no) ?? []);
    return counterparts[0] ? { other: counterparts[0], judgement: togetherByOwner } : null;
  }

  #toRelations(entryNo: number, judged: readonly Judged[]): Relation[] {
    const own = this.#placed.get(entryNo)?.storyNo;
    const related = judged.filter(({ other, judgement }) => judgement.verdict.label !== 'different' && other.storyNo !== own);
    return related
      .filter(({ other }, index) => related.findIndex((one) => one.other.storyNo === other.storyNo) === index)
      .slice(0, MAX_RELATED)
      .map(({ other, judgement }) => ({ entryNo, otherNo: other.entry.no, verdict: { ...judgement.verdict, label: 'related' } }));
  }

  #membersOf(storyNo: number): PlacedEntry[] {
    return (this.#stories.get(storyNo) ?? []).flatMap((no) => this.#placed.get(no) ?? []);
  }

  #removeFromStory(no: number): void {
    const before = this.#placed.get(no);
    if (!before) return;
    const others = (this.#stories.get(before.storyNo) ?? []).filter((other) => other !== no);
    if (others.length > 0) this.#stories.set(before.storyNo, others);
    else this.#stories.delete(before.storyNo);
  }
}

interface Judged {
  readonly other: PlacedEntry;
  readonly judgement: PairJudgement;
}

const togetherByOwner: PairJudgement = {
  verdict: { label: 'same', score: 1, why: ['put together by the owner'], rules: RULES, signals: null },
  isApart: false,
  isGuarded: false,
};
const alone: Verdict = { label: 'different', score: 0, why: ['first of its story'], rules: RULES, signals: null };

/** Daily pieces share their titles, so the candidate nearest in time wins. */
function compareNearness(a: Prepared, b: Prepared, { entry }: Prepared): number {
  const distance = (one: Prepared) => Math.abs(datedAt(one.entry) - datedAt(entry));
  return distance(a) - distance(b) || compareSourcePositions(a.entry, b.entry);
}
