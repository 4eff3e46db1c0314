import type { Feed } from '../model/feed.ts';
import type { Headline } from '../model/headline.ts';
import { MOST_SEARCH_PAGES } from '../model/view.ts';
import type { ListView, ListSelection } from '../model/view.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reads } from '../ports/store/store.ts';
import { toSearchWords } from '../publish/selection/search-words.ts';
import { takesFrom } from '../publish/selection/select.ts';
import { toStoryExcerpt } from '../publish/html/story-text.ts';

/** What views are read with. */
export interface ViewContext {
  readonly store: Reads;
  readonly clock: Clock;
  /** Those that are published: neither moved nor retired. */
  readonly feeds: readonly Feed[];
}

/** Stories on a page. */
const PAGE_SIZE = 50;

/** A page of the stories that stand in these feeds; null when there is no such page, or no such
 *  tag. */
export async function readStoryList({ store }: ViewContext, feeds: readonly Feed[], selection: ListSelection): Promise<ListView | null> {
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

/** Sources with a tag, of those that one of these feeds takes from: what others are called is told
 *  to nobody. */
async function readTagged(store: ViewContext['store'], feeds: readonly Feed[], tag: string): Promise<string[]> {
  const tagged = [...(await store.readSourceTags())].filter(([, tags]) => tags.includes(tag));
  return tagged.filter(([id, tags]) => feeds.some((feed) => takesFrom(feed, id, tags))).map(([id]) => id);
}

/** Tags that a page offers; more would be a list of their own. */
const MOST_TAGS = 30;

/** Tags of the sources that a feed takes from, in alphabetical order; none when all have the
 *  same. */
export async function readTags({ store }: ViewContext, feed: Feed): Promise<readonly string[]> {
  const sources = [...(await store.readSourceTags())].filter(([id, tags]) => takesFrom(feed, id, tags));
  const tags = [...new Set(sources.flatMap(([, named]) => named))].filter((tag) => sources.some(([, named]) => !named.includes(tag)));
  return tags.toSorted().slice(0, MOST_TAGS);
}
