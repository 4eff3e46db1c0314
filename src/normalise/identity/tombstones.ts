import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';
import { readDate } from '../dates/date.ts';

/** Withdrawal of an entry by its source (RFC 6721 §3). */
interface Withdrawal {
  /** The id under which the entry was published, as sent. */
  readonly guid: string;
  /** Time of the withdrawal; null when it cannot be read. */
  readonly at: Date | null;
}

/** Returns the items of a document without those that it withdraws, and the valid withdrawals. An
 *  entry newer than its withdrawal has returned. An entry whose withdrawal has no readable date
 *  counts as present while the document contains it (RFC 6721 §3). */
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
