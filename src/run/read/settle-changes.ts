import type { KnownEntry, Revision } from '../../model/entry.ts';
import type { Source } from '../../model/source.ts';
import type { IdentifiedItem } from '../../normalise/identity/identity.ts';
import { toShown } from '../../normalise/normalise.ts';
import { compareShown } from '../../normalise/text/difference.ts';
import type { Difference } from '../../normalise/text/difference.ts';
import { findTemplate, judgeDifference } from '../../normalise/text/template.ts';
import type { SettledChange } from '../../normalise/versions.ts';
import type { EntryReads } from '../../ports/store/entries.ts';
import type { KnownEntries } from './known-entries.ts';

/** The effects of the changes of a document, by item. An item that is new or unchanged has none. */
export type SettledChanges = ReadonlyMap<IdentifiedItem, SettledChange>;

/** Published texts that are read at once. */
const AT_ONCE = 50;
/** Most unchanged entries that are compared with a changed one. */
const WITNESSES = 25;
/** Most changed entries of one document that are compared. No feed of news has as many. */
const MOST = 1000;

/** Does work on one item; undefined when it fails (runtime/set-aside-failing.ts). */
type Attempt = <R>(item: IdentifiedItem, work: () => R) => R | undefined;

/** An item with its stored entry. */
interface Pair {
  readonly item: IdentifiedItem;
  /** The stored identity. */
  readonly name: string;
  readonly isChanged: boolean;
  /** First sight of the version that is published now. */
  readonly seenAt: number;
}

/** Decides which changes of a document's entries are news, beside one another (docs/design.md §134,
 *  §136). Unchanged entries are witnesses: their documents may have had a new template before. */
export async function settleChanges(
  store: Pick<EntryReads, 'readNewest'>,
  source: Pick<Source, 'id' | 'shorter'>,
  { items, find }: Pick<KnownEntries, 'items' | 'find'>,
  attempt: Attempt,
): Promise<SettledChanges> {
  const known = items.flatMap((item) => {
    const entry = find(item);
    return (entry !== null && attempt(item, () => toPair(item, entry))) || [];
  });
  const changed = known.filter(({ isChanged }) => isChanged).slice(0, MOST);
  if (changed.length === 0) return new Map();
  const compared = await compareAll(store, source.id, changed, attempt);
  const first = Math.min(...changed.map(({ seenAt }) => seenAt));
  const unchanged = known.filter(({ isChanged }) => !isChanged);
  const isNeeded = [...compared.values()].some(({ difference }) => hasOtherWords(difference));
  const others = isNeeded
    ? await compareAll(store, source.id, unchanged.toReversed().slice(0, WITNESSES), attempt)
    : new Map<never, never>();
  // An entry that came later has the template from the beginning, and so proves nothing.
  const witnesses = [...compared, ...others].filter(([pair, { difference }]) => pair.seenAt <= first || hasOtherWords(difference));
  const template = findTemplate(witnesses.map(([{ isChanged }, { difference }]) => ({ difference, isChanged })));
  const options = { isLongerKept: source.shorter !== 'replaces' };
  return new Map(
    [...compared].map(([{ item }, { difference, published }]) => [
      item,
      { effect: judgeDifference(difference, template, options), published },
    ]),
  );
}

/** Compares items with their published versions, a few at once: texts may be long. */
async function compareAll(store: Pick<EntryReads, 'readNewest'>, sourceId: string, pairs: readonly Pair[], attempt: Attempt) {
  const compared = new Map<Pair, { readonly difference: Difference; readonly published: Revision }>();
  for (let from = 0; from < pairs.length; from += AT_ONCE) {
    const some = pairs.slice(from, from + AT_ONCE);
    const newest = await store.readNewest(
      sourceId,
      some.map(({ name }) => name),
    );
    for (const pair of some) {
      const published = newest.get(pair.name);
      const difference = published && attempt(pair.item, () => compareShown(published, toShown(pair.item.item)));
      if (published && difference) compared.set(pair, { difference, published });
    }
  }
  return compared;
}

function toPair(item: IdentifiedItem, { identity, contentHash, isPruned, revisions }: KnownEntry): Pair | null {
  const last = revisions.at(-1);
  if (isPruned || !last) return null;
  return { item, name: identity, isChanged: item.contentHash !== contentHash, seenAt: last.seenAt.getTime() };
}

function hasOtherWords({ title, text }: Difference): boolean {
  return [title, text].some(({ lost, gained }) => lost.length + gained.length > 0);
}
