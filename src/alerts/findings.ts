import { toAsideProblem } from '../model/set-aside.ts';
import type { Alert } from '../model/alert.ts';
import type { NewsfoldError } from '../model/errors.ts';
import type { HeldFile } from '../model/release.ts';
import type { SetAsideItem } from '../model/set-aside.ts';
import type { FeedHealth, SourceView } from '../model/view.ts';
import { DAY_MS } from '../model/values/time.ts';
import type { MetricsSnapshot } from '../views/metrics-snapshot.ts';

/** Fewer failures in a row, or a shorter time, are not reported: every site is down at times. */
const FEWEST_FAILURES = 3;
const FAILING_MS = DAY_MS;
/** Characters of one message; some messages quote a server. */
const LONGEST_MESSAGE = 500;

/** Finds all problems that the owner should know of. Sources: failing for long, gone, or silent
 *  against their own rhythm. Feeds: stale or shrunk. Also items that are set aside, and own
 *  articles that are held back because of a fault. A draft, or an article whose date is still to
 *  come, is no fault. */
export function findAlerts(
  {
    sources,
    feeds,
    setAside = [],
    faulty = [],
  }: Pick<MetricsSnapshot, 'sources' | 'feeds'> & Partial<Pick<MetricsSnapshot, 'setAside' | 'faulty'>>,
  now: Date,
): Alert[] {
  const bySource = Map.groupBy(faulty, ({ sourceId, code }) => `${sourceId} ${code}`);
  return [
    ...sources.flatMap((source) => toSourceAlert(source, now) ?? []),
    ...feeds.flatMap((feed) => toFeedAlert(feed) ?? []),
    ...setAside.map(toAsideAlert),
    ...[...bySource.values()].flatMap((files) => toFileAlert(files) ?? []),
  ];
}

function toAsideAlert(item: SetAsideItem): Alert {
  const { code, source, message } = toAsideProblem(item);
  return { code, source, message: shorten(message) };
}

/** Returns one alert for all files of a source that have the same kind of fault. */
function toFileAlert(files: readonly HeldFile[]): Alert | null {
  const [first] = files;
  if (!first) return null;
  const { sourceId, code, location, line, message, mend } = first;
  const position = line === null ? location : `${location}, line ${line}`;
  const more = files.length === 1 ? '' : `; and ${files.length - 1} more: newsfold stories --held`;
  return { code, source: sourceId, message: shorten(`${position}: ${message}; the article is held back until you fix it: ${mend}${more}`) };
}

/** Returns an alert for an error that kept a run from starting or from ending. */
export function toRunAlert({ code, message }: Pick<NewsfoldError, 'code' | 'message'>): Alert {
  // Later lines are a stack trace.
  return { code, message: shorten(message.split('\n', 1)[0] ?? '') };
}

function toSourceAlert({ status, problem, silence }: SourceView, now: Date): Alert | null {
  const { source, poll } = status;
  const alert = (code: string, message: string): Alert => ({ code, source: source.id, message: shorten(message) });
  if (poll.gone) return alert(poll.problem?.code ?? 'fetch/gone', problem ?? 'the source is gone for good and is no longer polled');
  const { lastSuccessAt, failures } = poll;
  if (failures >= FEWEST_FAILURES && (lastSuccessAt === null || now.getTime() - lastSuccessAt.getTime() >= FAILING_MS)) {
    const since = lastSuccessAt === null ? 'it has never been read' : `last read ${lastSuccessAt.toISOString()}`;
    return alert(poll.problem?.code ?? 'source/failing', `${problem ?? 'it cannot be read'}; ${since}, ${failures} failures in a row`);
  }
  if (silence === null) return null;
  const { days, longestBefore } = silence;
  const pause = longestBefore === 1 ? 'a day' : `${longestBefore} days`;
  return alert('source/silent', `nothing new for ${days} days; its longest pause before was ${pause}`);
}

function toFeedAlert({ slug, problem }: FeedHealth): Alert | null {
  return problem && { code: problem.code, feed: slug, message: shorten(problem.message) };
}

function shorten(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message;
}
