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

/** A file whose contents were read, with those contents. */
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
  /** Identities of the entries whose files exist, under their new names. */
  readonly present: ReadonlySet<string>;
  /** The same identities under the names that are stored. */
  readonly claimed: ReadonlySet<string>;
  /** Identities of entries to withdraw at once, because their files ask for it. */
  readonly withdrawn: readonly string[];
  readonly problems: readonly Problem[];
  readonly state: FolderState;
  /** Hashes of the files' bytes, by location. */
  readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Characters kept of the title of a file that waits: enough to find it. */
const TITLE_LENGTH = 300;

/** Collects the changes of one reading of a folder, file by file. */
export function createCollection(context: NormaliseContext) {
  const changes: EntryChange[] = [];
  const present = new Set<string>();
  const claimed = new Set<string>();
  const withdrawn: string[] = [];
  const problems: Problem[] = [];
  const rows: OwnFileRecord[] = [];
  return {
    claimed,
    /** Leaves the entry as it is. */
    keep(identity: string): void {
      present.add(identity);
      claimed.add(identity);
    },
    remember: (row: OwnFileRecord) => void rows.push(row),
    tell: (problem: Problem) => void problems.push(problem),

    /** Notes a file that waits. `published` are the published entries of this file or of its
     *  location. */
    hold(
      one: OpenFile,
      why: NonNullable<ReleaseVerdict['hold']>,
      published: readonly KnownEntry[],
      /** true when the file is an edit of a published entry: a waiting edit withdraws nothing. */
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

    /** Adds a file that is shown, as a new entry (`entry` is null) or as a known one. `taken` has
     *  all names of the folder, former ones too. */
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
          message: 'it is withdrawn then',
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

/** Returns the name of a file's entry. It is the id in the front matter unless another article has
 *  that id, else the known name, else the path. */
function toName({ match }: OpenFile, entry: KnownEntry | null, taken: ReadonlySet<string>): { identity: string; isId: boolean } {
  if (entry === null) return nameFile(match, taken);
  const id = match.guid === null ? null : toStoredName(match.guid);
  if (id === null || id === entry.identity) return { identity: entry.identity, isId: id !== null };
  return taken.has(id) ? { identity: entry.identity, isId: false } : { identity: id, isId: true };
}

/** Returns the change as one that readers are not told of. The author has not edited a file whose
 *  bytes are the same; only our reader understands it differently. */
function silently(change: EntryChange, entry: KnownEntry): EntryChange {
  const newest = change.revisions.at(-1);
  const last = entry.revisions.at(-1);
  if (!newest || !last || newest.hash === last.hash) return { ...change, revisions: [], replacesLast: false };
  const published = entry.revisions[0]?.published ?? newest.published;
  const revision = { ...newest, kind: 'cosmetic' as const, published, updated: last.updated, mark: last.mark };
  return { ...change, revisions: [revision], replacesLast: last.kind === 'cosmetic' };
}
