import type { StoredEntry } from '../model/entry.ts';
import type { Placement, Settlement, UnsettledStory, Verdict } from '../model/story.ts';
import { toFoldKeys } from './candidates.ts';
import { compare, RULES } from './decide.ts';
import { settle } from './lead.ts';
import { comparePlaces, datedAt } from './place.ts';

/** How far folding goes. */
export interface FoldRules {
  readonly level: 'off' | 'keys' | 'careful' | 'normal';
  /** Entries first seen further apart than this never fold, milliseconds. */
  readonly windowMs: number;
}

/** An entry to be placed, and whether its source lets it fold. */
export interface Arrival {
  readonly entry: StoredEntry;
  readonly folds: boolean;
}

/** An entry that already stands in a story. */
export interface Standing {
  readonly entry: StoredEntry;
  readonly storyNo: number;
  /** Ids of the sources of every member of its story. */
  readonly storySources: readonly string[];
}

/** The fold keys that an entry is stored and looked up under: equal keys make two entries candidates, never more than that. */
export function keysOf(entry: StoredEntry): readonly string[] {
  return toFoldKeys(entry);
}

/** What a story shows after its members changed (fold/lead.ts says how); `at` is the instant of the run. */
export function settleStory(story: UnsettledStory, at: Date): Settlement {
  return settle(story, at);
}

/** Puts arrivals, in their order, into the stories of `standing` or into new ones. An arrival sees those before it.
 *  One source never stands twice in a story: within a source only equal identity makes one entry (DESIGN §6.1, first rung). */
export function placeEntries(arrivals: readonly Arrival[], standing: readonly Standing[], rules: FoldRules): Placement[] {
  const index = new Map<string, StandingMember[]>();
  const sourcesOf = new Map<number, Set<string>>();
  const add = (member: StandingMember) => {
    sourcesOf.set(member.storyNo, (sourcesOf.get(member.storyNo) ?? new Set()).add(member.entry.sourceId));
    for (const key of toFoldKeys(member.entry)) {
      const sharers = index.get(key);
      if (sharers) sharers.push(member);
      else index.set(key, [member]);
    }
  };
  for (const member of standing) {
    add(member);
    for (const source of member.storySources) sourcesOf.get(member.storyNo)?.add(source);
  }
  return arrivals.map(({ entry, folds }) => {
    const best = folds && rules.level !== 'off' ? bestOf(entry, index, sourcesOf, rules) : null;
    const storyNo = best?.member.storyNo ?? entry.no;
    add({ entry, storyNo });
    return {
      entryNo: entry.no,
      storyNo,
      preferredId: toStoryId(entry.guid),
      comparedWith: best?.member.entry.no ?? null,
      verdict: best?.verdict ?? alone,
    };
  });
}

/** Judges two entries by themselves, whatever else there is: the strongest verdict of the keys that they share. Two entries of one source
 *  with one identity are versions of each other. */
export function comparePair(earlier: StoredEntry, later: StoredEntry, rules: FoldRules): Verdict {
  if (earlier.sourceId === later.sourceId && earlier.identity === later.identity) {
    return { label: 'revision', score: 1, why: [`same id ${later.identity.slice(0, 200)} in one source`], rules: RULES };
  }
  if (rules.level === 'off') return alone;
  const keys = new Set(toFoldKeys(earlier));
  const verdicts = toFoldKeys(later).flatMap((key) => (keys.has(key) ? [compare(earlier, later, key, { isAmbiguous: false })] : []));
  return verdicts.toSorted((a, b) => rank(b) - rank(a))[0] ?? { label: 'different', score: 0, why: ['nothing in common'], rules: RULES };
}

function rank({ label, score }: Verdict): number {
  return (label === 'same' ? 2 : label === 'related' ? 1 : 0) + score;
}

const alone: Verdict = { label: 'different', score: 0, why: ['first of its story'], rules: RULES };

/** A key that more entries share says nothing, and looking through them would cost more the more there are. */
const MAX_SHARERS = 64;

type StandingMember = Omit<Standing, 'storySources'>;

function bestOf(
  entry: StoredEntry,
  index: ReadonlyMap<string, readonly StandingMember[]>,
  sourcesOf: ReadonlyMap<number, ReadonlySet<string>>,
  rules: FoldRules,
) {
  let best: { member: StandingMember; verdict: Verdict } | null = null;
  for (const key of toFoldKeys(entry)) {
    const sharers = index.get(key) ?? [];
    if (sharers.length > MAX_SHARERS) continue;
    // What one source uses for several of its own entries (a series title, a shared link, a podcast's blurb) tells nothing apart.
    const isAmbiguous = isRepeated(sharers, entry);
    for (const member of sharers) {
      if (Math.abs(member.entry.firstSeenAt.getTime() - entry.firstSeenAt.getTime()) > rules.windowMs) continue;
      if (sourcesOf.get(member.storyNo)?.has(entry.sourceId)) continue;
      const verdict = compare(member.entry, entry, key, { isAmbiguous });
      if (verdict.label !== 'same') continue;
      if (
        best === null ||
        verdict.score > best.verdict.score ||
        (verdict.score === best.verdict.score && isNearer(member, best.member, entry))
      )
        best = { member, verdict };
    }
  }
  return best;
}

function isRepeated(sharers: readonly StandingMember[], entry: StoredEntry): boolean {
  const sources = [...sharers.map((member) => member.entry.sourceId), entry.sourceId];
  return new Set(sources).size < sources.length;
}

/** Daily pieces share their titles: the one of the same day is meant. */
function isNearer(a: StandingMember, b: StandingMember, entry: StoredEntry): boolean {
  const nearer = distance(a.entry, entry) - distance(b.entry, entry);
  return nearer === 0 ? comparePlaces(a.entry, b.entry) < 0 : nearer < 0;
}

function distance(a: StoredEntry, b: StoredEntry): number {
  return Math.abs(datedAt(a) - datedAt(b));
}

/** The guid as the story's id, if it is an absolute IRI that means something outside its own machine (DESIGN §3). */
function toStoryId(guid: string | null): string | null {
  if (guid === null || guid.length > 1000 || !/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(guid)) return null;
  const scheme = guid.slice(0, guid.indexOf(':')).toLowerCase();
  if (['javascript', 'data', 'vbscript', 'file', 'blob', 'about'].includes(scheme)) return null;
  if (scheme !== 'http' && scheme !== 'https') return guid;
  if (!URL.canParse(guid)) return null;
  const host = new URL(guid).hostname;
  const isPlaceholder =
    host === 'localhost' ||
    /(^|\.)(example(\.(com|org|net))?|test|invalid|local|localhost)$/.test(host) ||
    /^(127\.|10\.|192\.168\.|0\.|\[)/.test(host);
  return isPlaceholder ? null : guid;
}
