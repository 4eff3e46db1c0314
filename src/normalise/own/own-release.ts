import type { Problem } from '../../model/errors.ts';
import { DATE_MEND } from '../../model/release.ts';
import type { HeldFile, Release, SaidDate } from '../../model/release.ts';
import { parseCertainDate } from '../dates/date.ts';

/** Whether an own article may be shown at an instant. */
export interface ReleaseVerdict {
  /** null when it may be shown. */
  readonly hold: Pick<HeldFile, 'reason' | 'code' | 'message' | 'line' | 'mend' | 'until'> | null;
  /** When it is to be taken away, if that is still to come; null for never. */
  readonly expiresAt: Date | null;
}

/** Judges what an own article says of when it may be shown. It fails closed: one date that is none,
 *  or one word that nobody knows, holds it back. A word that makes it a draft goes before all else.
 *  `zone`: IANA zone of dates that name none; a day without a time begins at its midnight. */
export function judgeRelease(release: Release, { now, zone }: { readonly now: Date; readonly zone: string }): ReleaseVerdict {
  const { draft, faults, from, until, others } = release;
  const held = { line: null, mend: null, until: null };
  if (draft) return hold({ ...held, reason: 'draft', code: 'article/draft', message: `it is a draft (${draft.said})`, line: draft.line });
  const [fault] = faults;
  if (fault) return hold({ ...held, reason: 'fault', code: fault.code, message: fault.cause, line: fault.line, mend: fault.mend });
  const read = ({ text }: SaidDate) => parseCertainDate(text, zone);
  const wrong = [...from, ...(until ? [until] : []), ...others].find((date) => read(date) === null);
  if (wrong) {
    const message = `${wrong.key} says ${JSON.stringify(wrong.text.slice(0, 60))}, which is no date that can be read for certain`;
    return hold({ ...held, reason: 'fault', code: 'article/date', message, line: wrong.line, mend: DATE_MEND });
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

/** Why a file is held back, as a problem that names file, line and mend. */
export function toHoldProblem(
  location: string,
  { code, line, message, mend }: NonNullable<ReleaseVerdict['hold']>,
  { isPublished }: { readonly isPublished: boolean },
): Problem {
  const place = line === null ? '' : `, line ${line}`;
  const what = isPublished ? 'the version that is published stays' : 'it is held back';
  return {
    code,
    entry: location,
    message: `${location}: ${message}${place}; ${what}${mend === null ? '' : ` until it is mended: ${mend}`}`,
  };
}

function hold(what: NonNullable<ReleaseVerdict['hold']>): ReleaseVerdict {
  return { hold: what, expiresAt: null };
}

/** To the minute where that is all there is. */
function toText(instant: Date): string {
  return instant
    .toISOString()
    .replace(/:00\.000Z$/, 'Z')
    .replace('.000Z', 'Z');
}
