import type { Feed, Site } from '../../model/feed.ts';
import type { ListView, ListSelection, SourcesView } from '../../model/view.ts';
import { errorPage } from './frame/error.ts';
import { feedPage } from './story/feed.ts';
import { createFrame, toStaticPath } from './frame/frame.ts';
import { toIcon } from './frame/icon.ts';
import { sourcesPage } from './sources/sources.ts';
import { storyPage } from './story/story.ts';
import { toStyle } from './frame/style.ts';

/** A page for a file host: its path below the site, and its text. */
export interface StaticPage {
  readonly path: string;
  readonly text: string;
}

/** The views that static pages show, and the instant at which they are read. */
export interface StaticViews {
  readonly at: Date;
  /** Returns a page of the stories of these feeds; null when there is no such page. */
  readonly readList: (feeds: readonly Feed[], selection: ListSelection) => Promise<ListView | null>;
  /** Returns a story by its key; null unless it is shown now. */
  readonly readStory: (key: string) => Promise<Parameters<typeof storyPage>[1] | null>;
  readonly readSources: (feeds: readonly Feed[]) => Promise<SourcesView>;
  /** Renders the page of a story; undefined when that fails for an unforeseen reason. */
  readonly attempt: (storyNo: number, make: () => Promise<string>) => Promise<string | undefined>;
  /** Sets aside the stories whose pages failed. */
  readonly conclude: () => Promise<unknown>;
}

/** Renders every public page as the server shows it, without search and filters, which no file
 *  host can do. These are the numbered pages of each public feed, their stories, the sources,
 *  the 404 page and the style. `feeds` are all of the configuration, `published` those that are
 *  neither moved nor retired. */
export async function* renderStaticPages(
  views: StaticViews,
  site: Site,
  { feeds, published }: { readonly feeds: readonly Feed[]; readonly published: readonly Feed[] },
): AsyncGenerator<StaticPage> {
  const open = published.filter((feed) => !feed.private);
  const frame = createFrame(site, feeds, { at: views.at, isStatic: true });
  const keys = new Set<string>();
  for (const feed of open) {
    for (let page = 1; ; page++) {
      const view = await views.readList([feed], { page, source: null, tag: null, query: '' });
      if (!view) break;
      yield { path: `${toStaticPath(feed, page)}index.html`, text: String(await feedPage(frame, feed, view, { tags: [] })) };
      for (const { key } of view.headlines) {
        if (keys.has(key)) continue;
        keys.add(key);
        const shown = await views.readStory(key);
        // The story may be hidden while pages are written.
        if (shown === null) continue;
        const text = await views.attempt(shown.story.no, async () => String(await storyPage(frame, shown)));
        if (text !== undefined) yield { path: `/stories/${key}/index.html`, text };
      }
      if (!view.hasMore) break;
    }
  }
  await views.conclude();
  yield { path: '/sources/index.html', text: String(await sourcesPage(frame, await views.readSources(open))) };
  yield { path: '/404.html', text: String(await errorPage(frame, 'Not found', 'There is no page at this address.')) };
  yield { path: '/style.css', text: toStyle(site) };
  if (site.stylesheet !== null) yield { path: '/site.css', text: site.stylesheet };
  yield { path: '/favicon.svg', text: toIcon(site) };
}
