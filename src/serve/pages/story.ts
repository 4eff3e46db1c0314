import { html, raw } from 'hono/html';
import type { Site } from '../../model/feed.ts';
import type { Member, Story } from '../../model/story.ts';
import { sanitise } from '../../publish/sanitise.ts';
import { layout, pathOf, showTime } from './layout.ts';
import type { Markup } from './layout.ts';

/** A story's own page: its text, every place where it stands, its versions, why it was folded, and the stories on the same event. */
export function storyPage(site: Site, story: Story, related: readonly Story[]): Markup {
  const { lead } = story;
  const { revision, url } = lead.entry;
  const title = titleOf(story);
  const original = url !== null && /^https?:/i.test(url) ? html`<p><a href="${url}">Read it at ${lead.source.title}</a></p>` : '';
  return layout(
    site,
    `${title} – ${site.title}`,
    html``,
    html`<article>
        <h1>${title}</h1>
        <p class="meta">
          ${lead.source.title}${revision.authors.length === 0 ? '' : ` · ${revision.authors.map((author) => author.name).join(', ')}`} ·
          ${showTime(story.published ?? story.firstSeenAt, site.language)}
        </p>
        ${original}
        <div class="text">${raw(sanitise(revision.html ?? revision.summary ?? '', url))}</div>
      </article>
      ${
        story.members.length < 2
          ? ''
          : html`<section>
              <h2>Where it stands</h2>
              <ul>
                ${story.members.map((member) => showMember(member, member === lead, site))}
              </ul>
            </section>`
      }
      ${
        story.revisions.length < 2
          ? ''
          : html`<section>
              <h2>Versions</h2>
              <ol>
                ${story.revisions.map((version) => html`<li>${showTime(version.updated ?? version.seenAt, site.language)}${version.mark === null ? '' : ` · ${version.mark}`}</li>`)}
              </ol>
            </section>`
      }
      ${
        related.length === 0
          ? ''
          : html`<section>
              <h2>Related</h2>
              <ul>
                ${related.map((other) => html`<li><a href="${pathOf(site, `/stories/${other.key}/`)}">${titleOf(other)}</a>, ${other.lead.source.title}</li>`)}
              </ul>
            </section>`
      }`,
  );
}

function titleOf({ lead }: Story): string {
  return lead.entry.revision.title || '(untitled)';
}

function showMember(member: Member, isLead: boolean, site: Site): Markup {
  const { url, revision, firstSeenAt } = member.entry;
  // Of a private source no address is named but that of what it leads.
  const isShown = url !== null && /^https?:/i.test(url) && (isLead || !member.source.private);
  const name = isShown ? html`<a href="${url}">${member.source.title}</a>` : member.source.title;
  return html`<li>
    ${name},
    ${showTime(revision.published ?? firstSeenAt, site.language)}${isLead ? ' · shown here' : ''}${member.verdict.score > 0 ? ` · folded: ${member.verdict.why.join(', ')}` : ''}
  </li>`;
}
