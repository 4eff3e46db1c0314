import type { FoundFeed, Move, Notice, PollWishes, PushOffer } from '../../model/source.ts';
import { fromJson, toDate, toInstant, toJson } from '../sql/rows.ts';

const wishes = createForm<PollWishes>('updateBase');
/** A feed's hints on how often to poll it, as JSON. */
export const wishesToJson = wishes.write;
export const toWishes = wishes.read;

const move = createForm<Move>('since');
/** The evidence of a move as JSON. */
export const moveToJson = move.write;
export const toMove = move.read;

const notice = createForm<Notice>('at');
/** A notable event as JSON. */
export const noticeToJson = notice.write;
export const toNotice = notice.read;

const found = createForm<FoundFeed>('at');
/** The feed that was found on a page, as JSON. */
export const foundToJson = found.write;
export const toFound = found.read;

/** The hubs that a feed names, as they were stored. */
export function toOffer(text: string | null): PushOffer | null {
  return text === null ? null : fromJson<PushOffer>(text);
}

/** Writes a value with one instant as JSON, the instant in milliseconds, and reads it again. null stays null. */
function createForm<T extends object>(instant: keyof T & string) {
  return {
    write: (value: T | null): string | null => value && toJson({ ...value, [instant]: toInstant(value[instant] as Date | null) }),

    read: (text: string | null): T | null => {
      if (text === null) return null;
      const stored = fromJson<T>(text);
      return { ...stored, [instant]: toDate(stored[instant] as number | null) };
    },
  };
}
