import type { Feed } from '../model/feed.ts';
import type { Candidate, Listing } from '../model/listing.ts';
import { DAY_MS } from '../model/values/time.ts';
import { boundUpdated, findDue, positionOf } from '../publish/selection/listing.ts';

/** A story chosen for a feed. Instants are in milliseconds. */
export interface Chosen {
  readonly no: number;
  /** The instant by which the feed orders the story. */
  readonly at: number;
  readonly datedAt: number;
  readonly dueAt: number;
  readonly updated: number;
  readonly accountedFor: number;
  readonly founderSourceId: string;
  readonly sourceId: string;
}

/** Returns a story with its position in a feed. `before` is its earlier listing: `updated` never
 *  goes back and is later than a tombstone. `names` shares one string per source id among all rows,
 *  to save memory. */
export function toChosen(candidate: Candidate, before: Listing | null, feed: Feed, names: Map<string, string>): Chosen {
  const { no, datedAt } = candidate;
  const updated = boundUpdated(candidate.updated, before);
  const keep = (name: string) => {
    names.set(name, names.get(name) ?? name);
    return names.get(name) ?? name;
  };
  return {
    no,
    at: positionOf(feed, datedAt, updated).getTime(),
    datedAt: datedAt.getTime(),
    dueAt: findDue(feed, candidate, before).getTime(),
    updated: updated.getTime(),
    accountedFor: candidate.updated.getTime(),
    founderSourceId: keep(candidate.founderSourceId),
    sourceId: keep(candidate.lead?.sourceId ?? ''),
  };
}

/** Returns a shown story that the rules of the feed failed on: it keeps its position. */
export function toKept({ storyNo, at, updated, accountedFor }: Listing): Chosen {
  const [position, changed] = [at.getTime(), updated.getTime()];
  const unknown = { founderSourceId: '', sourceId: '' };
  return { no: storyNo, at: position, datedAt: position, dueAt: 0, updated: changed, accountedFor: accountedFor.getTime(), ...unknown };
}

/** Reports whether a story is among the first `maxPerSourcePerDay` of its source on its day. If so,
 *  it is counted in `days`. */
export function takesRoomThatDay(feed: Feed, story: Pick<Chosen, 'sourceId' | 'datedAt'>, days: Map<string, number>): boolean {
  const day = dayOf(story);
  const count = (days.get(day) ?? 0) + 1;
  if (count > (feed.maxPerSourcePerDay ?? Infinity)) return false;
  days.set(day, count);
  return true;
}

/** Returns the key of a story's source and UTC day. */
export function dayOf({ sourceId, datedAt }: Pick<Chosen, 'sourceId' | 'datedAt'>): string {
  return `${Math.floor(datedAt / DAY_MS)} ${sourceId}`;
}

/** Orders stories oldest first; stories of one instant come in the reverse order of documents. */
export function compareChosen(a: Chosen, b: Chosen): number {
  const [one, other] = [a.founderSourceId, b.founderSourceId];
  return a.at - b.at || (one < other ? 1 : one > other ? -1 : b.no - a.no);
}
