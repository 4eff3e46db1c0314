import { html } from 'hono/html';
import type { Member } from '../../../model/story.ts';
import type { StoryView } from '../../../model/view.ts';
import type { PageFrame } from './frame.ts';
import type { Markup } from './layout.ts';
import { showName } from '../words/names.ts';

/** Members that commands are written out for. */
const MOST_MEMBERS = 12;

/** The commands, and where the server takes them the calls of the API, by which the owner of the
 *  site corrects this story. They do nothing for anybody else: a command needs the machine, a call
 *  the token. */
export function showOwner({ site, isStatic, takesCalls }: PageFrame, { story, related }: StoryView): Markup {
  const { key, members } = story;
  const toCalls = (action: string, body: string) =>
    takesCalls
      ? [`curl -X POST -H "Authorization: Bearer $NEWSFOLD_TOKEN" --json '${body}' ${site.url}/api/v1/stories/${key}/${action}`]
      : [];
  const entries = members.slice(0, MOST_MEMBERS);
  return html`<details class="owner">
    <summary>For the owner of this site: correct it</summary>
    <ul>
      ${
        members.length < 2
          ? ''
          : entries.map((member) =>
              showCommands(html`Take what ${showName(member.source.title)} has out of it for good (${toShortTime(member)})`, [
                `newsfold split ${key} ${member.entry.key}`,
                ...toCalls('split', JSON.stringify({ entry: member.entry.key })),
              ]),
            )
      }
      ${related.map((other) =>
        showCommands(html`Make it one with what ${showName(other.source)} has, named below Related, for good`, [
          `newsfold merge ${key} ${other.key}`,
          ...toCalls('merge', JSON.stringify({ with: other.key })),
        ]),
      )}
      ${showCommands('Take it down everywhere', [`newsfold hide ${key}`, ...toCalls('hide', '{}')])}
      ${showCommands('See all the evidence', [`newsfold explain ${key}`, ...(isStatic ? [] : [`curl ${site.url}/api/v1/stories/${key}`])])}
    </ul>
  </details>`;
}

/** Two entries of one source are told apart by it. */
function toShortTime({ entry }: Member): string {
  return (entry.revision.published ?? entry.firstSeenAt).toISOString().slice(0, 16).replace('T', ' ');
}

function showCommands(what: Markup | string, commands: readonly string[]): Markup {
  return html`<li>${what}: ${commands.map((command) => html`<code class="copy">${command}</code> `)}</li> `;
}
