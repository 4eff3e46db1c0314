import { KIN_TEXT_LENGTH } from '../model/entry.ts';
import type { Entry, EntryChange, Kin, KnownEntry, Revision } from '../model/entry.ts';
import type { Problem } from '../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../model/parsed.ts';
import type { SourceDescription } from '../model/source.ts';
import { hasTimeOfDay, readDate } from './date.ts';
import { isFarAhead } from './poll-facts.ts';
import type { IdentifiedItem } from './identity.ts';
import { isLinkPost } from './link-post.ts';
import { findMarkTime, resolveMarkTime } from './mark-time.ts';
import { dropOwnFooter } from './loops.ts';
import { isRealChange } from './change.ts';
import { toMediaHtml } from './media-html.ts';
import { hashVersion } from './text-hash.ts';
import { toText } from './text.ts';
import { toPlainTitle } from './title.ts';
import { MAX_UPDATES, mostUpdates, splitUpdates } from './update-marks.ts';
import type { UpdateStep } from './update-marks.ts';
import { toHostKey, toItemKey } from './url.ts';

/** What normalising needs to know beside the item. */
export interface NormaliseContext {
  readonly sourceId: string;
  /** Home page of the source, for what it may claim as its own; null when unknown. */
  readonly homePage: string | null;
  /** BCP 47 language of the source; null when unknown. */
  readonly language: string | null;
  /** IANA zone for clock times of update marks that name none, and for the dates of local articles that name none. */
  readonly zone: string;
  /** When the document was read. */
  readonly seenAt: Date;
  /** true where dates far ahead say nothing of when entries were written, not even that it was now: a list of what is to come. */
  readonly isOfTheFuture?: boolean;
  /** true while a source is read for the first time: what differs from what an earlier, shorter document of it said is no news. */
  readonly isFirstReading?: boolean;
}

/** What a document says of its source, as plain text. */
export function describe(feed: ParsedFeed): SourceDescription {
  const title = feed.title === null ? null : toPlainTitle(feed.title, feed.titleType);
  return { title: title === '' ? null : title, homePage: feed.homePage, feedId: feed.feedId, language: feed.language };
}

/** Turns an item into what changes in the store: an entry with its revisions, oldest first. `change` is null when nothing has changed.
 *  `before` is what the entry said when readers were last told of it; null when that is not known, then every change of words is real.
 *  A bad date is a problem and counts as unknown; a text with update marks gives a revision for each (DESIGN §4, §6). */
export function normalise(
  sent: Omit<IdentifiedItem, 'besideLink' | 'otherNames' | 'guid'>,
  known: KnownEntry | null,
  context: NormaliseContext,
  before: Kin | null = null,
): { readonly change: EntryChange | null; readonly problems: readonly Problem[] } {
  const { identity, contentHash } = sent;
  const said = withoutFooter(sent.item);
  const item = withMedia(said);
  const identified = { ...sent, item };
  const formerIdentity = known && known.identity !== identity ? known.identity : null;
  if (known && known.contentHash === contentHash && known.location === item.location && !known.isDeleted && formerIdentity === null)
    return { change: null, problems: [] };
  // What is kept no longer is not taken up again, whatever its source says of it now; only its name and its place are kept up to date.
  if (known?.isPruned === true && formerIdentity === null && known.location === item.location) return { change: null, problems: [] };
  // HTML that stands for a picture is no text of its own: nothing is compared or folded by it.
  const text = toText(said.html ?? said.summary ?? '');
  if (known && (known.contentHash === contentHash || known.isPruned)) {
    return { change: { entry: toEntry(identified, text, context), revisions: [], replacesLast: false, formerIdentity }, problems: [] };
  }
  const problems: Problem[] = [];
  const dates = readDates(item, identity, known, context, problems);
  const versions = toVersions(item, known, dates, context, text);
  const most = mostUpdates(item.html?.length ?? 0);
  if (most < MAX_UPDATES && versions.length > most) {
    const message = `a text of ${item.html?.length} characters has update marks: its newest ${most} at most make versions`;
    problems.push({ code: 'entry/many-updates', message, entry: identity.slice(0, 200) });
  }
  const { revisions, replacesLast } = known
    ? toNewRevisions(versions, known, dates, { context, before })
    : { revisions: versions, replacesLast: false };
  return { change: { entry: toEntry(identified, text, context), revisions, replacesLast, formerIdentity }, problems };
}

function withoutFooter(item: ParsedItem): ParsedItem {
  const drop = (html: string | null) => (html === null ? null : dropOwnFooter(html));
  return { ...item, html: drop(item.html), summary: drop(item.summary) };
}

/** A post without title and words has what it shows for a text. */
function withMedia(item: ParsedItem): ParsedItem {
  const html = toMediaHtml(item);
  return html === null ? item : { ...item, html };
}

interface Dates {
  readonly published: Date | null;
  readonly publishedHasTime: boolean;
  /** IANA zone in which a date alone was read. */
  readonly earlierZone: string;
  /** null when the source gives none that can be believed. */
  readonly updated: Date | null;
}

function readDates(item: ParsedItem, identity: string, known: KnownEntry | null, context: NormaliseContext, problems: Problem[]): Dates {
  const read = (text: string | null, spare: readonly string[] = []) => {
    if (text === null) return null;
    // An article of this machine is dated by its owner's clock.
    const found = readDate([text, ...spare], item.location === null ? 'UTC' : context.zone);
    if (found !== null) return found;
    problems.push({
      code: 'date/unreadable',
      entry: identity.slice(0, 200),
      message: `the date ${JSON.stringify(text.slice(0, 60))} cannot be read: taken as unknown`,
    });
    return null;
  };
  const saidFirst = read(item.published, item.spareDates?.published);
  const said = saidFirst?.date ?? null;
  const changed = read(item.updated, item.spareDates?.updated)?.date ?? null;
  const firstSeenAt = known?.firstSeenAt ?? context.seenAt;
  // A future date counts as first seen; what is stored once stays, so that nothing jumps when a publisher redates.
  const counted = context.isOfTheFuture === true && said !== null && isFarAhead(said, context.seenAt) ? null : firstSeenAt;
  const believable = said && said > context.seenAt ? counted : said;
  const published = known?.revisions[0]?.published ?? believable ?? (changed && changed <= context.seenAt ? changed : null);
  const updated = changed === null || changed > context.seenAt ? null : published && changed < published ? published : changed;
  const publishedHasTime = said === null || said > context.seenAt || hasTimeOfDay(saidFirst?.text ?? '');
  return { published, publishedHasTime, earlierZone: item.location === null ? 'UTC' : context.zone, updated };
}

/** The versions that the text carries, each dated: one, or one more for each update mark. */
function toVersions(item: ParsedItem, known: KnownEntry | null, dates: Dates, context: NormaliseContext, text: string): Revision[] {
  const title = toPlainTitle(item.title, item.titleType);
  const steps = item.html === null ? [] : splitUpdates(item.html);
  if (steps.length <= 1) {
    return [
      toRevision(
        item,
        title,
        { html: item.html, text },
        {
          kind: 'first',
          published: dates.published,
          updated: dates.updated ?? dates.published,
          mark: null,
          seenAt: context.seenAt,
        },
      ),
    ];
  }
  const times = toMarkTimes(steps, known, dates, context);
  // An undated article that was first seen with its mark was published at the time that the mark names at the latest (DESIGN §4 c).
  const published = dates.published ?? (known ? null : (times[1]?.updated ?? null));
  return steps.map((step, index) => {
    const time = times[index];
    return toRevision(
      item,
      title,
      { html: step.html, text: toText(step.html) },
      {
        kind: index === 0 ? 'first' : 'mark',
        published,
        updated: time?.updated ?? published,
        mark: step.mark,
        seenAt: time?.seenAt ?? context.seenAt,
      },
    );
  });
}

/** When each step came to be. A mark that is known keeps the time it was given at first sight; null for one of which nothing is known. */
function toMarkTimes(
  steps: readonly UpdateStep[],
  known: KnownEntry | null,
  dates: Dates,
  context: NormaliseContext,
): { updated: Date | null; seenAt: Date }[] {
  const times: { updated: Date | null; seenAt: Date }[] = [];
  let earlier = dates.published;
  let earlierHasTime = dates.publishedHasTime;
  const { earlierZone } = dates;
  const names = nameMarks(steps);
  const storedNames = nameMarks(known?.revisions ?? []);
  for (const [index, step] of steps.entries()) {
    const stored = step.mark === null ? undefined : known?.revisions[storedNames.indexOf(names[index] ?? null)];
    const seenAt = stored?.seenAt ?? context.seenAt;
    const around = { earlier, earlierHasTime, earlierZone, seenAt, zone: context.zone };
    const isLast = index === steps.length - 1;
    const updated =
      step.when === null
        ? dates.published
        : stored
          ? stored.updated
          : known
            ? resolveMarkTime(step.when, { ...around, knownAt: known.revisions.at(-1)?.seenAt ?? known.firstSeenAt })
            : // A mark that stood there at first sight is no news: the source's own word counts for the last of them.
              (findMarkTime(step.when, { ...around, isFirstSight: true }) ?? latest(earlier, isLast ? dates.updated : null));
    times.push({ updated, seenAt });
    if (step.when !== null && updated) {
      earlier = updated;
      earlierHasTime = true;
    }
  }
  return times;
}

function latest(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other > one) ? other : one;
}

/** Marks with their ordinal among equals, oldest first: two plain "Update:" in one article are two marks. */
function nameMarks(versions: readonly { readonly mark: string | null }[]): (string | null)[] {
  const seen = new Map<string, number>();
  return versions.map(({ mark }) => {
    if (mark === null) return null;
    const ordinal = (seen.get(mark) ?? 0) + 1;
    seen.set(mark, ordinal);
    return `${ordinal} ${mark}`;
  });
}

function toRevision(
  item: ParsedItem,
  title: string,
  { html, text }: { readonly html: string | null; readonly text: string },
  rest: Pick<Revision, 'kind' | 'published' | 'updated' | 'mark' | 'seenAt'>,
): Revision {
  const { authors, categories, enclosures, image, summary } = item;
  const rights = item.rights === null ? null : toText(item.rights);
  return {
    ...rest,
    title,
    html,
    summary,
    text,
    hash: hashVersion(title, text, html ?? item.summary),
    authors,
    categories,
    enclosures,
    image,
    rights,
  };
}

function toNewRevisions(
  versions: readonly Revision[],
  known: KnownEntry,
  dates: Dates,
  { context, before }: { readonly context: NormaliseContext; readonly before: Kin | null },
): { revisions: Revision[]; replacesLast: boolean } {
  const newest = versions.at(-1);
  const last = known.revisions.at(-1);
  if (!newest || !last) return { revisions: [...versions], replacesLast: false };
  const floor = last.updated ?? last.published;
  const silent: Revision = {
    ...newest,
    kind: 'cosmetic',
    updated: last.updated,
    published: known.revisions[0]?.published ?? newest.published,
    mark: last.mark,
  };
  // Against the last that readers were told of: slips that add up are told at some time.
  const told = known.revisions.findLast(({ kind }) => kind !== 'cosmetic');
  if (newest.hash === last.hash || newest.hash === told?.hash) return { revisions: [silent], replacesLast: last.kind === 'cosmetic' };
  const names = nameMarks(versions);
  const storedNames = new Set(nameMarks(known.revisions));
  const added = versions.filter((version, index) => version.kind === 'mark' && !storedNames.has(names[index] ?? null));
  if (added.length > 0) return { revisions: added, replacesLast: false };
  // Of a long text the beginning is known: that of the new one is held against it.
  const text = before !== null && before.text.length >= KIN_TEXT_LENGTH ? newest.text.slice(0, before.text.length) : newest.text;
  if (context.isFirstReading === true || (before !== null && !isRealChange(before, { title: newest.title, text })))
    return { revisions: [silent], replacesLast: last.kind === 'cosmetic' };
  const updated = dates.updated && (!floor || dates.updated > floor) ? dates.updated : context.seenAt;
  return { revisions: [{ ...newest, kind: 'edit', updated, mark: null, seenAt: context.seenAt }], replacesLast: false };
}

function toEntry(identified: Omit<IdentifiedItem, 'besideLink' | 'otherNames' | 'guid'>, text: string, context: NormaliseContext): Entry {
  const { item, identity, position, contentHash } = identified;
  const homeHost = toHostKey(context.homePage);
  return {
    identity,
    sourceId: context.sourceId,
    guid: item.guid,
    url: item.url,
    urlKey: toItemKey(item),
    homeHost,
    linkPost: isLinkPost({
      text,
      urlHost: toHostKey(item.originalUrl ?? item.url),
      homeHost,
      hasComments: item.commentsUrl !== null && item.commentsUrl !== item.url,
    }),
    location: item.location,
    language: item.language ?? context.language,
    origin: item.origin,
    position,
    contentHash,
  };
}
