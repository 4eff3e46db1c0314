import { toAsideProblem } from './model/set-aside.ts';
import type { Alert } from './model/alert.ts';
import type { NewsfoldError } from './model/errors.ts';
import type { SetAsideItem } from './model/set-aside.ts';
import type { FeedHealth, SourceView } from './model/view.ts';
import type { Overview } from './overview.ts';

/** Fewer failures in a row, or a shorter time, are no news: every site is down at times. */
const FEWEST_FAILURES = 3;
const FAILING_MS = 86_400_000;
/** Of a message; some hold what a server has said. */
const LONGEST_MESSAGE = 500;

/** What the owner should be told of: sources that fail for good or are gone, that are silent against their own rhythm, feeds that are stale or have shrunk. */
export function findAlerts(
  { sources, feeds, setAside }: Pick<Overview, 'sources' | 'feeds'> & Partial<Pick<Overview, 'setAside'>>,
  now: Date,
): Alert[] {
  return [
    ...sources.flatMap((source) => toSourceAlert(source, now) ?? []),
    ...feeds.flatMap((feed) => toFeedAlert(feed) ?? []),
    ...(setAside ?? []).map(toAsideAlert),
  ];
}

function toAsideAlert(item: SetAsideItem): Alert {
  const { code, source, message } = toAsideProblem(item);
  return { code, source, message: shorten(message) };
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
