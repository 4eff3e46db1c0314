import { openApp } from '../../app/app.ts';
import type { App } from '../../app/app.ts';
import { refold } from '../../run/corrections/refold.ts';
import type { Moved, Refolded } from '../../run/corrections/refold.ts';
import type { StoredEntry } from '../../model/entry.ts';
import { publishStories } from '../../run/publish-stories.ts';
import { withRunLock } from '../../run/run-lock.ts';
import { DAY_MS } from '../../model/values/time.ts';
import { countOf, print, printJson } from '../output/print.ts';

/** Options of `newsfold refold`. */
interface RefoldCommandOptions {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Folds the entries of the window again by the present rules and the owner's pins. Entries that
 *  belong elsewhere are moved; with `dryRun` they are only listed. Prints a line for each moved
 *  entry, then the counts. With `json` prints only lines
 *  {"entry","source","title","from","to","why"}. */
export async function refoldCommand(options: RefoldCommandOptions, signal: AbortSignal): Promise<number> {
  const { dryRun: isDryRun = false, json: isJson = false } = options;
  const app = await openApp(options.config, 'refold');
  const { store, clock, runContext } = app;
  try {
    await withRunLock(runContext, async () => {
      const refolded = await refold(runContext, await readFolds(app), signal);
      await show(app, refolded, isJson);
      if (!isDryRun) {
        const moves = refolded.moved.map(({ membership, ...move }) => ({ entryNo: membership.entryNo, ...move }));
        await store.moveEntries(moves, [], clock.now());
        await publishStories(runContext, () => false);
      }
      if (!isJson) summarise(app, refolded, isDryRun);
    });
    return 0;
  } finally {
    await app.close();
  }
}

async function show({ store }: App, { moved }: Refolded, isJson: boolean): Promise<void> {
  const entries = new Map((await store.readEntries(numbersOf(moved))).map((entry) => [entry.no, entry]));
  const keys = new Map((await store.readPlaces({ from: new Date(0), before: null })).map(({ storyNo, storyKey }) => [storyNo, storyKey]));
  for (const move of moved) {
    const entry = entries.get(move.membership.entryNo);
    if (entry) showMove(move, entry, { to: keys.get(move.storyNo) ?? null, founder: entries.get(move.storyNo) ?? null, isJson });
  }
}

function showMove(
  { membership, verdict }: Moved,
  entry: StoredEntry,
  { to, founder, isJson }: { readonly to: string | null; readonly founder: StoredEntry | null; readonly isJson: boolean },
): void {
  const { key, sourceId: source, revision } = entry;
  const from = membership.storyKey ?? '';
  if (isJson) return printJson({ entry: key, source, title: revision.title, from, to, why: verdict.why });
  const target = to ?? (founder === null || founder === entry ? 'a story of its own' : `a story of its own, with entry ${founder.key}`);
  print(`${revision.title || '(untitled)'} (${source}, entry ${key}): from ${from} to ${target}: ${verdict.why.join(', ')}`);
}

function summarise({ config }: App, { moved, entries, waiting, storiesBefore, storiesAfter }: Refolded, isDryRun: boolean): void {
  const days = Number((config.fold.windowMs / DAY_MS).toFixed(1));
  const would = isDryRun ? ' would' : '';
  print(`${countOf(entries, 'entry')} of the last ${days} days folded again: ${moved.length}${would} move, ${entries - moved.length} stay`);
  const waits = waiting > 0 ? `; ${countOf(waiting, 'entry')} wait${waiting === 1 ? 's' : ''} for the next run` : '';
  print(`${countOf(storiesBefore, 'story')} as stored, ${storiesAfter} folded again${waits}${isDryRun ? '; nothing was changed' : ''}`);
}

function numbersOf(moved: readonly Moved[]): number[] {
  return [...new Set(moved.flatMap(({ membership, storyNo }) => [membership.entryNo, storyNo]))];
}

/** Returns whether each source folds: by the configuration, else by the store. */
async function readFolds({ config, store, runContext }: App): Promise<Map<string, boolean>> {
  const declared = new Map<string, boolean>();
  for (const { id, kind, address, fold } of config.sources) {
    const addresses = kind === 'file' ? await runContext.files.expand(address) : [address];
    for (const one of addresses) declared.set(`${kind} ${one}`, fold);
    if (id !== null) declared.set(id, fold);
  }
  const statuses = await store.readSources();
  return new Map(
    statuses.map(({ source }) => [source.id, declared.get(source.id) ?? declared.get(`${source.kind} ${source.address}`) ?? source.fold]),
  );
}
