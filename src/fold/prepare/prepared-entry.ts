import type { FoldText, PreparedEntry, StoredMember, WordCounts } from '../../model/fold.ts';
import type { Prepared } from '../judge/guards.ts';
import { hashWord, join } from './hashes.ts';
import { packProfile, toProfile, unpackProfile } from './profile.ts';
import type { Profile } from './profile.ts';
import { MAX_SHARERS } from '../sketch-index.ts';

/** Returns a stored entry with its text turned into hashes. */
export function prepareEntry(entry: FoldText): Prepared {
  const { no, sourceId, identity, guid, url, urlKey, homeHost, linkPost, position, firstSeenAt, listedFrom, revision } = entry;
  const { published, title, text } = revision;
  // The whole entry would keep its text in memory. Equal strings are shared, so that one address is
  // not kept three times.
  const same = (one: string | null) => (one === identity ? identity : one);
  const names = { identity, guid: same(guid), url: same(url), urlKey, homeHost };
  const kept = { no, sourceId, ...names, linkPost, position, firstSeenAt, listedFrom, published };
  return { entry: kept, profile: toProfile(title, text) };
}

/** Returns a prepared entry as the store keeps it, without hashes that too many entries share. */
export function packEntry(prepared: Prepared, countOf: (hash: number) => number): PreparedEntry {
  const sketch = lookupHashes(prepared).filter((hash) => countOf(hash) <= MAX_SHARERS);
  return { entryNo: prepared.entry.no, at: prepared.entry.firstSeenAt, profile: packProfile(prepared.profile), sketch };
}

/** Returns a prepared entry from the store; null when the store has no profile of it. */
export function unpackEntry({ entry, profile }: Pick<StoredMember, 'entry' | 'profile'>): Prepared | null {
  return profile === null ? null : { entry, profile: unpackProfile(profile) };
}

/** Returns the signed hashes by which an entry is found: those of its text and of its address. */
export function lookupHashes({ entry, profile }: Prepared): number[] {
  const hashes = Array.from(profile.sketch, (hash) => hash | 0);
  return entry.urlKey === null ? hashes : [...hashes, hashWord(`address ${entry.urlKey}`) | 0];
}

/** Least number of titles over which a phrase is counted: fewer are one story and its copies. */
const MANY_TITLES = 8;
/** Size of the table by which rare phrases are left out before any is counted exactly. */
const ROUGH = 2 ** 20;

/** Counts the texts with each word, and the titles over each phrase of three words that many texts
 *  have. Phrases are without their lowest bit. One in 40,000 has the hash of a word by chance. */
export function countWordUse(profiles: Iterable<Profile>): WordCounts {
  const counts = new Map<number, number>();
  const all = [...profiles];
  for (const { title, body } of all) for (const word of new Set([...title, ...body])) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const [phrase, { titles }] of countPhrases(all)) if (titles >= MANY_TITLES) counts.set(phrase, titles);
  return { texts: all.length, counts };
}

/** Counts titles by phrase. A title that follows itself counts once. */
function countPhrases(profiles: readonly Profile[]): ReadonlyMap<number, { titles: number; last: number }> {
  const rough = new Uint8Array(ROUGH);
  for (const profile of profiles)
    profile.forEachPhrase((phrase) => {
      const at = phrase & (ROUGH - 1);
      if ((rough[at] ?? 0) < MANY_TITLES) rough[at] = (rough[at] ?? 0) + 1;
    });
  const exact = new Map<number, { titles: number; last: number }>();
  for (const profile of profiles) {
    const title = profile.title.reduce(join, 1);
    profile.forEachPhrase((phrase) => {
      if ((rough[phrase & (ROUGH - 1)] ?? 0) < MANY_TITLES) return;
      const count = exact.get(phrase);
      if (count === undefined) exact.set(phrase, { titles: 1, last: title });
      else if (count.last !== title) [count.titles, count.last] = [count.titles + 1, title];
    });
  }
  return exact;
}
