import { chooseLead } from '../fold/lead.ts';
import { breathe } from '../runtime/memory.ts';
import type { SourceProblem } from '../model/errors.ts';
import type { LeadChoice } from '../model/story.ts';
import { BATCH_SIZE } from '../ports/store/store.ts';
import type { RunContext } from './run-context.ts';
import { Trial } from '../runtime/set-aside-failing.ts';
import type { ItemName } from '../runtime/set-aside-failing.ts';

/** Context for choosing the leads of stories. */
export type LeadContext = Pick<RunContext, 'store' | 'clock'> &
  Partial<Pick<RunContext, 'log'>> & { readonly settings: Pick<RunContext['settings'], 'feeds'> };

/** Counts of the stories whose lead was chosen. */
export interface StoryCounts {
  storiesNew: number;
  storiesUpdated: number;
  storiesWithdrawn: number;
  readonly problems: SourceProblem[];
}

/** Chooses the lead of every story that has changed, batch by batch. If one story alone fails, it
 *  is set aside (runtime/set-aside-failing.ts) and its published version stays. `isDone` is false
 *  when the work was aborted before all stories had their lead; the next run continues. */
export async function chooseLeads(
  context: LeadContext,
  isAborted: () => boolean,
): Promise<{ readonly counts: StoryCounts; readonly isDone: boolean }> {
  const { store, clock, settings } = context;
  const counts: StoryCounts = { storiesNew: 0, storiesUpdated: 0, storiesWithdrawn: 0, problems: [] };
  const trial = new Trial('settle');
  const holdBackMs = settings.feeds.length === 0 ? 0 : Math.min(...settings.feeds.map((feed) => feed.holdBackMs));
  const oldestDatedAt = await store.findOldestDated();
  for (; !isAborted(); await breathe()) {
    const pending = await store.readPendingStories(BATCH_SIZE);
    if (pending.length === 0) {
      await store.freeSetAside(['settle']);
      return { counts, isDone: true };
    }
    const nameOf = ({ no }: { readonly no: number }): ItemName => ({ what: 'story', no });
    const choices: LeadChoice[] = [];
    for (const story of pending) {
      const choice = trial.attempt(nameOf(story), () => chooseLead(story, clock.now(), { holdBackMs, oldestDatedAt }));
      if (choice) choices.push(choice);
    }
    await trial.together(choices, nameOf, async (batch) => {
      await store.saveLeadChoices(batch, clock.now());
      for (const { change } of batch) countChange(counts, change);
    });
    counts.problems.push(...(await trial.conclude(context)));
  }
  return { counts, isDone: false };
}

function countChange(counts: StoryCounts, change: LeadChoice['change']): void {
  if (change === 'new') counts.storiesNew++;
  else if (change === 'updated') counts.storiesUpdated++;
  else if (change === 'withdrawn') counts.storiesWithdrawn++;
}
