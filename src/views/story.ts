import { KEY_SCORE, describeAlternatives } from '../fold/judge/reasons.ts';
import type { Feed } from '../model/feed.ts';
import type { Story } from '../model/story.ts';
import type { RelatedHeadline, StoryAnswer, StoryView } from '../model/view.ts';
import type { StoryEvidence } from '../ports/store/stories.ts';
import type { ViewContext } from './stories.ts';

/** Reads the answer at a story's address, for a reader of the private feeds that `mayRead` allows.
 *  A story that only other private feeds show is answered as unknown (docs/design.md §89). This
 *  includes the keys of its entries, and the fact that it was taken down. */
export function readStoryAnswer(context: ViewContext, key: string, mayRead: (feed: Feed) => boolean): Promise<StoryAnswer> {
  return answerKey(context, key, { mayRead, steps: MOST_STEPS });
}

/** Most redirects from a merged story to the next. */
const MOST_STEPS = 5;

/** The permissions of a request, and the number of redirects still allowed. */
interface StoryRequest {
  readonly mayRead: (feed: Feed) => boolean;
  readonly steps: number;
}

async function answerKey(context: ViewContext, key: string, request: StoryRequest): Promise<StoryAnswer> {
  const { store } = context;
  const story = await store.readStory(key);
  if (!story) return explainAbsence(context, key, request);
  const shownIn = (await readFeeds(context, story.no, request)).filter(({ isShown }) => isShown);
  if (shownIn.length === 0) return { kind: 'unknown' };
  const evidence = await store.readEvidence(key);
  const related = await readRelated(context, story, request);
  // The page is as private as the related stories that it names.
  const isPublic = [{ feeds: shownIn }, ...related].every(({ feeds }) => feeds.some(({ feed }) => !feed.private));
  const isSummary = shownIn.every(({ feed }) => feed.content === 'summary');
  const headlines = related.map(({ headline }) => headline);
  return { kind: 'shown', view: { story, isSummary, isPublic, related: headlines, ...toReasons(story, evidence) } };
}

async function explainAbsence(context: ViewContext, key: string, request: StoryRequest): Promise<StoryAnswer> {
  const evidence = await context.store.readEvidence(key);
  if (!evidence) return { kind: 'unknown' };
  // The key belongs to an entry of another story, or to a story that was merged into another.
  const into = evidence.key !== key ? evidence.key : evidence.hiddenAt === null ? evidence.mergedInto : null;
  if (into !== null) {
    if (request.steps === 0) return { kind: 'unknown' };
    const answer = await answerKey(context, into, { ...request, steps: request.steps - 1 });
    return answer.kind === 'unknown' ? answer : { kind: 'moved', key: into };
  }
  return (await readFeeds(context, evidence.no, request)).length === 0 ? { kind: 'unknown' } : { kind: 'gone' };
}

/** A feed that shows a story or has shown it. */
interface FeedPlacement {
  readonly feed: Feed;
  readonly isShown: boolean;
}

/** Reads the feeds that show the story or have shown it, among those that the reader may see. */
async function readFeeds({ store, feeds }: ViewContext, storyNo: number, { mayRead }: StoryRequest): Promise<FeedPlacement[]> {
  const readable = feeds.filter((feed) => !feed.private || mayRead(feed));
  const listed = await store.findFeeds(
    storyNo,
    readable.map(({ slug }) => slug),
  );
  return readable.flatMap((feed) => {
    const isShown = listed.get(feed.slug);
    return isShown === undefined ? [] : [{ feed, isShown }];
  });
}

function toReasons(story: Story, evidence: StoryEvidence | null): Pick<StoryView, 'comparedWith' | 'whatIf'> {
  const titles = new Map(evidence?.members.map(({ entry, sourceTitle }) => [entry.no, sourceTitle]));
  const comparedWith = new Map<number, string>();
  const whatIf = new Map<number, readonly string[]>();
  for (const member of evidence?.members ?? []) {
    const title = member.comparedWith && titles.get(member.comparedWith.no);
    if (title !== null && title !== undefined) comparedWith.set(member.entry.no, title);
  }
  for (const { entry, verdict } of story.members)
    if (verdict.signals && verdict.score < KEY_SCORE) whatIf.set(entry.no, describeAlternatives(verdict.signals));
  return { comparedWith, whatIf };
}

/** Related stories that a page names. */
const MOST_RELATED = 5;

/** A related story and the feeds that show it. */
interface Related {
  readonly headline: RelatedHeadline;
  readonly feeds: readonly FeedPlacement[];
}

async function readRelated(context: ViewContext, { no }: Story, request: StoryRequest): Promise<Related[]> {
  const found: Related[] = [];
  for (const { key } of (await context.store.readRelated(no)).slice(0, 4 * MOST_RELATED)) {
    const other = await context.store.readStory(key);
    const feeds = other ? (await readFeeds(context, other.no, request)).filter(({ isShown }) => isShown) : [];
    if (!other || feeds.length === 0) continue;
    const { entry, source } = other.lead;
    const headline = { key, title: entry.revision.title, source: source.title, language: entry.language ?? source.language };
    found.push({ headline, feeds });
    if (found.length === MOST_RELATED) break;
  }
  return found;
}
