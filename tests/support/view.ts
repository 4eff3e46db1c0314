import type { SiteCounts } from '../../src/model/counts.ts';
import type { Headline } from '../../src/model/headline.ts';
import { neverPolled } from '../../src/model/source.ts';
import type { SourceStatus } from '../../src/model/source.ts';
import type { Story } from '../../src/model/story.ts';
import type { ListView, SourcesView, StoryAnswer, StoryView } from '../../src/model/view.ts';
import { SEEN } from './story.ts';

/** Returns a story as lists show it. */
function toHeadline({ no, id, key, published, updated, firstSeenAt, datedAt, lead, members, revisions }: Story): Headline {
  const sources = new Map([lead, ...members].map(({ source }) => [source.id, { id: source.id, title: source.title }]));
  return {
    no,
    id,
    key,
    title: lead.entry.revision.title,
    url: lead.entry.url,
    excerpt: lead.entry.revision.text.slice(0, 600),
    summary: lead.entry.revision.summary,
    language: lead.entry.language,
    published,
    updated,
    firstSeenAt,
    datedAt,
    at: datedAt,
    sources: [...sources.values()],
    entries: members.length,
    revisions: revisions.length,
  };
}

/** Returns a first page with these stories only. */
export function toListView(stories: readonly Story[], said: Partial<ListView> = {}): ListView {
  const selection = { page: 1, source: null, tag: null, query: '' };
  return { selection, headlines: stories.map(toHeadline), hasMore: false, isCut: false, ignored: [], beyond: [], ...said };
}

/** Returns the page of a story. All members except the first were compared with the first. */
function toStoryView(story: Story, said: Partial<StoryView> = {}): StoryView {
  const [first, ...others] = story.members;
  const comparedWith = new Map(others.map(({ entry }) => [entry.no, first?.source.title ?? '']));
  return { story, related: [], comparedWith, whatIf: new Map(), isSummary: false, isPublic: true, ...said };
}

/** Returns the answer that shows a story to everybody. */
export function shown(story: Story, said: Partial<StoryView> = {}): StoryAnswer {
  return { kind: 'shown', view: toStoryView(story, said) };
}

/** Counts of an empty store. */
export const noCounts: SiteCounts = {
  runs: [],
  lastRun: null,
  sources: { ok: 0, failing: 0, silent: 0, gone: 0, moved: 0, new: 0 },
  entries: 0,
  stories: 0,
  feeds: [],
  privateFeedsFailing: 0,
  hub: null,
  setAside: 0,
  pushesWaiting: 0,
  queue: null,
};

/** A view without sources. */
export const noSources: SourcesView = { sources: [], setAside: [], feeds: [], lastRunAt: null, at: SEEN };

/** Status of a folder of articles that has a problem. */
export const status: SourceStatus = {
  source: {
    id: 'desk',
    kind: 'articles',
    address: '/srv/newsfold/articles',
    title: 'The desk',
    tags: [],
    priority: 50,
    intervalMs: null,
    fullText: false,
    fold: true,
    previous: null,
    private: false,
    request: { headers: {}, auth: null, userAgent: null, timeoutMs: null, maxBytes: null },
    language: null,
  },
  description: { title: null, homePage: null, feedId: null, language: null },
  poll: {
    ...neverPolled,
    lastSuccessAt: new Date('2026-01-05T15:00:00Z'),
    problem: { code: 'article/unreadable', message: '/srv/newsfold/articles/a.txt is binary', entry: 'a.txt' },
  },
  entries: 3,
  active: true,
};
