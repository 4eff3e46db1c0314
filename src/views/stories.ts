import type { Feed } from '../model/feed.ts';
import type { Headline } from '../model/headline.ts';
import { MOST_SEARCH_PAGES } from '../model/view.ts';
import type { ListView, ListSelection } from '../model/view.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reads } from '../ports/store/store.ts';
import { toSearchWords } from '../publish/selection/search-words.ts';
import { takesFrom } from '../publish/selection/select.ts';
import { toStoryExcerpt } from '../publish/html/story-text.ts';

/** Everything that views are read with. */
export interface ViewContext {
  readonly store: Reads;
  readonly clock: Clock;
  /** Feeds that are published: neither moved nor retired. */
  readonly feeds: readonly Feed[];
}

/** Stories on a page. */
const PAGE_SIZE = 50;

/** Reads a page of the stories that `feeds` show; null when the page or the tag does not exist. */
export async function readStoryList({ store }: ViewContext, feeds: readonly Feed[], selection: ListSelection): Promise<ListView | null> {
  const { page, source, tag, query } = selection;
  const { words, ignored, beyond } = toSearchWords(query);
  const sources = tag === null ? null : await readTagged(store, feeds, tag);
  if (sources?.length === 0) return null;
  const wanted = source === null ? sources : (sources ?? [source]).filter((id) => id === source);
  const slugs = feeds.map(({ slug }) => slug);
  // A query of ignored words alone finds nothing, rather than everything.
  const isEmpty = query.trim() !== '' && words.length === 0;
  const search = { slugs: isEmpty ? [] : slugs, sources: wanted, words, offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE + 1 };
  const { headlines, isCut } = await store.readHeadlines(search);
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

/** Reads the sources with a tag that one of `feeds` takes from. Tags of other sources are not
 *  revealed. */
async function readTagged(store: ViewContext['store'], feeds: readonly Feed[], tag: string): Promise<string[]> {
  const tagged = [...(await store.readSourceTags())].filter(([, tags]) => tags.includes(tag));
  return tagged.filter(([id, tags]) => feeds.some((feed) => takesFrom(feed, id, tags))).map(([id]) => id);
}

/** Most tags that a page offers. */
const MOST_TAGS = 30;

/** Returns the tags of a feed's sources in alphabetical order. A tag that all of them have is left
 *  out, since it would select everything. */
export async function readTags({ store }: ViewContext, feed: Feed): Promise<readonly string[]> {
  const sources = [...(await store.readSourceTags())].filter(([id, tags]) => takesFrom(feed, id, tags));
  const tags = [...new Set(sources.flatMap(([, named]) => named))].filter((tag) => sources.some(([, named]) => !named.includes(tag)));
  return tags.toSorted().slice(0, MOST_TAGS);
}
