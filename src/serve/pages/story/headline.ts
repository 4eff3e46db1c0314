import { html } from 'hono/html';
import { endsRun } from '../../../model/errors.ts';
import type { Feed } from '../../../model/feed.ts';
import type { Headline, HeadlineSource } from '../../../model/headline.ts';
import { isSameMinute, toShownTime } from '../../../model/values/shown-time.ts';
import type { PageFrame } from '../frame/frame.ts';
import type { Markup } from '../frame/layout.ts';
import { showName, toExcerpt, toLang, toPageTitle } from '../words/names.ts';
import { showShortTime, showTimeOfDay, toDayName } from '../words/times.ts';

/** Other sources that a headline names; there may be a hundred. */
const MOST_NAMED = 5;

/** Shows stories under their days, in the given order. A story that fails to render is left out,
 *  so that the others are shown; its own page shows the error. */
export function showDays(frame: PageFrame, feed: Feed, headlines: readonly Headline[]): Markup {
  const days: { readonly name: string; readonly headlines: Markup[] }[] = [];
  for (const headline of headlines) {
    const shown = tryToShow(() => ({ name: toHeading(headline, frame.site), markup: showHeadline(frame, feed, headline) }));
    if (shown === null) continue;
    const last = days.at(-1);
    if (last?.name === shown.name) last.headlines.push(shown.markup);
    else days.push({ name: shown.name, headlines: [shown.markup] });
  }
  return html`${days.map(
    (day) =>
      html`<section class="day">
        <h2>${day.name}</h2>
        ${day.headlines}
      </section> `,
  )}`;
}

/** Returns null when rendering one story fails (runtime/set-aside-failing.ts does the same for
 *  runs). */
function tryToShow<T>(show: () => T): T | null {
  try {
    return show();
  } catch (error) {
    if (endsRun(error)) throw error;
    return null;
  }
}

/** Returns the day by which a headline is sorted. An undated story sorted by the time it was
 *  first seen stands under "Undated". */
function toHeading(headline: Headline, site: PageFrame['site']): string {
  const { kind, at } = toShownTime(headline);
  return kind === 'undated' && isSameMinute(at, headline.at) ? 'Undated' : toDayName(headline.at, site);
}

/** Shows the time by which a headline is sorted, and the time of its update unless both are the
 *  same minute. An undated story shows no time, since its heading says so. */
function showWhen({ site }: PageFrame, headline: Headline): Markup | string {
  const { at, updated, revisions } = headline;
  const { kind, at: datedAt } = toShownTime(headline);
  if (!isSameMinute(at, datedAt)) return html` · <span class="badge">updated ${showTimeOfDay(at, site)}</span>`;
  const isUpdatedLater = revisions > 1 && !isSameMinute(updated, at);
  return html`${kind === 'undated' ? '' : html` · ${showTimeOfDay(at, site)}`}${
    isUpdatedLater ? html` · <span class="badge">updated ${showShortTime(updated, at, site)}</span>` : ''
  }`;
}

function showHeadline(frame: PageFrame, feed: Feed, headline: Headline): Markup {
  const { key, title, language, excerpt, sources } = headline;
  const [lead, ...others] = sources;
  const lang = toLang(language);
  return html`<article>
    <h3 dir="auto" lang="${lang}"><a href="${frame.links.story(key)}">${toPageTitle(title)}</a></h3>
    <p class="meta">
      ${lead ? showSource(frame, feed, lead) : ''}${showOthers(frame, feed, others)}${showWhen(frame, headline)}${sources.length > 1 ? html` · ${sources.length} sources` : ''}
    </p>
    <p dir="auto" lang="${lang}">${toExcerpt(excerpt)}</p>
  </article> `;
}

function showOthers(frame: PageFrame, feed: Feed, others: readonly HeadlineSource[]): Markup | string {
  if (others.length === 0) return '';
  const more = others.length - MOST_NAMED;
  const named = others.slice(0, MOST_NAMED).map((source, index) => html`${index === 0 ? '' : ', '}${showSource(frame, feed, source)}`);
  return html`, also at ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Shows a source's name, which links to its stories, or on a file host to its entry on the
 *  sources page. */
function showSource({ links, isStatic }: PageFrame, feed: Feed, { id, title }: HeadlineSource): Markup {
  return html`<a href="${isStatic ? links.source(id) : links.list(feed, { source: id })}">${showName(title)}</a>`;
}
