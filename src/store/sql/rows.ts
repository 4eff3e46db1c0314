import type { Selectable } from 'kysely';
import type { Revision, StoredEntry, Version } from '../../model/entry.ts';
import type { FoldEntry } from '../../model/fold.ts';
import type { EntryRow, RevisionRow } from '../schema/schema.ts';

/** The earliest that a Date can be, milliseconds (ECMAScript, time values). */
export const FIRST_INSTANT = -8_640_000_000_000_000;

/** Text as every store takes it: without U+0000 and lone surrogates, which PostgreSQL refuses. */
export function toStorable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** The same for text that may be unknown. */
export function toStorableOrNull(text: string | null): string | null {
  return text === null ? null : toStorable(text);
}

/** A value as JSON text; its strings are made storable first, since an escape of U+0000 would come
 *  back as one. */
export function toJsonColumn(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? toStorable(part) : part));
}

/** What toJson wrote. The caller names the type that it stored. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller vouches for the type, as with JSON.parse
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Milliseconds or null as a Date or null. */
export function toDate(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}

/** A Date or null as integer milliseconds or null. */
export function toInstant(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

/** A stored revision as the model has it. */
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

/** The part of a stored revision that readers are told of, with its text where that was read. */
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

/** The columns of a revision, without the keys. */
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

/** Columns of an entry that folding looks at. */
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
] as const;

/** A row of them. */
export type FoldRow = Pick<
  Selectable<EntryRow>,
  'no' | 'source_id' | 'identity' | 'guid' | 'url' | 'url_key' | 'home_host' | 'link_post' | 'position' | 'first_seen_at'
>;

/** The same as the model has it. */
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
  };
}

/** A stored entry with one of its revisions. */
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

/** Cuts a list into pieces that fit into one statement on every store. */
export function inPieces<T>(list: readonly T[], size = 500): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
