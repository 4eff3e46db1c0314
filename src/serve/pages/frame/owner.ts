import { html } from 'hono/html';
import type { Member } from '../../../model/story.ts';
import type { StoryView } from '../../../model/view.ts';
import type { PageFrame } from './frame.ts';
import type { Markup } from './layout.ts';
import { showName } from '../words/names.ts';

/** Members for which commands are shown. */
const MOST_MEMBERS = 12;

/** Shows the commands, and the API calls where the server takes them, by which the owner
 *  corrects this story. They are useless to anybody else: a command needs the machine, a call
 *  the token. */
export function showOwner({ site, isStatic, takesCalls }: PageFrame, { story, related }: StoryView): Markup {
  const { key, members } = story;
  const toCalls = (action: string, body: string) =>
    takesCalls
      ? [`curl -X POST -H "Authorization: Bearer $NEWSFOLD_TOKEN" --json '${body}' ${site.url}/api/v1/stories/${key}/${action}`]
      : [];
  const entries = members.slice(0, MOST_MEMBERS);
  return html`<details class="owner">
    <summary>For the owner of this site: correct this story</summary>
    <ul>
      ${
        members.length < 2
          ? ''
          : entries.map((member) =>
              showCommands(html`Remove the entry of ${showName(member.source.title)} (${toShortTime(member)}) from this story for good`, [
                `newsfold split ${key} ${member.entry.key}`,
                ...toCalls('split', JSON.stringify({ entry: member.entry.key })),
              ]),
            )
      }
      ${related.map((other) =>
        showCommands(html`Merge it for good with the related story of ${showName(other.source)}`, [
          `newsfold merge ${key} ${other.key}`,
          ...toCalls('merge', JSON.stringify({ with: other.key })),
        ]),
      )}
      ${showCommands('Hide this story everywhere', [`newsfold hide ${key}`, ...toCalls('hide', '{}')])}
      ${showCommands('Show all the evidence for this story', [`newsfold explain ${key}`, ...(isStatic ? [] : [`curl ${site.url}/api/v1/stories/${key}`])])}
    </ul>
  </details>`;
}

/** Returns the time of a member, which distinguishes two entries of one source. */
function toShortTime({ entry }: Member): string {
  return (entry.revision.published ?? entry.firstSeenAt).toISOString().slice(0, 16).replace('T', ' ');
}

function showCommands(purpose: Markup | string, commands: readonly string[]): Markup {
  return html`<li>${purpose}: ${commands.map((command) => html`<code class="copy">${command}</code> `)}</li> `;
}
