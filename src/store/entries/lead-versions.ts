import type { Revision } from '../../model/entry.ts';

/** The entries that the lead's source has made of the story: the lead, and what it posted of the
 *  same article before and after. */
export function leadVersionsOf(entries: readonly { readonly no: number; readonly sourceId: string }[], leadNo: number | null): number[] {
  const lead = entries.find(({ no }) => no === leadNo);
  return entries.filter(({ sourceId }) => sourceId === lead?.sourceId).map(({ no }) => no);
}

/** Revisions of several posts of one article, by post, as those of one: what is first seen of a
 *  later post is an edit. */
export function inOrder<R extends Pick<Revision, 'kind' | 'hash' | 'seenAt'>>(
  posts: readonly number[],
  revisions: ReadonlyMap<number, readonly R[]>,
): R[] {
  const all = posts.flatMap((no) => revisions.get(no) ?? []).toSorted((a, b) => a.seenAt.getTime() - b.seenAt.getTime());
  return all
    .filter((revision, index) => index === 0 || revision.kind !== 'first' || revision.hash !== all[index - 1]?.hash)
    .map((revision, index): R => (index > 0 && revision.kind === 'first' ? { ...revision, kind: 'edit' } : revision));
}
