import type { Version } from '../model/entry.ts';
import { escapeXml, toLine } from './xml-text.ts';

/** Updates that are named at most: the newest. */
const MOST = 5;
/** Characters of an update mark. */
const MARK_LENGTH = 80;

/** What changed in a story since it was first seen, as a paragraph below its text: when, and the update mark or what was edited; newest first. Empty
 *  for a story without a revision. normalise/loops.ts drops the paragraph when our feed is read again. */
export function toUpdateNotes(revisions: readonly Version[]): string {
  const notes = revisions.flatMap((revision, index) => {
    const before = revisions[index - 1];
    return before ? [toNote(revision, before)] : [];
  });
  if (notes.length === 0) return '';
  return `\n<p class="newsfold-updates">Updates: ${notes.slice(-MOST).toReversed().join('; ')}</p>`;
}

function toNote(revision: Version, before: Version): string {
  const at = (revision.updated ?? revision.seenAt).toISOString();
  const what = revision.mark ?? (revision.title === before.title ? 'text edited' : 'title edited');
  return `<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time> ${escapeXml(toLine(what, MARK_LENGTH))}`;
}
