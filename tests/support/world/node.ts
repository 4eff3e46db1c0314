import { setImmediate } from 'node:timers/promises';
import type { Fetcher } from '../../../src/ports/fetcher.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import type { RunContext } from '../../../src/run/run-context.ts';
import { createFileReader } from '../../../src/ingest/local/files.ts';
import type { RenderContext } from '../../../src/feeds/render-documents.ts';
import { declare } from '../bench.ts';
import { site } from '../story.ts';
import { addressOf } from './server.ts';
import { DAY, HOUR, machineTime } from './world.ts';
import type { World } from './world.ts';

/** Returns the context of a run in a world: a real store, with the world's clock and servers. */
export function toRunContext(world: World, store: Store, fetcher: Fetcher, holder: RunContext['holder']): RunContext {
  const clock = { now: () => machineTime(world) };
  const outlets = world.outlets
    .filter(({ isDeclared }) => isDeclared)
    .map((outlet) =>
      declare('feed', addressOf(outlet), {
        id: outlet.id,
        private: outlet.isPrivate,
        fold: outlet.folds,
        priority: outlet.priority,
        // Every second source is polled as often as the program likes.
        intervalMs: world.outlets.indexOf(outlet) % 2 === 0 ? 0 : null,
      }),
    );
  const folders = world.folders.filter(({ isDeclared }) => isDeclared).map(({ id, path }) => declare('articles', path, { id }));
  return {
    store,
    fetcher,
    crawler: { crawl: () => refuse('a page') },
    extractor: { extract: () => refuse('an extraction') },
    files: createFileReader(),
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    settings: {
      declarations: [...outlets, ...folders],
      feeds: world.feeds,
      ownUrls: new Set(),
      rules: { level: world.level, windowMs: 14 * DAY },
      concurrency: world.concurrency,
      perHost: 2,
      runTimeoutMs: HOUR,
      maxBytes: 1_000_000,
      zone: 'UTC',
      minIntervalMs: HOUR,
      maxIntervalMs: DAY,
      retention: world.retention,
    },
    queue: null,
    checkConfig: async () => undefined,
    holder,
  };
}

/** Returns the context in which documents of the world are rendered. */
export function toRenderContext(world: World, store: Store): RenderContext & { readonly store: Store } {
  return {
    store,
    clock: { now: () => machineTime(world) },
    site,
    feeds: world.feeds,
    options: { siteUrl: site.url, alsoPublished: 'footer', titlePrefix: false, updateNotes: true },
    version: '0.0.0',
    hubUrl: null,
  };
}

/** Returns a fetcher that notes in `asked` which sources it asks. The answers take some turns of the
 *  event loop; `isSlow` gives another order. */
export function listen(world: World, fetcher: Fetcher, asked: Set<string>, isSlow: boolean): Fetcher {
  return {
    close: () => fetcher.close(),
    async fetch(request) {
      const index = world.outlets.findIndex((outlet) => addressOf(outlet) === request.url);
      asked.add(world.outlets[index]?.id ?? '');
      for (let turns = (isSlow ? 7 - index : index) % 7; turns > 0; turns--) await setImmediate();
      return fetcher.fetch(request);
    },
  };
}

function ignore(): void {
  // Logs of a world are not read.
}

function refuse(what: string): Promise<never> {
  return Promise.reject(new Error(`the world has no ${what}`));
}
