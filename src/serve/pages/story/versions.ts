import { html } from 'hono/html';
import type { Version } from '../../../model/entry.ts';
import { isSameMinute } from '../../../model/values/shown-time.ts';
import type { StoryView } from '../../../model/view.ts';
import { createComparer } from '../../../publish/diff/difference.ts';
import type { Comparer, Difference } from '../../../publish/diff/difference.ts';
import { madeAt } from '../../../publish/api/json.ts';
import type { PageFrame } from '../frame/frame.ts';
import type { Markup } from '../frame/layout.ts';
import { toPageTitle } from '../words/names.ts';
import { toMinute } from '../words/times.ts';

/** Most versions that are compared with the version before; the newest are. A live blog may have
 *  hundreds of versions. */
const MOST_COMPARED = 25;

/** Shows the versions of a story, newest first, with the words that changed. A story shown only
 *  as a summary has no comparison. */
export function showTimeline({ site }: PageFrame, { story, isSummary }: StoryView, lang: string): Markup | string {
  const { revisions, lead } = story;
  if (revisions.length < 2) return '';
  const compare = createComparer(lead.entry.language ?? lead.source.language);
  const versions = revisions.map((revision, index) => ({ revision, before: revisions[index - 1] ?? null })).toReversed();
  return html`<section id="Versions">
    <h2>Versions</h2>
    <ol class="versions" reversed>
      ${versions.map(({ revision, before }, index) => {
        // The version above already shows the time when both were made in the same minute.
        const above = versions[index - 1];
        const isSaid = above !== undefined && isSameMinute(madeAt(revision), madeAt(above.revision));
        const label = html`${isSaid ? '' : html`${toMinute(madeAt(revision), site)} · `}${nameChange(revision, before)}`;
        if (before === null || isSummary) return html`<li>${label}</li> `;
        const difference = index < MOST_COMPARED ? showDifference(before, revision, { compare, lang }) : null;
        if (difference === null) return html`<li>${label} · not compared: ${toCause(before, revision)}</li> `;
        return html`<li>
          <details>
            <summary>${label}</summary>
            ${difference}
          </details>
        </li> `;
      })}
    </ol>
  </section>`;
}

function nameChange(revision: Version, before: Version | null): Markup | string {
  if (before === null) return 'first version';
  if (revision.mark !== null) return html`<bdi>${toPageTitle(revision.mark)}</bdi>`;
  return revision.title === before.title ? 'text edited' : 'title edited';
}

/** Returns null when the versions cannot be compared. */
function showDifference(
  before: Version,
  after: Version,
  { compare, lang }: { readonly compare: Comparer; readonly lang: string },
): Markup | null {
  if (before.text === null || after.text === null) return null;
  const text = compare(before.text, after.text);
  const title = before.title === after.title ? null : compare(before.title, after.title);
  if (text === null) return null;
  const isSame = text.added + text.removed === 0;
  return html`<p class="meta">${sayCounts(text)}</p>
    ${title === null ? '' : html`<p class="difference" dir="auto" lang="${lang}"><strong>${showParts(title)}</strong></p>`}
    ${isSame ? '' : html`<div class="difference" dir="auto" lang="${lang}">${showParts(text)}</div>`}`;
}

function toCause(before: Version, after: Version): string {
  const isKept = before.text !== null && after.text !== null;
  return isKept ? 'one page compares only so much, and newer versions come first' : 'the older text is no longer kept';
}

function sayCounts({ added, removed, kind }: Difference): string {
  if (added + removed === 0) return 'The text has the same words.';
  if (kind === 'anew') return 'The text was rewritten.';
  if (kind === 'large') return 'The texts are too long to compare word by word. Their beginnings, before and after:';
  const count = (n: number) => `${n} ${n === 1 ? 'word' : 'words'}`;
  return `${count(added)} added, ${count(removed)} removed.`;
}

/** Colour is not the only mark: removed text is struck through, added text underlined, and both
 *  are named for screen readers. */
function showParts({ parts }: Difference): Markup {
  return html`${parts.map(({ kind, text }) => {
    if (kind === 'same') return text;
    return kind === 'added'
      ? html`<ins><span class="unseen">[added: </span>${text}<span class="unseen">]</span></ins>`
      : html`<del><span class="unseen">[removed: </span>${text}<span class="unseen">]</span></del>`;
  })}`;
}
