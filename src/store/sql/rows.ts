import type { Selectable } from 'kysely';
import type { Revision, StoredEntry, Version } from '../../model/entry.ts';
import type { FoldEntry } from '../../model/fold.ts';
import type { EntryRow, RevisionRow } from '../schema/schema.ts';

/** Earliest instant that a Date can hold, in milliseconds (ECMAScript, time values). */
export const FIRST_INSTANT = -8_640_000_000_000_000;

/** Returns text without U+0000 and lone surrogates, which PostgreSQL refuses. Applied in every
 *  store. */
export function toStorable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** Returns storable text; null stays null. */
export function toStorableOrNull(text: string | null): string | null {
  return text === null ? null : toStorable(text);
}

/** Returns a value as JSON text. Its strings are made storable first, because an escaped U+0000
 *  would be read back as U+0000. */
export function toJsonColumn(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? toStorable(part) : part));
}

/** Reads JSON text from a column. The caller names the type that was stored. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller vouches for the type, as with JSON.parse
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Returns milliseconds as a Date; null stays null. */
export function toDate(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}

/** Returns a Date as integer milliseconds; null stays null. */
export function toInstant(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

/** Returns the revision of a stored row. */
export function toRevision(row: Omit<Selectable<RevisionRow>, 'entry_no' | 'n'>): Revision {
  return {
    kind: row.kind,
    title: row.title,
    html: row.html,
    summary: row.summary,
    text: row.text,
    hash: row.hash,
    published: toDate(row.published),
    updated: toDate(row.updated),
    seenAt: new Date(row.seen_at),
    mark: row.mark,
    authors: fromJson(row.authors),
    categories: fromJson(row.categories),
    enclosures: fromJson(row.enclosures),
    image: row.image,
    rights: row.rights,
  };
}

/** Returns the fields of a stored revision that readers see; with its text if the row has it. */
export function toVersion(
  row: Pick<Selectable<RevisionRow>, 'kind' | 'title' | 'hash' | 'published' | 'updated' | 'seen_at' | 'mark'>,
  text: string | null,
): Version {
  return {
    kind: row.kind,
    title: row.title,
    hash: row.hash,
    published: toDate(row.published),
    updated: toDate(row.updated),
    seenAt: new Date(row.seen_at),
    mark: row.mark,
    text,
  };
}

/** Returns the columns of a revision, without its keys. */
export function toRevisionRow(revision: Revision): Omit<RevisionRow, 'entry_no' | 'n'> {
  return {
    kind: revision.kind,
    title: toStorable(revision.title),
    html: toStorableOrNull(revision.html),
    summary: toStorableOrNull(revision.summary),
    text: toStorable(revision.text),
    hash: revision.hash,
    published: toInstant(revision.published),
    updated: toInstant(revision.updated),
    seen_at: revision.seenAt.getTime(),
    mark: toStorableOrNull(revision.mark),
    authors: toJsonColumn(revision.authors),
    categories: toJsonColumn(revision.categories),
    enclosures: toJsonColumn(revision.enclosures),
    image: toStorableOrNull(revision.image),
    rights: toStorableOrNull(revision.rights),
  };
}

/** Columns of an entry that folding reads. */
export const foldColumns = [
  'entry.no',
  'entry.source_id',
  'entry.identity',
  'entry.guid',
  'entry.url',
  'entry.url_key',
  'entry.home_host',
  'entry.link_post',
  'entry.position',
  'entry.first_seen_at',
  'entry.listed_from',
] as const;

/** A row with these columns. */
export type FoldRow = Pick<
  Selectable<EntryRow>,
  'no' | 'source_id' | 'identity' | 'guid' | 'url' | 'url_key' | 'home_host' | 'link_post' | 'position' | 'first_seen_at' | 'listed_from'
>;

/** Returns the fold entry of such a row. */
export function toFoldFields(row: FoldRow): Omit<FoldEntry, 'published'> {
  return {
    no: row.no,
    sourceId: row.source_id,
    identity: row.identity,
    guid: row.guid,
    url: row.url,
    urlKey: row.url_key,
    homeHost: row.home_host,
    linkPost: row.link_post === 1,
    position: row.position,
    firstSeenAt: new Date(row.first_seen_at),
    listedFrom: row.listed_from,
  };
}

/** Returns a stored entry with one of its revisions. */
export function toStoredEntry(row: Selectable<EntryRow>, revision: Revision): StoredEntry {
  return {
    ...toFoldFields(row),
    key: row.key,
    location: row.location,
    language: row.language,
    origin: row.origin === null ? null : fromJson(row.origin),
    contentHash: row.content_hash,
    revision,
  };
}

/** Cuts a list into pieces small enough for one statement in every store. */
export function inPieces<T>(list: readonly T[], size = 500): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
