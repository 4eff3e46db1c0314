import { declare, openWorkbench } from '../../support/bench.ts';
import { write } from './histories.ts';
import type { History } from './histories.ts';

/** Result of a history for its articles, by name. */
export interface Fate {
  /** Number of articles in the history. */
  readonly shown: number;
  /** Articles that no story shows as its newest version. */
  readonly lost: readonly string[];
  /** Articles that more than one story shows. */
  readonly doubled: readonly string[];
  /** Articles whose story has another date than they had at first. */
  readonly misdated: readonly string[];
  /** Articles whose story has changed its id. */
  readonly renamed: readonly string[];
  /** true when reading the last document again brought something new. */
  readonly isRestless: boolean;
  /** The error that ended a run; null when none did. */
  readonly error: string | null;
}

/** Runs over each version of a history and returns the result for its articles. */
export async function measure(history: History): Promise<Fate> {
  await using bench = await openWorkbench();
  let build = 0;
  const run = async (items: History['versions'][number]) => {
    const report = await bench.run([declare('file', bench.write('a.xml', write(history, items, ++build)), { id: 'a' })]);
    bench.now = new Date(bench.now.getTime() + 24 * 3_600_000);
    return report;
  };
  const dates = new Map<string, string | undefined>();
  const ids = new Map<string, string>();
  const renamed = new Set<string>();
  const namesOf = async () => {
    const stories = await bench.stories();
    return stories.map((story) => ({ name: story.lead.entry.revision.categories[0] ?? '', story }));
  };
  let [error, isRestless]: [string | null, boolean] = [null, false];
  try {
    for (const items of history.versions) {
      for (const { name, date } of items) if (!dates.has(name)) dates.set(name, date);
      await run(items);
      for (const { name, story } of await namesOf()) {
        if (ids.has(name) && ids.get(name) !== story.id) renamed.add(name);
        if (!ids.has(name)) ids.set(name, story.id);
      }
    }
    const again = await run(history.versions.at(-1) ?? []);
    isRestless = again.entriesNew + again.storiesNew + again.entriesRevised > 0;
  } catch (thrown) {
    error = String(thrown).slice(0, 100);
  }
  const found = await namesOf();
  const counts = new Map<string, number>();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...dates.keys()];
  const misdated = found.flatMap(({ name, story }) => {
    const date = dates.get(name);
    return date !== undefined && story.published?.getTime() !== new Date(date).getTime() ? [name] : [];
  });
  return {
    shown: names.length,
    lost: names.filter((name) => !counts.has(name)),
    doubled: names.filter((name) => (counts.get(name) ?? 0) > 1),
    misdated,
    renamed: [...renamed],
    isRestless,
    error,
  };
}
