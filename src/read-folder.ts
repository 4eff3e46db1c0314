import type { EntryChange, KnownEntry } from './model/entry.ts';
import type { Problem } from './model/errors.ts';
import type { Source } from './model/source.ts';
import { identifyLocal, normalise } from './normalise/normalise.ts';
import type { NormaliseContext } from './normalise/normalise.ts';
import { parseArticle } from './parse/parse.ts';
import type { LocalFile } from './ports/fetcher.ts';
import { hashBytes, nothingSaid, saveChanges, toContext } from './reading.ts';
import type { Reading, ReadOptions } from './reading.ts';
import type { RunParts } from './run-parts.ts';

/** A vanished file is deleted only when two runs and ten minutes have missed it (DESIGN §4). */
const PATIENCE = { runs: 2, graceMs: 600_000 };
const NO_PATIENCE = { runs: 1, graceMs: 0 };

/** Reads a folder of local articles: what is new or changed is stored, what was renamed keeps its identity, what has vanished is deleted after
 *  two runs and ten minutes, and never most of it at once (DESIGN §4). */
export async function readFolder(parts: RunParts, source: Source, options: ReadOptions): Promise<Reading> {
  const folder = await parts.files.readFolder(source.address, source.request.maxBytes ?? parts.settings.maxBytes);
  if (folder.kind === 'failed') return { outcome: 'failed', problems: [folder.problem] };
  const known = await parts.store.readKnown(source.id, null);
  const context = toContext(parts, source, options, nothingSaid);
  const { changes, present, problems } = toFolderChanges(folder.files, known, context);
  const { added, revised, problems: told } = await saveChanges(parts, changes, context.seenAt);
  // A file that is there and cannot be read is not missing.
  const unreadable = folder.problems.map((problem) => problem.entry);
  // Nor is what stands in a folder that cannot be read.
  const isUnreadable = (location: string) => unreadable.some((entry) => location === entry || location.startsWith(`${entry}/`));
  const stored = [...known.values()].filter((entry) => !entry.isDeleted && !entry.isPruned);
  const missing = stored.filter((entry) => !present.has(entry.identity) && !isUnreadable(entry.location ?? ''));
  const isSuspicious = missing.length > 3 && missing.length * 2 > stored.length && !options.acceptDeletions;
  const vanished = {
    code: 'articles/many-missing',
    message: `${missing.length} of ${stored.length} articles have vanished from ${source.address}: none is deleted; if that is meant, run newsfold run --accept-deletions`,
  };
  const patience = options.acceptDeletions ? NO_PATIENCE : PATIENCE;
  const gone = isSuspicious ? [] : missing.map((entry) => entry.identity);
  const deleted = await parts.store.markMissing(source.id, gone, context.seenAt, patience);
  await parts.store.noteListed(source.id, [...present], context.seenAt);
  const all = [...folder.problems, ...problems, ...told, ...(isSuspicious ? [vanished] : [])];
  return { outcome: 'content', problems: all, added, revised, deleted };
}

/** Reads the files that are new or changed. One whose bytes are those of a file that is gone is that file, renamed. */
function toFolderChanges(files: readonly LocalFile[], known: ReadonlyMap<string, KnownEntry>, context: NormaliseContext) {
  const locations = new Set(files.map((file) => file.location));
  const byLocation = new Map([...known.values()].map((entry) => [entry.location, entry]));
  const lost = new Map(
    [...known.values()].filter((entry) => !locations.has(entry.location ?? '')).map((entry) => [entry.contentHash, entry]),
  );
  const present = new Set<string>();
  const changes: EntryChange[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const contentHash = hashBytes(file.content.bytes);
    const before = byLocation.get(file.location) ?? lost.get(contentHash) ?? null;
    if (before && before.location === file.location && before.contentHash === contentHash && !before.isDeleted) {
      present.add(before.identity);
      continue;
    }
    const parsed = parseArticle(file.content, file.location);
    if (parsed.kind === 'refused') {
      problems.push(parsed.problem);
      if (before) present.add(before.identity);
      continue;
    }
    problems.push(...parsed.feed.problems);
    const [item] = parsed.feed.items;
    // A draft is as a file that is not there: what stood in it before goes as if it were deleted.
    if (!item) continue;
    const identity = identifyLocal(item, before?.identity ?? null, file.location);
    if (present.has(identity)) {
      problems.push({
        code: 'article/repeated-id',
        entry: file.location,
        message: `${file.location} has the id of another file (${identity.slice(0, 100)}): give it one of its own`,
      });
      continue;
    }
    present.add(identity);
    const result = normalise({ item, identity, position: changes.length, contentHash }, known.get(identity) ?? null, context);
    if (result.change) changes.push(result.change);
    problems.push(...result.problems.map((problem) => ({ ...problem, entry: file.location })));
  }
  return { changes, present, problems };
}
