import { html } from 'hono/html';
import type { Revision } from '../../model/entry.ts';
import type { Story } from '../../model/story.ts';
import { compareTexts } from '../../publish/difference.ts';
import type { Difference } from '../../publish/difference.ts';
import { madeAt } from '../../publish/json-forms.ts';
import type { Frame } from './frame.ts';
import type { Markup } from './layout.ts';
import { toTitle } from './names.ts';
import { showTime } from './times.ts';

/** Versions that are compared with the one before: the newest. A live blog may have hundreds. */
const MOST_COMPARED = 25;

/** The versions of a story, the newest first, each with the words that changed. */
export function showTimeline({ site }: Frame, { revisions, lead }: Story, lang: string): Markup | string {
  if (revisions.length < 2) return '';
  const language = lead.entry.language ?? lead.source.language;
  const versions = revisions.map((revision, index) => ({ revision, before: revisions[index - 1] ?? null })).toReversed();
  return html`<section id="Versions">
    <h2>Versions</h2>
    <ol class="versions" reversed>
      ${versions.map(({ revision, before }, index) => {
        const what = html`${showTime(madeAt(revision), site)} · ${nameChange(revision, before)}`;
        if (before === null || index >= MOST_COMPARED) return html`<li>${what}</li> `;
        return html`<li>
          <details>
            <summary>${what}</summary>
            ${showDifference(before, revision, { language, lang })}
          </details>
        </li> `;
      })}
    </ol>
  </section>`;
}

function nameChange(revision: Revision, before: Revision | null): Markup | string {
  if (before === null) return 'first version';
  if (revision.mark !== null) return html`<bdi>${toTitle(revision.mark)}</bdi>`;
  return revision.title === before.title ? 'text edited' : 'title edited';
}

function showDifference(
  before: Revision,
  after: Revision,
  { language, lang }: { readonly language: string | null; readonly lang: string },
): Markup {
  const text = compareTexts(before.text, after.text, language);
  const title = before.title === after.title ? null : compareTexts(before.title, after.title, language);
  const isSame = text.added + text.removed === 0;
  return html`<p class="meta">${sayCounts(text)}</p>
    ${title === null ? '' : html`<p class="difference" dir="auto" lang="${lang}"><strong>${showParts(title)}</strong></p>`}
    ${isSame ? '' : html`<div class="difference" dir="auto" lang="${lang}">${showParts(text)}</div>`}`;
}

function sayCounts({ added, removed, isWhole }: Difference): string {
  if (added + removed === 0) return 'The text has the same words.';
  const count = (n: number) => `${n} ${n === 1 ? 'word' : 'words'}`;
  return isWhole ? 'The text was written anew.' : `${count(added)} added, ${count(removed)} removed.`;
}

/** Not by colour alone: what is removed is struck through, what is added underlined, and both are named for those who hear the page. */
function showParts({ parts }: Difference): Markup {
  return html`${parts.map(({ kind, text }) => {
    if (kind === 'same') return text;
    return kind === 'added'
      ? html`<ins><span class="unseen">[added: </span>${text}<span class="unseen">]</span></ins>`
      : html`<del><span class="unseen">[removed: </span>${text}<span class="unseen">]</span></del>`;
  })}`;
}
