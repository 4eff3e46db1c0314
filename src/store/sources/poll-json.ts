import type { FoundFeed, Move, Notice, PublisherHints, HubOffer } from '../../model/source.ts';
import { fromJson, toDate, toInstant, toJsonColumn } from '../sql/rows.ts';

const publisherHints = createForm<PublisherHints>('updateBase');
/** Writes a publisher's hints about the poll interval as JSON. */
export const publisherHintsToJson = publisherHints.write;
export const readPublisherHintsJson = publisherHints.read;

const move = createForm<Move>('since');
/** Writes the evidence of a move as JSON. */
export const moveToJson = move.write;
export const toMove = move.read;

const notice = createForm<Notice>('at');
/** Writes a notable event as JSON. */
export const noticeToJson = notice.write;
export const readNoticeJson = notice.read;

const found = createForm<FoundFeed>('at');
/** Writes the feed that was found on a page as JSON. */
export const foundToJson = found.write;
export const toFound = found.read;

/** Reads the stored hubs of a source; null when it names none. */
export function readHubOfferJson(text: string | null): HubOffer | null {
  return text === null ? null : fromJson<HubOffer>(text);
}

/** Returns functions that write a value with one instant as JSON, the instant in milliseconds,
 *  and read it back. null stays null. */
function createForm<T extends object>(instant: keyof T & string) {
  return {
    write: (value: T | null): string | null => value && toJsonColumn({ ...value, [instant]: toInstant(value[instant] as Date | null) }),

    read: (text: string | null): T | null => {
      if (text === null) return null;
      const stored = fromJson<T>(text);
      return { ...stored, [instant]: toDate(stored[instant] as number | null) };
    },
  };
}
