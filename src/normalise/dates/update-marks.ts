import { type Block, toBlocks } from '../text/blocks.ts';
import type { MarkWhen } from './mark-time.ts';
import { type Mark, readMark } from './mark-words.ts';

/** One version of a text that carries update marks. */
export interface UpdateStep {
  /** The version's whole markup: for the last step the text exactly as given. */
  readonly html: string;
  /** The mark that opened it, as written, at most 80 characters; null for the first step, the text
   *  before any update. */
  readonly mark: string | null;
  /** What the mark says of its time, every part null when it says nothing; null for the first
   *  step. */
  readonly when: MarkWhen | null;
}

/**
 * The versions that a text with update marks carries, oldest first (docs/design.md §69).
 * One step when it has no mark, or when nothing but updates would be left. A mark opens a block
 * of words (`readMark` says which); in quotes, lists, tables and figures it does not count.
 * From the mark to the next break is the update, the break included. Without a break before the
 * next mark or the end, a mark on top is that paragraph alone. After a bare "Update:" the next
 * one belongs to it too. "On top" means below marks, headings and pictures alone. A mark
 * further down reaches to the next mark or the end, and takes a break just above it along.
 * Marks on top are newest first. Marks further down are oldest first and older than those on
 * top, unless all of them carry numbers or full days. Only the newest make steps, `mostUpdates`
 * of them, which keeps the result linear.
 */
export function splitUpdates(html: string): readonly UpdateStep[] {
  const whole = { html, mark: null, when: null };
  if (html.length > MAX_LENGTH) return [whole];
  const blocks = toBlocks(html);
  const flow = blocks.filter((block) => block.kind !== 'frame');
  const updates = toOldestFirst(findUpdates(flow)).slice(-mostUpdates(html.length));
  // Number of the step in which a block appears; frames and the earlier text are there from the
  // first on.
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

/** Update marks of a text of so many characters that make steps: each step is a copy of the text. A
 *  live blog may have hundreds, of which a reader of a timeline has no use. */
export function mostUpdates(length: number): number {
  return Math.max(1, Math.min(MAX_UPDATES, Math.floor(MAX_COPIED / (length + 1))));
}

/** A longer text is a book, not an article. */
const MAX_LENGTH = 500_000;
export const MAX_UPDATES = 24;
/** Characters of all steps of a text, but for the text before any update. */
const MAX_COPIED = 1_000_000;

interface Update {
  readonly mark: Mark;
  readonly isOnTop: boolean;
  /** Blocks of the flow, `to` exclusive. */
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

/** What may stand above the text proper: a headline, a picture with its caption. */
function isLeadMatter(block: Block): boolean {
  return block.text === '' || /^\s*<(?:h[1-6]|figure)[\s>]/i.test(block.html);
}

function toOldestFirst(updates: readonly Update[]): readonly Update[] {
  const below = updates.filter((update) => !update.isOnTop);
  const above = updates.filter((update) => update.isOnTop).toReversed();
  const inPlace = [...below, ...above];
  for (const rankOf of [toNumberRank, toDayRank]) {
    const ranks = inPlace.map((update) => rankOf(update.mark));
    // Numbers that are missing or repeated, or days without a year, say nothing sure.
    if (ranks.every((rank) => rank !== null) && new Set(ranks).size === ranks.length) {
      return inPlace.toSorted((a, b) => (rankOf(a.mark) ?? 0) - (rankOf(b.mark) ?? 0));
    }
  }
  return inPlace;
}

/** "Update" beside "Update 2" is the first. */
function toNumberRank(mark: Mark): number | null {
  return mark.number ?? 1;
}

function toDayRank({ when: { day } }: Mark): number | null {
  return day === null || day.year === null ? null : day.year * 400 + day.month * 31 + day.day;
}
