import { html } from 'hono/html';
import type { Member } from '../../../model/story.ts';
import type { StoryView } from '../../../model/view.ts';
import { toWebUrl } from '../../../publish/selection/terms.ts';
import type { PageFrame } from '../frame/frame.ts';
import type { Markup } from '../frame/layout.ts';
import { showName, toLang, toPageTitle } from '../words/names.ts';
import { toMinute } from '../words/times.ts';

/** Every place where a story stands, with its time and address, and why it is the same story: in
 *  words, with the numbers behind them. */
export function showMembers(frame: PageFrame, view: StoryView): Markup | string {
  const { story } = view;
  if (story.members.length < 2) return '';
  return html`<section>
    <h2>Where it stands</h2>
    <ul class="members">
      ${story.members.map((member) => showMember(frame, view, member))}
    </ul>
  </section>`;
}

function showMember({ site }: PageFrame, view: StoryView, member: Member): Markup {
  const { entry, source } = member;
  const { revision, firstSeenAt } = entry;
  const isLead = member === view.story.lead;
  // Of a private source no address is named but that of what it leads.
  const address = isLead || !source.private ? toWebUrl(entry.url) : null;
  const title = html`<bdi lang="${toLang(entry.language ?? source.language)}">${toPageTitle(revision.title)}</bdi>`;
  return html`<li>
    <p>
      <strong>${showName(source.title)}</strong>${isLead ? ', shown here' : ''}:
      ${address === null ? title : html`<a href="${address}">${title}</a>`},
      ${revision.published === null ? 'seen ' : ''}${toMinute(revision.published ?? firstSeenAt, site)}
    </p>
    ${showReasons(view, member)}
  </li> `;
}

function showReasons(view: StoryView, member: Member): Markup {
  const { verdict, entry } = member;
  if (entry.no === view.story.no) return html`<p class="meta">The story began with it.</p>`;
  const { signals, why } = verdict;
  const compared = view.comparedWith.get(entry.no);
  const other = compared === undefined ? 'an entry that stands here no more' : html`what ${showName(compared)} has`;
  const whatIf = view.whatIf.get(entry.no) ?? [];
  return html`<details>
    <summary>Why it is the same story</summary>
    <p>
      ${verdict.label === 'revision' ? 'A version of what its source had posted before' : html`Compared with ${other}`}: ${why.join(', ')}.
    </p>
    ${signals === null ? '' : html`<p>${sayScore(verdict.score, signals['threshold'])}</p>`}
    ${whatIf.length === 0 ? '' : html`<p>It would stand ${whatIf.join('; ')}.</p>`} ${signals === null ? '' : showNumbers(signals)}
  </details>`;
}

function sayScore(score: number, threshold: number | undefined): string {
  const scored = `How alike they are: ${score.toFixed(2)} of 1.`;
  return threshold === undefined ? scored : `${scored} From ${threshold.toFixed(2)} on entries are one story.`;
}

/** What is measured (fold/features.ts), for a reader. */
const meanings: Readonly<Record<string, string>> = {
  contained: "share of the shorter one's rare phrases that stand in the other",
  bodyContained: 'the same of the texts alone, rare or not',
  shared: 'weight of what they share (logarithm)',
  own: 'weight of the shorter one (logarithm)',
  titles: "share of the titles' telling words in common",
  titleEqual: 'equal titles',
  titleOnly: 'equal titles, one without a text',
  titleSwap: 'share of the titles that differs on both sides',
  numbersApart: 'share of numbers that differ on both sides',
  noBody: 'one has no text',
  numbersSwapped: 'numbers that stand for others',
  wordsSwapped: 'rare words that stand for others',
  aligned: "share of the shorter one's words in the same order",
};

function showNumbers(signals: Readonly<Record<string, number>>): Markup {
  const rows = Object.entries(signals).filter(([name]) => name in meanings);
  return html`<details>
    <summary>The numbers</summary>
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">What was measured</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${meanings[name]}</th>
              <td>${Number(value.toFixed(3))}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </details>`;
}
