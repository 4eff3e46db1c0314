import type { FoundFeed, Move, Notice, PollWishes, PushOffer } from '../model/source.ts';
import { fromJson, toJson } from './rows.ts';

/** What a feed asks of those who poll it, as JSON; its instant as milliseconds. null stays null. */
export function wishesToJson(wishes: PollWishes | null): string | null {
  return wishes && toJson({ ...wishes, updateBase: wishes.updateBase?.getTime() ?? null });
}

/** Wishes as they were stored. */
export function toWishes(text: string | null): PollWishes | null {
  if (text === null) return null;
  const stored = fromJson<Omit<PollWishes, 'updateBase'> & { readonly updateBase: number | null }>(text);
  return { ...stored, updateBase: stored.updateBase === null ? null : new Date(stored.updateBase) };
}

/** Evidence of a move as JSON; its instant as milliseconds. null stays null. */
export function moveToJson(move: Move | null): string | null {
  return move && toJson({ ...move, since: move.since.getTime() });
}

/** A move as it was stored. */
export function toMove(text: string | null): Move | null {
  if (text === null) return null;
  const stored = fromJson<Omit<Move, 'since'> & { readonly since: number }>(text);
  return { ...stored, since: new Date(stored.since) };
}

/** A notable event as JSON; its instant as milliseconds. null stays null. */
export function noticeToJson(notice: Notice | null): string | null {
  return notice && toJson({ ...notice, at: notice.at.getTime() });
}

/** An event as it was stored. */
export function toNotice(text: string | null): Notice | null {
  if (text === null) return null;
  const stored = fromJson<Omit<Notice, 'at'> & { readonly at: number }>(text);
  return { ...stored, at: new Date(stored.at) };
}

/** The feed that was found on a page as JSON; its instant as milliseconds. null stays null. */
export function foundToJson(found: FoundFeed | null): string | null {
  return found && toJson({ ...found, at: found.at.getTime() });
}

/** A found feed as it was stored. */
export function toFound(text: string | null): FoundFeed | null {
  if (text === null) return null;
  const stored = fromJson<Omit<FoundFeed, 'at'> & { readonly at: number }>(text);
  return { ...stored, at: new Date(stored.at) };
}

/** Where a feed says that it is pushed, as it was stored. */
export function toOffer(text: string | null): PushOffer | null {
  return text === null ? null : fromJson<PushOffer>(text);
}
