import type { KnownEntry } from '../../model/entry.ts';
import type { Problem } from '../../model/errors.ts';
import type { ParsedItem } from '../../model/parsed.ts';
import { hasTimeOfDay, readDate } from './date.ts';
import type { NormaliseContext } from '../normalise-context.ts';
import { isFarAhead } from '../poll-facts.ts';

/** The believable dates of an item. */
export interface Dates {
  /** null when unknown. */
  readonly published: Date | null;
  /** false: `published` is a day without a time. */
  readonly publishedHasTime: boolean;
  /** IANA zone in which a date without a time was read. */
  readonly earlierZone: string;
  /** null when the source gives no believable one. */
  readonly updated: Date | null;
}

/** Returns the dates of an item. An unreadable date is added to `problems` and counts as
 *  unknown. */
export function readDates(
  item: ParsedItem,
  identity: string,
  known: KnownEntry | null,
  context: NormaliseContext,
  problems: Problem[],
): Dates {
  const read = (text: string | null, spare: readonly string[] = []) => {
    if (text === null) return null;
    // A local article is dated by its owner's clock.
    const found = readDate([text, ...spare], item.location === null ? 'UTC' : context.zone);
    if (found !== null) return found;
    problems.push({
      code: 'date/unreadable',
      entry: identity.slice(0, 200),
      message: `the date ${JSON.stringify(text.slice(0, 60))} cannot be read: it counts as unknown`,
    });
    return null;
  };
  const saidFirst = read(item.published, item.spareDates?.published);
  const said = saidFirst?.date ?? null;
  const changed = read(item.updated, item.spareDates?.updated)?.date ?? null;
  const firstSeenAt = known?.firstSeenAt ?? context.seenAt;
  // A future date counts as the first sight. A stored date stays, so that nothing moves when a
  // publisher changes the date.
  const counted = context.isOfTheFuture === true && said !== null && isFarAhead(said, context.seenAt) ? null : firstSeenAt;
  const believable = said && said > context.seenAt ? counted : said;
  const published = known?.revisions[0]?.published ?? believable ?? (changed && changed <= context.seenAt ? changed : null);
  const updated = changed === null || changed > context.seenAt ? null : published && changed < published ? published : changed;
  const publishedHasTime = said === null || said > context.seenAt || hasTimeOfDay(saidFirst?.text ?? '');
  return { published, publishedHasTime, earlierZone: item.location === null ? 'UTC' : context.zone, updated };
}
