import { html } from 'hono/html';
import type { Source } from '../../../model/source.ts';
import type { FeedHealth, SourcesView, SourceView } from '../../../model/view.ts';
import { takesFrom } from '../../../publish/selection/select.ts';
import { toWebUrl } from '../../../publish/selection/terms.ts';
import { showChart } from './chart.ts';
import { listFeeds } from '../frame/frame.ts';
import type { PageFrame } from '../frame/frame.ts';
import { layout } from '../frame/layout.ts';
import type { Markup } from '../frame/layout.ts';
import { showName } from '../words/names.ts';
import { nameState, sayNext } from './source-words.ts';
import { toAlternates } from '../frame/subscribe.ts';
import { toMinute, toNumber } from '../words/times.ts';

/** Returns the page with the state of every source and feed. */
export function sourcesPage(frame: PageFrame, view: SourcesView): Markup {
  const { site, links } = frame;
  const { sources, feeds, lastRunAt } = view;
  const troubled = sources.filter((source) => needsAttention(source));
  return layout(frame, {
    title: 'Sources',
    head: toAlternates(frame, null),
    body: html`<h1>Sources</h1>
      <p>
        ${sources.length === 1 ? 'One source' : `${toNumber(sources.length, site)} sources`} with
        ${countEntries(sources) === 1 ? 'one entry' : `${toNumber(countEntries(sources), site)} entries`};
        ${troubled.length === 0 ? 'all are working' : html`<a href="#Attention">${troubled.length === 1 ? 'one needs' : `${troubled.length} need`} attention</a>`}.
        ${lastRunAt === null ? 'No run has ended yet.' : html`The last run ended ${toMinute(lastRunAt, site)}.`}
        <a href="${links.path('/sources.opml')}" type="text/x-opml">Download the list as OPML</a>
      </p>
      ${showFeeds(frame, feeds)}
      ${
        troubled.length === 0
          ? ''
          : html`<section id="Attention">
              <h2>Need attention</h2>
              <ul>
                ${troubled.map(({ status, title }) => html`<li><a href="#${status.source.id}">${showName(title)}</a>: ${nameState(status)}</li> `)}
              </ul>
            </section>`
      }
      <section>
        <h2>All sources</h2>
        ${sources.map((source) => showSource(frame, source))}
      </section>`,
  });
}

function needsAttention({ problem, silence, status }: SourceView): boolean {
  return problem !== null || silence !== null || status.poll.gone || status.poll.failures > 0;
}

function countEntries(sources: readonly SourceView[]): number {
  return sources.reduce((sum, { status }) => sum + status.entries, 0);
}

function showFeeds(frame: PageFrame, feeds: readonly FeedHealth[]): Markup {
  const { links, site } = frame;
  return html`<section>
    <h2>Feeds</h2>
    <ul>
      ${feeds.map(({ slug, title, standing, problem }) => {
        const feed = listFeeds(frame).find((one) => one.slug === slug);
        return html`<li>
          ${feed ? html`<a href="${links.list(feed)}">${title}</a>` : title}: ${toNumber(standing, site)}
          ${standing === 1 ? 'story' : 'stories'}${problem === null ? '' : html`. <strong class="warn">Warning: ${problem.message}</strong>`}
        </li> `;
      })}
    </ul>
  </section>`;
}

/** Shows a source. Its id is the anchor that published documents link to. Anchors of the page
 *  itself begin with a capital, which no source id does. */
function showSource(frame: PageFrame, view: SourceView): Markup {
  const { site, links, isStatic } = frame;
  const { status, title, problem, days, silence } = view;
  const { source, poll, entries } = status;
  const time = (date: Date | null) => (date === null ? 'never' : toMinute(date, site));
  const feed = listFeeds(frame).find((one) => takesFrom(one, source.id, source.tags));
  const facts: readonly (readonly [string, Markup | string])[] = [
    ['State', nameState(status)],
    ['Last success', time(poll.lastSuccessAt)],
    ['Last new entry', time(poll.lastEntryAt)],
    ['Next poll', sayNext(status, site)],
    ['Entries', toNumber(entries, site)],
  ];
  return html`<article class="source" id="${source.id}">
    <h3 dir="auto">${showName(title)}</h3>
    <ul class="row">
      ${toAddresses(view).map(({ name, url }) => html`<li><a href="${url}">${name}</a></li> `)}
      ${feed && !isStatic ? html`<li><a href="${links.list(feed, { source: source.id })}">Its stories</a></li>` : ''}
      ${source.tags.map((tag) => html`<li>${feed && !isStatic ? html`<a href="${links.list(feed, { tag })}">#${tag}</a>` : `#${tag}`}</li> `)}
    </ul>
    ${showChart(days)}
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div> `,
      )}
    </dl>
    ${problem === null ? '' : html`<p class="warn">${toSentence(problem, source)}</p>`}
    ${silence === null ? '' : html`<p class="warn">No new entry for ${silence.days} days; its longest pause before was ${silence.longestBefore === 1 ? 'a day' : `${silence.longestBefore} days`}. Check whether the site has moved.</p>`}
    ${poll.move === null || source.private ? '' : html`<p class="warn">It has moved to <a href="${toWebUrl(poll.move.to) ?? ''}">${poll.move.to}</a>${poll.move.isAdopted ? ' and is polled there now. Change its address in the configuration.' : '. It is polled there once the redirect has lasted two days.'}</p>`}
    ${poll.notice === null ? '' : html`<p>${toSentence(poll.notice.message, source)} (${toMinute(poll.notice.at, site)})</p>`}
  </article>`;
}

/** Returns the addresses of feed and home page; none for a private source. */
function toAddresses({ status: { source, description, poll } }: SourceView): { readonly name: string; readonly url: string }[] {
  if (source.private) return [];
  const feed = source.kind === 'feed' ? source.address : (poll.found?.url ?? null);
  const home = source.kind === 'page' ? source.address : description.homePage;
  const all = [
    { name: 'Feed', url: toWebUrl(feed) },
    { name: 'Site', url: toWebUrl(home) },
  ];
  return all.flatMap(({ name, url }) => (url === null ? [] : [{ name, url }]));
}

/** Returns a message as a sentence. A file name at its beginning keeps its case. */
function toSentence(message: string, { address }: Pick<Source, 'address'>): string {
  const name = address.split('/').at(-1) ?? '';
  const isWord = /^[a-z]+[ ,]/.test(message) && !message.startsWith(`${name} `);
  return `${isWord ? message.charAt(0).toUpperCase() : message.charAt(0)}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
