import type { Problem } from '../../model/errors.ts';
import { DATE_REMEDY } from '../../model/release.ts';
import type { HeldFile, Release, WrittenDate } from '../../model/release.ts';
import { parseCertainDate } from '../dates/date.ts';

/** Result of checking whether an own article may be shown at an instant. */
export interface ReleaseVerdict {
  /** The reason to hold the article back; null when it may be shown. */
  readonly hold: Pick<HeldFile, 'reason' | 'code' | 'message' | 'line' | 'mend' | 'until'> | null;
  /** Time at which the article will be hidden, if that is still to come; null for never. */
  readonly expiresAt: Date | null;
}

/** Decides whether an own article may be shown, by what it says itself. When in doubt it is held
 *  back: for one unreadable date, or one unknown word. A word that makes it a draft comes before
 *  everything else. `zone`: IANA zone of dates without one; a day without a time begins at its
 *  midnight. */
export function judgeRelease(release: Release, { now, zone }: { readonly now: Date; readonly zone: string }): ReleaseVerdict {
  const { draft, faults, from, until, others } = release;
  const held = { line: null, mend: null, until: null };
  if (draft) return hold({ ...held, reason: 'draft', code: 'article/draft', message: `it is a draft (${draft.said})`, line: draft.line });
  const [fault] = faults;
  if (fault) return hold({ ...held, reason: 'fault', code: fault.code, message: fault.cause, line: fault.line, mend: fault.mend });
  const read = ({ text }: WrittenDate) => parseCertainDate(text, zone);
  const wrong = [...from, ...(until ? [until] : []), ...others].find((date) => read(date) === null);
  if (wrong) {
    const message = `${wrong.key} says ${JSON.stringify(wrong.text.slice(0, 60))}, which cannot be read as a date with certainty`;
    return hold({ ...held, reason: 'fault', code: 'article/date', message, line: wrong.line, mend: DATE_REMEDY });
  }
  const end = until && read(until);
  if (until && end && end <= now)
    return hold({
      ...held,
      reason: 'expired',
      code: 'article/expired',
      message: `its ${until.key} is over (${toText(end)})`,
      line: until.line,
    });
  const [last] = from.flatMap((date) => ({ date, at: read(date) ?? now })).toSorted((a, b) => b.at.getTime() - a.at.getTime());
  if (last && last.at > now) {
    const message = `it waits for its date (${last.date.key}) until ${toText(last.at)}`;
    const embargo = { ...held, reason: 'embargo', code: 'article/embargo', message, line: last.date.line, until: last.at } as const;
    return { hold: embargo, expiresAt: end };
  }
  return { hold: null, expiresAt: end };
}

/** Returns the problem of a file that is held back, with the file, the line and the remedy. */
export function toHoldProblem(
  location: string,
  { code, line, message, mend }: NonNullable<ReleaseVerdict['hold']>,
  { isPublished }: { readonly isPublished: boolean },
): Problem {
  const position = line === null ? '' : `, line ${line}`;
  const effect = isPublished ? 'the published version stays' : 'it is held back';
  return {
    code,
    entry: location,
    message: `${location}: ${message}${position}; ${effect}${mend === null ? '' : ` until it is mended: ${mend}`}`,
  };
}

function hold(reason: NonNullable<ReleaseVerdict['hold']>): ReleaseVerdict {
  return { hold: reason, expiresAt: null };
}

/** Returns an instant without fractions, and without seconds if they are zero. */
function toText(instant: Date): string {
  return instant
    .toISOString()
    .replace(/:00\.000Z$/, 'Z')
    .replace('.000Z', 'Z');
}
