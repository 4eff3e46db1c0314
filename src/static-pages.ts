import type { Feed, Site } from './model/feed.ts';
import { createFrame, toStaticPath } from './serve/pages/frame.ts';
import { errorPage } from './serve/pages/error.ts';
import { feedPage } from './serve/pages/feed.ts';
import { toIcon } from './serve/pages/icon.ts';
import { sourcesPage } from './serve/pages/sources.ts';
import { storyPage } from './serve/pages/story.ts';
import { toStyle } from './serve/pages/style.ts';
import type { ServeParts } from './serve/parts.ts';

/** A page for a file host: where it stands below the site, and its text. */
export interface StaticPage {
  readonly path: string;
  readonly text: string;
}

/** All that static pages are made from: functions that give them what to show. */
export interface StaticSiteContext extends Pick<ServeParts, 'readList' | 'readStory' | 'readSources'> {
  readonly site: Site;
  /** All feeds of the configuration: pages name those that have moved, too. */
  readonly feeds: readonly Feed[];
  /** Feeds that are published. */
  readonly published: readonly Feed[];
  readonly now: Date;
  /** Makes a story's page; undefined when that fails, which the owner is told of. */
  readonly attempt: (storyNo: number, make: () => Promise<string>) => Promise<string | undefined>;
  /** Called after the last story. */
  readonly conclude: () => Promise<void>;
}

/** Every page that anybody may see, as the server shows it but for search and filters, which no file host can do: the pages of each public feed, numbered, each story that
 *  stands in one, the sources, the page for what is not there, and the style. */
export async function* renderStaticPages(context: StaticSiteContext): AsyncGenerator<StaticPage> {
  const { site, feeds, published, now } = context;
  const open = published.filter((feed) => !feed.private);
  const frame = createFrame(site, feeds, { at: now, isStatic: true });
  const keys = new Set<string>();
  for (const feed of open) {
    for (let page = 1; ; page++) {
      const view = await context.readList([feed], { page, source: null, tag: null, query: '' });
      if (!view) break;
      yield { path: `${toStaticPath(feed, page)}index.html`, text: String(await feedPage(frame, feed, view, { tags: [] })) };
      for (const { key } of view.headlines) {
        if (keys.has(key)) continue;
        keys.add(key);
        const answer = await context.readStory(key, () => false);
        // It may be taken down while pages are written.
        if (answer.kind !== 'shown') continue;
        const { view: shown } = answer;
        const text = await context.attempt(shown.story.no, async () => String(await storyPage(frame, shown)));
        if (text !== undefined) yield { path: `/stories/${key}/index.html`, text };
      }
      if (!view.hasMore) break;
    }
  }
  await context.conclude();
  yield { path: '/sources/index.html', text: String(await sourcesPage(frame, await context.readSources(open))) };
  yield { path: '/404.html', text: String(await errorPage(frame, 'Not found', 'There is no page at this address.')) };
  yield { path: '/style.css', text: toStyle(site) };
  if (site.stylesheet !== null) yield { path: '/site.css', text: site.stylesheet };
  yield { path: '/favicon.svg', text: toIcon(site) };
}
