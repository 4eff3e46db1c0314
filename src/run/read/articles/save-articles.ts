import type { EntryChange } from '../../../model/entry.ts';
import type { RunContext } from '../../run-context.ts';
import { saveChanges } from '../save-entries.ts';
import type { SavedChanges } from '../save-entries.ts';

/** Own articles without a date that the first reading of a folder may bring as news: more of them
 *  are an archive, not written now. */
const MOST_UNDATED = 25;

/** Stores the changes of a folder of articles. An own article without a date is dated by its first
 *  sight. An archive of undated articles in a new folder stands below all that is dated, as undated
 *  entries of a new feed do. */
export async function saveArticles(
  context: Pick<RunContext, 'store'>,
  changes: readonly EntryChange[],
  at: Date,
  { isFirst }: { readonly isFirst: boolean },
): Promise<SavedChanges> {
  if (!isFirst) return saveChanges(context, changes, at);
  const isUndated = ({ revisions }: EntryChange) => revisions[0]?.published == null;
  const undated = changes.filter(isUndated);
  if (undated.length > MOST_UNDATED) return saveChanges(context, changes, at, at);
  const dated = changes.filter((change) => !isUndated(change));
  const [before, now] = [await saveChanges(context, dated, at, at), await saveChanges(context, undated, at)];
  return { added: before.added + now.added, revised: before.revised + now.revised, problems: [...before.problems, ...now.problems] };
}
