import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { StoredEntry } from '../../model/entry.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { ParsedItem } from '../../model/parsed.ts';
import { normalise } from '../../normalise/normalise.ts';
import { isAnotherArticle } from '../../normalise/identity/reused-link.ts';
import { complain } from '../output/print.ts';

/** A line of an entries file (docs/folding.md#a-file-of-entries). */
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

/** The entries of a file, in order, by their ids in the file. */
interface EntryFile {
  readonly entries: ReadonlyMap<string, StoredEntry>;
  /** Numbers of entries that repeat an earlier one of the same source and identity, with the
   *  number of that one. */
  readonly repeats: ReadonlyMap<number, number>;
}

/** Reads a file of entries, a JSON object a line (docs/folding.md#a-file-of-entries). They are
 *  sorted by `seen`, else `updated`, else `published`, else their position. Entries of one
 *  instant are sorted by source and id, so that their order in the file decides nothing. An
 *  invalid line is reported and left out.
 *  @throws NewsfoldError `file/unreadable`. */
export async function readEntryFile(file: string): Promise<EntryFile> {
  const lines = await readLines<EntryLine>(file);
  const order = new Map(lines.map((line, index) => [line, orderOf(line) ?? index]));
  const sorted = lines.toSorted(
    (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0) || compareText(a.source, b.source) || compareText(a.id, b.id),
  );
  const homes = findHomes(sorted);
  const entries = new Map<string, StoredEntry>();
  const first = new Map<string, StoredEntry[]>();
  const repeats = new Map<number, number>();
  sorted.forEach((line, no) => {
    const entry = toStoredEntry(line, no, homes.get(line.source) ?? null);
    if (!entry) return complain(`${file}: entry ${line.id} has neither title nor text: left out`);
    entries.set(line.id, entry);
    const name = `${entry.sourceId}\n${entry.identity}`;
    const earlier = first.get(name) ?? [];
    const known = earlier.findLast((other) => line.guid != null || !isAnother(other, entry, earlier.length > 1));
    if (known) repeats.set(no, known.no);
    else first.set(name, [...earlier, entry]);
  });
  return { entries, repeats };
}

/** Reads the values of a file of JSON lines; an invalid line is reported and left out.
 *  @throws NewsfoldError `file/unreadable`. */
export async function readLines<T>(file: string): Promise<T[]> {
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

/** A source may use one link again for another article (docs/design.md §60). */
function isAnother(a: StoredEntry, b: StoredEntry, isReusedLink: boolean): boolean {
  return isAnotherArticle(a.revision, b.revision, { isReusedLink });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns the home page of each source: the origin of more than half of its addresses. A file
 *  of entries names no home pages. */
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
    spareDates: null,
    authors: [],
    categories: [],
    enclosures: [],
    image: null,
    language: line.lang ?? null,
    origin: null,
    rights: null,
    originalUrl: null,
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
  return change && revision ? { ...change.entry, no, key: '', firstSeenAt: seenAt, listedFrom: null, revision } : null;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
