import { createHash } from 'node:crypto';
import type { Revision, StoredEntry } from '../../src/model/entry.ts';
import type { DocumentFormat, Feed, Site } from '../../src/model/feed.ts';
import type { Member, MemberSource, Story } from '../../src/model/story.ts';
import { renderDocument, toItems } from '../../src/publish/documents/document.ts';
import type { Content, DocumentContext, Rendered } from '../../src/publish/documents/document.ts';
import { makeEntry, makeRevision } from './entry.ts';

/** The instant at which stories were first seen, unless a test says otherwise. */
export const SEEN = new Date('2026-01-05T16:00:00Z');

/** Returns a revision with defaults: an English text of two sentences, with a date. */
function toRevision({ text = 'The ferry sails again. The pier has been mended.', ...said }: Partial<Revision> = {}): Revision {
  const hash = createHash('sha256').update(text).digest('hex');
  return makeRevision({ title: 'Ferry returns', text, hash, published: new Date('2026-01-05T15:00:00Z'), seenAt: SEEN, ...said });
}

/** Differences of a member from the defaults. */
export interface MemberWords {
  readonly entry?: Partial<Omit<StoredEntry, 'revision'>>;
  readonly revision?: Partial<Revision>;
  readonly source?: Partial<MemberSource>;
  readonly verdict?: Partial<Member['verdict']>;
}

/** Returns a member of a story, from the source `coast` unless `source.id` says otherwise. */
function toMember(words: MemberWords = {}): Member {
  const source: MemberSource = {
    id: 'coast',
    title: 'Coast Wire',
    private: false,
    homePage: 'https://wire.example.com/',
    feedUrl: 'https://wire.example.com/feed',
    feedId: null,
    tags: [],
    priority: 50,
    language: 'en',
    ...words.source,
  };
  const revision = toRevision(words.revision);
  const url = `https://${source.id}.example.com/ferry`;
  const entry: StoredEntry = {
    ...makeEntry({ identity: url, sourceId: source.id, url, language: 'en', contentHash: revision.hash }),
    no: 1,
    key: 'entrykey2345',
    firstSeenAt: SEEN,
    listedFrom: null,
    ...words.entry,
    revision,
  };
  return { entry, source, verdict: { label: 'same', score: 0, why: [], rules: '1', signals: null, ...words.verdict } };
}

/** Returns a story of the given members, or of one; the first leads. */
export function toStory(said: Partial<Story> = {}, ...words: readonly MemberWords[]): Story {
  const members = (words.length === 0 ? [{}] : words).map(toMember);
  const [lead = toMember()] = members;
  return {
    no: 1,
    id: 'https://coast.example.com/ferry',
    key: 'abcdefghijkl',
    published: lead.entry.revision.published,
    updated: lead.entry.revision.updated ?? lead.entry.revision.published ?? SEEN,
    firstSeenAt: SEEN,
    datedAt: said.published === undefined ? (lead.entry.revision.published ?? SEEN) : (said.published ?? SEEN),
    lead,
    members,
    revisions: [lead.entry.revision],
    footer: [],
    ...said,
  };
}

/** Returns a feed with everything in it. */
export function toFeed(said: Partial<Feed> = {}): Feed {
  return {
    slug: 'all',
    title: 'Everything',
    isDefault: true,
    sources: [],
    tags: [],
    include: [],
    exclude: [],
    since: null,
    minSources: 1,
    limit: 50,
    order: 'published',
    maxPerSource: null,
    maxPerSourcePerDay: null,
    holdBackMs: 0,
    content: 'lead',
    private: false,
    token: null,
    movedTo: null,
    retired: false,
    endsAt: null,
    ...said,
  };
}

/** A site at the root of a host. */
export const site: Site = {
  title: 'Brackwater Planet',
  url: 'https://planet.example.com',
  language: 'en',
  author: { name: 'The planet', email: null, url: null },
  description: 'What is said around the harbour',
  footer: null,
  stylesheet: null,
  accent: null,
  images: true,
  timeZone: null,
};

/** Returns the context of renderDocument. */
export function toContext(said: Partial<DocumentContext> = {}): DocumentContext {
  return {
    feed: toFeed(),
    feedId: 'urn:uuid:5d8ff5f4-3d9f-5f4a-9c3e-0b5a4a1f6a01',
    feedCreatedAt: new Date('2026-01-01T00:00:00Z'),
    site,
    options: { siteUrl: site.url, content: 'lead', alsoPublished: 'footer', titlePrefix: false, updateNotes: true },
    version: '0.0.0',
    newestArchive: null,
    hubUrl: null,
    ...said,
  };
}

/** Returns a document of these stories in this order; earlier ones have higher numbers in the
 *  feed's history. */
export function renderStories(
  stories: readonly Story[],
  format: DocumentFormat,
  context: DocumentContext,
  tombstones: Content['tombstones'] = [],
): Rendered {
  const listed = stories.map((story, index) => ({ story, updated: story.updated, seq: stories.length - index }));
  return renderDocument({ items: toItems(listed, context), tombstones }, format, context);
}
