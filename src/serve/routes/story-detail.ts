import type { StoryView } from '../../model/view.ts';
import { toMemberForm, toRevisionForm, toStoryForm } from '../../publish/api/json.ts';
import { createLargeTexts } from '../../publish/html/large-texts.ts';
import { sanitise } from '../../publish/html/sanitise.ts';
import { boundText } from '../../publish/html/text-budget.ts';
import { toWebUrl } from '../../publish/selection/terms.ts';
import { toStoryText } from '../../publish/html/story-text.ts';

const large = createLargeTexts();

/** Returns a story as /api/v1/stories/{key} gives it. It has the fields of lists, the story's
 *  text, and the members and versions of `explain --json`, without what only the owner may see. */
export function toStoryDetail({ story, isSummary, related }: StoryView) {
  const { revisions: _count, ...form } = toStoryForm(story);
  const { revision, url } = story.lead.entry;
  const sent = toStoryText(revision, { isSummary });
  return {
    ...form,
    html: boundText(
      large(sent, String(url), () => sanitise(sent, url)),
      toWebUrl(url),
    ),
    authors: revision.authors.map(({ name }) => name),
    members: story.members.map((member) => ({
      entry: member.entry.key,
      // A member of a private source shows its address only when it leads the story.
      ...toMemberForm(member, {
        isFounder: member.entry.no === story.no,
        url: member.source.private && member !== story.lead ? null : member.entry.url,
      }),
    })),
    revisions: story.revisions.map(toRevisionForm),
    related: related.map(({ key, title }) => ({ key, title })),
  };
}
