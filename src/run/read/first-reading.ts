import { nameUrl } from '../../model/values/address.ts';
import type { KnownEntry } from '../../model/entry.ts';
import type { Notice, Source } from '../../model/source.ts';
import type { DuePoll } from './due-poll.ts';

/** Most entries with which an empty source may begin as news. A larger number was moved here from
 *  elsewhere. */
const MOST_BEGUN = 5;

/** Reports whether a document belongs to the first reading of its source, which brings no news. A
 *  source may begin again at another address, or after a long time. Its document then counts as a
 *  first reading only if most entries are new; otherwise the new entries were written since.
 *  `found` has the known entry of each item; null for a new one. */
export function isFirstReading(
  { poll: { firstReadAt, lastSuccessAt, lastEntryAt, cutPolls } }: Pick<DuePoll, 'poll'>,
  found: readonly (KnownEntry | null)[],
): boolean {
  if (firstReadAt !== null || lastSuccessAt === null) return firstReadAt === null;
  // The source was read, and was empty. A hub may have delivered its first entries since.
  const wasEmpty = cutPolls === 0 && (lastEntryAt === null || lastEntryAt > lastSuccessAt);
  if (wasEmpty) return found.filter((known) => known === null).length > MOST_BEGUN;
  // An interrupted reading has stored some of the entries already.
  const fresh = found.filter((known) => known === null || known.firstSeenAt > lastSuccessAt);
  return fresh.length * 2 > found.length;
}

/** Returns the time before which all entries were stored by earlier readings than this first one,
 *  which may have been interrupted or cut. */
export function startOfReading({ poll: { lastSuccessAt, cutPolls } }: Pick<DuePoll, 'poll'>): Date {
  if (lastSuccessAt === null) return new Date(0);
  return cutPolls > 0 ? lastSuccessAt : new Date(lastSuccessAt.getTime() + 1);
}

/** Reports whether this is the first document from the address to which the owner moved the source:
 *  its poll history began again there. */
export function isFirstAfterMove({ source: { previous }, poll }: Pick<DuePoll, 'source' | 'poll'>): boolean {
  return previous !== null && poll.lastSuccessAt !== null && /^f*$/.test(poll.history);
}

/** Returns the notice on a move that the owner declared: how many entries are known. */
export function toMoveNotice(
  { previous, private: isPrivate }: Source,
  { entries, fresh }: { readonly entries: number; readonly fresh: number },
  at: Date,
): Notice {
  const where = isPrivate || previous === null ? 'its former address' : nameUrl(previous);
  const message = `${entries - fresh} of ${entries} entries are known from ${where} and are not published again; ${fresh} are new`;
  return { code: 'source/previous', message, at };
}

/** Returns the notice on ids that have changed; null unless most entries of the document came under
 *  new ones. */
export function toIdsNotice(renamed: number, entries: number, at: Date): Notice | null {
  if (renamed < 3 || renamed * 2 <= entries) return null;
  const message = `${renamed} of ${entries} entries have new ids and were re-identified by address, title or text: none of them is published again`;
  return { code: 'source/ids-changed', message, at };
}
