import { setImmediate } from 'node:timers/promises';
import type { Crawler, Fetcher } from '../../../src/ports/fetcher.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import type { RunContext } from '../../../src/run/run-context.ts';
import { createFileReader } from '../../../src/ingest/local/files.ts';
import type { RenderContext } from '../../../src/feeds/render-documents.ts';
import { declare } from '../bench.ts';
import { site } from '../story.ts';
import { addressOf, isAt } from './server.ts';
import { DAY, HOUR, isAdaptive, machineTime } from './world.ts';
import type { World } from './world.ts';

/** The servers of a world, as a run asks them. */
type Servers = Fetcher & Pick<Crawler, 'crawl'>;

/** Returns the context of a run in a world: a real store, with the world's clock and servers. */
export function toRunContext(world: World, store: Store, servers: Servers, holder: RunContext['holder']): RunContext {
  const clock = { now: () => machineTime(world) };
  const print = (fields: object, message?: string) => notePrinted(world, [fields, message]);
  const outlets = world.outlets
    .filter(({ isDeclared }) => isDeclared)
    .map((outlet) =>
      declare(outlet.kind, addressOf(outlet), {
        id: outlet.id,
        private: outlet.isPrivate,
        fold: outlet.folds,
        priority: outlet.priority,
        intervalMs: isAdaptive(world, outlet) ? null : 0,
      }),
    );
  const folders = world.folders.filter(({ isDeclared }) => isDeclared).map(({ id, path }) => declare('articles', path, { id }));
  return {
    store,
    fetcher: servers,
    crawler: servers,
    extractor: { extract: () => refuse('an extraction') },
    files: createFileReader(),
    clock,
    log: { debug: print, info: print, warn: print, error: print },
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

/** Returns servers that note in `asked` which sources are asked. The answers take some turns of the
 *  event loop; `isSlow` gives another order. Nobody asks any more once the process has died:
 *  `deaths` counts them. */
export function listen(
  { outlets }: World,
  servers: Servers,
  { asked, isSlow, deaths }: { readonly asked: Set<string>; readonly isSlow: boolean; readonly deaths: () => number },
): Servers {
  const wait = async (url: string) => {
    const before = deaths();
    const index = outlets.findIndex((outlet) => isAt(outlet, url));
    asked.add(outlets[index]?.id ?? '');
    for (let turns = (isSlow ? 7 - index : index) % 7; turns > 0; turns--) await setImmediate();
    if (deaths() !== before) await new Promise(() => undefined);
  };
  return {
    close: () => servers.close(),
    async fetch(request) {
      await wait(request.url);
      return servers.fetch(request);
    },
    async crawl(url, ...how) {
      await wait(url);
      return servers.crawl(url, ...how);
    },
  };
}

/** Notes something that the program prints, if it names the address of a private source. */
export function notePrinted({ outlets, printed }: World, said: unknown): void {
  if (!outlets.some(({ isPrivate }) => isPrivate)) return;
  const line = JSON.stringify(said);
  if (line.includes('key=hush')) printed.push(line);
}

function refuse(what: string): Promise<never> {
  return Promise.reject(new Error(`the world has no ${what}`));
}
