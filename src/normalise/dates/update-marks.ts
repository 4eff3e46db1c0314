import { type Block, toBlocks } from '../text/blocks.ts';
import type { MarkWhen } from './mark-time.ts';
import { type Mark, readMark } from './mark-words.ts';

/** One version of a text with update marks. */
export interface UpdateStep {
  /** The version's whole markup; the last step is the text exactly as given. */
  readonly html: string;
  /** The mark that begins the version, as written, at most 80 characters; null for the first step,
   *  the text before any update. */
  readonly mark: string | null;
  /** The time that the mark gives; every field is null when it gives none. null for the first
   *  step. */
  readonly when: MarkWhen | null;
}

/** Returns the versions of a text with update marks, oldest first (docs/design.md §69). It is one
 *  step when there is no mark, or nothing but updates. A mark opens a block of words (see
 *  `readMark`); in quotes, lists, tables and figures it does not count. An update reaches from its
 *  mark to the next break, including the break. Without a break before the next mark or the end, a
 *  mark on top is its paragraph alone. After a bare "Update:" the next paragraph belongs to it too.
 *  "On top" means below marks, headings and pictures alone. A mark further down reaches to the next
 *  mark or the end, and includes a break just above it. Marks on top are newest first. Marks
 *  further down are oldest first and older than those on top, unless all marks have numbers or full
 *  days. Only the newest marks make steps, at most `mostUpdates` of them, so that the result is
 *  linear in the text. */
export function splitUpdates(html: string): readonly UpdateStep[] {
  const whole = { html, mark: null, when: null };
  if (html.length > MAX_LENGTH) return [whole];
  const blocks = toBlocks(html);
  const flow = blocks.filter((block) => block.kind !== 'frame');
  const updates = toOldestFirst(findUpdates(flow)).slice(-mostUpdates(html.length));
  // The step in which each block first appears. Frames and the earlier text are in the first step.
  const stepOf = new Map<Block, number>();
  for (const [index, update] of updates.entries()) {
    for (const block of flow.slice(update.from, update.to)) stepOf.set(block, index + 1);
  }
  const isAnythingEarlier = flow.some((block) => !stepOf.has(block) && block.text !== '');
  if (updates.length === 0 || !isAnythingEarlier) return [whole];
  const htmlAt = (step: number): string =>
    blocks
      .filter((block) => (stepOf.get(block) ?? 0) <= step)
      .map((block) => block.html)
      .join('');
  const steps = updates.map(({ mark }, index) => ({ html: htmlAt(index + 1), mark: mark.mark, when: mark.when }));
  return [{ ...whole, html: htmlAt(0) }, ...steps];
}

/** Returns how many update marks make steps in a text of this many characters, since each step is a
 *  copy of the text. A live blog may have hundreds, which help nobody in a timeline. */
export function mostUpdates(length: number): number {
  return Math.max(1, Math.min(MAX_UPDATES, Math.floor(MAX_COPIED / (length + 1))));
}

/** A longer text is a book and not an article. */
const MAX_LENGTH = 500_000;
export const MAX_UPDATES = 24;
/** Most characters of all steps of a text, without the text before any update. */
const MAX_COPIED = 1_000_000;

interface Update {
  readonly mark: Mark;
  readonly isOnTop: boolean;
  /** Blocks of the flow; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
}

function findUpdates(flow: readonly Block[]): Update[] {
  const found = flow.flatMap((block, at) => {
    const mark = block.kind === 'text' ? readMark(block.text) : null;
    return mark === null ? [] : [{ mark, at }];
  });
  const updates: Update[] = [];
  let isOnTop = true;
  let done = 0;
  for (const [index, { mark, at }] of found.entries()) {
    isOnTop &&= flow.slice(done, at).every(isLeadMatter);
    const next = found[index + 1]?.at ?? flow.length;
    const between = flow.slice(at + 1, next).findIndex((block) => block.kind === 'break');
    const alone = Math.min(next, at + (mark.isOpen ? 2 : 1));
    const to = between >= 0 ? at + between + 2 : isOnTop ? alone : next;
    const from = !isOnTop && at > done && flow[at - 1]?.kind === 'break' ? at - 1 : at;
    updates.push({ mark, isOnTop, from, to });
    done = to;
  }
  return updates;
}

/** Reports whether a block may come before the text proper: a headline, a picture with its
 *  caption. */
function isLeadMatter(block: Block): boolean {
  return block.text === '' || /^\s*<(?:h[1-6]|figure)[\s>]/i.test(block.html);
}

function toOldestFirst(updates: readonly Update[]): readonly Update[] {
  const below = updates.filter((update) => !update.isOnTop);
  const above = updates.filter((update) => update.isOnTop).toReversed();
  const inPlace = [...below, ...above];
  for (const rankOf of [toNumberRank, toDayRank]) {
    const ranks = inPlace.map((update) => rankOf(update.mark));
    // Missing or repeated numbers, or days without a year, decide nothing.
    if (ranks.every((rank) => rank !== null) && new Set(ranks).size === ranks.length) {
      return inPlace.toSorted((a, b) => (rankOf(a.mark) ?? 0) - (rankOf(b.mark) ?? 0));
    }
  }
  return inPlace;
}

/** Returns the number of a mark. "Update" beside "Update 2" is the first. */
function toNumberRank(mark: Mark): number | null {
  return mark.number ?? 1;
}

function toDayRank({ when: { day } }: Mark): number | null {
  return day === null || day.year === null ? null : day.year * 400 + day.month * 31 + day.day;
}
