import type { EntryChange, KnownEntry } from '../../../model/entry.ts';
import type { Problem } from '../../../model/errors.ts';
import { toStoredName } from '../../../normalise/identity/identity.ts';
import { normalise } from '../../../normalise/normalise.ts';
import type { NormaliseContext } from '../../../normalise/normalise-context.ts';
import { nameFile } from '../../../normalise/own/own-files.ts';
import type { OwnFile } from '../../../normalise/own/own-files.ts';
import { toHoldProblem } from '../../../normalise/own/own-release.ts';
import type { ReleaseVerdict } from '../../../normalise/own/own-release.ts';
import type { OwnArticle } from '../../../parse/articles/articles.ts';
import type { LocalFile } from '../../../ports/fetcher.ts';
import type { FolderState, OwnFileRecord } from '../../../ports/store/own-files.ts';

/** A file that has to be looked into, with what stands in it. */
export interface OpenFile {
  readonly file: LocalFile;
  readonly contentHash: string;
  readonly own: OwnArticle;
  readonly problems: readonly Problem[];
  readonly verdict: ReleaseVerdict;
  readonly match: OwnFile;
}

/** The changes that one reading of a folder makes. */
export interface FolderChanges {
  readonly changes: readonly EntryChange[];
  /** Identities of the entries that are there, as they are named from now on. */
  readonly present: ReadonlySet<string>;
  /** Identities, as they are stored, of the entries whose files are there. */
  readonly claimed: ReadonlySet<string>;
  /** Identities of entries that are to go at once: their files say so. */
  readonly withdrawn: readonly string[];
  readonly problems: readonly Problem[];
  readonly state: FolderState;
  /** Hashes of the files' bytes, by location. */
  readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Characters of the title of a file that waits: enough to find it by. */
const TITLE_LENGTH = 300;

/** Collects what one reading of a folder changes, file by file. */
export function createCollection(context: NormaliseContext) {
  const changes: EntryChange[] = [];
  const present = new Set<string>();
  const claimed = new Set<string>();
  const withdrawn: string[] = [];
  const problems: Problem[] = [];
  const rows: OwnFileRecord[] = [];
  return {
    claimed,
    /** The entry stays as it is. */
    keep(identity: string): void {
      present.add(identity);
      claimed.add(identity);
    },
    remember: (row: OwnFileRecord) => void rows.push(row),
    tell: (problem: Problem) => void problems.push(problem),

    /** A file that waits. `published`: entries that it is, or that stood in its place. */
    hold(
      one: OpenFile,
      why: NonNullable<ReleaseVerdict['hold']>,
      published: readonly KnownEntry[],
      /** true when the file is one of them, edited: an edit that has to wait takes nothing back. */
      isEdit: boolean,
    ): void {
      const { reason, until, ...said } = why;
      const { location } = one.file;
      const isWaitingEdit = reason === 'embargo' && isEdit;
      const isKept = published.length > 0 && (reason === 'fault' || isWaitingEdit);
      if (isKept) published.forEach(({ identity }) => this.keep(identity));
      if (reason === 'fault') {
        problems.push(toHoldProblem(location, why, { isPublished: isKept }));
      } else if (reason !== 'embargo') withdrawn.push(...published.map(({ identity }) => identity));
      rows.push({
        ...said,
        location,
        title: one.own.item.title.slice(0, TITLE_LENGTH),
        contentHash: one.contentHash,
        reason,
        dueAt: until,
        isPublished: isKept,
      });
    },

    /** A file that is shown: a new entry, or one that is known. `taken`: all names of the folder,
     *  past ones too. */
    add(one: OpenFile, entry: KnownEntry | null, taken: Set<string>): void {
      const { file, contentHash, own, verdict } = one;
      const { identity, isId } = toName(one, entry, taken);
      taken.add(identity);
      present.add(identity);
      if (entry) claimed.add(entry.identity);
      const item = { ...own.item, guid: isId ? own.item.guid : null };
      const isSame =
        entry !== null && entry.contentHash === contentHash && entry.location === file.location && !entry.isDeleted && !entry.isPruned;
      const sent = { item, identity, position: changes.length, contentHash };
      const { change, problems: found } = normalise(sent, isSame ? { ...entry, contentHash: '' } : entry, context);
      if (change) changes.push(isSame ? silently(change, entry) : change);
      problems.push(...one.problems, ...found.map((problem) => ({ ...problem, entry: file.location })));
      if (verdict.expiresAt !== null)
        rows.push({
          location: file.location,
          title: own.item.title.slice(0, TITLE_LENGTH),
          contentHash,
          reason: null,
          code: 'article/expires',
          message: 'it is taken away then',
          line: null,
          mend: null,
          dueAt: verdict.expiresAt,
          isPublished: true,
        });
    },

    done: (reader: string): Omit<FolderChanges, 'hashes'> => ({
      changes,
      present,
      claimed,
      withdrawn,
      problems,
      state: { reader, files: rows.toSorted((a, b) => (a.location < b.location ? -1 : 1)) },
    }),
  };
}

/** The name of a file's entry: its id, if no other article has it, else the one that it has, else
 *  its path. */
function toName({ match }: OpenFile, entry: KnownEntry | null, taken: ReadonlySet<string>): { identity: string; isId: boolean } {
  if (entry === null) return nameFile(match, taken);
  const id = match.guid === null ? null : toStoredName(match.guid);
  if (id === null || id === entry.identity) return { identity: entry.identity, isId: id !== null };
  return taken.has(id) ? { identity: entry.identity, isId: false } : { identity: id, isId: true };
}

/** The same bytes, read in another way, were not changed by their author: readers are told
 *  nothing. */
function silently(change: EntryChange, entry: KnownEntry): EntryChange {
  const newest = change.revisions.at(-1);
  const last = entry.revisions.at(-1);
  if (!newest || !last || newest.hash === last.hash) return { ...change, revisions: [], replacesLast: false };
  const published = entry.revisions[0]?.published ?? newest.published;
  const revision = { ...newest, kind: 'cosmetic' as const, published, updated: last.updated, mark: last.mark };
  return { ...change, revisions: [revision], replacesLast: last.kind === 'cosmetic' };
}
