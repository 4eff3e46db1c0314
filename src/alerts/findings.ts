import { toAsideProblem } from '../model/set-aside.ts';
import type { Alert } from '../model/alert.ts';
import type { NewsfoldError } from '../model/errors.ts';
import type { HeldFile } from '../model/release.ts';
import type { SetAsideItem } from '../model/set-aside.ts';
import type { FeedHealth, SourceView } from '../model/view.ts';
import { DAY_MS } from '../model/values/time.ts';
import type { MetricsSnapshot } from '../views/metrics-snapshot.ts';

/** Fewer failures in a row, or a shorter time, are no news: every site is down at times. */
const FEWEST_FAILURES = 3;
const FAILING_MS = DAY_MS;
/** Of a message; some hold what a server has said. */
const LONGEST_MESSAGE = 500;

/** Finds all that the owner should be told of. Sources: failing for good, gone, or silent
 *  against their own rhythm. Feeds: stale or shrunk. Also items that are set aside, and own
 *  articles that are held back because of a fault. A draft, or an article whose time has not
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

/** One alert of all files of a source that have the same kind of fault. */
function toFileAlert(files: readonly HeldFile[]): Alert | null {
  const [first] = files;
  if (!first) return null;
  const { sourceId, code, location, line, message, mend } = first;
  const place = line === null ? location : `${location}, line ${line}`;
  const more = files.length === 1 ? '' : `; and ${files.length - 1} more: newsfold stories --held`;
  return { code, source: sourceId, message: shorten(`${place}: ${message}; it is held back until it is mended: ${mend}${more}`) };
}

/** Why there is no run, or none that came to its end. */
export function toRunAlert({ code, message }: Pick<NewsfoldError, 'code' | 'message'>): Alert {
  // The rest is a stack.
  return { code, message: shorten(message.split('\n', 1)[0] ?? '') };
}

function toSourceAlert({ status, problem, silence }: SourceView, now: Date): Alert | null {
  const { source, poll } = status;
  const alert = (code: string, message: string): Alert => ({ code, source: source.id, message: shorten(message) });
  if (poll.gone) return alert(poll.problem?.code ?? 'fetch/gone', problem ?? 'it is gone for good and is not asked again');
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
