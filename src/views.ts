import { basename, dirname } from 'node:path';
import type { Problem } from './model/errors.ts';
import type { Feed } from './model/feed.ts';
import type { DayCount, Headline } from './model/headline.ts';
import type { SourceStatus } from './model/source.ts';
import { MOST_SEARCH_PAGES } from './model/view.ts';
import type { FeedHealth, ListView, Selection, SourcesView, SourceView } from './model/view.ts';
import { DAY_MS } from './model/values/time.ts';
import type { Clock } from './ports/clock.ts';
import type { Reads } from './ports/store/store.ts';
import { readShownSources } from './next-polls.ts';
import { toSearchWords } from './publish/search-words.ts';
import { takesFrom } from './publish/select.ts';
import { toStoryExcerpt } from './publish/story-text.ts';
import { findSilence, RHYTHM_DAYS, toDayRow } from './silence.ts';

/** What views are read with. */
export interface ViewParts {
  readonly store: Reads;
  readonly clock: Clock;
  /** Those that are published: neither moved nor retired. */
  readonly feeds: readonly Feed[];
}

/** Stories on a page. */
const PAGE_SIZE = 50;

/** A page of the stories that stand in these feeds; null when there is no such page, or no such tag. */
export async function readList({ store }: ViewParts, feeds: readonly Feed[], selection: Selection): Promise<ListView | null> {
  const { page, source, tag, query } = selection;
  const { words, ignored, beyond } = toSearchWords(query);
  const sources = tag === null ? null : await readTagged(store, feeds, tag);
  if (sources?.length === 0) return null;
  const wanted = source === null ? sources : (sources ?? [source]).filter((id) => id === source);
  const slugs = feeds.map(({ slug }) => slug);
  // Nothing but words that are too short: nothing is found, rather than everything.
  const isEmpty = query.trim() !== '' && words.length === 0;
  const asked = { slugs: isEmpty ? [] : slugs, sources: wanted, words, offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE + 1 };
  const { headlines, isCut } = await store.readHeadlines(asked);
  if (headlines.length === 0 && page > 1) return null;
  const shown = headlines.slice(0, PAGE_SIZE);
  const isSummary = feeds.every(({ content }) => content === 'summary');
  const isMore = headlines.length > PAGE_SIZE;
  const isLast = query.trim() !== '' && page === MOST_SEARCH_PAGES;
  return {
    selection,
    headlines: isSummary ? shown.map(toSummary) : shown,
    hasMore: isMore && !isLast,
    isCut: isCut || (isMore && isLast),
    ignored,
    beyond,
  };
}

function toSummary(headline: Headline): Headline {
  return { ...headline, excerpt: toStoryExcerpt(headline.summary, headline.excerpt) };
}

/** Sources with a tag, of those that one of these feeds takes from: what others are called is told to nobody. */
async function readTagged(store: ViewParts['store'], feeds: readonly Feed[], tag: string): Promise<string[]> {
  const tagged = [...(await store.readSourceTags())].filter(([, tags]) => tags.includes(tag));
  return tagged.filter(([id, tags]) => feeds.some((feed) => takesFrom(feed, id, tags))).map(([id]) => id);
}

/** Tags that a page offers; more would be a list of their own. */
const MOST_TAGS = 30;

/** Tags of the sources that a feed takes from, in alphabetical order; none when all have the same. */
export async function readTags({ store }: ViewParts, feed: Feed): Promise<readonly string[]> {
  const sources = [...(await store.readSourceTags())].filter(([id, tags]) => takesFrom(feed, id, tags));
  const tags = [...new Set(sources.flatMap(([, named]) => named))].filter((tag) => sources.some(([, named]) => !named.includes(tag)));
  return tags.toSorted().slice(0, MOST_TAGS);
}

/** Every source in the configuration that one of these feeds takes from, and the state of the feeds. */
export async function readSourcesView({ store, clock, feeds: all }: ViewParts, feeds: readonly Feed[]): Promise<SourcesView> {
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

/** Every source in the configuration, whoever takes from it, and how many entries are stored of all that ever were. */
export async function readSourceViews({ store, clock }: Pick<ViewParts, 'store' | 'clock'>) {
  const today = toDay(clock.now());
  const counts = await store.countEntriesByDay(new Date((today - RHYTHM_DAYS + 1) * DAY_MS));
  const statuses = await readShownSources({ store, clock });
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

/** Where local files lie is nobody's business: only their names are told, and of private sources not even these. */
function hidePaths({ code, message }: Problem, { source }: SourceStatus): string {
  // A failure that nobody foresaw may say anything.
  if (code.endsWith('/set-aside')) return 'something of it could not be read and is set aside; its owner is told more by newsfold sources';
  const { kind, address } = source;
  if (kind !== 'file' && kind !== 'articles') return message;
  if (source.private) return `it cannot be read as it should be (${code}); its owner is told more by newsfold sources`;
  return message.replaceAll(address, basename(address)).replaceAll(`${dirname(address)}/`, '');
}

/** How long `lost` looks back. */
const LOST_MS = DAY_MS;
/** Fewer than these are no loss to wake anybody for. */
const FEWEST_LOST = 5;

/** Whether each feed that is published is as it should be: not silent against its own rhythm, not shorn of most of its stories within a day. */
export async function readHealth({ store, clock, feeds }: Pick<ViewParts, 'store' | 'clock' | 'feeds'>): Promise<FeedHealth[]> {
  const now = clock.now();
  const today = toDay(now);
  const since = { from: new Date((today - RHYTHM_DAYS + 1) * DAY_MS), lostSince: new Date(now.getTime() - LOST_MS) };
  const health: FeedHealth[] = [];
  for (const feed of feeds) {
    const { days, standing, newestAt, lost, toldAt } = await store.countFeed(feed.slug, since);
    const { slug, title, isDefault, private: isPrivate } = feed;
    const silence = findSilence(days, today, { times: 3, arrivedAt: toldAt });
    const stale = silence && {
      code: 'output/stale' as const,
      message: `nothing new for ${silence.days} days; its longest pause before was ${silence.longestBefore === 1 ? 'a day' : `${silence.longestBefore} days`}`,
    };
    const isShrunk = lost >= FEWEST_LOST && lost > standing;
    const shrunk = isShrunk
      ? { code: 'output/shrunk' as const, message: `${lost} of its ${lost + standing} stories left it within a day` }
      : null;
    health.push({ slug, title, isDefault, isPrivate, standing, newestAt, problem: shrunk ?? stale });
  }
  return health;
}

function toDay(date: Date): number {
  return Math.floor(date.getTime() / DAY_MS);
}
