import { html } from 'hono/html';
import type { Feed, Site } from '../../model/feed.ts';
import type { Story } from '../../model/story.ts';
import { layout, pathOf, showTime } from './layout.ts';
import type { Markup } from './layout.ts';

/** The page of a feed: its stories, newest first, and where to subscribe. */
export function feedPage(site: Site, feed: Feed, feeds: readonly Feed[], stories: readonly Story[]): Markup {
  const title = feed.isDefault ? site.title : `${feed.title} – ${site.title}`;
  const links = (['atom', 'rss', 'json'] as const).map((format) => ({
    href: toUrl(site, feed, format),
    type: types[format],
    name: names[format],
  }));
  const head = html`${links.map((link) => html`<link rel="alternate" type="${link.type}" title="${feed.title} (${link.name})" href="${link.href}" />`)}`;
  const others = feeds.filter((other) => other !== feed && !other.private && !other.retired && other.movedTo === null);
  return layout(
    site,
    title,
    feed.private ? html`` : head,
    html`<h1>${feed.title}</h1>
      <nav aria-label="Subscribe"><p>Subscribe: ${links.map((link) => html`<a href="${link.href}">${link.name}</a> `)}</p></nav>
      ${others.length === 0 ? '' : html`<nav aria-label="Other feeds"><p>Also here: ${others.map((other) => html`<a href="${pathOf(site, other.isDefault ? '/' : `/feeds/${other.slug}/`)}">${other.title}</a> `)}</p></nav>`}
      ${stories.length === 0 ? html`<p>No story yet. The next run may bring one.</p>` : stories.map((story) => showStory(site, story))}`,
  );
}

const types = { atom: 'application/atom+xml', rss: 'application/rss+xml', json: 'application/feed+json' };
const names = { atom: 'Atom', rss: 'RSS', json: 'JSON' };

function toUrl(site: Site, feed: Feed, format: 'atom' | 'rss' | 'json'): string {
  return `${site.url}${feed.isDefault ? '/feed' : `/feeds/${feed.slug}`}.${format}`;
}

function showStory(site: Site, story: Story): Markup {
  const { lead } = story;
  const others = [...new Set(story.members.filter((member) => member !== lead).map((member) => member.source.title))];
  const isRevised = story.revisions.length > 1;
  return html`<article>
    <h2><a href="${pathOf(site, `/stories/${story.key}/`)}">${lead.entry.revision.title || '(untitled)'}</a></h2>
    <p class="meta">
      ${lead.source.title}${others.length === 0 ? '' : html` <span class="also">also at ${others.join(', ')}</span>`} ·
      ${showTime(story.published ?? story.firstSeenAt, site.language)}${isRevised ? html` · <span class="badge">updated ${showTime(story.updated, site.language)}</span>` : ''}
    </p>
    <p>${shorten(lead.entry.revision.text)}</p>
  </article> `;
}

function shorten(text: string): string {
  const line = text.slice(0, 600).replace(/\s+/g, ' ').trim();
  if (line.length <= 280) return line;
  return `${line.slice(0, line.lastIndexOf(' ', 280)).toWellFormed()}…`;
}
