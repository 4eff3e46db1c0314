import type { AppConfig } from '../config/config.ts';
import { VERSION } from '../model/version.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store/store.ts';
import type { RenderContext } from '../feeds/render-documents.ts';
import { publishedFeeds } from './config.ts';

/** Returns the context for rendering documents. */
export function toRenderContext(config: AppConfig, store: Store, clock: Clock): RenderContext {
  const { site, alsoPublished, titlePrefix, updateNotes } = config;
  const options = { siteUrl: site.url, alsoPublished, titlePrefix, updateNotes };
  return { store, clock, site, feeds: publishedFeeds(config), options, version: VERSION, hubUrl: config.websub.hub };
}
