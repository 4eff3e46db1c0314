import type { Version } from '../../model/entry.ts';
import { isSameMinute } from '../../model/values/shown-time.ts';
import { escapeXml, toLine } from '../html/xml-text.ts';

/** Updates that are named at most: the newest. */
const MOST = 5;
/** Characters of an update mark. */
const MARK_LENGTH = 80;

/** The changes in a story since it was first seen, as a paragraph below its text: time, and
 *  update mark or edit; newest first. A mark that stood in it at first sight is no change. An
 *  instant that the note before it has, to the minute, is not said again. Empty for a story
 *  without a change. normalise/loops.ts drops the paragraph when our feed is read again. */
export function toUpdateNotes(revisions: readonly Version[]): string {
  const firstSight = revisions[0]?.seenAt.getTime();
  const notes = revisions.flatMap((revision, index) => {
    const before = revisions[index - 1];
    return before && revision.seenAt.getTime() !== firstSight ? [toNote(revision, before)] : [];
  });
  if (notes.length === 0) return '';
  const newest = notes.slice(-MOST).toReversed();
  const said = newest.map(({ at, what }, index) =>
    index > 0 && isSameMinute(at, newest[index - 1]?.at ?? null) ? what : `${showAt(at)} ${what}`,
  );
  return `\n<p class="newsfold-updates">Updates: ${said.join('; ')}</p>`;
}

function toNote(revision: Version, before: Version): { readonly at: Date; readonly what: string } {
  const what = revision.mark ?? (revision.title === before.title ? 'text edited' : 'title edited');
  return { at: revision.updated ?? revision.seenAt, what: escapeXml(toLine(what, MARK_LENGTH)) };
}

function showAt(date: Date): string {
  const at = date.toISOString();
  return `<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`;
}
