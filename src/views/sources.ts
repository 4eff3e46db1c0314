import { basename, dirname } from 'node:path';
import type { Problem } from '../model/errors.ts';
import type { Feed } from '../model/feed.ts';
import type { DayCount } from '../model/headline.ts';
import type { SourceStatus } from '../model/source.ts';
import type { SourcesView, SourceView } from '../model/view.ts';
import { toShownPolls } from '../model/values/shown-polls.ts';
import { takesFrom } from '../publish/selection/select.ts';
import { findSilence, firstRhythmDay, toDay, toDayRow } from './silence.ts';
import type { ViewContext } from './stories.ts';
import { readHealth } from './feed-health.ts';

/** Reads the configured sources that one of `feeds` takes from, and the health of these feeds. */
export async function readSourcesView({ store, clock, feeds: all }: ViewContext, feeds: readonly Feed[]): Promise<SourcesView> {
  const { sources: every } = await readSourceViews({ store, clock });
  const sources = every.filter(({ status: { source } }) => feeds.some((feed) => takesFrom(feed, source.id, source.tags)));
  return {
    at: clock.now(),
    sources: sources.toSorted((a, b) => byTitle.compare(a.title, b.title)),
    setAside: await store.readSetAside(sources.map(({ status }) => status.source.id)),
    feeds: (await readHealth({ store, clock, feeds: all })).filter(({ slug }) => feeds.some((feed) => feed.slug === slug)),
    lastRunAt: await store.readLastRun(),
  };
}

/** Reads all configured sources, and counts the stored entries of all sources, removed ones
 *  included. */
export async function readSourceViews({ store, clock }: Pick<ViewContext, 'store' | 'clock'>) {
  const today = toDay(clock.now());
  const counts = await store.countEntriesByDay(firstRhythmDay(today));
  const statuses = toShownPolls(await store.readSources(), await store.readHolds(clock.now()));
  return {
    sources: statuses
      .filter(({ active }) => active)
      .map((status): SourceView => toSourceView(status, counts.get(status.source.id) ?? [], today)),
    entries: statuses.reduce((sum, { entries }) => sum + entries, 0),
  };
}

const byTitle = new Intl.Collator('en');

function toSourceView(status: SourceStatus, counts: readonly DayCount[], today: number): SourceView {
  const { source, description, poll } = status;
  const isPolled = source.kind === 'feed' || source.kind === 'page';
  return {
    status,
    title: source.title ?? description.title ?? source.id,
    problem: poll.problem && hidePaths(poll.problem, status),
    days: toDayRow(counts, today),
    silence: isPolled && !poll.gone ? findSilence(counts, today, { times: 2, arrivedAt: poll.lastEntryAt }) : null,
  };
}

/** Returns a problem without the folders of local files. Only file names are public, and those of
 *  private sources are not. */
function hidePaths({ code, message }: Problem, { source }: SourceStatus): string {
  // The message of an unforeseen failure may contain anything.
  if (code.endsWith('/set-aside'))
    return 'a part of this source could not be read and is set aside; its owner finds details with newsfold sources';
  const { kind, address } = source;
  if (kind !== 'file' && kind !== 'articles') return message;
  if (source.private) return `this source cannot be read correctly (${code}); its owner finds details with newsfold sources`;
  return message.replaceAll(address, basename(address)).replaceAll(`${dirname(address)}/`, '');
}
