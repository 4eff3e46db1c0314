import { createCollection } from './collection.ts';
import type { FolderChanges, OpenFile } from './collection.ts';
import type { KnownEntry } from '../../../model/entry.ts';
import type { Problem } from '../../../model/errors.ts';
import { sha256Hex } from '../../../model/values/hash.ts';
import { toStoredName } from '../../../normalise/identity/identity.ts';
import type { NormaliseContext } from '../../../normalise/normalise-context.ts';
import { hasVersion, isCopy, matchFiles, toOwnText } from '../../../normalise/own/own-files.ts';
import type { OwnEntry, OwnFile } from '../../../normalise/own/own-files.ts';
import { judgeRelease } from '../../../normalise/own/own-release.ts';
import { parseArticle } from '../../../parse/parse.ts';
import type { LocalFile } from '../../../ports/fetcher.ts';
import type { FolderState, OwnFileRecord, StoredText } from '../../../ports/store/own-files.ts';

/** Version of the article reader. Raise it when files must be read anew although their bytes are
 *  unchanged, because the reader now understands them differently. */
const READER = 1;

/** The files of this reading and the known state of their folder. */
interface Folder {
  readonly files: readonly LocalFile[];
  readonly known: ReadonlyMap<string, KnownEntry>;
  readonly state: FolderState;
  readonly readTexts: (identities: readonly string[]) => Promise<ReadonlyMap<string, StoredText>>;
}

/** Isolates the files of a folder: if reading one of them fails, the others are still read
 *  (runtime/set-aside-failing.ts). */
interface FileGuard {
  /** Reports whether this version of a file has failed before and must not be tried again. */
  readonly isPassedOver: (location: string, contentHash: string) => boolean;
  /** Does `work` for one file; returns undefined when it fails. `contentHash` is null before it is
   *  known. */
  readonly attempt: <R>(location: string, contentHash: string | null, work: () => R) => R | undefined;
}

/** Reads the files that are new or changed, or for which something is due, and matches each file
 *  with its entry (normalise/own/own-files.ts). An article that must wait is held back
 *  (normalise/own/own-release.ts). If a published article is readable and asks to be held back, it
 *  is withdrawn at once. A fault leaves it as it was. */
export async function toFolderChanges(folder: Folder, context: NormaliseContext, guard: FileGuard): Promise<FolderChanges> {
  const { files, known, state } = folder;
  const reader = `${READER} ${context.zone}`;
  const collected = createCollection(context);
  const byPlace = Map.groupBy(known.values(), ({ location }) => location);
  const rows = new Map(state.files.map((row) => [row.location, row]));
  const firstOf = new Map<string, LocalFile>();
  const refused: LocalFile[] = [];
  const open: OpenFile[] = [];
  const hashes = new Map<string, ReadonlySet<string>>();
  for (const file of files) {
    const contentHash = guard.attempt(file.location, null, () => sha256Hex(file.content.bytes));
    if (contentHash === undefined) {
      refused.push(file);
      continue;
    }
    hashes.set(file.location, new Set([contentHash]));
    const entry = byPlace.get(file.location)?.find((one) => one.contentHash === contentHash && !one.isDeleted);
    const row = rows.get(file.location);
    if (entry && state.reader === reader && !isDue(row, contentHash, context.seenAt)) {
      collected.keep(entry.identity);
      firstOf.set(contentHash, file);
      if (row) collected.remember(row);
      continue;
    }
    const isPassedOver = guard.isPassedOver(file.location, contentHash);
    const read = isPassedOver ? undefined : guard.attempt(file.location, contentHash, () => readOpen(file, contentHash, context));
    if (read === undefined || 'code' in read) {
      if (read) collected.tell(read);
      refused.push(file);
    } else open.push(read);
  }
  const free = [...known.values()].filter(({ identity }) => !collected.claimed.has(identity));
  const entries = await toOwnEntries(free, open, folder);
  // A file that is shown goes first: of two copies, a draft must not take the published entry.
  const ordered = open.toSorted((a, b) => Number(a.verdict.hold !== null) - Number(b.verdict.hold !== null));
  const matches = matchFiles(
    ordered.map(({ match }) => match),
    entries,
  );
  for (const { identity } of matches.values()) collected.claimed.add(identity);
  // Returns the published entries of a location, unless a file of that location is one of them.
  const publishedAt = (location: string) =>
    (byPlace.get(location) ?? []).filter((entry) => isShown(entry) && !collected.claimed.has(entry.identity));
  for (const { location } of refused) for (const { identity } of publishedAt(location)) collected.keep(identity);
  const taken = new Set(known.keys());
  const byId = Map.groupBy(open, ({ match }) => match.guid);
  const decide = (one: OpenFile): true => {
    const entry = known.get(matches.get(one.match)?.identity ?? '') ?? null;
    const { hold } = one.verdict;
    const published = isShown(entry) ? [entry] : publishedAt(one.file.location);
    const twin = entry === null ? findTwin(one, firstOf) : null;
    // A date moved into the future does not withdraw a published article; its edits wait for that
    // date.
    const isUnedited = hold?.reason === 'embargo' && isShown(entry) && hasVersion(one.own.item, entry.revisions.at(-1)?.hash);
    if (hold !== null && !isUnedited) collected.hold(one, hold, published, isShown(entry));
    else if (twin !== null) collected.tell(toCopy(one, twin));
    else {
      firstOf.set(one.contentHash, one.file);
      const holder = findHolder(one, entry, { folder, byId, claimed: collected.claimed, zone: context.zone });
      if (holder !== null && entry === null && isCopy(holder.said, one.match.said)) collected.tell(toCopy(one, holder.location));
      else {
        if (holder !== null) collected.tell(toRepeatedId(one, holder.location));
        collected.add(one, entry, taken);
      }
    }
    return true;
  };
  // Known articles go first: a new file with the bytes of one of them is its copy.
  for (const one of open.toSorted((a, b) => Number(matches.has(b.match)) - Number(matches.has(a.match)))) {
    const { location } = one.file;
    if (guard.attempt(location, one.contentHash, () => decide(one))) continue;
    // If a file fails, its published version stays.
    const entry = matches.get(one.match);
    for (const { identity } of entry ? [entry] : publishedAt(location)) collected.keep(identity);
  }
  return { ...collected.done(reader), hashes };
}

function isShown(entry: KnownEntry | null): entry is KnownEntry {
  return entry !== null && !entry.isDeleted && !entry.isPruned;
}

/** Returns the contents of a file, or the reason why they cannot be known. */
function readOpen(file: LocalFile, contentHash: string, { seenAt, zone }: NormaliseContext): OpenFile | Problem {
  const parsed = parseArticle(file.content, file.location);
  if (parsed.kind === 'refused') return parsed.problem;
  const { own, feed } = parsed;
  const said = toOwnText(own.item, { hasTitle: own.hasTitle, zone });
  const match = { location: file.location, contentHash, guid: own.item.guid, said };
  return { file, contentHash, own, problems: feed.problems, verdict: judgeRelease(own.release, { now: seenAt, zone }), match };
}

function isDue(row: OwnFileRecord | undefined, contentHash: string, now: Date): boolean {
  return row !== undefined && (row.reason !== null || row.contentHash !== contentHash || (row.dueAt !== null && row.dueAt <= now));
}

/** Most entries of deleted files that are compared with new files. */
const MAX_COMPARED = 1000;

/** Returns the former texts of entries without a file, as far as comparing needs them: no file has
 *  the same bytes. */
async function toOwnEntries(free: readonly KnownEntry[], open: readonly OpenFile[], { readTexts }: Folder): Promise<OwnEntry[]> {
  const hashes = new Set(free.map(({ contentHash }) => contentHash));
  const isNews = open.some(({ contentHash }) => !hashes.has(contentHash));
  const unchanged = new Set(open.map(({ match }) => `${match.contentHash} ${match.location}`));
  const compared = isNews ? free.filter(({ contentHash, location }) => !unchanged.has(`${contentHash} ${location}`)) : [];
  const locations = new Set(open.map(({ file }) => file.location));
  const chosen = [
    ...compared.filter(({ location }) => locations.has(location ?? '')),
    ...compared.filter(({ location }) => !locations.has(location ?? '')).slice(-MAX_COMPARED),
  ];
  const texts = await readTexts(chosen.map(({ identity }) => identity));
  const fileTitles = new Map(open.map(({ match, own }) => [match.location, own.hasTitle ? null : own.item.title]));
  return free.map((entry) => {
    const said = texts.get(entry.identity) ?? null;
    // A title made from the file name says nothing about the contents.
    const isNameOnly = said !== null && said.title === (fileTitles.get(entry.location ?? '') ?? null);
    return { ...entry, said: isNameOnly && said ? { ...said, title: null } : said };
  });
}

/** Returns the location of a file of this reading with the same bytes. null when there is none, or
 *  when dates in the names tell the two files apart. */
function findTwin(one: OpenFile, firstOf: ReadonlyMap<string, LocalFile>): string | null {
  const first = firstOf.get(one.contentHash);
  if (!first) return null;
  const parsed = parseArticle(first.content, first.location);
  return parsed.kind === 'feed' && parsed.own.item.published === one.own.item.published ? first.location : null;
}

/** Returns the other file with the same id in its front matter, and the entry of that id; null when
 *  there is none. */
function findHolder(
  one: OpenFile,
  entry: KnownEntry | null,
  options: {
    readonly folder: Folder;
    /** Files whose contents were read this time, by the id in their front matter. */
    readonly byId: ReadonlyMap<string | null, readonly OpenFile[]>;
    readonly claimed: ReadonlySet<string>;
    readonly zone: string;
  },
): OwnFile | null {
  const { folder, byId, claimed, zone } = options;
  const { guid } = one.match;
  if (guid === null || entry?.identity === toStoredName(guid)) return null;
  const known = folder.known.get(toStoredName(guid));
  const others = (byId.get(guid) ?? []).filter((other) => other !== one);
  if (!known || !claimed.has(known.identity)) return others.find(({ file }) => file.location < one.file.location)?.match ?? null;
  const file = folder.files.find(({ location }) => location === known.location);
  const read = file && file !== one.file ? parseArticle(file.content, file.location) : null;
  if (!file || read?.kind !== 'feed' || read.own.item.guid !== guid) return others[0]?.match ?? null;
  const said = toOwnText(read.own.item, { hasTitle: read.own.hasTitle, zone });
  return { location: file.location, contentHash: '', guid, said };
}

function toCopy({ file }: OpenFile, of: string): Problem {
  const message = `${file.location} is a copy of ${of} and is not published a second time: change it, or remove one of the two`;
  return { code: 'article/copy', entry: file.location, message };
}

function toRepeatedId({ file, match }: OpenFile, of: string): Problem {
  const message = `${file.location} has the id of ${of} (${(match.guid ?? '').slice(0, 100)}) and is identified by its path instead: give it an id of its own`;
  return { code: 'article/repeated-id', entry: file.location, message };
}
