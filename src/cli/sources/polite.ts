import { openApp } from '../../app/app.ts';
import type { PollState, Source, SourceStatus } from '../../model/source.ts';
import type { PastPoll } from '../../ports/store/sources.ts';
import { HOUR_MS } from '../../model/values/time.ts';
import { isLocal } from '../../publish/api/json.ts';
import { colour, complain, print, printJson, toColumns } from '../output/print.ts';

/** Polls that are printed and checked: ten days at the hourly pace. */
const SHOWN = 240;

/** The result of one rule of polite polling. `isKept` is null when no poll has tested the rule
 *  yet. */
interface Judgement {
  readonly rule: string;
  readonly isKept: boolean | null;
  readonly text: string;
}

/** Checks the last requests to one source against the rules of polite polling. It prints what
 *  was sent and answered, why the next poll waits, and which rules were kept or broken. A source
 *  read from disk has no rules. Exit code 1 when there is no such source, or a rule was broken. */
export async function politeCommand(id: string, options: { readonly config: string; readonly json?: boolean }): Promise<number> {
  const app = await openApp(options.config, 'sources');
  try {
    const status = (await app.readSources()).find(({ source }) => source.id === id);
    if (!status) {
      complain(`no source has the id ${id}: newsfold sources lists them`);
      return 1;
    }
    const polls = await app.store.readPolls(id, SHOWN);
    const isFromDisk = isLocal(status);
    const judgements = isFromDisk ? [] : judge(status.source, status.poll, polls);
    if (options.json === true) printJson({ source: id, polls, rules: judgements });
    else if (isFromDisk) print(`${id} is read from disk (${status.source.address}): no rule of polite polling applies`);
    else show(status, polls, judgements);
    return judgements.some(({ isKept }) => isKept === false) ? 1 : 0;
  } finally {
    await app.close();
  }
}

function judge(source: Source, poll: PollState, polls: readonly PastPoll[]): Judgement[] {
  const pairs = polls.slice(1).map((now, index) => ({ before: polls[index] ?? now, now }));
  const count = (isBroken: (pair: (typeof pairs)[number]) => boolean) => pairs.filter(isBroken).length;
  const rule = (name: string, tested: number, broken: number, text: string): Judgement => ({
    rule: name,
    isKept: tested === 0 ? null : broken === 0,
    text: tested === 0 ? `${text}: not tested yet` : broken === 0 ? text : `${text}: broken ${broken} of ${tested} times`,
  });
  const known = pairs.filter(({ before }) => before.etag !== null || before.lastModified !== null);
  const failed = pairs.filter(({ now }) => now.outcome === 'failed');
  const least = Math.min(...pairs.map(({ before, now }) => now.at.getTime() - before.at.getTime()));
  const pace = source.intervalMs === null ? 'an hour, a day without validators' : `the owner's ${showSpan(source.intervalMs)}`;
  const isForeign = ({ before, now }: (typeof pairs)[number]) => now.at.getTime() - before.at.getTime() < paceOf(source, before);
  return [
    rule(
      'A1',
      known.length,
      count(({ before, now }) => hasValidator(before) && now.sentEtag === null && now.sentLastModified === null),
      `${known.length} requests with a known validator, all conditional`,
    ),
    rule(
      'A2 A3',
      known.length,
      count(({ before, now }) => now.sentEtag !== before.etag || now.sentLastModified !== before.lastModified),
      'the newest ETag and Last-Modified sent back, both and unchanged',
    ),
    rule(
      'A4',
      failed.length,
      failed.filter(({ before, now }) => now.etag !== before.etag || now.lastModified !== before.lastModified).length,
      'no validator kept from a failed answer',
    ),
    rule('A5', pairs.length, count(isForeign), `shortest time between two requests ${showSpan(least)}; the limit is ${pace}`),
    rule(
      'A6 A7',
      pairs.length,
      count(({ before, now }) => before.notBeforeAt !== null && now.at < before.notBeforeAt),
      'no request before max-age, Expires and Retry-After have passed',
    ),
    rule(
      'A8',
      failed.length,
      count(({ before, now }) => before.outcome === 'failed' && before.notBeforeAt !== null && now.at < before.notBeforeAt),
      `${failed.length} failures, each followed by a longer wait; ${poll.failures} in a row now`,
    ),
    rule(
      'A11',
      polls.filter(({ status }) => status === 410).length,
      count(({ before }) => before.status === 410),
      poll.gone ? 'gone (410): no longer polled' : 'no request after a 410',
    ),
  ];
}

function hasValidator({ etag, lastModified }: PastPoll): boolean {
  return etag !== null || lastModified !== null;
}

/** Returns the shortest time after a poll (docs/polling.md A5). A source without validators gets
 *  four hours here, since it may be a busy one. */
function paceOf({ intervalMs }: Source, before: PastPoll): number {
  if (intervalMs !== null) return Math.max(0, intervalMs - 1000);
  return hasValidator(before) || before.outcome === 'failed' ? HOUR_MS : 4 * HOUR_MS;
}

function show({ source, poll: { nextPollAt } }: SourceStatus, polls: readonly PastPoll[], judgements: readonly Judgement[]): void {
  print(colour('bold', `${source.id}  ${source.private ? '(private)' : source.address}`));
  const rows = polls.slice(-20).map((poll, index, shown) => toRow(poll, shown[index - 1] ?? null, source));
  for (const line of toColumns([['at', 'since last', 'sent', 'answer', 'bytes', 'next by'], ...rows])) print(line);
  const ownNext = polls.at(-1)?.nextPollAt ?? null;
  if (nextPollAt !== null && ownNext !== null && nextPollAt > ownNext)
    print(`Its host sent Retry-After: no request before ${nextPollAt.toISOString().slice(0, 16)}Z.`);
  print();
  for (const { rule, isKept, text } of judgements) {
    const word = isKept === null ? colour('dim', '-   ') : isKept ? colour('green', 'kept') : colour('red', 'BROKEN');
    print(`${word}  ${rule.padEnd(6)} ${text}`);
  }
  print('Every request: own User-Agent, no Cookie, no Referer, the address as configured, public addresses only (A12 to A15, A18, A19).');
}

function toRow(poll: PastPoll, before: PastPoll | null, source: Source): string[] {
  const sent = [poll.sentEtag, poll.sentLastModified].filter((validator) => validator !== null).join(' ');
  const where = poll.movedAddress === null || source.private ? '' : ` at ${poll.movedAddress}`;
  const next = poll.nextPollAt === null ? '' : `${poll.nextPollAt.toISOString().slice(0, 16)}Z (${poll.reason ?? 'unknown'})`;
  return [
    `${poll.at.toISOString().slice(0, 19)}Z`,
    before === null ? '' : showSpan(poll.at.getTime() - before.at.getTime()),
    sent === '' ? 'no validator' : sent.slice(0, 60),
    `${poll.status ?? 'none'} ${poll.problem ?? poll.outcome}${where}`,
    poll.bytes === null ? '' : String(poll.bytes),
    next,
  ];
}

function showSpan(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  return ms < HOUR_MS ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / HOUR_MS)} h ${Math.floor((ms % HOUR_MS) / 60_000)} min`;
}
