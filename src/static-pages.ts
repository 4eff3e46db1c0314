import { Trial } from './bulkhead.ts';
import type { Feed, Site } from './model/feed.ts';
import type { SetAsideWrites } from './ports/set-aside-store.ts';
import { errorPage } from './serve/pages/error.ts';
import { feedPage } from './serve/pages/feed.ts';
import { createFrame, toStaticPath } from './serve/pages/frame.ts';
import { toIcon } from './serve/pages/icon.ts';
import { sourcesPage } from './serve/pages/sources.ts';
import { storyPage } from './serve/pages/story.ts';
import { toStyle } from './serve/pages/style.ts';
import { readList, readSourcesView } from './views.ts';
import { readStoryAnswer } from './story-view.ts';
import type { ViewParts } from './views.ts';

/** A page for a file host: where it stands below the site, and its text. */
export interface StaticPage {
  readonly path: string;
  readonly text: string;
}

/** Every page that anybody may see, as the server shows it but for search and filters, which no file host can do: the pages of each public feed, numbered, each story that
 *  stands in one, the sources, the page for what is not there, and the style. */
export async function* renderStaticPages(
  parts: ViewParts & { readonly store: SetAsideWrites },
  site: Site,
  feeds: readonly Feed[],
): AsyncGenerator<StaticPage> {
  const open = parts.feeds.filter((feed) => !feed.private);
  const frame = createFrame(site, feeds, { at: parts.clock.now(), isStatic: true });
  const keys = new Set<string>();
  const trial = new Trial('render');
  for (const feed of open) {
    for (let page = 1; ; page++) {
      const view = await readList(parts, [feed], { page, source: null, tag: null, query: '' });
      if (!view) break;
      yield { path: `${toStaticPath(feed, page)}index.html`, text: String(await feedPage(frame, feed, view, { tags: [] })) };
      for (const { key } of view.headlines) {
        if (keys.has(key)) continue;
        keys.add(key);
        const answer = await readStoryAnswer(parts, key, () => false);
        // It may be taken down while pages are written.
        if (answer.kind !== 'shown') continue;
        const { view: shown } = answer;
        const text = await trial.attemptLater({ what: 'story', no: shown.story.no }, async () => String(await storyPage(frame, shown)));
        if (text !== undefined) yield { path: `/stories/${key}/index.html`, text };
      }
      if (!view.hasMore) break;
    }
  }
  await trial.conclude(parts);
  yield { path: '/sources/index.html', text: String(await sourcesPage(frame, await readSourcesView(parts, open))) };
  yield { path: '/404.html', text: String(await errorPage(frame, 'Not found', 'There is no page at this address.')) };
  yield { path: '/style.css', text: toStyle(site) };
  if (site.stylesheet !== null) yield { path: '/site.css', text: site.stylesheet };
  yield { path: '/favicon.svg', text: toIcon(site) };
}
