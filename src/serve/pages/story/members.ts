import { html } from 'hono/html';
import type { Member } from '../../../model/story.ts';
import type { StoryView } from '../../../model/view.ts';
import { toWebUrl } from '../../../publish/selection/terms.ts';
import type { PageFrame } from '../frame/frame.ts';
import type { Markup } from '../frame/layout.ts';
import { showName, toLang, toPageTitle } from '../words/names.ts';
import { toMinute } from '../words/times.ts';

/** Shows every source that published a story, with time and address, and explains why it is the
 *  same story. */
export function showMembers(frame: PageFrame, view: StoryView): Markup | string {
  const { story } = view;
  if (story.members.length < 2) return '';
  return html`<section>
    <h2>Published by</h2>
    <ul class="members">
      ${story.members.map((member) => showMember(frame, view, member))}
    </ul>
  </section>`;
}

function showMember({ site }: PageFrame, view: StoryView, member: Member): Markup {
  const { entry, source } = member;
  const { revision, firstSeenAt } = entry;
  const isLead = member === view.story.lead;
  // A member of a private source shows its address only when it leads the story.
  const address = isLead || !source.private ? toWebUrl(entry.url) : null;
  const title = html`<bdi lang="${toLang(entry.language ?? source.language)}">${toPageTitle(revision.title)}</bdi>`;
  return html`<li>
    <p>
      <strong>${showName(source.title)}</strong>${isLead ? ', shown here' : ''}:
      ${address === null ? title : html`<a href="${address}">${title}</a>`}, ${toMinute(revision.published ?? firstSeenAt, site)}
    </p>
    ${showReasons(view, member)}
  </li> `;
}

function showReasons(view: StoryView, member: Member): Markup {
  const { verdict, entry } = member;
  if (entry.no === view.story.no) return html`<p class="meta">The story began with this entry.</p>`;
  const { signals, why } = verdict;
  const compared = view.comparedWith.get(entry.no);
  const other = compared === undefined ? 'an entry that is no longer part of this story' : html`the entry of ${showName(compared)}`;
  const whatIf = view.whatIf.get(entry.no) ?? [];
  return html`<details>
    <summary>Why it is the same story</summary>
    <p>
      ${verdict.label === 'revision' ? 'A new version of an earlier entry of this source' : html`Compared with ${other}`}:
      ${why.join(', ')}.
    </p>
    ${signals === null ? '' : html`<p>${sayScore(verdict.score, signals['threshold'])}</p>`}
    ${whatIf.length === 0 ? '' : html`<p>It would be ${whatIf.join('; ')}.</p>`} ${signals === null ? '' : showNumbers(signals)}
  </details>`;
}

function sayScore(score: number, threshold: number | undefined): string {
  const scored = `Similarity: ${score.toFixed(2)} of 1.`;
  return threshold === undefined ? scored : `${scored} Entries with ${threshold.toFixed(2)} or more are one story.`;
}

/** Explanations of the signals (fold/judge/features.ts) for readers. */
const meanings: Readonly<Record<string, string>> = {
  contained: "share of the shorter text's rare phrases that the other has too",
  bodyContained: 'the same without the titles, with common phrases too',
  shared: 'weight of the shared phrases (logarithm)',
  own: "weight of the shorter text's phrases (logarithm)",
  titles: "share of the titles' significant words in common",
  titleEqual: 'equal titles',
  titleOnly: 'equal titles, one without a text',
  titleSwap: 'share of the titles that differs in both',
  numbersApart: 'share of numbers that differ in both',
  noBody: 'one has no text',
  numbersSwapped: 'numbers that replace others',
  wordsSwapped: 'rare words that replace others',
  aligned: "share of the shorter text's words in the same order",
};

function showNumbers(signals: Readonly<Record<string, number>>): Markup {
  const rows = Object.entries(signals).filter(([name]) => name in meanings);
  return html`<details>
    <summary>The numbers</summary>
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">Measure</th>
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
