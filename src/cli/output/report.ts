import type { ConfigFault, NewsfoldError, Problem } from '../../model/errors.ts';
import type { HeldFile } from '../../model/release.ts';
import type { RunReport } from '../../run/report.ts';
import { colour, complain, countOf, print, toColumns } from './print.ts';
import { nameUrl } from '../../model/values/address.ts';

/** The report of a run in words: a line for each source that brought something or failed, the
 *  counts, and every problem. */
export function printReport(report: RunReport | null): void {
  // Another node was asked for it, and says so there.
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
  if (report.stopped) print('stopped early: nothing is lost, and the next run goes on from here');
  print(toSourceCounts(report));
  const { entriesNew, entriesRevised, entriesDeleted, storiesNew, folded, seconds } = report;
  print(
    `${countOf(entriesNew, 'new entry')}, ${entriesRevised} revised, ${entriesDeleted} deleted; ${countOf(storiesNew, 'new story')}, ${folded} folded into others; ${seconds.toFixed(1)} s`,
  );
}

/** Says what could not be done, with its code. */
export function complainOf(error: NewsfoldError): void {
  complain(`newsfold: ${error.message} [${error.code}]`);
}

/** So many are named by a report. */
const MOST_NAMED = 5;

/** Own articles that wait: until when, and how many are drafts. Articles with a fault are among
 *  the problems. */
function printHeld(held: readonly HeldFile[]): void {
  // The report of another node comes as JSON.
  const waiting = held.flatMap(({ sourceId, location, until }) => (until === null ? [] : { sourceId, location, until: new Date(until) }));
  const inOrder = waiting.toSorted((a, b) => a.until.getTime() - b.until.getTime());
  for (const { sourceId, location, until } of inOrder.slice(0, MOST_NAMED))
    print(`held  ${sourceId}: ${location} waits for its date until ${until.toISOString()}`);
  if (held.length > 0) print(`${countOf(held.length, 'own article')} held back: newsfold stories --held`);
}

/** A problem with its code, after the entry or file that it concerns where it does not name that
 *  itself. */
export function toProblemText({ code, message, entry }: Problem): string {
  const isNamed = entry === undefined || entry === '' || message.includes(entry);
  return `${isNamed ? '' : `${entry.slice(0, 100)}: `}${message} [${code}]`;
}

/** The same of what was asked for at an address, which is not named twice. */
export function toProblemAt(address: string, problem: Problem): string {
  const isNamed = [address, nameUrl(address)].some((name) => problem.message.includes(name));
  return `${isNamed ? '' : `${address}: `}${toProblemText(problem)}`;
}

/** Returns the line that tells a fault of the configuration: file, line, key, value, and what is
 *  allowed there. */
export function toFaultLine(file: string, { line, key, value, message }: ConfigFault): string {
  const place = line === null ? file : `${file}:${line}`;
  return `${place}: ${key === '' ? '' : `${key}${value === null ? '' : ` = ${value}`}: `}${message}`;
}

const outcomes = { content: 'read', same: 'unchanged', notModified: 'not modified', failed: 'failed', due: 'due' } as const;

/** How many sources there are and what came of them, so that the parts make up the whole. */
function toSourceCounts({ bySource, sources, failed, pushed, stopped, problems }: RunReport): string {
  const count = (...kinds: readonly (typeof bySource)[number]['outcome'][]) =>
    bySource.filter(({ outcome }) => kinds.includes(outcome)).length;
  // A glob that no file matches has failed and is no source.
  const all = sources + failed - count('failed');
  const left = sources - bySource.length;
  const isShort = stopped || problems.some(({ code }) => code === 'run/timeout');
  const parts = [
    `${count('content')} read`,
    ...(pushed === 0 ? [] : [`${pushed} pushed`]),
    `${count('same', 'notModified')} unchanged`,
    ...(left === 0 ? [] : [`${left} ${isShort ? 'not asked' : 'not due'}`]),
    failed > 0 ? colour('red', `${failed} failed`) : '0 failed',
  ];
  return `${countOf(all, 'source')}: ${parts.join(', ')}`;
}
