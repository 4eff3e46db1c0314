import type { Revision } from '../../model/entry.ts';

/** Returns the lead and the other entries of its source in the story: the same article,
 *  published again under another id. */
export function leadVersionsOf(entries: readonly { readonly no: number; readonly sourceId: string }[], leadNo: number | null): number[] {
  const lead = entries.find(({ no }) => no === leadNo);
  return entries.filter(({ sourceId }) => sourceId === lead?.sourceId).map(({ no }) => no);
}

/** Merges the revisions of several entries for one article into one sequence. The first revision
 *  of a later entry counts as an edit. */
export function mergeVersions<R extends Pick<Revision, 'kind' | 'hash' | 'seenAt'>>(
  entries: readonly number[],
  revisions: ReadonlyMap<number, readonly R[]>,
): R[] {
  const all = entries.flatMap((no) => revisions.get(no) ?? []).toSorted((a, b) => a.seenAt.getTime() - b.seenAt.getTime());
  return all
    .filter((revision, index) => index === 0 || revision.kind !== 'first' || revision.hash !== all[index - 1]?.hash)
    .map((revision, index): R => (index > 0 && revision.kind === 'first' ? { ...revision, kind: 'edit' } : revision));
}
