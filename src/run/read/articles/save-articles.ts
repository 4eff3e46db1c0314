import type { EntryChange } from '../../../model/entry.ts';
import type { RunContext } from '../../run-context.ts';
import { saveChanges } from '../save-entries.ts';
import type { SavedChanges } from '../save-entries.ts';

/** Most own articles without a date that the first reading of a folder publishes as news. More of
 *  them are an archive, not articles written now. */
const MOST_UNDATED = 25;

/** Stores the changes of a folder of articles. An own article without a date gets the time at which
 *  it was first seen. In a new folder, an archive of undated articles is sorted below all dated
 *  ones, as the undated entries of a new feed are. */
export async function saveArticles(
  context: Pick<RunContext, 'store'>,
  changes: readonly EntryChange[],
  at: Date,
  { isFirst }: { readonly isFirst: boolean },
): Promise<SavedChanges> {
  if (!isFirst) return saveChanges(context, changes, at);
  const isUndated = ({ revisions }: EntryChange) => revisions[0]?.published == null;
  const undated = changes.filter(isUndated);
  if (undated.length > MOST_UNDATED) return saveChanges(context, changes, at, { backlogAt: at });
  const dated = changes.filter((change) => !isUndated(change));
  const [before, now] = [await saveChanges(context, dated, at, { backlogAt: at }), await saveChanges(context, undated, at)];
  return { added: before.added + now.added, revised: before.revised + now.revised, problems: [...before.problems, ...now.problems] };
}
