import { html, raw } from 'hono/html';
import type { Enclosure } from '../../../model/parsed.ts';
import type { Story } from '../../../model/story.ts';
import { isSameMinute, toShownTime } from '../../../model/values/shown-time.ts';
import type { StoryView } from '../../../model/view.ts';
import { createLargeTexts } from '../../../publish/html/large-texts.ts';
import { toMediaTitle } from '../../../publish/documents/media-title.ts';
import { toPageText } from '../../../publish/html/page/text.ts';
import { sanitise } from '../../../publish/html/sanitise.ts';
import { boundPage } from '../../../publish/html/text-budget.ts';
import { toStoryExcerpt, toStoryText } from '../../../publish/html/story-text.ts';
import { toWebUrl } from '../../../publish/selection/terms.ts';
import type { PageFrame } from '../frame/frame.ts';
import { layout } from '../frame/layout.ts';
import type { Markup } from '../frame/layout.ts';
import { showMembers } from './members.ts';
import { showName, toExcerpt, toLang, toPageTitle } from '../words/names.ts';
import { showOwner } from '../frame/owner.ts';
import { toAlternates } from '../frame/subscribe.ts';
import { showTimeline } from './versions.ts';
import { toMinute } from '../words/times.ts';

const large = createLargeTexts();
/** Characters of a text from which its excerpt is taken. */
const EXCERPT_FROM = 5000;

/** Returns a story's own page: its text, its sources and why they match, its versions with their
 *  changes, and related stories. */
export function storyPage(frame: PageFrame, view: StoryView): Markup {
  const { story, related, isSummary } = view;
  const { revision, url } = story.lead.entry;
  const { site } = frame;
  const shown = revision.title === '' && revision.text === '' ? toMediaTitle(sanitise(revision.html ?? '', url), story.published) : null;
  const title = toPageTitle(shown ?? revision.title);
  const original = toWebUrl(url);
  const lang = toLang(story.lead.entry.language ?? story.lead.source.language);
  const sent = toStoryText(revision, { isSummary });
  const text = large(sent, `${site.images} ${url}`, () =>
    toPageText(boundPage(sent, url, original), url, { images: site.images, headingLevel: 2 }),
  );
  const first = isSummary ? toStoryExcerpt(revision.summary, revision.text) : revision.text.slice(0, EXCERPT_FROM);
  return layout(frame, {
    title,
    isMinor: !view.isPublic,
    // Search engines are referred to the original.
    head: html`${original === null ? '' : html`<link rel="canonical" href="${original}" />`}
      <meta name="description" content="${toExcerpt(first)}" />
      ${toAlternates(frame, null)}`,
    body: html`<article>
        <h1 dir="auto" lang="${lang}">${title}</h1>
        <p class="meta">${showAuthors(story)}${showWhen(frame, story)}</p>
        ${original === null ? '' : html`<p><a class="original" href="${original}">Read it at ${showName(story.lead.source.title)}</a></p>`}
        <div class="text" dir="auto" lang="${lang}">${raw(text)}</div>
        ${showEnclosures(revision.enclosures)}
      </article>
      ${showMembers(frame, view)} ${showTimeline(frame, view, lang)} ${related.length === 0 ? '' : showRelated(frame, view)}
      ${showOwner(frame, view)}`,
  });
}

/** Shows the story's time as lists show it, and the time of its update unless both are the same
 *  minute. */
function showWhen({ site }: PageFrame, story: Story): Markup {
  const { kind, at } = toShownTime(story);
  const isUpdatedLater = story.revisions.length > 1 && !isSameMinute(story.updated, at);
  return html`${kind === 'undated' ? 'undated' : html`${toMinute(at, site)}`}${
    isUpdatedLater ? html` · <span class="badge">updated ${toMinute(story.updated, site)}</span>` : ''
  }`;
}

/** Most authors that a page names; some feeds list a whole institute. */
const MOST_AUTHORS = 10;

function showAuthors({ lead }: Story): Markup {
  const named = lead.entry.revision.authors.map(({ name }) => name).filter((name) => name.trim() !== '');
  const shown = named.slice(0, MOST_AUTHORS).map((name, index) => html`${index === 0 ? ' · ' : ', '}${showName(name)}`);
  return html`${showName(lead.source.title)}${shown}${named.length > MOST_AUTHORS ? ' and others' : ''} · `;
}

/** Most files that a page lists, as many as documents name. */
const MOST_FILES = 200;

function showEnclosures(enclosures: readonly Enclosure[]): Markup | string {
  const files = enclosures.slice(0, MOST_FILES).flatMap(({ url, type, length }) => {
    const address = toWebUrl(url);
    return address === null ? [] : [{ address, facts: [type, toSize(length)].filter((text) => text !== null).join(', ') }];
  });
  if (files.length === 0) return '';
  return html`<section aria-label="Files">
    <ul>
      ${files.map(({ address, facts }) => html`<li><a href="${address}">${toFileName(address)}</a>${facts === '' ? '' : ` (${facts})`}</li> `)}
    </ul>
  </section>`;
}

function toFileName(address: string): string {
  const name = new URL(address).pathname.split('/').at(-1) ?? '';
  return name === '' ? new URL(address).host : name;
}

function toSize(bytes: number | null): string | null {
  if (bytes === null || bytes <= 0) return null;
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function showRelated({ links }: PageFrame, { related }: StoryView): Markup {
  return html`<section>
    <h2>Related</h2>
    <p>About the same event, but not the same text:</p>
    <ul>
      ${related.map(
        ({ key, title, source, language }) =>
          html`<li>
            <a href="${links.story(key)}"><bdi lang="${toLang(language)}">${toPageTitle(title)}</bdi></a
            >, ${showName(source)}
          </li> `,
      )}
    </ul>
  </section>`;
}
