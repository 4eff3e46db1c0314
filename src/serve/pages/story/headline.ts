import { html } from 'hono/html';
import { endsRun } from '../../../model/errors.ts';
import type { Feed } from '../../../model/feed.ts';
import type { Headline, HeadlineSource } from '../../../model/headline.ts';
import { isSameMinute, toShownTime } from '../../../model/values/shown-time.ts';
import type { PageFrame } from '../frame/frame.ts';
import type { Markup } from '../frame/layout.ts';
import { showName, toExcerpt, toLang, toPageTitle } from '../words/names.ts';
import { showShortTime, showTimeOfDay, toDayName } from '../words/times.ts';

/** Other sources that a line names; there may be a hundred. */
const MOST_NAMED = 5;

/** Stories under their days, in the order given. One that cannot be shown is left out: its own page
 *  tells of that, and all else is to be seen. */
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

/** The bulkhead of pages (bulkhead.ts has that of runs): null when showing one story fails. */
function tryToShow<T>(show: () => T): T | null {
  try {
    return show();
  } catch (error) {
    if (endsRun(error)) throw error;
    return null;
  }
}

/** The day of its place in the order; a story that stands by date without having one stands under
 *  none. */
function toHeading(headline: Headline, site: PageFrame['site']): string {
  const { kind, at } = toShownTime(headline);
  return kind === 'undated' && isSameMinute(at, headline.at) ? 'Undated' : toDayName(headline.at, site);
}

/** The time by which it stands in the list, and when it was updated, unless that is the same: an
 *  instant is not said twice. Nothing of an undated story, whose heading says that already. */
function showWhen({ site }: PageFrame, headline: Headline): Markup | string {
  const { at, updated, revisions } = headline;
  const { kind, at: datedAt } = toShownTime(headline);
  if (!isSameMinute(at, datedAt)) return html` · <span class="badge">updated ${showTimeOfDay(at, site)}</span>`;
  const isUpdatedLater = revisions > 1 && !isSameMinute(updated, at);
  return html`${kind === 'undated' ? '' : html` · ${kind === 'seen' ? 'seen ' : ''}${showTimeOfDay(at, site)}`}${
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

/** Its name, which leads to its stories; on a file host to its place among the sources. */
function showSource({ links, isStatic }: PageFrame, feed: Feed, { id, title }: HeadlineSource): Markup {
  return html`<a href="${isStatic ? links.source(id) : links.list(feed, { source: id })}">${showName(title)}</a>`;
}
