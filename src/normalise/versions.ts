import { PRIOR_TEXT_LENGTH } from '../model/entry.ts';
import type { PriorEntry, KnownEntry, Revision } from '../model/entry.ts';
import { MINUTE_MS } from '../model/values/time.ts';
import type { ParsedItem } from '../model/parsed.ts';
import { isRealChange } from './text/change.ts';
import type { Effect } from './text/template.ts';
import type { Dates } from './dates/entry-dates.ts';
import { findMarkTime, resolveMarkTime } from './dates/mark-time.ts';
import type { NormaliseContext } from './normalise-context.ts';
import { hashVersion } from './identity/text-hash.ts';
import { htmlToText } from './text/text.ts';
import { toPlainTitle } from './text/title.ts';
import { splitUpdates } from './dates/update-marks.ts';
import type { UpdateStep } from './dates/update-marks.ts';

/** The effect of a change, found beside the other entries of its document, and the published
 *  version that keeps its text. */
export interface SettledChange {
  readonly effect: Effect;
  readonly published: Pick<Revision, 'html' | 'summary' | 'text'>;
}

/** Returns the dated versions that a text contains: one, and one more for each update mark. */
export function toVersions(item: ParsedItem, known: KnownEntry | null, dates: Dates, context: NormaliseContext, text: string): Revision[] {
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
  // An undated article that was first seen with its mark was published at the mark's time at the
  // latest (docs/design.md §70).
  const published = dates.published ?? (known ? null : (times[1]?.updated ?? null));
  return steps.map((step, index) => {
    const time = times[index];
    return toRevision(
      item,
      title,
      { html: step.html, text: htmlToText(step.html) },
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

/** Returns the time of each step; null when nothing is known of it. A known mark keeps the time
 *  that it got at first sight. */
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
            : // A mark at first sight is no news; the source's own date applies to the last mark.
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

/** Returns marked versions in the order of their times. A mark before the version that it updates
 *  counts from its first sight (docs/design.md §40). It has no seconds. */
function inOrder(versions: readonly Revision[], floor: Date | null): Revision[] {
  let before = floor;
  return versions.map((version) => {
    const { updated, seenAt } = version;
    if (before === null || updated === null || updated >= before) {
      before = updated ?? before;
      return version;
    }
    if (before.getTime() - updated.getTime() >= MINUTE_MS) before = seenAt;
    return { ...version, updated: before };
  });
}

/** Returns marks with their ordinal among equal ones, oldest first: two plain "Update:" in one
 *  article are two marks. */
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
  const rights = item.rights === null ? null : htmlToText(item.rights);
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

/** Returns the new versions of a known entry: one for each new mark, an edit, or a cosmetic one.
 *  `replacesLast`: the newest stored version, also cosmetic, is replaced. */
export function toNewRevisions(
  versions: readonly Revision[],
  known: KnownEntry,
  dates: Dates,
  {
    context,
    before,
    settled,
  }: { readonly context: NormaliseContext; readonly before: PriorEntry | null; readonly settled: SettledChange | null },
): { revisions: Revision[]; replacesLast: boolean } {
  const newest = versions.at(-1);
  const last = known.revisions.at(-1);
  if (!newest || !last) return { revisions: [...versions], replacesLast: false };
  const names = nameMarks(versions);
  const storedNames = new Set(nameMarks(known.revisions));
  const added = versions.filter((version, index) => version.kind === 'mark' && !storedNames.has(names[index] ?? null));
  // Nothing that readers see has changed, so the published bytes stay (docs/design.md §136).
  if (settled?.effect === 'none' && added.length === 0) return { revisions: [], replacesLast: false };
  const floor = last.updated ?? last.published;
  const silent: Revision = {
    ...newest,
    kind: 'cosmetic',
    updated: last.updated,
    published: known.revisions[0]?.published ?? newest.published,
    mark: last.mark,
  };
  // Compared with the last version that readers were told of, so that slips that add up are
  // announced at some point.
  const announced = known.revisions.findLast(({ kind }) => kind !== 'cosmetic');
  if (newest.hash === last.hash || newest.hash === announced?.hash) return { revisions: [silent], replacesLast: last.kind === 'cosmetic' };
  if (added.length > 0) return { revisions: inOrder(added, floor), replacesLast: false };
  // Only the beginning of a long text is stored, so the new text is compared up to the same length.
  const text = before !== null && before.text.length >= PRIOR_TEXT_LENGTH ? newest.text.slice(0, before.text.length) : newest.text;
  const { firstReadingFrom: from = null } = context;
  const isReal = settled ? settled.effect !== 'silent' : before === null || isRealChange(before, { title: newest.title, text });
  if ((from !== null && known.firstSeenAt >= from) || !isReal) return { revisions: [silent], replacesLast: last.kind === 'cosmetic' };
  const updated = dates.updated && (!floor || dates.updated > floor) ? dates.updated : context.seenAt;
  const told = settled?.effect === 'title' ? withTextOf(newest, settled.published) : newest;
  return { revisions: [{ ...told, kind: 'edit', updated, mark: null, seenAt: context.seenAt }], replacesLast: false };
}

function withTextOf(newest: Revision, { html, summary, text }: SettledChange['published']): Revision {
  return { ...newest, html, summary, text, hash: hashVersion(newest.title, text, html ?? summary) };
}
