import { MOST_PROBLEMS, toAlertKey } from '../model/alert.ts';
import type { Alert, AlertMessage, AlertState } from '../model/alert.ts';

/** A message that is due, and the state of alerts once it has been sent. */
interface AlertPlan {
  readonly message: AlertMessage;
  readonly next: AlertState;
}

export const noAlerts: AlertState = { told: [], toldAt: {}, triedAt: null, failures: 0 };

/** Shortest time between two messages. */
const GAP_MS = 60_000;
/** A message that could not be sent is tried again after one minute, then two, four and so on, up
 *  to this. */
const LONGEST_GAP_MS = 15 * 60_000;

/** Decides whether the owner gets a message about the `present` problems. A new problem is reported
 *  at once, a lasting one every `everyMs`. The end of all problems is reported once. A problem that
 *  comes and goes is reported as often as a lasting one. Null: nothing is to be sent now. */
export function planAlerts(
  state: AlertState,
  present: readonly Alert[],
  { site, now, everyMs }: { readonly site: string; readonly now: Date; readonly everyMs: number },
): AlertPlan | null {
  const at = now.getTime();
  const gap = Math.min(LONGEST_GAP_MS, GAP_MS * 2 ** Math.max(0, state.failures - 1));
  // A clock that was set back must not silence alerts until it has caught up.
  const since = (instant: number) => (at < instant ? Number.POSITIVE_INFINITY : at - instant);
  if (state.triedAt !== null && since(state.triedAt) < gap) return null;
  const keys = new Set(present.map(toAlertKey));
  const isDue = present.some((alert) => since(state.toldAt[toAlertKey(alert)] ?? Number.NEGATIVE_INFINITY) >= everyMs);
  const isWell = present.length === 0 && state.told.length > 0;
  if (!isDue && !isWell) return null;
  // A source with a new kind of failure is not resolved.
  const subjects = new Set(present.map(toSubject));
  const resolved = state.told.filter(
    (alert) => !keys.has(toAlertKey(alert)) && !(subjects.has(toSubject(alert)) && toSubject(alert) !== ' '),
  );
  const known = Object.entries(state.toldAt).filter(([, instant]) => since(instant) < everyMs);
  return {
    message: {
      site,
      at: now,
      problems: present.slice(0, MOST_PROBLEMS),
      resolved: resolved.slice(0, MOST_PROBLEMS),
      more: Math.max(0, present.length - MOST_PROBLEMS),
    },
    next: {
      told: present,
      toldAt: { ...Object.fromEntries(known), ...Object.fromEntries([...keys].map((key) => [key, at])) },
      triedAt: at,
      failures: 0,
    },
  };
}

function toSubject({ source = '', feed = '' }: Alert): string {
  return `${source} ${feed}`;
}

/** Returns a message as plain text, for instance for a mail. */
export function toAlertText({ site, problems, resolved, more, at }: AlertMessage): string {
  const count = problems.length + more;
  const head = count === 0 ? 'all is well again' : `${count} ${count === 1 ? 'problem' : 'problems'}`;
  const lines = problems.map(toLine);
  if (more > 0) lines.push(`and ${more} more`);
  const over = resolved.length === 0 ? [] : ['', 'Over:', ...resolved.map(toLine)];
  return `Newsfold at ${site}: ${head}\n${at.toISOString()}\n\n${[...lines, ...over].join('\n').trimStart()}\n`;
}

function toLine({ code, source, feed, message }: Alert): string {
  const subject = source === undefined ? (feed === undefined ? '' : `feed ${feed}: `) : `source ${source}: `;
  return `${subject}${message} [${code}]`;
}
