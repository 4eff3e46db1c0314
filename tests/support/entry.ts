import { createHash } from 'node:crypto';
import type { Entry, Revision, StoredEntry } from '../../src/model/entry.ts';

/** Returns a revision with defaults. */
export function makeRevision(rest: Partial<Revision> = {}): Revision {
  const text = rest.text ?? 'Some text.';
  return {
    kind: 'first',
    title: 'A title of five words',
    html: `<p>${text}</p>`,
    summary: null,
    text,
    hash: createHash('sha256')
      .update(`${rest.title ?? ''}\n${text}`)
      .digest('hex'),
    published: null,
    updated: null,
    seenAt: new Date('2026-03-10T12:00:00Z'),
    mark: null,
    authors: [],
    categories: [],
    enclosures: [],
    image: null,
    rights: null,
    ...rest,
  };
}

/** Returns an entry with defaults. */
export function makeEntry(rest: Partial<Entry> = {}): Entry {
  return {
    identity: 'one',
    sourceId: 'a',
    guid: null,
    url: null,
    urlKey: null,
    homeHost: null,
    linkPost: false,
    location: null,
    language: null,
    origin: null,
    position: 0,
    contentHash: 'hash',
    ...rest,
  };
}

let numbers = 0;

/** Returns a stored entry with the next number, first seen at noon. */
export function makeStored(rest: Partial<StoredEntry> = {}, revision: Partial<Revision> = {}): StoredEntry {
  const no = rest.no ?? ++numbers;
  return {
    ...makeEntry({ identity: `entry ${no}` }),
    key: `key${no}`,
    firstSeenAt: new Date('2026-03-10T12:00:00Z'),
    listedFrom: null,
    ...rest,
    no,
    revision: makeRevision(revision),
  };
}
