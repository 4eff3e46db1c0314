import type { EntryChange } from '../../model/entry.ts';
import type { Problem } from '../../model/errors.ts';
import { BATCH_SIZE } from '../../ports/store/store.ts';
import { findCut, MOST_TEXT_BYTES } from '../../publish/html/text-budget.ts';
import type { RunContext } from '../run-context.ts';

/** The result of storing changes of entries. */
export interface SavedChanges {
  added: number;
  revised: number;
  /** Problems of entries that are stored or published only in part. */
  readonly problems: Problem[];
}

/** Stores changes of entries as pending, batch by batch. `rest` has the meaning that `saveEntries`
 *  of the store gives it. */
export async function saveChanges(
  { store }: Pick<RunContext, 'store'>,
  changes: readonly EntryChange[],
  at: Date,
  rest: Parameters<RunContext['store']['saveEntries']>[2] = {},
): Promise<SavedChanges> {
  const total: SavedChanges = { added: 0, revised: 0, problems: changes.flatMap(tellCut) };
  for (let start = 0; start < changes.length; start += BATCH_SIZE) {
    const { added, revised, thinned } = await store.saveEntries(changes.slice(start, start + BATCH_SIZE), at, rest);
    total.added += added;
    total.revised += revised;
    total.problems.push(...(thinned ?? []).map(toThinned));
  }
  return total;
}

/** Returns a problem for a text so long that documents and pages publish only its beginning. The
 *  problem is reported when the text is stored, not at each poll. */
function tellCut({ entry, revisions }: EntryChange): Problem[] {
  const bytes = findCut(revisions.at(-1)?.html ?? '');
  if (bytes === null) return [];
  const [most, all] = [MOST_TEXT_BYTES, bytes].map((count) => (count / 1_000_000).toFixed(1));
  const message = `a text has ${all} MB as documents write it: its first ${most} MB are published, with a link to the rest`;
  return [{ code: 'entry/cut', message, entry: entry.identity.slice(0, 200) }];
}

function toThinned(identity: string): Problem {
  const message = 'an entry has too many versions, or too long ones: only its first and its newest ones are kept';
  return { code: 'entry/many-versions', message, entry: identity.slice(0, 200) };
}
