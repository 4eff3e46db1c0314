import { isDeepStrictEqual } from 'node:util';
import { Trial } from '../../../runtime/set-aside-failing.ts';
import { toFolderChanges } from './changes.ts';
import type { ReadResult } from '../../../ingest/polling/read-result.ts';
import type { KnownEntry } from '../../../model/entry.ts';
import type { FolderResult } from '../../../ports/fetcher.ts';
import { nothingSaid, toContext } from '../due-poll.ts';
import type { DuePoll } from '../due-poll.ts';
import type { RunContext } from '../../run-context.ts';
import { saveArticles } from './save-articles.ts';
import { freeRead, isPassedOver, toEntryName, tryReading } from '../guarded-reading.ts';

/** A vanished file is deleted only when two runs, at least ten minutes apart, have missed it
 *  (docs/design.md §68). */
const PATIENCE = { runs: 2, graceMs: 600_000 };
const NO_PATIENCE = { runs: 1, graceMs: 0 };

/** Reads a folder of local articles. New and changed articles are stored, and renamed ones keep
 *  their identity. An article whose file asks for withdrawal is deleted at once. Vanished ones are
 *  deleted after two runs and ten minutes, and never most of them at once (docs/design.md §68).
 *  Articles that are held back are remembered. */
export async function readFolder(normaliseContext: RunContext, due: DuePoll): Promise<ReadResult> {
  const { source } = due;
  const { store, files, settings } = normaliseContext;
  const known = await store.readKnown(source.id, null);
  const published = [...known.values()].flatMap(({ location, isDeleted }) => (location === null || isDeleted ? [] : location));
  const wanted = { ...source, published };
  const folder = await files.readFolder(source.address, source.request.maxBytes ?? settings.maxBytes, wanted);
  if (folder.kind === 'failed') return { outcome: 'failed', problems: [folder.problem] };
  return tryReading(() => readFiles(normaliseContext, due, { folder, known }));
}

async function readFiles(
  context: RunContext,
  due: DuePoll,
  { folder, known }: { readonly folder: Exclude<FolderResult, { kind: 'failed' }>; readonly known: ReadonlyMap<string, KnownEntry> },
): Promise<ReadResult> {
  const { store } = context;
  const { source } = due;
  const normaliseContext = toContext(context, due, nothingSaid);
  const readTexts = (identities: readonly string[]) => store.readTexts(source.id, identities);
  const before = await store.readFolder(source.id);
  const trial = new Trial('parse');
  const read = await toFolderChanges({ files: folder.files, known, state: before, readTexts }, normaliseContext, {
    isPassedOver: (location, contentHash) => isPassedOver(due.aside, 'parse', location, contentHash),
    attempt: (location, contentHash, work) => trial.attempt(toEntryName(source, location, contentHash), work),
  });
  const setAside = await trial.conclude(context);
  const {
    added,
    revised,
    problems: entryProblems,
  } = await saveArticles(context, read.changes, normaliseContext.seenAt, { isFirst: due.poll.lastEntryAt === null });
  const withdrawn = await store.withdrawEntries(source.id, read.withdrawn, normaliseContext.seenAt);
  // A file that exists but cannot be read is not missing.
  const unreadable = folder.problems.map((problem) => problem.entry);
  // Files in an unreadable folder are not missing either.
  const isUnreadable = (location: string) => unreadable.some((entry) => location === entry || location.startsWith(`${entry}/`));
  const taken = new Set(read.withdrawn);
  const stored = [...known.values()].filter((entry) => !entry.isDeleted && !entry.isPruned && !taken.has(entry.identity));
  const missing = stored.filter((entry) => !read.claimed.has(entry.identity) && !isUnreadable(entry.location ?? ''));
  const isSuspicious = missing.length > 3 && missing.length * 2 > stored.length && !due.acceptDeletions;
  const vanished = {
    code: 'articles/many-missing',
    message: `${missing.length} of ${stored.length} articles have vanished from ${source.address}: none is deleted; if that is intended, run newsfold run --accept-deletions`,
  };
  const patience = due.acceptDeletions ? NO_PATIENCE : PATIENCE;
  const gone = isSuspicious ? [] : missing.map((entry) => entry.identity);
  const deleted = await store.markMissing(source.id, gone, normaliseContext.seenAt, patience);
  await store.noteStillListed(source.id, [...read.present], normaliseContext.seenAt);
  // The state is saved last: if the process is killed before, the next run reads the folder again.
  if (!isDeepStrictEqual(before, read.state)) await store.saveFolder(source.id, read.state);
  const { hashes } = read;
  await freeRead(context, due, { hashes, hasFailed: (name) => trial.failedNames.includes(name), isDelta: false });
  const problems = [...folder.problems, ...setAside, ...read.problems, ...entryProblems, ...(isSuspicious ? [vanished] : [])];
  return { outcome: 'content', problems, added, revised, deleted: deleted + withdrawn };
}
