import { expect } from 'vitest';
import { hideStory } from '../../src/run/corrections/corrections.ts';
import type { Feed } from '../../src/model/feed.ts';
import { renderFeed, renderStoredArchive } from '../../src/feeds/render-documents.ts';
import type { Store } from '../../src/ports/store/store.ts';
import type { RenderContext } from '../../src/feeds/render-documents.ts';
import { versionsIn, walkArchives } from './archive-client.ts';
import { declare, openWorkbench } from './bench.ts';
import { site, toFeed } from './story.ts';
import { parseStrictly } from './strict-xml.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** An item of a source; its id is `urn:x:` and the name. */
export interface HistoryItem {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly date: Date;
}

/** A workbench with operations and views of a feed's history. */
export type HistoryBench = Awaited<ReturnType<typeof openHistory>>;

/** Returns an item. No two items share words, so that none folds. */
export function toItem(name: string, date: Date, said: Partial<HistoryItem> = {}): HistoryItem {
  return { name, title: `Of ${name}`, text: Array.from({ length: 30 }, (_, n) => `${name}word${n}`).join(' '), date, ...said };
}

/** Opens a workbench whose source `a` has `items`. Runs, documents and archives are real. */
export async function openHistory() {
  const bench = await openWorkbench();
  const items: HistoryItem[] = [];
  const keys = new Map<string, string>();
  const rendering = (): RenderContext & { readonly store: Store } => ({
    store: bench.store,
    clock: { now: () => bench.now },
    site,
    feeds: bench.feeds,
    options: { siteUrl: site.url, alsoPublished: 'footer', titlePrefix: false, updateNotes: true },
    version: '0.0.0',
    hubUrl: null,
  });
  const feedOf = (slug = 'all') => bench.feeds.find((one) => one.slug === slug) ?? toFeed();
  const read = async (url: string, slug = 'all'): Promise<string> => {
    const n = /\/archive\/(\d+)\.atom$/.exec(url)?.[1];
    const found =
      n === undefined
        ? (await renderFeed(rendering(), feedOf(slug))).find(({ format }) => format === 'atom')
        : await renderStoredArchive(rendering(), feedOf(slug), Number(n));
    if (!found) throw new Error(`there is no ${url}`);
    return new TextDecoder().decode(found.bytes);
  };
  const toSource = (id: string, list: readonly HistoryItem[], said: Parameters<typeof declare>[2] = {}) => {
    const written = list.map(
      ({ name, title, text, date }) =>
        `<item><guid isPermaLink="false">urn:x:${name}</guid><title>${title}</title><link>https://${id}.test/${name}</link><pubDate>${date.toUTCString()}</pubDate><description>${text}</description></item>`,
    );
    const head = `<title>${id}</title><link>https://${id}.test/</link>`;
    return declare('file', bench.write(`${id}.xml`, `<rss version="2.0"><channel>${head}${written.join('')}</channel></rss>`), {
      id,
      ...said,
    });
  };
  return {
    bench,
    items,
    rendering,
    feedOf,
    toSource,
    /** Returns the text of a document or archive of a feed. */
    read,
    pass: (ms: number) => void (bench.now = new Date(bench.now.getTime() + ms)),
    ago: (ms: number) => new Date(bench.now.getTime() - ms),
    use: (...feeds: Partial<Feed>[]) => void (bench.feeds = feeds.map((said, index) => toFeed({ isDefault: index === 0, ...said }))),
    add: (name: string, date: Date, said: Partial<HistoryItem> = {}) => void items.push(toItem(name, date, said)),
    change(name: string, said: Partial<HistoryItem>): void {
      const index = items.findIndex((item) => item.name === name);
      const item = items[index];
      if (item) items[index] = { ...item, ...said };
    },
    revise(name: string): void {
      const index = items.findIndex((item) => item.name === name);
      const item = items[index];
      const words = Array.from({ length: 30 }, (_, n) => `new${items.length}x${bench.now.getTime()}x${n}`);
      if (item) items[index] = { ...item, text: `${item.text} ${words.join(' ')}` };
    },
    async run(sources = [toSource('a', items)]): Promise<void> {
      expect((await bench.run(sources)).problems).toEqual([]);
    },
    /** Hides a story or shows it again. `name` is the item that founded the story, or an entry's
     *  key. */
    async take(name: string, isHidden: boolean): Promise<void> {
      const found = (await bench.stories()).find(({ id }) => id === `urn:x:${name}`);
      const key = found?.key ?? keys.get(name) ?? name;
      keys.set(name, key);
      const settings = { feeds: bench.feeds, rules: { level: 'careful' as const, windowMs: 14 * DAY } };
      const context = { ...rendering(), settings, checkConfig: async () => undefined, holder: { command: 'test', pid: 1, host: 'here' } };
      expect(await hideStory(context, key, { isHidden })).toMatchObject({ isDone: true });
    },
    walk: (slug = 'all') => walkArchives('', (url) => read(url, slug)),
    document: async (slug = 'all') => parseStrictly(await read('', slug)),
    /** Returns the names of the stories in a document, in its order. Tombstones come last, with a
     *  cross. */
    shown: async (slug = 'all') =>
      versionsIn(parseStrictly(await read('', slug))).map(([id, , text]) => id.slice(6) + (text === null ? '†' : '')),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

/** Returns the names of the stories that a client knows, sorted. */
export function namesOf(entries: ReadonlyMap<string, string>): string[] {
  return [...entries.keys()].map((id) => id.slice(6)).toSorted();
}
