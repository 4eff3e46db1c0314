import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';
import { readDate } from '../dates/date.ts';

/** A withdrawal of an entry by the source that published it (RFC 6721 §3). */
interface Withdrawal {
  /** The id that the entry was published with, as sent. */
  readonly guid: string;
  /** When it was withdrawn; null when that cannot be read. */
  readonly at: Date | null;
}

/** The items of a document without those that it withdraws itself, and the withdrawals in it
 *  that are in force. An entry that is newer than its withdrawal is back. An entry whose
 *  withdrawal has no readable date is there while the document has it (RFC 6721 §3). */
export function applyWithdrawals(feed: Pick<ParsedFeed, 'items' | 'withdrawals'>): {
  readonly items: readonly ParsedItem[];
  readonly withdrawals: readonly Withdrawal[];
} {
  if (feed.withdrawals.length === 0) return { items: feed.items, withdrawals: [] };
  const newest = new Map<string, Withdrawal>();
  for (const { ref, when } of feed.withdrawals) {
    const at = when === null ? null : (readDate([when])?.date ?? null);
    const known = newest.get(ref);
    if (known === undefined || (at !== null && (known.at === null || at > known.at))) newest.set(ref, { guid: ref, at });
  }
  const items = feed.items.filter((item) => {
    const withdrawal = item.guid === null ? undefined : newest.get(item.guid);
    if (withdrawal === undefined) return true;
    const changed = readDate([item.updated, ...(item.spareDates?.updated ?? []), item.published, ...(item.spareDates?.published ?? [])]);
    const isBack = withdrawal.at === null || (changed !== null && changed.date > withdrawal.at);
    if (isBack) newest.delete(withdrawal.guid);
    return isBack;
  });
  return { items, withdrawals: [...newest.values()] };
}
