/** A rendered page. */
interface MadePage {
  readonly html: string;
  /** true when anybody may see the page. */
  readonly isPublic: boolean;
}

/** Milliseconds for which a page is reused while nothing new is published: as long as a shared
 *  cache keeps it. */
const KEPT_MS = 60_000;
/** Characters of all pages that are kept. */
const MOST_KEPT = 10_000_000;

/** Keeps rendered pages, so that two visitors share one rendering, and a browser's conditional
 *  request needs none. */
export interface PageCache {
  /** Returns the page of this name, rendered by `make` unless the page of this `version` is
   *  kept. Requests that come during the rendering wait for it. A result of `make` that is no
   *  page is given to all of them and not kept. */
  readonly read: <Other>(name: string, version: number, make: () => Promise<MadePage | Other>) => Promise<MadePage | Other>;
}

export function createPageCache(): PageCache {
  const kept = new Map<string, { readonly page: MadePage; readonly version: number; readonly at: number }>();
  const going = new Map<string, Promise<unknown>>();
  let length = 0;
  const drop = (name: string) => {
    length -= kept.get(name)?.page.html.length ?? 0;
    kept.delete(name);
  };
  const keep = (name: string, page: MadePage, version: number) => {
    drop(name);
    kept.set(name, { page, version, at: performance.now() });
    length += page.html.length;
    for (const oldest of kept.keys()) {
      if (length <= MOST_KEPT) break;
      drop(oldest);
    }
  };
  return {
    async read<Other>(name: string, version: number, make: () => Promise<MadePage | Other>) {
      const known = kept.get(name);
      if (known?.version === version && performance.now() - known.at < KEPT_MS) return known.page;
      const asked = `${version} ${name}`;
      const making =
        (going.get(asked) as Promise<MadePage | Other> | undefined) ??
        make().finally(() => {
          going.delete(asked);
        });
      going.set(asked, making);
      const made = await making;
      if (isPage(made)) keep(name, made, version);
      return made;
    },
  };
}

function isPage(made: unknown): made is MadePage {
  return typeof made === 'object' && made !== null && 'html' in made;
}
