import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { comparePair, placeEntries } from '../fold/fold.ts';
import type { FoldRules } from '../fold/fold.ts';
import type { StoredEntry } from '../model/entry.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { ParsedItem } from '../model/parsed.ts';
import { normalise } from '../normalise/normalise.ts';
import { complain, printJson } from './print.ts';

/** A line of an entries file (folding/README.md). */
interface EntryLine {
  readonly id: string;
  readonly source: string;
  readonly url?: string | null;
  readonly guid?: string | null;
  readonly title?: string | null;
  readonly html?: string | null;
  readonly text?: string | null;
  readonly published?: string | null;
  readonly updated?: string | null;
  readonly seen?: string | null;
  readonly lang?: string | null;
}

/** Folds a file of entries, in the order of `seen`, else `updated`, else `published`, else the file: a line {"story","entries"} for each
 *  story; with `pairs` a line {a,b,label,score,why} for each pair of that file instead. Needs neither configuration nor store. */
export async function foldCommand(
  file: string,
  options: { readonly pairs?: string; readonly fold: FoldRules['level']; readonly windowMs: number },
): Promise<number> {
  const lines = await readLines<EntryLine>(file);
  const order = new Map(lines.map((line, index) => [line, orderOf(line) ?? index]));
  const sorted = lines.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const homes = findHomes(sorted);
  const ids = new Map<number, string>();
  const entries = new Map<string, StoredEntry>();
  const first = new Map<string, number>();
  const repeats = new Map<number, number>();
  sorted.forEach((line, no) => {
    const entry = toStoredEntry(line, no, homes.get(line.source) ?? null);
    if (!entry) return complain(`${file}: entry ${line.id} has neither title nor text: left out`);
    ids.set(no, line.id);
    entries.set(line.id, entry);
    const name = `${entry.sourceId}\n${entry.identity}`;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, no);
    else repeats.set(no, earlier);
  });
  const rules = { level: options.fold, windowMs: options.windowMs };
  if (options.pairs !== undefined) {
    for (const { a, b } of await readLines<{ a: string; b: string }>(options.pairs)) {
      const [left, right] = [entries.get(a), entries.get(b)];
      if (left && right) printJson({ a, b, ...toPairLine(comparePair(left, right, rules)) });
    }
    return 0;
  }
  const arrivals = [...entries.values()].filter((entry) => !repeats.has(entry.no)).map((entry) => ({ entry, folds: true }));
  const stories = new Map<number, string[]>();
  const storyOf = new Map(placeEntries(arrivals, [], rules).map((placement) => [placement.entryNo, placement.storyNo]));
  for (const [no, id] of ids) {
    const story = storyOf.get(repeats.get(no) ?? no) ?? no;
    stories.set(story, [...(stories.get(story) ?? []), id]);
  }
  for (const [story, members] of stories) printJson({ story: ids.get(story), entries: members });
  return 0;
}

function toPairLine({ label, score, why }: ReturnType<typeof comparePair>) {
  return { label, score, why };
}

async function readLines<T>(file: string): Promise<T[]> {
  const values: T[] = [];
  try {
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      number++;
      if (line.trim() === '') continue;
      try {
        values.push(JSON.parse(line) as T);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        complain(`${file}:${number}: no JSON: left out`);
      }
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new NewsfoldError('file/unreadable', `${file} cannot be read (${String(error.code)})`, { exitCode: 2, cause: error });
  }
  return values;
}

function orderOf(line: EntryLine): number | null {
  const time = Date.parse(line.seen ?? line.updated ?? line.published ?? '');
  return Number.isNaN(time) ? null : time;
}

/** Home of each source: the host that more than half of its addresses have; a file of entries names no home pages. */
function findHomes(lines: readonly EntryLine[]): Map<string, string> {
  const hosts = new Map<string, Map<string, number>>();
  for (const { source, url } of lines) {
    if (!url || !URL.canParse(url)) continue;
    const counts = hosts.get(source) ?? new Map<string, number>();
    const origin = new URL(url).origin;
    hosts.set(source, counts.set(origin, (counts.get(origin) ?? 0) + 1));
  }
  return new Map(
    [...hosts].flatMap(([source, counts]): [string, string][] => {
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const top = [...counts].find(([, count]) => count * 2 > total);
      return top ? [[source, top[0]]] : [];
    }),
  );
}

function toStoredEntry(line: EntryLine, no: number, homePage: string | null): StoredEntry | null {
  const html = line.html ?? (line.text == null ? null : escape(line.text));
  if (!line.title && !html) return null;
  const item: ParsedItem = {
    guid: line.guid ?? null,
    url: line.url ?? null,
    title: line.title ?? '',
    titleType: line.html == null ? 'text' : 'unknown',
    html,
    summary: null,
    published: line.published ?? null,
    updated: line.updated ?? null,
    authors: [],
    categories: [],
    enclosures: [],
    image: null,
    language: line.lang ?? null,
    origin: null,
    rights: null,
    commentsUrl: null,
    location: null,
  };
  const time = orderOf(line);
  const seenAt = time === null ? new Date(0) : new Date(time);
  const identity = line.guid ?? line.url ?? `line ${no}`;
  const { change } = normalise({ item, identity, position: no, contentHash: '' }, null, {
    sourceId: line.source,
    homePage,
    language: null,
    zone: 'UTC',
    seenAt,
  });
  const revision = change?.revisions.at(-1);
  return change && revision ? { ...change.entry, no, key: '', firstSeenAt: seenAt, revision } : null;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
