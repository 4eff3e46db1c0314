import type { ConfigFault, NewsfoldError, Problem } from '../../model/errors.ts';
import type { HeldFile } from '../../model/release.ts';
import type { RunReport } from '../../run/report.ts';
import { colour, complain, countOf, print, toColumns } from './print.ts';
import { nameUrl } from '../../model/values/address.ts';

/** Prints the report of a run: a line for each source that was read or failed, every problem,
 *  and the counts. */
export function printReport(report: RunReport | null): void {
  // null: another node makes the run and prints its report.
  if (report === null) return;
  const rows = report.bySource.map(({ source, outcome, entriesNew, entriesRevised }) => [
    source,
    outcomes[outcome],
    `${entriesNew} new`,
    `${entriesRevised} revised`,
  ]);
  for (const line of toColumns(rows)) print(line);
  for (const problem of report.problems)
    complain(`${colour('yellow', 'problem')} ${problem.source === '' ? '' : `${problem.source}: `}${toProblemText(problem)}`);
  if (report.setAside > 0) print(`${countOf(report.setAside, 'item')} set aside: newsfold sources lists them`);
  printHeld(report.held);
  if (report.stopped) print('stopped early: nothing is lost, and the next run continues from here');
  print(toSourceCounts(report));
  const { entriesNew, entriesRevised, entriesDeleted, storiesNew, folded, seconds } = report;
  print(
    `${countOf(entriesNew, 'new entry')}, ${entriesRevised} revised, ${entriesDeleted} deleted; ${countOf(storiesNew, 'new story')}, ${folded} folded into others; ${seconds.toFixed(1)} s`,
  );
}

/** Prints a failure with its code. */
export function printFailure(error: NewsfoldError): void {
  complain(`newsfold: ${error.message} [${error.code}]`);
}

/** Most waiting articles that a report names. */
const MOST_NAMED = 5;

/** Prints the own articles that wait for their date, and the number of all held ones. Articles
 *  with a fault are among the problems. */
function printHeld(held: readonly HeldFile[]): void {
  // The report of another node comes as JSON, so its dates are texts.
  const waiting = held.flatMap(({ sourceId, location, until }) => (until === null ? [] : { sourceId, location, until: new Date(until) }));
  const inOrder = waiting.toSorted((a, b) => a.until.getTime() - b.until.getTime());
  for (const { sourceId, location, until } of inOrder.slice(0, MOST_NAMED))
    print(`held  ${sourceId}: ${location} waits for its date until ${until.toISOString()}`);
  if (held.length > 0) print(`${countOf(held.length, 'own article')} held back: newsfold stories --held`);
}

/** Returns a problem with its code, preceded by its entry or file unless the message names that. */
export function toProblemText({ code, message, entry }: Problem): string {
  const isNamed = entry === undefined || entry === '' || message.includes(entry);
  return `${isNamed ? '' : `${entry.slice(0, 100)}: `}${message} [${code}]`;
}

/** Returns a problem of an address, which is not named twice. */
export function toProblemAt(address: string, problem: Problem): string {
  const isNamed = [address, nameUrl(address)].some((name) => problem.message.includes(name));
  return `${isNamed ? '' : `${address}: `}${toProblemText(problem)}`;
}

/** Returns a fault of the configuration as a line: file, line, key, value, and what is allowed. */
export function toFaultLine(file: string, { line, key, value, message }: ConfigFault): string {
  const position = line === null ? file : `${file}:${line}`;
  return `${position}: ${key === '' ? '' : `${key}${value === null ? '' : ` = ${value}`}: `}${message}`;
}

const outcomes = { content: 'read', same: 'unchanged', notModified: 'not modified', failed: 'failed', due: 'due' } as const;

/** Returns the number of sources and of each outcome; the outcomes add up to the number. */
function toSourceCounts({ bySource, sources, failed, pushed, stopped, problems }: RunReport): string {
  const count = (...kinds: readonly (typeof bySource)[number]['outcome'][]) =>
    bySource.filter(({ outcome }) => kinds.includes(outcome)).length;
  // A glob that no file matches has failed but is no source.
  const all = sources + failed - count('failed');
  const unread = sources - bySource.length;
  const isShort = stopped || problems.some(({ code }) => code === 'run/timeout');
  const counts = [
    `${count('content')} read`,
    ...(pushed === 0 ? [] : [`${pushed} pushed`]),
    `${count('same', 'notModified')} unchanged`,
    ...(unread === 0 ? [] : [`${unread} ${isShort ? 'not polled' : 'not due'}`]),
    failed > 0 ? colour('red', `${failed} failed`) : '0 failed',
  ];
  return `${countOf(all, 'source')}: ${counts.join(', ')}`;
}
