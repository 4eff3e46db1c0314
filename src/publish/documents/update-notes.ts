import type { Version } from '../../model/entry.ts';
import { isSameMinute } from '../../model/values/shown-time.ts';
import { escapeXml, toLine } from '../html/xml-text.ts';

/** Most updates that are named: the newest. */
const MOST = 5;
/** Most characters of an update mark. */
const MARK_LENGTH = 80;

/** Returns the changes of a story since it was first seen, as a paragraph below its text. Each note
 *  has a time, and the update mark or the kind of edit; the newest comes first. A mark that was
 *  there at first sight is no change. A time equal to the minute with the note before is not
 *  repeated. Empty for a story without changes. When Newsfold reads its own feed, normalise drops
 *  this paragraph. */
export function toUpdateNotes(revisions: readonly Version[]): string {
  const firstSight = revisions[0]?.seenAt.getTime();
  const notes = revisions.flatMap((revision, index) => {
    const before = revisions[index - 1];
    return before && revision.seenAt.getTime() !== firstSight ? [toNote(revision, before)] : [];
  });
  if (notes.length === 0) return '';
  const newest = notes.slice(-MOST).toReversed();
  const texts = newest.map(({ at, change }, index) =>
    index > 0 && isSameMinute(at, newest[index - 1]?.at ?? null) ? change : `${showAt(at)} ${change}`,
  );
  return `\n<p class="newsfold-updates">Updates: ${texts.join('; ')}</p>`;
}

function toNote(revision: Version, before: Version): { readonly at: Date; readonly change: string } {
  const change = revision.mark ?? (revision.title === before.title ? 'text edited' : 'title edited');
  return { at: revision.updated ?? revision.seenAt, change: escapeXml(toLine(change, MARK_LENGTH)) };
}

function showAt(date: Date): string {
  const at = date.toISOString();
  return `<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`;
}
