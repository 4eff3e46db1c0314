import type { StoryView } from '../../model/view.ts';
import { createFrame } from '../pages/frame/frame.ts';
import type { FrameOptions } from '../pages/frame/frame.ts';
import { storyPage } from '../pages/story/story.ts';
import type { ServerContext } from '../server-context.ts';
import { toStoryDetail } from './story-detail.ts';

/** Characters of a story's text and versions that are rendered on the server's thread: that
 *  takes some milliseconds. */
const MOST_HERE = 30_000;

/** Returns a story's page as HTML. A long story is rendered in another thread when there is one. */
export async function makeStoryPage(context: ServerContext, view: StoryView, frame: FrameOptions): Promise<string> {
  if (context.showLong && isLong(view)) return context.showLong.page(toLight(view), frame);
  return String(await storyPage(createFrame(context.site, context.feeds, frame), view));
}

/** Returns a story as the API gives it, a long one from another thread likewise. */
export async function makeStoryDetail(context: ServerContext, view: StoryView): Promise<object> {
  return context.showLong && isLong(view) ? context.showLong.detail(toLight(view)) : toStoryDetail(view);
}

function isLong({ story }: StoryView): boolean {
  const { html, summary } = story.lead.entry.revision;
  const versions = story.revisions.length < 2 ? 0 : story.revisions.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
  return (html?.length ?? 0) + (summary?.length ?? 0) + versions > MOST_HERE;
}

/** Returns the view without the texts of members other than the lead, which no page shows. */
function toLight(view: StoryView): StoryView {
  const { story } = view;
  const members = story.members.map((member) => {
    if (member === story.lead) return member;
    const revision = { ...member.entry.revision, html: null, summary: null, text: '' };
    return { ...member, entry: { ...member.entry, revision } };
  });
  return { ...view, story: { ...story, members } };
}
