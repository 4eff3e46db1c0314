import { KEY_SCORE, sayWhatIf } from '../fold/judge/reasons.ts';
import type { Feed } from '../model/feed.ts';
import type { Story } from '../model/story.ts';
import type { RelatedHeadline, StoryAnswer, StoryView } from '../model/view.ts';
import type { StoryEvidence } from '../ports/store/stories.ts';
import type { ViewContext } from './stories.ts';

/** What stands at a story's address for a reader who may see these private feeds. A story that only
 *  other private feeds have is nobody else's business (docs/design.md §89): its address, those of
 *  its entries, and that it was taken down are answered as if they had never been. */
export function readStoryAnswer(context: ViewContext, key: string, mayRead: (feed: Feed) => boolean): Promise<StoryAnswer> {
  return answerKey(context, key, { mayRead, steps: MOST_STEPS });
}

/** Stories that are followed from one to the one that it has become. */
const MOST_STEPS = 5;

/** Who asks, and how many stories may still be followed. */
interface Asking {
  readonly mayRead: (feed: Feed) => boolean;
  readonly steps: number;
}

async function answerKey(context: ViewContext, key: string, asking: Asking): Promise<StoryAnswer> {
  const { store } = context;
  const story = await store.readStory(key);
  if (!story) return explainAbsence(context, key, asking);
  const standing = (await readFeeds(context, story.no, asking)).filter(({ isStanding }) => isStanding);
  if (standing.length === 0) return { kind: 'unknown' };
  const evidence = await store.readEvidence(key);
  const related = await readRelated(context, story, asking);
  // What the page says of other stories is no more public than they are.
  const isPublic = [{ feeds: standing }, ...related].every(({ feeds }) => feeds.some(({ feed }) => !feed.private));
  const isSummary = standing.every(({ feed }) => feed.content === 'summary');
  const headlines = related.map(({ headline }) => headline);
  return { kind: 'shown', view: { story, isSummary, isPublic, related: headlines, ...toReasons(story, evidence) } };
}

async function explainAbsence(context: ViewContext, key: string, asking: Asking): Promise<StoryAnswer> {
  const evidence = await context.store.readEvidence(key);
  if (!evidence) return { kind: 'unknown' };
  // The key is that of an entry, which stands in a story of another name; or of a story that has
  // become part of another.
  const into = evidence.key !== key ? evidence.key : evidence.hiddenAt === null ? evidence.mergedInto : null;
  if (into !== null) {
    if (asking.steps === 0) return { kind: 'unknown' };
    const answer = await answerKey(context, into, { ...asking, steps: asking.steps - 1 });
    return answer.kind === 'unknown' ? answer : { kind: 'moved', key: into };
  }
  return (await readFeeds(context, evidence.no, asking)).length === 0 ? { kind: 'unknown' } : { kind: 'gone' };
}

/** A feed that has a story, or has had it. */
interface Standing {
  readonly feed: Feed;
  readonly isStanding: boolean;
}

/** Of the feeds that the reader may see, those that have a story or have had it. */
async function readFeeds({ store, feeds }: ViewContext, storyNo: number, { mayRead }: Asking): Promise<Standing[]> {
  const readable = feeds.filter((feed) => !feed.private || mayRead(feed));
  const listed = await store.findFeeds(
    storyNo,
    readable.map(({ slug }) => slug),
  );
  return readable.flatMap((feed) => {
    const isStanding = listed.get(feed.slug);
    return isStanding === undefined ? [] : [{ feed, isStanding }];
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
    if (verdict.signals && verdict.score < KEY_SCORE) whatIf.set(entry.no, sayWhatIf(verdict.signals));
  return { comparedWith, whatIf };
}

/** Related stories that a page names. */
const MOST_RELATED = 5;

/** A related story with the feeds that have it. */
interface Related {
  readonly headline: RelatedHeadline;
  readonly feeds: readonly Standing[];
}

async function readRelated(context: ViewContext, { no }: Story, asking: Asking): Promise<Related[]> {
  const found: Related[] = [];
  for (const { key } of (await context.store.readRelated(no)).slice(0, 4 * MOST_RELATED)) {
    const other = await context.store.readStory(key);
    const feeds = other ? (await readFeeds(context, other.no, asking)).filter(({ isStanding }) => isStanding) : [];
    if (!other || feeds.length === 0) continue;
    const { entry, source } = other.lead;
    const headline = { key, title: entry.revision.title, source: source.title, language: entry.language ?? source.language };
    found.push({ headline, feeds });
    if (found.length === MOST_RELATED) break;
  }
  return found;
}
