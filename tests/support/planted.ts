import type { RunContext } from '../../src/run/run-context.ts';
import type { Store } from '../../src/ports/store/store.ts';

/** Returns a copy of an object that throws when one field is read. */
function poison<T extends object>(target: T, field: keyof T & string): T {
  return Object.defineProperty(Object.defineProperties({} as T, Object.getOwnPropertyDescriptors(target)), field, {
    enumerable: true,
    get() {
      throw new TypeError(`planted in ${field}`);
    },
  });
}

/** Returns a store with some methods replaced. */
function wrapStore(store: Store, methods: (store: Store) => Partial<Store>): Store {
  return { ...store, ...methods(store) };
}

/** A planted failure: in the entry titled "bad", or in everything that the stage receives. */
export interface Planting {
  /** Whether the failure is active. */
  isThere: boolean;
  /** true: everything fails; false: only the entry titled "bad". */
  isEverywhere: boolean;
}

/** Contexts of a run in which one stage receives values that throw, by stage. */
export const plantings = {
  parse: (context, planting) => ({
    ...context,
    files: {
      ...context.files,
      async readDocument(path, maxBytes) {
        const result = await context.files.readDocument(path, maxBytes);
        const isPlanted = planting.isThere && (planting.isEverywhere || path.endsWith('bad.xml'));
        return result.kind === 'content' && isPlanted ? { ...result, content: poison(result.content, 'bytes') } : result;
      },
    },
  }),
  'full text': (context, planting) => ({
    ...context,
    extractor: {
      async extract(page, expected) {
        if (planting.isThere && (planting.isEverywhere || expected.title === 'bad')) throw new TypeError('planted in extract');
        return context.extractor.extract(page, expected);
      },
    },
  }),
  're-identification': withStore((store, isPlanted) => ({
    readPriorEntries: async (source, by) =>
      (await store.readPriorEntries(source, by)).map((entry) =>
        isPlanted(entry.title) ? poison(poison(entry, 'urlKey'), 'published') : entry,
      ),
  })),
  normalise: withStore((store, isPlanted) => ({
    async readKnown(source, identities) {
      const known = await store.readKnown(source, identities);
      return new Map([...known].map(([name, entry]) => [name, isPlanted(name) ? poison(entry, 'revisions') : entry]));
    },
  })),
  fold: withStore((store, isPlanted) => ({
    readPending: async (limit) =>
      (await store.readPending(limit)).map((one) =>
        isPlanted(one.entry.revision.title) ? { ...one, entry: poison(one.entry, 'revision') } : one,
      ),
  })),
  settle: withStore((store, isPlanted) => ({
    async readPendingStories(limit) {
      const stories = await store.readPendingStories(limit);
      const entries = new Map((await store.readEntries(stories.map(({ no }) => no))).map((entry) => [entry.no, entry.revision.title]));
      return stories.map((story) => (isPlanted(entries.get(story.no) ?? '') ? poison(story, 'members') : story));
    },
  })),
  list: withStore((store, isPlanted) => {
    const plant = async (candidates: Awaited<ReturnType<Store['readCandidates']>>) => {
      const entries = new Map((await store.readEntries(candidates.map(({ no }) => no))).map((entry) => [entry.no, entry.revision.title]));
      return candidates.map((one) => (isPlanted(entries.get(one.no) ?? '') ? poison(one, 'lead') : one));
    };
    return {
      readCandidates: async (numbers, options) => plant(await store.readCandidates(numbers, options)),
      readAllCandidates: async (page) => plant(await store.readAllCandidates(page)),
    };
  }),
  render: withStore((store, isPlanted) => ({
    readStoriesByNumber: async (numbers) =>
      (await store.readStoriesByNumber(numbers)).map((story) =>
        isPlanted(story.lead.entry.revision.title) ? poison(story, 'revisions') : story,
      ),
  })),
} satisfies Record<string, (context: RunContext, planting: Planting) => RunContext>;

function withStore(methods: (store: Store, isPlanted: (title: string) => boolean) => Partial<Store>) {
  return (context: RunContext, planting: Planting): RunContext => {
    const isPlanted = (title: string) => planting.isThere && (planting.isEverywhere || title === 'bad');
    return { ...context, store: wrapStore(context.store, (store) => methods(store, isPlanted)) };
  };
}
